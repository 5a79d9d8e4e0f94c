import type { SerialWire } from "../io/serial-wire.ts";
import type { Cancellable, World } from "../world/kernel.ts";

/** Bytes that each FIFO holds. */
const FIFO = 64;
/** Bytes that arrive, or leave, in one event of the world. */
const BATCH = 8;
/** FCR, bits 7 and 6, and 5 and 4: bytes received, or places free, from which on it asks. */
const RECEIVE_TRIGGERS = [8, 16, 56, 60];
const SEND_TRIGGERS = [8, 16, 32, 56];
/** Character times of silence after which it tells of fewer bytes. */
const SILENCE = 4;
const OVERRUN = 0x02;

interface Surroundings {
  readonly crystal: number;
  /** Called when `asks` may have changed. */
  readonly asks: () => void;
}

/** One channel of an SC16IS752: a 16C450 with FIFOs, on the board's end of a serial wire. */
export class Uart16is {
  readonly #world: World;
  readonly #wire: SerialWire;
  readonly #surroundings: Surroundings;
  #ier = 0;
  #fcr = 0;
  #lcr = 0x1d;
  #mcr = 0;
  #spr = 0xff;
  #efr = 0;
  #efcr = 0;
  #tcr = 0;
  #tlr = 0;
  #divisor = 0;
  readonly #flowCharacters = new Uint8Array(4);
  /** On the line, not in the FIFO yet. */
  #arriving: number[] = [];
  #received: number[] = [];
  #sending: number[] = [];
  /** Bytes that are in the sender's hands and not out yet. */
  #leaving = 0;
  #overrun = false;
  #silent = false;
  #roomToTell = false;
  #halted = false;
  #connected = 0;
  #arrival: Cancellable | undefined;
  #silence: Cancellable | undefined;
  /** Reads and writes that the data sheet has no sense for, and bytes written to a full FIFO. */
  breaches = 0;
  /** Bytes lost because the FIFO was full. */
  overruns = 0;

  constructor(world: World, wire: SerialWire, surroundings: Surroundings) {
    this.#world = world;
    this.#wire = wire;
    this.#surroundings = surroundings;
  }

  /** What holds the interrupt line low. */
  get asks(): boolean {
    return this.#cause() !== 0x01;
  }

