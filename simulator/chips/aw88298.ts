import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import { LoudspeakerChip } from "./senses.ts";

/** Registers of 16 bits, high byte first (AW88298, register list), and what they say after a reset. */
const SYSTEM = 0x04;
const SYSTEM_2 = 0x05;
const I2S = 0x06;
const defaults: Readonly<Record<number, number>> = { [SYSTEM]: 0x4043, [SYSTEM_2]: 0x0018, [I2S]: 0x14c8 };
const I2S_ON = 0x0040;
const POWERED_DOWN = 0x0003;
const MUTED = 0x0010;
const RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
/** The loudspeaker's channel: bits 11 and 10 of the I2S register. */
const LEFT = 0x0400;
const CHANNEL = 0x0c00;

/** Amplifier AW88298 with a loudspeaker: what comes by I2S is heard when the chip is awake, not muted, and expects that rate. */
export class Aw88298Chip implements I2cPeer {
  readonly loudspeaker: LoudspeakerChip;
  readonly #reset: DigitalWire;
  #registers = new Map<number, number>();
  #pointer = 0;
  /** Half registers, and sound at another rate than was set. */
  protocolErrors = 0;

  constructor(board: Board, wires: { readonly bus: number; readonly address: number; readonly reset: number }) {
    this.loudspeaker = new LoudspeakerChip(board);
    const play = board.senses.play!;
    board.senses.play = (samples, sampleRate, volume) => {
      if (!this.#plays()) return;
      if (RATES[this.#read(I2S) & 0xf] !== sampleRate) this.protocolErrors++;
      else play(samples, sampleRate, volume);
    };
    this.#reset = board.digitalWire(wires.reset);
    this.#reset.watch(() => {
      if (this.#reset.level === 0) this.#registers = new Map();
    });
    board.onPowerCut.push(() => {
      this.#registers = new Map();
    });
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
  }

  write(bytes: Uint8Array): void {
    const [register = 0, high, low] = bytes;
    this.#pointer = register;
    if (this.#reset.level === 0) throw new Error("no acknowledge");
    if (bytes.length === 1) return;
    if (bytes.length !== 3) this.protocolErrors++;
    else this.#registers.set(register, (high! << 8) | low!);
  }

  read(byteLength: number): Uint8Array {
    const value = this.#read(this.#pointer);
    return Uint8Array.of(value >> 8, value & 0xff).slice(0, byteLength);
  }

  #read(register: number): number {
    return this.#registers.get(register) ?? defaults[register] ?? 0;
  }

  #plays(): boolean {
    if (this.#reset.level === 0) return false;
    const system = this.#read(SYSTEM);
    const isAwake = (system & I2S_ON) !== 0 && (system & POWERED_DOWN) === 0;
    return isAwake && (this.#read(SYSTEM_2) & MUTED) === 0 && (this.#read(I2S) & CHANNEL) === LEFT;
  }
}
