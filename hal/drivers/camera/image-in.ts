import type { Camera, Picture } from "../../camera.ts";
import type { ClockSource, ImageIn, ImageInConstructor } from "../../io.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Milliseconds without a whole picture after which the camera counts as broken. */
const SILENCE = 2_000;

export interface ImageInCameraOptions {
  readonly image: { readonly io: ImageInConstructor };
  readonly width: number;
  readonly height: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onReadable?: () => void;
  /** No picture comes; only `close` may follow. */
  readonly onError?: () => void;
}

/** A camera on the ground's image input. Pictures that are not whole are dropped. */
export class ImageInCamera implements Camera {
  readonly #options: ImageInCameraOptions;
  #image: ImageIn | undefined;
  #running = false;
  #picture: Uint8Array | undefined;
  #watch: number | undefined;

  constructor(options: ImageInCameraOptions) {
    const { image, width, height, clock, onReadable, onError } = options;
    checkIo("image.io", image.io);
    checkInteger("width", width, 16, 1_600);
    checkInteger("height", height, 16, 1_200);
    checkClock(clock);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#options = options;
    this.#image = new image.io({ width, height, imageType: "rgb565le", onReadable: () => this.#seen() });
  }

  start(): void {
    const image = this.#open();
    if (this.#running) return;
    this.#running = true;
    this.#expect();
    image.start();
  }

  stop(): void {
    const image = this.#open();
    this.#running = false;
    this.#cancel();
    this.#forget();
    image.stop();
    image.read()?.fill(0);
  }

  read(): Picture | undefined {
    this.#open();
    const pixels = this.#picture;
    this.#picture = undefined;
    const { width, height } = this.#options;
    return pixels === undefined ? undefined : { width, height, pixels };
  }

  close(): void {
    this.#cancel();
    this.#forget();
    this.#image?.close();
    this.#image = undefined;
    this.#running = false;
  }

  #open(): ImageIn {
    if (this.#image === undefined) throw new Error("closed");
    return this.#image;
  }

  /** The older picture goes first: memory is for one of them. */
  #seen(): void {
    const waiting = this.#picture !== undefined;
    this.#forget();
    const pixels = this.#image?.read();
    if (pixels === undefined) return;
    const { width, height, onReadable } = this.#options;
    if (!this.#running || pixels.length !== width * height * 2) {
      pixels.fill(0);
      return;
    }
    this.#picture = pixels;
    this.#expect();
    if (!waiting) onReadable?.call(this);
  }

  #forget(): void {
    this.#picture?.fill(0);
    this.#picture = undefined;
  }

  #expect(): void {
    this.#cancel();
    this.#watch = this.#options.clock.setTimer(() => {
      this.#watch = undefined;
      this.close();
      this.#options.onError?.call(this);
    }, SILENCE);
  }

  #cancel(): void {
    if (this.#watch !== undefined) this.#options.clock.clearTimer(this.#watch);
    this.#watch = undefined;
  }
}
