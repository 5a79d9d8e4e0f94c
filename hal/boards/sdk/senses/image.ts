import Camera from "embedded:io/image/in/camera";
import type { ImageIn, ImageInOptions } from "../../../io.ts";
import { opened } from "../opened.ts";

/** The SDK's number for RGB565 pixels, low byte first. */
const RGB565_LE = 7;

/**
 * The SDK's camera, whose pins are the manifest's ("camera" under "defines"). It keeps three pictures in PSRAM; one that is read is
 * copied into the machine's memory, which has room for 160 x 120 and not for 320 x 240.
 */
export class SdkImageIn implements ImageIn {
  readonly #byteLength: number;
  #camera: Camera | undefined;

  constructor({ width, height, onReadable }: ImageInOptions) {
    this.#byteLength = width * height * 2;
    this.#camera = new Camera({
      width,
      height,
      imageType: RGB565_LE,
      format: "buffer",
      onReadable: () => {
        if (this.#camera !== undefined) onReadable?.call(this, this.#byteLength);
      },
    });
    if (this.#camera.width === width && this.#camera.height === height) return;
    this.close();
    throw new RangeError("the camera has no pictures of that size");
  }

  start(): void {
    opened(this.#camera).start();
  }

  stop(): void {
    opened(this.#camera).stop();
  }

  /** The SDK gives the oldest first. */
  read(): Uint8Array | undefined {
    const camera = opened(this.#camera);
    const picture = new Uint8Array(this.#byteLength);
    let has = false;
    while (camera.read(picture.buffer) !== undefined) has = true;
    return has ? picture : undefined;
  }

  close(): void {
    this.#camera?.close();
    this.#camera = undefined;
  }
}
