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

/** What stops a printer in this state, the worst first. */
export function troubleOf(state: PrinterState): PaperTrouble | undefined {
  if (!state.online && state.paper === "present" && state.cover === "closed" && state.head === "normal")
    return "offline";
  if (state.cover === "open") return "cover-open";
  if (state.paper === "out") return "paper-out";
  if (state.head === "hot") return "hot";
  return undefined;
}

interface Job {
  readonly pieces: Iterator<Uint8Array, void, undefined>;
  readonly resolve: (result: PrintResult) => void;
  /** The piece being sent and how much of it has been. */
  piece: Uint8Array | undefined;
  sent: number;
  timer: number;
}

/** The printer as flows see it: prints a list of lines and says how that went. */
export class Paper {
  readonly #printer: Printer;
  readonly #clock: Clock;
  readonly #drawing: PaperDrawing;
  #job: Job | undefined;

  constructor(open: Opener<Printer, PrinterCallbacks>, clock: Clock, font: Font) {
    this.#clock = clock;
    this.#printer = open({
      onWritable: () => this.#pump(),
      onStateChange: () => this.#watch(),
      onError: () => this.#end("offline"),
    });
    this.#drawing = new PaperDrawing(font, this.#printer.width);
  }

  /** What would stop a print now. */
  get trouble(): PaperTrouble | undefined {
    return troubleOf(this.#printer.state);
  }

  /**
   * Prints the lines and resolves when they are on paper or when it is clear that they will not be: paper out, cover
   * open, head too hot, no answer. Throws `Error` while another print goes on.
   */
  print(lines: readonly Line[]): Promise<PrintResult> {
    if (this.#job !== undefined) throw new Error("printer busy");
    const { trouble } = this;
    if (trouble !== undefined) return Promise.resolve({ ok: false, error: trouble });
    return new Promise((resolve) => {
      this.#job = { pieces: this.#drawing.pieces(lines), resolve, piece: undefined, sent: 0, timer: this.#patience() };
      this.#pump();
    });
  }

  close(): void {
    this.#end("offline");
    this.#printer.close();
  }

  #patience(): number {
    return this.#clock.setTimer(() => this.#end("offline"), PATIENCE_MS);
  }

  #watch(): void {
    const { trouble } = this;
    if (trouble !== undefined) this.#end(trouble);
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
    const job = this.#job;
    if (job === undefined || job.sent < 0) return;
    const stride = this.#printer.width >> 3;
    let progress = false;
    for (let room = this.#printer.writable; room > 0; room = this.#printer.writable) {
      if (job.piece === undefined || job.sent === job.piece.length) {
        const next = job.pieces.next();
        if (next.done === true) {
          this.#finish(job);
          return;
        }
        job.piece = next.value;
        job.sent = 0;
      }
      const rows = Math.min(room, BAND_ROWS, (job.piece.length - job.sent) / stride);
      this.#printer.write(job.piece.subarray(job.sent, job.sent + rows * stride));
      job.sent += rows * stride;
      progress = true;
    }
    if (!progress) return;
    this.#clock.clearTimer(job.timer);
    job.timer = this.#patience();
  }

  /** All rows are with the printer: asks whether they are on paper. */
  #finish(job: Job): void {
    job.sent = -1;
    this.#printer.feed(TAIL_ROWS);
    this.#printer.cut();
    this.#printer.finish((error, state) => {
      if (this.#job !== job) return;
      this.#end(error ?? (state === undefined ? undefined : troubleOf(state)));
    });
  }
}
