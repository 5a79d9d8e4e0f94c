import type { Clock, Opener, PrinterCallbacks } from "../../hal/device.ts";
import type { Printer, PrinterState } from "../../hal/printer.ts";
import type { Font } from "../screen/font.ts";
import { PaperDrawing } from "./draw.ts";
import type { Line } from "./lines.ts";

export type PaperTrouble = "paper-out" | "cover-open" | "hot" | "offline";
/** Whether all of it is on paper; after an error the whole can be printed again. */
export type PrintResult = { readonly ok: true } | { readonly ok: false; readonly error: PaperTrouble };

/** Rows of a band that goes to the printer at once. */
const BAND_ROWS = 24;
/** Blank rows after the last line, up to the tear bar. */
const TAIL_ROWS = 64;
/** A printer that takes nothing for so long is offline. */
const PATIENCE_MS = 15_000;
/** How long a print waits for a printer that has just been given paper to say so. */
const GRACE_MS = 500;

/** What stops a printer in this state, the worst first; one that is starting says nothing but that it is not online. */
export function troubleOf(state: PrinterState): PaperTrouble | undefined {
  if (state.cover === "open") return "cover-open";
  if (state.paper === "out") return "paper-out";
  if (state.head === "hot") return "hot";
  return state.online ? undefined : "offline";
}

interface Job {
  readonly pieces: Iterator<Uint8Array, void, undefined>;
  readonly resolve: (result: PrintResult) => void;
  /** The piece being sent and how much of it has been. */
  piece: Uint8Array | undefined;
  sent: number;
  /** All has been sent; the printer was asked whether it is on paper. */
  asked: boolean;
  timer: number;
}

/** A device that has a printer. */
export interface PaperDevice {
  readonly printer: Opener<Printer, PrinterCallbacks>;
}

/** The printer as flows see it: prints a list of lines and says how that went. */
export class Paper {
  readonly #device: PaperDevice;
  readonly #clock: Clock;
  readonly #font: Font;
  #printer: Printer | undefined;
  #job: Job | undefined;

  /** Opens the printer; one that cannot be opened is tried again for each print. */
  constructor(device: PaperDevice, clock: Clock, font: Font) {
    this.#device = device;
    this.#clock = clock;
    this.#font = font;
    this.#connect();
  }

  /** What would stop a print now. */
  get trouble(): PaperTrouble | undefined {
    return this.#printer === undefined ? "offline" : troubleOf(this.#printer.state);
  }

  /**
   * Prints the lines and resolves when they are on paper or when it is clear that they will not be: paper out, cover
   * open, head too hot, no answer. Throws `Error` while another print goes on.
   */
  print(lines: readonly Line[]): Promise<PrintResult> {
    if (this.#job !== undefined) throw new Error("printer busy");
    const printer = this.#printer ?? this.#connect();
    if (printer === undefined) return Promise.resolve({ ok: false, error: "offline" });
    const pieces = new PaperDrawing(this.#font, printer.width).pieces(lines);
    const { trouble } = this;
    const patience = trouble === undefined || trouble === "offline" ? PATIENCE_MS : GRACE_MS;
    return new Promise((resolve) => {
      this.#job = { pieces, resolve, piece: undefined, sent: 0, asked: false, timer: this.#wait(patience) };
      this.#pump();
    });
  }

  close(): void {
    this.#end("offline");
    this.#printer?.close();
    this.#printer = undefined;
  }

  #connect(): Printer | undefined {
    try {
      this.#printer = this.#device.printer({
        onWritable: () => this.#pump(),
        onStateChange: () => this.#watch(),
        onError: () => this.close(),
      });
    } catch {
      this.#printer = undefined;
    }
    return this.#printer;
  }

  #wait(milliseconds: number): number {
    return this.#clock.setTimer(() => this.#end(this.trouble ?? "offline"), milliseconds);
  }

  /** Once something is on its way any trouble means that a part of it is lost. */
  #watch(): void {
    if (this.#job?.piece !== undefined && this.trouble !== undefined) this.#end(this.trouble);
  }

  #end(error: PaperTrouble | undefined): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    this.#clock.clearTimer(job.timer);
    job.resolve(error === undefined ? { ok: true } : { ok: false, error });
  }

  /** Sends as many rows as the printer takes now. */
  #pump(): void {
    const [job, printer] = [this.#job, this.#printer];
    if (job === undefined || printer === undefined || job.asked || this.trouble !== undefined) return;
    const stride = printer.width >> 3;
    let progress = false;
    for (let room = printer.writable; room > 0; room = printer.writable) {
      if (job.piece === undefined || job.sent === job.piece.length) {
        const next = job.pieces.next();
        if (next.done === true) {
          this.#finish(job, printer);
          return;
        }
        job.piece = next.value;
        job.sent = 0;
      }
      const { piece, sent } = job;
      const bytes = Math.min(room, BAND_ROWS, (piece.length - sent) / stride) * stride;
      printer.write(bytes === piece.length ? piece : piece.subarray(sent, sent + bytes));
      job.sent = sent + bytes;
      progress = true;
    }
    if (progress) this.#restart(job);
  }

  #restart(job: Job): void {
    this.#clock.clearTimer(job.timer);
    job.timer = this.#wait(PATIENCE_MS);
  }

  /** All rows are with the printer: asks whether they are on paper. */
  #finish(job: Job, printer: Printer): void {
    job.asked = true;
    this.#restart(job);
    printer.feed(TAIL_ROWS);
    printer.cut();
    printer.finish((error, state) => {
      if (this.#job !== job) return;
      this.#end(error ?? (state === undefined ? undefined : troubleOf(state)));
    });
  }
}
