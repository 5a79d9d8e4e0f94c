import type { IoProvider } from "../io.ts";
import { LinePipe } from "./line-pipe.ts";
import type { LinePort } from "./line-port.ts";
import { bridgedDevice } from "./provider.ts";

/**
 * A life of the firmware on a serial line: waits for a laptop, then starts the firmware on the laptop's IO. Gives what is
 * to be called whenever the firmware is idle: false when the life is over, and the board shall restart. Why the firmware
 * ended by itself is told to the laptop.
 */
export function lineLife(
  port: LinePort,
  patience: number,
  resource: IoProvider["resource"],
  start: (io: IoProvider) => Promise<unknown>,
): () => boolean {
  const pipe = new LinePipe(port, patience);
  const life = { failed: false };
  const fail = (error: unknown): void => {
    life.failed = true;
    pipe.fail(ascii(String(error)));
  };
  try {
    const device = bridgedDevice(pipe, resource);
    start(device.io).catch(fail);
    return () => idle(device, life, fail);
  } catch (error) {
    fail(error);
    return () => false;
  }
}

function idle(device: { idle(): boolean }, life: { failed: boolean }, fail: (error: unknown) => void): boolean {
  try {
    return !life.failed && device.idle();
  } catch (error) {
    fail(error);
    return false;
  }
}

/** Other letters as question marks. */
function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[at] = code < 0x7f ? code : 0x3f;
  }
  return bytes;
}
