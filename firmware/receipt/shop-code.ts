import type { Language } from "../screen/messages/words.ts";
import type { Line } from "./lines.ts";
import { paperWords } from "./words.ts";

/** Dots of the code: as wide as the narrowest paper takes, to be read from a wall. */
const width = 376;

/** The shop's own code, to be put up: customers scan it and type the amount. */
export function shopCodeLines(merchant: string, code: string, language: Language): Line[] {
  const centred = (text: string, scale: 1 | 2): Line => ({ kind: "text", text, scale, align: "centre" });
  return [
    centred(paperWords[language]["shop.title"], 2),
    centred(merchant, 2),
    { kind: "code", text: code, width },
    centred(paperWords[language]["shop.note"], 1),
    { kind: "space", rows: 16 },
  ];
}
