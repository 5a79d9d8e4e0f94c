import type { Area, Display } from "../../display.ts";
import type { ClockSource, Digital, DigitalConstructor, Spi, SpiConstructor, SpiOptions } from "../../io.ts";
import { checkClock, checkInteger, checkIo } from "../options.ts";

/** Commands, by the same numbers in the ILI9341, ST7789V and ST7796S data sheets (command lists). */
const Command = Object.freeze({
  SLPOUT: 0x11,
  INVON: 0x21,
  DISPON: 0x29,
  CASET: 0x2a,
  PASET: 0x2b,
  RAMWR: 0x2c,
  MADCTL: 0x36,
  PIXSET: 0x3a,
});

/** PIXSET (COLMOD): 16 bits a pixel. */
const RGB565 = 0x55;

/** Longest single SPI write, in bytes: one DMA transfer. */
const WRITE_SIZE = 4096;
/** RESX must be low for 10 us (data sheets, reset timing). */
const RESET_PULSE_SECONDS = 0.000_02;
/** No command for 5 ms after RESX and after SLPOUT (data sheets, reset timing and Sleep Out). */
const SETTLE_SECONDS = 0.005;
/** No SLPOUT for 120 ms after RESX (data sheets, reset timing); a little more, as two clocks measure it. */
const SLEEP_OUT_MILLISECONDS = 125;

/** What one panel differs in from another: its size, and how its glass sits in the chip's memory. */
export interface DcsPanel {
  /** Pixels of the glass as it is mounted. */
  readonly width: number;
  readonly height: number;
  /** Where the glass begins in the chip's memory, counted as MADCTL turns it; 0 where the glass has all of it. */
  readonly left: number;
  readonly top: number;
  /** MADCTL: order of rows and columns, and of the colours. */
  readonly memoryAccess: number;
  /** The glass shows the complement of its memory (IPS): INVON sets it right. */
  readonly inverted: boolean;
}

export interface DcsDisplayOptions {
  readonly panel: DcsPanel;
  readonly spi: SpiOptions & { readonly io: SpiConstructor };
  /** D/CX: low for commands, high for their data. */
  readonly dataCommand: { readonly io: DigitalConstructor; readonly pin: number };
  /** RESX, active low. */
  readonly reset: { readonly io: DigitalConstructor; readonly pin: number };
  readonly backlight: { readonly io: DigitalConstructor; readonly pin: number };
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/**
 * A display controller that speaks MIPI's display command set on 4-wire SPI, RGB565: which one is its panel's table.
 *
 * What is drawn at once after opening goes into the chip's memory, which works in sleep mode too; the picture appears
 * 130 ms later, when the chip has woken up. Power, VCOM and gamma stay as the panel's maker programmed them.
 */
export class DcsDisplay implements Display {
  readonly #panel: DcsPanel;
  readonly #clock: DcsDisplayOptions["clock"];
  readonly #hz: number;
  #spi: Spi | undefined;
  #dataCommand: Digital | undefined;
  #reset: Digital | undefined;
  #backlight: Digital | undefined;
  #timer: number | undefined;
  #awake = false;
  #lit = true;
  /** A command, and what a range takes: sent before they change. */
  readonly #code = new Uint8Array(1);
  readonly #edges = new Uint8Array(4);
  #columns = -1;
  #pages = -1;
  /** Bytes the rectangle still takes; undefined outside of `begin` and `end`. */
  #remaining: number | undefined;

