import type { Board } from "../io/board.ts";
import type { SerialWire } from "../io/serial-wire.ts";

/** A stripe as it is drawn through the head: texts with or without their sentinels. */
export interface StripePass {
  readonly track1?: string;
  readonly track2?: string;
  /** What the head could not make sense of; `true` is every track. */
  readonly damaged?: boolean | "track1" | "track2";
}

/** From the end of the stripe to the first character. */
const DECODING_TIME = 20;
const UNREADABLE = "E";

/**
 * A decoder for magnetic stripes: sends each track between its sentinels as ASCII, `E` for one that it could not read, nothing
 * for one that is not there, and a carriage return.
 */
export class StripeDecoderChip {
  readonly #board: Board;
  readonly #wire: SerialWire;
  readonly #checkCharacter: boolean;

  constructor(board: Board, wires: { readonly port: number }, settings: { readonly checkCharacter?: boolean } = {}) {
    this.#board = board;
    this.#wire = board.serialWire(wires.port);
    this.#checkCharacter = settings.checkCharacter ?? false;
    this.#wire.attach({ receive() {} });
  }

  /** A card is drawn through. */
  swipe(pass: StripePass): void {
    const first = this.#spell(pass.track1, "%", 0x20, 0x3f, pass.damaged === true || pass.damaged === "track1");
    const second = this.#spell(pass.track2, ";", 0x30, 0x0f, pass.damaged === true || pass.damaged === "track2");
    this.#board.world.after(DECODING_TIME, () => {
      if (!this.#board.powered) return;
      if (first.length > 0) this.#wire.send(Buffer.from(first, "latin1"));
      this.#wire.send(Buffer.from(`${second}\r`, "latin1"));
    });
  }

  #spell(track: string | undefined, start: string, base: number, mask: number, damaged: boolean): string {
    if (track === undefined && !damaged) return "";
    const data = damaged ? UNREADABLE : (track ?? "").replace(new RegExp(`^\\${start}`), "").replace(/\?$/, "");
    const text = `${start}${data}?`;
    if (!this.#checkCharacter) return text;
    const check = [...text].reduce((sum, character) => sum ^ ((character.charCodeAt(0) - base) & mask), 0);
    return text + String.fromCharCode(base + check);
  }
}
