import type { Digital, DigitalConstructor, ImageIn, ImageInConstructor, ImageInOptions } from "../../io.ts";
import { checkInteger, checkIo } from "../options.ts";

export interface AwakeOptions {
  /** The line that holds the sensor in reset while it is low. */
  readonly reset: { readonly io: DigitalConstructor; readonly pin: number };
  readonly image: ImageInConstructor;
}

/** An image input whose sensor is let out of reset while it is open, and sees nothing otherwise. */
export function awake(options: AwakeOptions): ImageInConstructor {
  checkIo("reset.io", options.reset.io);
  checkInteger("reset.pin", options.reset.pin, 0, 255);
  checkIo("image", options.image);
  return class extends AwakeIn {
    constructor(image: ImageInOptions) {
      super(options, image);
    }
  };
}

class AwakeIn implements ImageIn {
  #image: ImageIn | undefined;
  #reset: Digital | undefined;

  constructor({ reset, image: Image }: AwakeOptions, options: ImageInOptions) {
    try {
      this.#reset = new reset.io({ pin: reset.pin, mode: "output" });
      this.#reset.write(1);
      this.#image = new Image({
        ...options,
        onReadable: (bytes) => {
          if (this.#image !== undefined) options.onReadable?.call(this, bytes);
        },
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  start(): void {
    this.#open().start();
  }

  stop(): void {
    this.#open().stop();
  }

  read(): Uint8Array | undefined {
    return this.#open().read();
  }

  close(): void {
    this.#image?.close();
    this.#image = undefined;
    this.#reset?.write(0);
    this.#reset?.close();
    this.#reset = undefined;
  }

  #open(): ImageIn {
    if (this.#image === undefined) throw new Error("closed");
    return this.#image;
  }
}
