import { SerialPort } from "serialport";

/** An open line. */
export interface OpenPort {
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export interface PortListener {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The line is there no more, or gave an error: one sentence. */
  readonly onGone: (reason: string) => void;
}

/**
 * Opens a line at a speed in bits a second: eight bits, no parity, nobody else on it.
 * @throws Error when there is no such line or it may not be used
 */
export function openPort(path: string, baudRate: number, listener: PortListener): Promise<OpenPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    const gone = (error?: Error | null): void => {
      listener.onGone(`the line ${path} is gone${error ? ` (${error.message})` : ""}: is it still plugged in?`);
    };
    port.on("data", (bytes: Buffer) => listener.onBytes(bytes));
    port.on("error", gone);
    port.on("close", (error: Error | null) => {
      if (error !== null && error !== undefined) gone(error);
    });
    port.open((error) => {
      if (error !== null) reject(error);
      else resolve({ write: (bytes) => port.write(bytes), close: () => closed(port) });
    });
  });
}

function closed(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (port.isOpen) port.close(() => resolve());
    else resolve();
  });
}
