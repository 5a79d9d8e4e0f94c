import type { Board } from "../io/board.ts";
import type { SerialPeer, SerialWire } from "../io/serial-wire.ts";
import type { Cancellable } from "../world/kernel.ts";

/** Zones that can be written (GM65 user manual). */
const MODE = 0x0000;
const TRIGGER = 0x0002;
const SCAN_TIME = 0x0006;
const TAIL = 0x0060;
const ZONES = 0x100;
/** Two lowest bits of the mode: looks on command. */
const ON_COMMAND = 1;
/** From a code before the lens to its first byte, and from a command to its answer, in milliseconds. */
const DECODING_TIME = 60;
const THINKING = 4;
const TAILS = ["\r", "\r\n", "\t", ""];
/** A checksum that says: do not check. */
const UNCHECKED = 0xabcd;

/** Barcode scanner module GM65: commands on its UART, a lens on the other side. */
export class Gm65Chip implements SerialPeer {
  readonly #board: Board;
  readonly #wire: SerialWire;
  #zones = new Uint8Array(ZONES);
  #received: number[] = [];
  #code: Uint8Array | undefined;
  #decoding: Cancellable | undefined;
  /** Called when a code before the lens has been read: it beeps. */
  readonly onRead: (() => void)[] = [];
  /** Commands with a wrong head, length, checksum or zone: the module says nothing to them. */
  protocolErrors = 0;

  constructor(board: Board, wires: { readonly port: number }) {
    this.#board = board;
    this.#wire = board.serialWire(wires.port);
    this.#wire.attach(this);
    board.onPowerCut.push(() => this.#reset());
    this.#reset();
  }

  /** True while light and aim are on. */
  get looking(): boolean {
    return (this.#zones[MODE]! & 3) === ON_COMMAND && (this.#zones[TRIGGER]! & 1) === 1;
  }

  /** Holds a code before the lens: it is read when the module looks. */
  show(code: string | Uint8Array): void {
    this.#code = typeof code === "string" ? Buffer.from(code, "utf8") : code;
    this.#look();
  }

  takeAway(): void {
    this.#code = undefined;
    this.#decoding?.cancel();
  }

  receive(bytes: Uint8Array): void {
    this.#received.push(...bytes);
    while (this.#received.length > 0) {
      if (this.#received[0] !== 0x7e || (this.#received.length > 1 && this.#received[1] !== 0x00)) {
        this.protocolErrors++;
        this.#received.shift();
        continue;
      }
      const size = 8 + (this.#received[3] ?? 1);
      if (this.#received.length < 4 || this.#received.length < size) return;
      this.#obey(Uint8Array.from(this.#received.splice(0, size)));
    }
  }

  #obey(frame: Uint8Array): void {
    const body = frame.subarray(2, -2);
    const [type, length = 0, high = 0, low = 0] = body;
    const sum = (frame.at(-2)! << 8) | frame.at(-1)!;
    const address = (high << 8) | low;
    const known = type === 0x07 || type === 0x08;
    if ((sum !== UNCHECKED && sum !== crc(body)) || address + length > ZONES || !known) {
      this.protocolErrors++;
      return;
    }
    if (type === 0x08) this.#zones.set(body.subarray(4), address);
    const data = type === 0x08 ? Uint8Array.of(0) : this.#zones.slice(address, address + length);
    const answer = Uint8Array.of(0x00, data.length, ...data);
    this.#board.world.after(THINKING, () => {
      if (!this.#board.powered) return;
      this.#wire.send(Uint8Array.of(0x02, 0x00, ...answer, crc(answer) >> 8, crc(answer) & 0xff));
      this.#look();
    });
  }

  #look(): void {
    this.#decoding?.cancel();
    const code = this.#code;
    if (!this.looking || code === undefined) return;
    this.#decoding = this.#board.world.after(DECODING_TIME, () => {
      if (!this.#board.powered || !this.looking) return;
      this.#zones[TRIGGER] = 0;
      const tail = this.#zones[TAIL]!;
      this.#wire.send(Uint8Array.of(...code, ...Buffer.from((tail & 1) === 0 ? "" : TAILS[(tail >> 5) & 3]!)));
      for (const listener of this.onRead) listener();
    });
  }

  #reset(): void {
    this.#decoding?.cancel();
    this.#received = [];
    this.#zones = new Uint8Array(ZONES);
    this.#zones[MODE] = 0xd4;
    this.#zones[SCAN_TIME] = 50;
    this.#zones[TAIL] = 0x01;
  }
}

/** CRC-CCITT, polynomial 1021h, from 0. */
function crc(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => {
    let value = sum ^ (byte * 256);
    for (let bit = 0; bit < 8; bit++) value = (value * 2) ^ (value >= 0x8000 ? 0x11021 : 0);
    return value;
  }, 0);
}
