import type { Serial, SerialConstructor } from "../../io.ts";
import type { RegisterLine } from "../../register.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";

export interface SerialRegisterLineOptions {
  readonly serial: { readonly io: SerialConstructor; readonly port: number; readonly baud: number };
  readonly onReadable?: () => void;
  readonly onError?: () => void;
}

/** A cash register on a serial port. */
export class SerialRegisterLine implements RegisterLine {
  #serial: Serial | undefined;

  constructor(options: SerialRegisterLineOptions) {
    const { serial, onReadable, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    checkInteger("serial.baud", serial.baud, 300, 4_000_000);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#serial = new serial.io({
      port: serial.port,
      baud: serial.baud,
      onReadable: () => {
        if (this.#serial !== undefined) onReadable?.call(this);
      },
      onError: () => {
        this.close();
        onError?.call(this);
      },
    });
  }

  read(): Uint8Array | undefined {
    return this.#open.read();
  }

  write(bytes: Uint8Array): void {
    this.#open.write(bytes);
  }

  close(): void {
    this.#serial?.close();
    this.#serial = undefined;
  }

  get #open(): Serial {
    if (this.#serial === undefined) throw new Error("closed");
    return this.#serial;
  }
}
