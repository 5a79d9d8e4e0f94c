import type { ImageInOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board } from "./board.ts";

/** From one picture to the next, in milliseconds. */
const PERIOD = 100;

/** ECMA-419 image input on what is before the board's lens. */
export class SimulatedImageIn extends SimulatedIo {
  readonly #options: ImageInOptions;
  #run = 0;
  #started = false;
  #picture: Uint8Array | undefined;

  constructor(board: Board, options: ImageInOptions) {
    if (!(options.width >= 16 && options.width <= 1_600 && options.height >= 16 && options.height <= 1_200))
      throw new RangeError("size of the picture");
    super(board, options);
    this.#options = options;
  }

  start(): void {
    this.check();
    if (this.#started) return;
    this.#started = true;
    this.#next(++this.#run);
  }

  stop(): void {
    this.check();
    this.#started = false;
    this.#run++;
    this.#picture = undefined;
  }

  read(): Uint8Array | undefined {
    this.check();
    const picture = this.#picture;
    this.#picture = undefined;
    return picture;
  }

  #next(run: number): void {
    this.board.world.after(PERIOD, () => {
      if (run !== this.#run || this.closed) return;
      const { width, height } = this.#options;
      const picture = this.board.senses.look?.(width, height)?.slice();
      const waiting = this.#picture !== undefined;
      if (picture !== undefined) this.#picture = picture;
      if (picture !== undefined && !waiting) this.signalWith("onReadable", () => [this.#picture?.length ?? 0]);
      this.#next(run);
    });
  }

  protected release(): void {
    this.#run++;
    this.#picture = undefined;
  }
}
