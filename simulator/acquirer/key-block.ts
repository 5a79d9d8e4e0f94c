/** What a key loading device makes: key blocks of version D (ANSI X9.143:2021), by `node:crypto`. */
import { createCipheriv } from "node:crypto";
import { concat, hex, type RandomBytes } from "./bytes.ts";
import { aesCmac } from "./mac-methods.ts";

/** Usage, algorithm, mode and one optional block of the key. */
export interface BlockWords {
  readonly usage: string;
  readonly algorithm: "A" | "T";
  readonly mode: string;
  readonly optional: { readonly id: string; readonly data: string };
}

const BLOCK = 16;

/** Wraps a key of 8 or 16 bytes under an AES protection key of 32 bytes. */
export function wrapKey(protection: Uint8Array, key: Uint8Array, words: BlockWords, random: RandomBytes): string {
  if (protection.length !== 32 || key.length > 16) throw new RangeError("keys of 32 bytes, and of 8 or 16");
  const own =
    words.optional.id +
    (words.optional.data.length + 4).toString(16).toUpperCase().padStart(2, "0") +
    words.optional.data;
  const missing = (BLOCK - (own.length % BLOCK)) % BLOCK;
  const filler = missing === 0 ? 0 : missing < 4 ? missing + BLOCK : missing;
  const padding =
    filler === 0 ? "" : `PB${filler.toString(16).toUpperCase().padStart(2, "0")}${"0".repeat(filler - 4)}`;
  const count = filler === 0 ? "01" : "02";
  const clear = concat(Uint8Array.of(0, 8 * key.length), key, random.bytes(46 - key.length));
  const length = 16 + own.length + padding.length + 2 * clear.length + 32;
  const head = `D${String(length).padStart(4, "0")}${words.usage}${words.algorithm}${words.mode}00N${count}00${own}${padding}`;
  const mac = aesCmac(derive(protection, 1), concat(Buffer.from(head, "latin1"), clear));
  const cipher = createCipheriv("aes-256-cbc", derive(protection, 0), mac).setAutoPadding(false);
  return head + hex(concat(cipher.update(clear), cipher.final())) + hex(mac);
}

/** The encryption (0) or authentication (1) key: two CMACs of derivation data with a counter. */
function derive(protection: Uint8Array, usage: 0 | 1): Uint8Array {
  const part = (counter: number): Uint8Array => aesCmac(protection, Uint8Array.of(counter, 0, usage, 0, 0, 4, 1, 0));
  return concat(part(1), part(2));
}
