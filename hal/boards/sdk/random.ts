import type { RandomSource } from "../../io.ts";
import { fill } from "./entropy.js";

const MOST_BYTES = 256;

/** The ESP32's hardware generator; the SDK's own `rng` repeats itself and is not used. */
export class SdkRandomSource implements RandomSource {
  #closed = false;

  read(byteLength: number): Uint8Array {
    if (this.#closed) throw new Error("closed");
    if (!(byteLength >= 1 && byteLength <= MOST_BYTES)) throw new RangeError("1 to 256 random bytes");
    const bytes = new Uint8Array(byteLength);
    fill(bytes);
    return bytes;
  }

  close(): void {
    this.#closed = true;
  }
}
