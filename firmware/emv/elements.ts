import { copy, wipe } from "../codec/bytes.ts";

/** Most values are a few bytes long; certificates, the longest, fill half a page. */
const pageBytes = 512;
/** A place is one number: the page in steps of `pageStep`, the offset in steps of `base`, and the length. */
const base = 0x10000;
const pageStep = pageBytes * base;
/** Pages below have places that an engine keeps as whole numbers: floating-point ones are slow on the device. */
const quickPages = 64;

/**
 * Byte strings by tag, one after the other in a few pages. A byte string of its own takes seven of the device's slots, and
 * a card says sixty; a place in a page takes none beside its tag. A value keeps its place when another one follows it under
 * the same tag: what was read stays as it was, until all is wiped.
 */
export class Elements {
  readonly #places = new Map<number, number>();
  #pages: Uint8Array[] = [];
  /** Bytes taken in the last page. */
  #used = 0;

  /** How many elements there are. */
  get size(): number {
    return this.#places.size;
  }

  has(tag: number): boolean {
    return this.#places.has(tag);
  }

  /** Bytes of the value. */
  lengthOf(tag: number): number | undefined {
    const place = this.#places.get(tag);
    return place === undefined ? undefined : place % base;
  }

  /** A view of the value: what is written to it is written here. */
  get(tag: number): Uint8Array | undefined {
    const place = this.#places.get(tag);
    if (place === undefined) {
      return undefined;
    }
    const isQuick = place < quickPages * pageStep;
    const page = this.#pages[isQuick ? place >> 25 : Math.floor(place / pageStep)];
    const inside = isQuick ? place : place % pageStep;
    // Not `subarray`, which costs an engine twice as much; a page has its buffer to itself.
    return page && new Uint8Array(page.buffer, (inside >> 16) & (pageBytes - 1), inside & (base - 1));
  }

  /** Keeps a copy. Throws `RangeError` above 65,535 bytes, more than any exchange with a card brings. */
  set(tag: number, value: Uint8Array): void {
    const { length } = value;
    if (length >= base) {
      throw new RangeError("element: too long");
    }
    let page = this.#pages[this.#pages.length - 1];
    if (page === undefined || page.length - this.#used < length) {
      page = new Uint8Array(Math.max(pageBytes, length));
      this.#pages.push(page);
      this.#used = 0;
    }
    copy(value, page, this.#used);
    const number = this.#pages.length - 1;
    const inside = (this.#used << 16) | length;
    this.#places.set(tag, number < quickPages ? (number << 25) | inside : number * pageStep + inside);
    this.#used += length;
  }

  /** Forgets where a value stands; its bytes are overwritten with all the others. */
  forget(tag: number): void {
    this.#places.delete(tag);
  }

  /** Overwrites every value, those that others followed among them. */
  wipe(): void {
    for (const page of this.#pages) {
      wipe(page);
    }
  }

  /** Overwrites and forgets every value. */
  clear(): void {
    this.wipe();
    this.#places.clear();
    this.#pages = [];
    this.#used = 0;
  }
}
