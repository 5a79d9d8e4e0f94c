import type { KeyEvent, KeyName, KeyPlace, Keypad } from "../../keypad.ts";
import type { Touch, TouchPoint } from "../../touch.ts";
import { checkCallback } from "../options.ts";

export interface OnScreenKeysOptions {
  /** Opens the glass over the keys. */
  readonly touch: (callbacks: { readonly onReadable: () => void; readonly onError: () => void }) => Touch;
  /** Where the keys are; a function where that changes, which is asked whenever a finger lands. */
  readonly places: readonly KeyPlace[] | (() => readonly KeyPlace[]);
  readonly onReadable?: () => void;
  /** The glass does not answer any more; only `close` may follow. */
  readonly onError?: () => void;
}

/**
 * A keypad drawn on a display under glass. A finger presses the key that it lands on, and no other one until it has left: who
 * slips off a key types nothing else. Two fingers on one key are one press. The keys themselves are drawn by whoever opens the
 * display (`places` says where); nothing lights up under a finger, which would tell bystanders a PIN.
 */
export class OnScreenKeys implements Keypad {
  readonly #places: OnScreenKeysOptions["places"];
  readonly #onReadable: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  #touch: Touch | undefined;
  /** The key under each finger; `undefined` for one that landed beside the keys. */
  #fingers: { readonly id: number; readonly key: KeyName | undefined }[] = [];
  #events: KeyEvent[] = [];

  constructor(options: OnScreenKeysOptions) {
    const { touch, places, onReadable, onError } = options;
    if (typeof touch !== "function") throw new TypeError("touch is not a function");
    if (typeof places !== "function" && places.length === 0) throw new RangeError("no keys");
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#places = places;
    this.#onReadable = onReadable;
    this.#onError = onError;
    this.#touch = touch({
      onReadable: () => this.#drain(),
      onError: () => {
        this.close();
        this.#onError?.call(this);
      },
    });
  }

  read(): KeyEvent | undefined {
    if (this.#touch === undefined) throw new Error("closed");
    return this.#events.shift();
  }

  close(): void {
    this.#touch?.close();
    this.#touch = undefined;
    this.#fingers = [];
    this.#events = [];
  }

  #drain(): void {
    const before = this.#events.length;
    for (let points = this.#touch?.read(); points !== undefined; points = this.#touch?.read()) this.#follow(points);
    if (this.#events.length > before) this.#onReadable?.call(this);
  }

  #follow(points: readonly TouchPoint[]): void {
    for (const finger of this.#fingers.filter(({ id }) => !points.some((point) => point.id === id))) {
      this.#fingers = this.#fingers.filter((other) => other !== finger);
      this.#move(finger.key, false);
    }
    for (const point of points.filter(({ id }) => !this.#fingers.some((finger) => finger.id === id))) {
      const places = typeof this.#places === "function" ? this.#places() : this.#places;
      const key = places.find((place) => isInside(place, point))?.key;
      this.#move(key, true);
      this.#fingers.push({ id: point.id, key });
    }
  }

  /** The first finger presses, the last one lets go. */
  #move(key: KeyName | undefined, pressed: boolean): void {
    if (key !== undefined && !this.#fingers.some((finger) => finger.key === key)) this.#events.push({ key, pressed });
  }
}

function isInside(place: KeyPlace, { x, y }: TouchPoint): boolean {
  return x >= place.x && x < place.x + place.width && y >= place.y && y < place.y + place.height;
}