  constructor(options: DcsDisplayOptions) {
    const { panel, spi, dataCommand, reset, backlight, clock } = options;
    checkIo("spi.io", spi.io);
    checkInteger("spi.hz", spi.hz, 100_000, 80_000_000);
    for (const [name, pin] of Object.entries({ dataCommand, reset, backlight })) {
      checkIo(`${name}.io`, pin.io);
      checkInteger(`${name}.pin`, pin.pin, 0, 255);
    }
    checkClock(clock);
    checkPanel(panel);
    this.#panel = panel;
    this.#clock = clock;
    this.#hz = spi.hz;
    try {
      this.#backlight = new backlight.io({ pin: backlight.pin, mode: "output" });
      this.#backlight.write(0);
      this.#reset = new reset.io({ pin: reset.pin, mode: "output" });
      this.#dataCommand = new dataCommand.io({ pin: dataCommand.pin, mode: "output" });
      const { io: SpiBus, ...wires } = spi;
      this.#spi = new SpiBus(wires);
      this.#start();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get width(): number {
    return this.#panel.width;
  }

  get height(): number {
    return this.#panel.height;
  }

  begin(area: Area): void {
    this.#open();
    if (this.#remaining !== undefined) throw new Error("begin inside begin");
    const { x, y, width, height } = area;
    const panel = this.#panel;
    checkInteger("x", x, 0, panel.width - 1);
    checkInteger("y", y, 0, panel.height - 1);
    checkInteger("width", width, 1, panel.width - x);
    checkInteger("height", height, 1, panel.height - y);
    this.#columns = this.#range(Command.CASET, panel.left + x, width, this.#columns);
    this.#pages = this.#range(Command.PASET, panel.top + y, height, this.#pages);
    this.#command(Command.RAMWR);
    this.#remaining = width * height * 2;
  }

  send(pixels: Uint8Array): void {
    const spi = this.#spi;
    const remaining = this.#remaining;
    const { length } = pixels;
    if (spi === undefined) throw new Error("closed");
    if (remaining === undefined) throw new Error("send outside of begin");
    if (length % 2 !== 0) throw new RangeError("half a pixel");
    if (length > remaining) throw new RangeError("more pixels than the rectangle takes");
    this.#remaining = remaining - length;
    if (length <= WRITE_SIZE) {
      if (length > 0) spi.write(pixels);
      return;
    }
    for (let at = 0; at < length; at += WRITE_SIZE) spi.write(pixels.subarray(at, at + WRITE_SIZE));
  }

  end(): void {
    this.#open();
    if (this.#remaining === undefined) throw new Error("end outside of begin");
    this.#remaining = undefined;
  }

  /** The backlight is a switch on this board: every brightness above 0 is full. */
  configure(options: { readonly brightness: number }): void {
    this.#open();
    if (!(options.brightness >= 0 && options.brightness <= 1)) throw new RangeError("brightness is not from 0 to 1");
    this.#lit = options.brightness > 0;
    this.#light();
  }

  close(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    for (const io of [this.#spi, this.#dataCommand, this.#reset, this.#backlight]) io?.close();
    this.#spi = undefined;
    this.#dataCommand = undefined;
    this.#reset = undefined;
    this.#backlight = undefined;
  }

  #open(): Spi {
    if (this.#spi === undefined) throw new Error("closed");
    return this.#spi;
  }

  #start(): void {
    this.#dataCommand!.write(1);
    this.#reset!.write(0);
    this.#busDelay(RESET_PULSE_SECONDS);
    this.#reset!.write(1);
    this.#busDelay(SETTLE_SECONDS);
    this.#command(Command.MADCTL, Uint8Array.of(this.#panel.memoryAccess));
    this.#command(Command.PIXSET, Uint8Array.of(RGB565));
    if (this.#panel.inverted) this.#command(Command.INVON);
    this.#timer = this.#clock.setTimer(() => this.#wake(), SLEEP_OUT_MILLISECONDS);
  }

  /**
   * Switches the panel on. A rectangle that is open goes on afterwards: commands end a memory write, and the chip
   * would go on at the rectangle's first pixel, so waking waits for its end.
   */
  #wake(): void {
    if (this.#remaining !== undefined) {
      this.#timer = this.#clock.setTimer(() => this.#wake(), 1);
      return;
    }
    this.#timer = undefined;
    this.#command(Command.SLPOUT);
    this.#busDelay(SETTLE_SECONDS);
    this.#command(Command.DISPON);
    this.#awake = true;
    this.#light();
  }

  #light(): void {
    this.#backlight!.write(this.#lit && this.#awake ? 1 : 0);
  }

  /** Sets the range of columns or pages unless it is set; returns it as one number. */
  #range(command: number, first: number, length: number, current: number): number {
    const last = first + length - 1;
    const range = first * 0x10000 + last;
    if (range !== current) {
      const edges = this.#edges;
      edges[0] = first >> 8;
      edges[1] = first;
      edges[2] = last >> 8;
      edges[3] = last;
      this.#command(command, edges);
    }
    return range;
  }

  /** D/CX is low for the command byte only, so that pixels need no toggle. */
  #command(command: number, parameters?: Uint8Array): void {
    this.#dataCommand!.write(0);
    this.#code[0] = command;
    this.#spi!.write(this.#code);
    this.#dataCommand!.write(1);
    if (parameters !== undefined) this.#spi!.write(parameters);
  }

  /** Lets time pass by clocking data that no command takes: short waits need neither sleep nor timer. */
  #busDelay(seconds: number): void {
    const idle = new Uint8Array(WRITE_SIZE);
    for (let bytes = Math.ceil((seconds * this.#hz) / 8); bytes > 0; bytes -= WRITE_SIZE)
      this.#spi!.write(bytes < WRITE_SIZE ? idle.subarray(0, bytes) : idle);
  }
}

function checkPanel(panel: DcsPanel): void {
  checkInteger("panel.width", panel.width, 1, 0x1000);
  checkInteger("panel.height", panel.height, 1, 0x1000);
  checkInteger("panel.left", panel.left, 0, 0x1000);
  checkInteger("panel.top", panel.top, 0, 0x1000);
  checkInteger("panel.memoryAccess", panel.memoryAccess, 0, 0xff);
}