  load(register: number): number {
    if (this.#lcr === 0xbf) return this.#enhanced(register);
    if ((this.#lcr & 0x80) !== 0 && register < 2) return (this.#divisor >> (8 * register)) & 0xff;
    const read = this.#reads[register];
    if (read === undefined) this.breaches++;
    return read?.() ?? 0;
  }

  store(register: number, value: number): void {
    if (this.#lcr === 0xbf && register !== 3) this.#storeEnhanced(register, value);
    else if ((this.#lcr & 0x80) !== 0 && register < 2) this.#setDivisor(register, value);
    else this.#storeGeneral(register, value);
    this.#surroundings.asks();
  }

  /** Power off, or the reset pin. */
  reset(): void {
    [this.#ier, this.#fcr, this.#lcr, this.#mcr, this.#spr] = [0, 0, 0x1d, 0, 0xff];
    [this.#efr, this.#efcr, this.#tcr, this.#tlr, this.#divisor] = [0, 0, 0, 0, 0];
    this.#emptyReceived();
    this.#emptySending();
    this.#connect();
    this.#surroundings.asks();
  }

  readonly #reads: Readonly<Record<number, () => number>> = {
    0: () => this.#take(),
    1: () => this.#ier,
    2: () => this.#identify(),
    3: () => this.#lcr,
    4: () => this.#mcr,
    5: () => this.#lineStatus(),
    6: () => (this.#isExtraShown ? this.#tcr : 0),
    7: () => (this.#isExtraShown ? this.#tlr : this.#spr),
    8: () => this.#room,
    9: () => this.#received.length,
    15: () => this.#efcr,
  };

  #enhanced(register: number): number {
    if (register === 2) return this.#efr;
    if (register === 3) return this.#lcr;
    if (register < 4 || register > 7) this.breaches++;
    return this.#flowCharacters[register - 4] ?? 0;
  }

  #storeEnhanced(register: number, value: number): void {
    if (register === 2) this.#efr = value;
    else if (register >= 4 && register <= 7) this.#flowCharacters[register - 4] = value;
    else this.breaches++;
    this.#flow();
  }

  #setDivisor(register: number, value: number): void {
    const shift = 8 * register;
    this.#divisor = (this.#divisor & ~(0xff << shift)) | (value << shift);
    this.#connect();
  }

  #storeGeneral(register: number, value: number): void {
    if (register === 0x0) this.#put(value);
    else if (register === 0x1) this.#enable(value);
    else if (register === 0x2) this.#control(value);
    else if (register === 0x3) this.#lcr = value;
    else if (register === 0x4) this.#mcr = value;
    else if (register === 0x6 && this.#isExtraShown) this.#setTcr(value);
    else if (register === 0x7) this.#storeSeventh(value);
    else if (register === 0xf) this.#efcr = value;
    else this.breaches++;
  }

  #storeSeventh(value: number): void {
    if (this.#isExtraShown) this.#tlr = value;
    else this.#spr = value;
  }

  /** Where it takes up again must be below where it halts. */
  #setTcr(value: number): void {
    if ((value & 0x0f) <= value >> 4) this.breaches++;
    this.#tcr = value;
    this.#flow();
  }

  /** TCR and TLR show in the place of MSR and SPR. */
  get #isExtraShown(): boolean {
    return (this.#efr & 0x10) !== 0 && (this.#mcr & 0x04) !== 0;
  }

  #enable(value: number): void {
    const isNew = (this.#ier & 0x02) === 0 && (value & 0x02) !== 0;
    this.#ier = value;
    if (isNew && this.#room >= this.#sendTrigger) this.#roomToTell = true;
  }

  /** Bits 5 and 4 can be set with enhanced functions alone. */
  #control(value: number): void {
    if ((value & 0x30) !== 0 && (this.#efr & 0x10) === 0) this.breaches++;
    this.#fcr = value;
    if ((value & 0x02) !== 0) this.#emptyReceived();
    if ((value & 0x04) !== 0) this.#emptySending();
  }

  get #receiveTrigger(): number {
    return RECEIVE_TRIGGERS[this.#fcr >> 6]!;
  }

  get #sendTrigger(): number {
    return SEND_TRIGGERS[(this.#fcr >> 4) & 3]!;
  }

  get #room(): number {
    return FIFO - this.#sending.length - this.#leaving;
  }

  // --- interrupts

  /** IIR by priority: line status, silence, bytes received, room; 1 is none. */
  #cause(): number {
    if ((this.#ier & 0x04) !== 0 && this.#overrun) return 0x06;
    if ((this.#ier & 0x01) !== 0 && this.#silent) return 0x0c;
    if ((this.#ier & 0x01) !== 0 && this.#received.length >= this.#receiveTrigger) return 0x04;
    if ((this.#ier & 0x02) !== 0 && this.#roomToTell) return 0x02;
    return 0x01;
  }

  #identify(): number {
    const cause = this.#cause();
    if (cause === 0x02) this.#roomToTell = false;
    this.#surroundings.asks();
    return cause | ((this.#fcr & 1) === 1 ? 0xc0 : 0);
  }

  #lineStatus(): number {
    const status =
      (this.#received.length > 0 ? 0x01 : 0) |
      (this.#overrun ? OVERRUN : 0) |
      (this.#sending.length === 0 ? 0x20 : 0) |
      (this.#room === FIFO ? 0x40 : 0);
    this.#overrun = false;
    this.#surroundings.asks();
    return status;
  }

  // --- received bytes

  #take(): number {
    const byte = this.#received.shift();
    if (byte === undefined) this.breaches++;
    this.#silent = false;
    this.#awaitSilence();
    this.#flow();
    this.#surroundings.asks();
    return byte ?? 0;
  }

  /** The wire tells of a burst when its last bit is there: the first bytes at once, the others at the line's pace. */
  #arrive(): void {
    const bytes = this.#wire.read(Number.MAX_SAFE_INTEGER);
    if (bytes === undefined) return;
    const isIdle = this.#arriving.length === 0;
    this.#arriving.push(...bytes);
    if (isIdle) this.#shift();
  }

  #shift(): void {
    this.#arrival = undefined;
    if (this.#halted || this.#arriving.length === 0) return;
    for (const byte of this.#arriving.splice(0, BATCH)) {
      if (this.#received.length < FIFO) this.#received.push(byte);
      else {
        this.#overrun = true;
        this.overruns++;
      }
    }
    this.#awaitSilence();
    this.#flow();
    this.#surroundings.asks();
    const next = Math.min(BATCH, this.#arriving.length);
    if (next > 0 && this.#arrival === undefined && !this.#halted)
      this.#arrival = this.#world.after(next * this.#characterTime, () => this.#shift());
  }

  #awaitSilence(): void {
    this.#silence?.cancel();
    this.#silence = undefined;
    if (this.#received.length === 0) return;
    this.#silence = this.#world.after(SILENCE * this.#characterTime, () => {
      this.#silent = this.#received.length > 0;
      this.#surroundings.asks();
    });
  }

  /** RTS by the chip itself: the far end, which heeds it, stops at one level of the FIFO and goes on at another. */
  #flow(): void {
    const [halt, resume] = [4 * (this.#tcr & 0x0f), 4 * (this.#tcr >> 4)];
    const level = this.#received.length;
    if ((this.#efr & 0x40) === 0) this.#halted = false;
    else if (level >= halt) this.#halted = true;
    else if (level <= resume) this.#halted = false;
    if (!this.#halted && this.#arriving.length > 0 && this.#arrival === undefined)
      this.#arrival = this.#world.after(BATCH * this.#characterTime, () => this.#shift());
  }

  #emptyReceived(): void {
    this.#arrival?.cancel();
    this.#silence?.cancel();
    this.#arrival = undefined;
    this.#silence = undefined;
    this.#arriving = [];
    this.#received = [];
    this.#overrun = false;
    this.#silent = false;
    this.#halted = false;
  }

  // --- bytes to send

  #put(byte: number): void {
    if (this.#room === 0) {
      this.breaches++;
      return;
    }
    this.#roomToTell = false;
    this.#sending.push(byte);
    this.#send();
  }

  #send(): void {
    if (this.#leaving > 0 || this.#sending.length === 0 || this.#connected === 0) return;
    const bytes = this.#sending.splice(0, BATCH);
    this.#leaving = bytes.length;
    this.#wire.write(Uint8Array.from(bytes));
  }

  #sent(): void {
    const before = this.#room;
    this.#leaving = 0;
    if (before < this.#sendTrigger && this.#room >= this.#sendTrigger) this.#roomToTell = true;
    this.#send();
    this.#surroundings.asks();
  }

  /** What has not left never will. */
  #emptySending(): void {
    this.#sending = [];
    if (this.#leaving === 0) return;
    this.#leaving = 0;
    const baud = this.#connected;
    this.#disconnect();
    this.#connect(baud);
  }

  // --- the line

  get #characterTime(): number {
    return 10_000 / this.#connected;
  }

  #connect(baud = this.#divisor === 0 ? 0 : Math.round(this.#surroundings.crystal / 16 / this.#divisor)): void {
    if (baud === this.#connected) return;
    this.#disconnect();
    if (baud === 0) return;
    this.#connected = baud;
    this.#wire.connect({ received: () => this.#arrive(), drained: () => {}, sent: () => this.#sent() }, baud);
  }

  #disconnect(): void {
    if (this.#connected === 0) return;
    this.#connected = 0;
    this.#wire.disconnect();
  }
}
