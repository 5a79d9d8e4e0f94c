import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Registers that mean something here (TI SCPS215, register map); the others only hold what is written. */
const CFG = 0x01;
const INT_STAT = 0x02;
const KEY_LCK_EC = 0x03;
const KEY_EVENT_FIRST = 0x04;
const KEY_EVENT_LAST = 0x0d;
const KP_GPIO1 = 0x1d;
const KP_GPIO2 = 0x1e;
const KP_GPIO3 = 0x1f;
const LAST_REGISTER = 0x2e;

const K_INT = 0x01;
const OVR_FLOW_INT = 0x08;
const KE_IEN = 0x01;
const OVR_FLOW_IEN = 0x08;
const OVR_FLOW_M = 0x20;
const AUTO_INCREMENT = 0x80;

const FIFO_LENGTH = 10;
const PRESSED = 0x80;
const COLUMNS = 10;
const KEYS = 80;

/** Keypad scanner TCA8418: key matrix, event FIFO, interrupt pin (low while an enabled interrupt stands). */
export class Tca8418Chip implements I2cPeer {
  readonly #interrupt: DigitalWire;
  #registers = new Uint8Array(LAST_REGISTER + 1);
  #fifo: number[] = [];
  #pointer = 0;
  readonly #down = new Set<number>();
  /** Reads and writes that the chip has no sense for. */
  protocolErrors = 0;
  /** Events lost because the FIFO was full. */
  overflows = 0;

  constructor(board: Board, wires: { readonly bus: number; readonly address: number; readonly interrupt: number }) {
    this.#interrupt = board.digitalWire(wires.interrupt);
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset());
    this.#reset();
  }

  // --- the world's side

  /** A finger presses the key at a row and column (from 0). Pressing a pressed key does nothing. */
  press(row: number, column: number): void {
    const number = keyNumber(row, column);
    if (this.#down.has(number)) return;
    this.#down.add(number);
    this.#event(number, PRESSED);
  }

  /** The finger leaves; releasing a key that is up does nothing. */
  release(row: number, column: number): void {
    const number = keyNumber(row, column);
    if (this.#down.delete(number)) this.#event(number, 0);
  }

  // --- the bus

  write(bytes: Uint8Array): void {
    const [register, ...values] = bytes;
    if (register === undefined) return;
    if (register > LAST_REGISTER) this.protocolErrors++;
    this.#pointer = register;
    for (const value of values) {
      this.#store(this.#pointer, value);
      this.#advance();
    }
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => {
      const value = this.#load(this.#pointer);
      this.#advance();
      return value;
    });
  }

  #advance(): void {
    if ((this.#registers[CFG]! & AUTO_INCREMENT) !== 0) this.#pointer++;
  }

  #load(register: number): number {
    if (register === KEY_LCK_EC) return this.#fifo.length;
    if (register === KEY_EVENT_FIRST) return this.#fifo.shift() ?? 0;
    if (register > KEY_EVENT_FIRST && register <= KEY_EVENT_LAST) return this.#fifo[register - KEY_EVENT_FIRST] ?? 0;
    if (register === 0 || register > LAST_REGISTER) {
      this.protocolErrors++;
      return 0;
    }
    return this.#registers[register]!;
  }

  #store(register: number, value: number): void {
    if (register === 0 || register > LAST_REGISTER || (register >= KEY_EVENT_FIRST && register <= KEY_EVENT_LAST)) {
      this.protocolErrors++;
    } else if (register === INT_STAT) {
      // The key interrupt stays as long as the FIFO holds events (KEY_EVENT registers).
      const clear = this.#fifo.length > 0 ? value & ~K_INT : value;
      this.#registers[INT_STAT]! &= ~clear;
    } else {
      this.#registers[register] = value;
    }
    this.#drive();
  }

  #event(number: number, pressed: number): void {
    if (!this.#inMatrix(number)) return;
    if (this.#fifo.length === FIFO_LENGTH) {
      this.overflows++;
      this.#registers[INT_STAT]! |= OVR_FLOW_INT;
      if ((this.#registers[CFG]! & OVR_FLOW_M) !== 0) {
        this.#fifo.shift();
        this.#fifo.push(pressed | number);
      }
    } else {
      this.#fifo.push(pressed | number);
    }
    this.#registers[INT_STAT]! |= K_INT;
    this.#drive();
  }

  /** Only rows and columns that KP_GPIO1 to 3 give to the keypad are scanned. */
  #inMatrix(number: number): boolean {
    const row = Math.floor((number - 1) / COLUMNS);
    const column = (number - 1) % COLUMNS;
    const columns = this.#registers[KP_GPIO2]! | (this.#registers[KP_GPIO3]! << 8);
    return ((this.#registers[KP_GPIO1]! >> row) & 1) === 1 && ((columns >> column) & 1) === 1;
  }

  #drive(): void {
    const configuration = this.#registers[CFG]!;
    const status = this.#registers[INT_STAT]!;
    const key = (configuration & KE_IEN) !== 0 && (status & K_INT) !== 0;
    const overflow = (configuration & OVR_FLOW_IEN) !== 0 && (status & OVR_FLOW_INT) !== 0;
    this.#interrupt.drive(key || overflow ? 0 : 1);
  }

  #reset(): void {
    this.#registers = new Uint8Array(LAST_REGISTER + 1);
    this.#fifo = [];
    this.#pointer = 0;
    this.#drive();
  }
}

/** Numbered from 1, ten a row (key value table). Throws `RangeError` outside of the 8 x 10 matrix. */
function keyNumber(row: number, column: number): number {
  const number = row * COLUMNS + column + 1;
  if (!Number.isInteger(number) || row < 0 || column < 0 || column >= COLUMNS || number > KEYS)
    throw new RangeError(`no key at row ${row}, column ${column}`);
  return number;
}
