import type { Serial, SerialConstructor } from "../../io.ts";
import type { MagneticStripe, Swipe } from "../../magstripe.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";
import { asciiWithSentinels, type StripeFormat, TrackReader, wipeSwipe } from "./tracks.ts";

export interface SerialStripeDecoderOptions {
  readonly serial: { readonly io: SerialConstructor; readonly port: number; readonly baud: number };
  /** How this decoder spells a swipe; `asciiWithSentinels` by default. */
  readonly format?: StripeFormat;
  /** A swipe can be read. */
  readonly onReadable?: () => void;
  readonly onError?: () => void;
}

/**
 * A magnetic stripe decoder that sends tracks as ASCII over a serial line (ISO/IEC 7811-6, 7813). Holds the newest
 * swipe until it is read: an older one that nobody read is wiped.
 */
export class SerialStripeDecoder implements MagneticStripe {
  readonly #onReadable: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  readonly #tracks: TrackReader;
  #serial: Serial | undefined;
  #swipe: Swipe | undefined;

  constructor(options: SerialStripeDecoderOptions) {
    const { serial, format = asciiWithSentinels, onReadable, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    checkInteger("serial.baud", serial.baud, 300, 4_000_000);
    checkInteger("format.damaged", format.damaged, 0, 255);
    checkInteger("format.terminator", format.terminator, 0, 255);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#onReadable = onReadable;
    this.#onError = onError;
    this.#tracks = new TrackReader(format);
    this.#serial = new serial.io({
      port: serial.port,
      baud: serial.baud,
      onReadable: () => this.#receive(),
      onError: () => this.#fail(),
    });
  }

  read(): Swipe | undefined {
    if (this.#serial === undefined) throw new Error("closed");
    const swipe = this.#swipe;
    this.#swipe = undefined;
    return swipe;
  }

  close(): void {
    this.#serial?.close();
    this.#serial = undefined;
    this.#tracks.wipe();
    wipeSwipe(this.#swipe);
    this.#swipe = undefined;
  }

  #receive(): void {
    const bytes = this.#serial?.read();
    if (bytes === undefined) return;
    const swipe = this.#tracks.receive(bytes);
    bytes.fill(0);
    if (swipe === undefined) return;
    wipeSwipe(this.#swipe);
    this.#swipe = swipe;
    this.#onReadable?.call(this);
  }

  #fail(): void {
    if (this.#serial === undefined) return;
    this.close();
    this.#onError?.call(this);
  }
}
