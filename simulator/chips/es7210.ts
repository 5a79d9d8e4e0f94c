import type { Board, I2cPeer } from "../io/board.ts";
import { MicrophoneChip } from "./senses.ts";

/** Registers (ES7210, register list). */
const RESET = 0x00;
const CLOCKS_OFF = 0x01;
const BIAS = 0x41;
const GAIN = 0x43;
const POWER_DOWN = 0x4b;
const REGISTERS = 0x4d;
const ALL_RESET = 0xff;
const RUNNING = 0x41;
/** Bits of CLOCKS_OFF that stop the ADCs 1 and 2, and the main clock. */
const NEEDED_CLOCKS = 0x0b;
const SELECTED = 0x10;

/** Converter ES7210 with a microphone on its first input: heard when it is out of reset, clocked, powered, biased and selected. */
export class Es7210Chip implements I2cPeer {
  readonly microphone: MicrophoneChip;
  readonly #registers = new Uint8Array(REGISTERS);
  #pointer = 0;
  /** Writes to registers that there are not. */
  protocolErrors = 0;

  constructor(board: Board, wires: { readonly bus: number; readonly address: number }) {
    this.microphone = new MicrophoneChip(board);
    const listen = board.senses.listen!;
    board.senses.listen = (sampleRate, count) => {
      const heard = listen(sampleRate, count);
      return heard === undefined || this.#hears() ? heard : new Int16Array(count);
    };
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#start());
    this.#start();
  }

  write(bytes: Uint8Array): void {
    const [register = 0, ...values] = bytes;
    this.#pointer = register;
    for (const value of values) {
      if (this.#pointer >= REGISTERS) this.protocolErrors++;
      else if (this.#pointer === RESET && value === ALL_RESET) this.#start();
      else this.#registers[this.#pointer] = value;
      this.#pointer++;
    }
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => this.#registers[this.#pointer++] ?? 0);
  }

  #start(): void {
    this.#registers.fill(0);
    this.#registers[CLOCKS_OFF] = 0x1f;
    this.#registers[POWER_DOWN] = 0xff;
  }

  #hears(): boolean {
    const registers = this.#registers;
    return (
      registers[RESET] === RUNNING &&
      (registers[CLOCKS_OFF]! & NEEDED_CLOCKS) === 0 &&
      (registers[GAIN]! & SELECTED) !== 0 &&
      registers[BIAS] !== 0 &&
      registers[POWER_DOWN] === 0
    );
  }
}
