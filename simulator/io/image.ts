import type { ImageInOptions } from "../../hal/io.ts";
import type { Board } from "./board.ts";
import { SimulatedStream } from "./stream.ts";

/** From one picture to the next, in milliseconds. */
const PERIOD = 100;

/** ECMA-419 image input on what is before the board's lens. */
export class SimulatedImageIn extends SimulatedStream {
  protected readonly period = PERIOD;
  readonly #options: ImageInOptions;
  #picture: Uint8Array | undefined;

  constructor(board: Board, options: ImageInOptions) {
    if (!(options.width >= 16 && options.width <= 1_600 && options.height >= 16 && options.height <= 1_200))
      throw new RangeError("size of the picture");
    super(board, options);
    this.#options = options;
  }

  override stop(): void {
    super.stop();
    this.#picture = undefined;
  }

  read(): Uint8Array | undefined {
    this.check();
    const picture = this.#picture;
    this.#picture = undefined;
    return picture;
  }

  protected block(): void {
    const { width, height } = this.#options;
    const picture = this.board.senses.look?.(width, height)?.slice();
    const waiting = this.#picture !== undefined;
    if (picture !== undefined) this.#picture = picture;
    if (picture !== undefined && !waiting) this.signalWith("onReadable", () => [this.#picture?.length ?? 0]);
  }

  protected override release(): void {
    super.release();
    this.#picture = undefined;
  }
}
