import type { ClockSource } from "../../../hal/io.ts";
import { Timers } from "../../../hal/timers.ts";

/** Time that passes when it is told to. */
export class FakeClock implements ClockSource {
  now = 0;
  readonly #timers = new Timers();

  monotonic(): number {
    return this.now;
  }
  wall(): number {
    return this.now;
  }
  setTimer(callback: () => void, milliseconds: number): number {
    return this.#timers.set(callback, milliseconds, this.now);
  }
  clearTimer(id: number): void {
    this.#timers.clear(id);
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (
      let next = this.#timers.nextDeadline();
      next !== undefined && next <= end;
      next = this.#timers.nextDeadline()
    ) {
      this.now = Math.max(this.now, next);
      this.#timers.fireNext(this.now);
    }
    this.now = end;
  }
}

/** Pins by their number: levels that are read and written, and who is told of an edge. */
export class FakePins {
  readonly levels = new Map<number, 0 | 1>();
  readonly tell = new Map<number, () => void>();
  /** What is read, where it follows from other pins. */
  read: (pin: number) => 0 | 1 = (pin) => this.levels.get(pin) ?? 1;

  get Digital() {
    const pins = this;
    return class {
      readonly #pin: number;
      constructor(options: { readonly pin: number; readonly onReadable?: () => void }) {
        this.#pin = options.pin;
        if (options.onReadable !== undefined) pins.tell.set(options.pin, options.onReadable);
      }
      read(): 0 | 1 {
        return pins.read(this.#pin);
      }
      write(level: 0 | 1): void {
        pins.levels.set(this.#pin, level);
      }
      close(): void {}
    };
  }
}

/** Registers behind an SMBus. */
export function registersOf(bytes: Uint8Array) {
  return class {
    readUint8(register: number): number {
      return bytes[register] ?? 0;
    }
    writeUint8(register: number, value: number): void {
      bytes[register] = value;
    }
    readBuffer(register: number, byteLength: number): Uint8Array {
      return bytes.slice(register, register + byteLength);
    }
    writeBuffer(register: number, values: Uint8Array): void {
      bytes.set(values, register);
    }
    close(): void {}
  };
}
