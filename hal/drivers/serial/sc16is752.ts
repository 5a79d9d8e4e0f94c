import type {
  ClockSource,
  Digital,
  DigitalConstructor,
  DigitalOptions,
  I2cOptions,
  Serial,
  SerialConstructor,
  SerialOptions,
  SmBus,
  SmBusConstructor,
} from "../../io.ts";
import { checkBus, checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Registers (NXP SC16IS752/762 data sheet, tables 9 and 10); DLL, DLH and EFR show at some values of LCR only, TCR at one of MCR. */
const Register = Object.freeze({
  FIFO: 0x0,
  DLL: 0x0,
  IER: 0x1,
  DLH: 0x1,
  FCR: 0x2,
  EFR: 0x2,
  LCR: 0x3,
  MCR: 0x4,
  TCR: 0x6,
  TXLVL: 0x8,
  RXLVL: 0x9,
  IO_DIRECTION: 0xa,
  IO_STATE: 0xb,
});
/** IER: tell of received bytes, and of room for more to send. */
const RECEIVED = 0x01;
const ROOM = 0x02;
/** FCR: both FIFOs on and emptied, told of 8 bytes received and of room for 32. */
const FRESH_FIFOS = 0x27;
/** LCR: 8 data bits, no parity, one stop bit; the speed's registers; the enhanced ones. */
const FRAME_8N1 = 0x03;
const SPEED = 0x80;
const ENHANCED = 0xbf;
/** EFR: enhanced functions; with RTS and CTS by the chip itself. */
const EFR_OPEN = 0x10;
const HANDSHAKE = 0xc0;
/** MCR: RTS says that we take bytes; TCR shows in the place of MSR. */
const RTS = 0x02;
const SHOW_TCR = 0x04;
/** RTS goes away at 48 bytes in the FIFO and comes back at 16. */
const HALT_48_RESUME_16 = 0x4c;

const CHANNELS = 2;
const PINS = 8;
/** Bytes that wait here for the chip's 64, and those that wait to be read. */
const OUTPUT_SIZE = 512;
const INPUT_SIZE = 1_024;
/** Looks for one interrupt: bytes may come while others are fetched. */
const MOST_LOOKS = 8;
/** Milliseconds until a transfer that failed is tried again; failures after which the chip is given up. */
const RETRY = 10;
const FAILURE_LIMIT = 3;

export interface Sc16is752Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** IRQ of both channels, active low. */
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
  /** Of the crystal, in hertz. */
  readonly crystal: number;
  /** Channels whose RTS and CTS lines are wired, A in the lowest bit. */
  readonly handshake: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/**
 * Two UARTs with FIFOs of 64 bytes behind I2C, and eight pins: SC16IS752. Its channels are handed to other drivers as ECMA-419 Serial
 * (`bridgePorts`), its pins, which are outputs here, as Digital (`bridgePins`).
 */
export class Sc16is752 {
  readonly #options: Sc16is752Options;
  readonly #ports: (BridgePort | undefined)[] = [];
  #bus: SmBus | undefined;
  #interrupt: Digital | undefined;
  #timer: number | undefined;
  #failures = 0;
  /** Pins that somebody has, and the levels of all. */
  #outputs = 0;
  #levels = 0;

  /** Touches nothing: the chip is set up with the first port or pin. */
  constructor(options: Sc16is752Options) {
    const { bus, interrupt, crystal, handshake, clock } = options;
    checkBus(bus);
    checkIo("interrupt.io", interrupt.io);
    checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    checkInteger("crystal", crystal, 1, 80_000_000);
    checkInteger("handshake", handshake, 0, 3);
    checkClock(clock);
    this.#options = options;
  }

  /** The divisor of the crystal for a speed; throws `RangeError` where none is within 2 %, as far as two UARTs may be apart. */
  divisor(baud: number): number {
    const most = this.#options.crystal / 16;
    const divisor = Math.round(most / baud);
    if (divisor < 1 || divisor > 0xffff || Math.abs(most / divisor / baud - 1) > 0.02)
      throw new RangeError(`no ${baud} baud from this crystal`);
    return divisor;
  }

  /** Sets a channel up for a port. Throws where it is taken or the chip does not answer. */
  open(port: BridgePort, channel: number, divisor: number): void {
    if (this.#ports[channel] !== undefined) throw new Error("serial port is in use");
    const { interrupt, handshake } = this.#options;
    this.#ports[channel] = port;
    try {
      this.#connect();
      this.#interrupt ??= new interrupt.io({
        pin: interrupt.pin,
        mode: "inputPullUp",
        edge: "falling",
        onReadable: () => this.#look(),
      });
      const set = (register: number, value: number): void => this.set(channel, register, value);
      const hands = ((handshake >> channel) & 1) === 1 ? HANDSHAKE : 0;
      set(Register.LCR, ENHANCED);
      set(Register.EFR, EFR_OPEN);
      set(Register.LCR, SPEED);
      set(Register.DLL, divisor & 0xff);
      set(Register.DLH, divisor >> 8);
      set(Register.LCR, FRAME_8N1);
      set(Register.MCR, RTS | SHOW_TCR);
      set(Register.TCR, HALT_48_RESUME_16);
      set(Register.MCR, RTS);
      set(Register.LCR, ENHANCED);
      set(Register.EFR, EFR_OPEN | hands);
      set(Register.LCR, FRAME_8N1);
      set(Register.FCR, FRESH_FIFOS);
      set(Register.IER, RECEIVED);
    } catch (error) {
      this.release(channel);
      throw error;
    }
    this.soon(0);
  }

  /** The port is closed: nothing more goes out or is told of. With the last one the bus and the pin are free. */
  release(channel: number): void {
    this.#ports[channel] = undefined;
    try {
      this.set(channel, Register.IER, 0);
      this.set(channel, Register.FCR, FRESH_FIFOS);
    } catch {
      // a chip that does not answer sends nothing either
    }
    if (this.#ports.some((port) => port !== undefined)) return;
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#interrupt?.close();
    this.#interrupt = undefined;
    this.#disconnect();
  }

  /** Sets the pins of a mask, which somebody has from now on. Throws where the chip does not answer. */
  drive(pins: number, levels: number): void {
    const bus = this.#connect();
    this.#levels = (this.#levels & ~pins) | (levels & pins);
    bus.writeUint8(place(0, Register.IO_STATE), this.#levels);
    if ((this.#outputs & pins) === pins) return;
    this.#outputs |= pins;
    bus.writeUint8(place(0, Register.IO_DIRECTION), this.#outputs);
  }

  /** Nobody has these pins any more: they keep their levels. */
  leave(pins: number): void {
    this.#outputs &= ~pins;
    this.#disconnect();
  }

  #connect(): SmBus {
    const { io: Bus, ...wires } = this.#options.bus;
    this.#bus ??= new Bus(wires);
    return this.#bus;
  }

  /** Gives the bus back where nobody has anything of the chip. */
  #disconnect(): void {
    if (this.#outputs !== 0 || this.#ports.some((port) => port !== undefined)) return;
    this.#bus?.close();
    this.#bus = undefined;
  }

  /** Looks at both channels in a moment. */
  soon(milliseconds: number): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      this.#look();
    }, milliseconds);
  }

  get(channel: number, register: number): number {
    return this.#open().readUint8(place(channel, register));
  }

  set(channel: number, register: number, value: number): void {
    this.#open().writeUint8(place(channel, register), value);
  }

  /** The oldest bytes of the FIFO that receives: no more than are in it. */
  fetch(channel: number, byteLength: number): Uint8Array {
    return this.#open().readBuffer(place(channel, Register.FIFO), byteLength);
  }

  /** Bytes for the FIFO that sends: no more than it has room for. */
  put(channel: number, bytes: Uint8Array): void {
    this.#open().writeBuffer(place(channel, Register.FIFO), bytes);
  }

  #open(): SmBus {
    if (this.#bus === undefined) throw new Error("closed");
    return this.#bus;
  }

  /** Serves both channels until the interrupt is gone: what comes in between gives no new edge. */
  #look(): void {
    let isAsking = true;
    try {
      for (let looks = 0; isAsking && looks < MOST_LOOKS; looks++) {
        for (const port of this.#ports) port?.serve();
        isAsking = this.#interrupt?.read() === 0;
      }
      this.#failures = 0;
    } catch {
      this.#failed();
      return;
    }
    if (isAsking) this.soon(1);
    for (const port of [...this.#ports]) port?.tell();
  }

  #failed(): void {
    this.#failures++;
    if (this.#failures < FAILURE_LIMIT) {
      this.soon(RETRY);
      return;
    }
    this.#failures = 0;
    for (const port of [...this.#ports]) port?.fail();
  }
}

/** The byte that names a register of a channel on the bus. */
const place = (channel: number, register: number): number => (register << 3) | (channel << 1);

/** The chip's channels as ECMA-419 Serial: port 0 is A, 1 is B. */
export function bridgePorts(chip: Sc16is752): SerialConstructor {
  const opened: unknown = function open(options: SerialOptions) {
    return new BridgePort(chip, options);
  };
  return opened as SerialConstructor;
}

/** The chip's pins, 0 to 7, as ECMA-419 Digital outputs. */
export function bridgePins(chip: Sc16is752): DigitalConstructor {
  const opened: unknown = function open(options: DigitalOptions) {
    return new BridgePin(chip, options);
  };
  return opened as DigitalConstructor;
}

class BridgePin implements Digital {
  readonly #mask: number;
  #level: 0 | 1 = 0;
  #chip: Sc16is752 | undefined;

  constructor(chip: Sc16is752, { pin, mode }: DigitalOptions) {
    checkInteger("pin", pin, 0, PINS - 1);
    if (mode !== "output") throw new RangeError(`pin ${pin} is no ${mode}`);
    this.#mask = 1 << pin;
    this.#chip = chip;
  }

  read(): 0 | 1 {
    if (this.#chip === undefined) throw new Error("closed");
    return this.#level;
  }

  write(level: 0 | 1): void {
    if (this.#chip === undefined) throw new Error("closed");
    this.#chip.drive(this.#mask, level === 0 ? 0 : this.#mask);
    this.#level = level;
  }

  close(): void {
    this.#chip?.leave(this.#mask);
    this.#chip = undefined;
  }
}

class BridgePort implements Serial {
  readonly #options: SerialOptions;
  #chip: Sc16is752 | undefined;
  #input = new Uint8Array(0);
  #output = new Uint8Array(0);
  /** Bytes that the writer knows it may still write. */
  #promised = 0;
  /** `onWritable` and `onReadable` are owed. */
  #owed = true;
  #news = false;
  /** What the chip tells of now. */
  #enabled = RECEIVED;

  constructor(chip: Sc16is752, options: SerialOptions) {
    const { port, baud, frame, onReadable, onWritable, onError } = options;
    checkInteger("port", port, 0, CHANNELS - 1);
    checkInteger("baud", baud, 1, 5_000_000);
    if (frame !== undefined) throw new RangeError("no even parity on this port");
    checkCallback("onReadable", onReadable);
    checkCallback("onWritable", onWritable);
    checkCallback("onError", onError);
    this.#options = options;
    chip.open(this, port, chip.divisor(baud));
    this.#chip = chip;
  }

  read(byteLength: number = INPUT_SIZE): Uint8Array | undefined {
    const chip = this.#open();
    const input = this.#input;
    if (input.length === 0 || byteLength === 0) return undefined;
    const bytes = input.slice(0, byteLength);
    this.#input = input.slice(bytes.length);
    input.fill(0);
    this.#news = this.#input.length > 0;
    if (this.#news) chip.soon(0);
    return bytes;
  }

  write(bytes: Uint8Array): void {
    this.#open();
    if (bytes.length > OUTPUT_SIZE - this.#output.length) throw new RangeError("output full");
    this.#output = joined(this.#output, bytes);
    this.#promised -= bytes.length;
    if (this.#promised < OUTPUT_SIZE / 2) this.#owed = true;
    this.#send();
  }

  flushInput(): void {
    this.#open();
    this.#receive();
    this.#input.fill(0);
    this.#input = new Uint8Array(0);
    this.#news = false;
  }

  close(): void {
    const chip = this.#chip;
    if (chip === undefined) return;
    this.#chip = undefined;
    this.#input.fill(0);
    this.#output.fill(0);
    chip.release(this.#options.port);
  }

  /** Takes what has come and gives what the FIFO has room for; calls nobody back. */
  serve(): void {
    this.#receive();
    if (this.#output.length > 0) this.#send();
  }

  /** Calls back for what there is to tell. */
  tell(): void {
    const { onReadable, onWritable } = this.#options;
    if (this.#chip === undefined) return;
    if (this.#owed && this.#output.length === 0) {
      this.#owed = false;
      this.#promised = OUTPUT_SIZE;
      onWritable?.call(this, OUTPUT_SIZE);
    }
    if (!this.#news || this.#chip === undefined) return;
    this.#news = false;
    onReadable?.call(this, this.#input.length);
  }

  /** The chip is gone: only `close` may follow. */
  fail(): void {
    if (this.#chip === undefined) return;
    this.close();
    this.#options.onError?.call(this);
  }

  #open(): Sc16is752 {
    if (this.#chip === undefined) throw new Error("closed");
    return this.#chip;
  }

  /** What nobody reads in time is lost, the newest first. */
  #receive(): void {
    const chip = this.#open();
    const { port } = this.#options;
    const count = chip.get(port, Register.RXLVL);
    if (count === 0) return;
    const bytes = chip.fetch(port, count);
    if (this.#input.length + count <= INPUT_SIZE) {
      const before = this.#input;
      this.#input = joined(before, bytes);
      before.fill(0);
      this.#news = true;
    }
    bytes.fill(0);
  }

  /** Fills the chip's FIFO; where bytes are left it says when there is room again. */
  #send(): void {
    const chip = this.#open();
    const { port } = this.#options;
    const output = this.#output;
    const count = Math.min(chip.get(port, Register.TXLVL), output.length);
    if (count > 0) {
      chip.put(port, output.subarray(0, count));
      this.#output = output.slice(count);
    }
    const enabled = this.#output.length > 0 ? RECEIVED | ROOM : RECEIVED;
    if (enabled !== this.#enabled) chip.set(port, Register.IER, enabled);
    this.#enabled = enabled;
    if (this.#owed && this.#output.length === 0) chip.soon(0);
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
