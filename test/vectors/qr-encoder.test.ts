/** Our QR encoder against a maintained one: every version and level, each mask, to the module. */
import { encode } from "uqr";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { encodeQr, type QrCode } from "../../firmware/codes/qr.ts";
import { dataCodewords } from "../../firmware/codes/qr-data.ts";
import { type CorrectionLevel, largestVersion } from "../../firmware/codes/qr-versions.ts";
import { SeededRandom } from "../../simulator/world/random.ts";

const levels = ["L", "M", "Q", "H"] as const;
const alphabets = [
  "0123456789",
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:",
  "abcdefghijklmnop0123456789?=&收款元é",
];

const rowsOf = ({ size, modules }: QrCode): boolean[][] =>
  Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => ((modules[y * ((size + 7) >> 3) + (x >> 3)]! >> (7 - (x & 7))) & 1) === 1),
  );

/** A text that needs the version: as many characters as it holds, or a few less; of one mode, as the other encoder would write it. */
function textFor(version: number, level: CorrectionLevel, random: SeededRandom): string {
  const letters = alphabets[random.below(alphabets.length)]!;
  const alphabet = Array.from(letters);
  const isMixed = (more: string): boolean => letters !== alphabets[0] && /\d{7}$/.test(more);
  let text = "";
  for (;;) {
    const more = text + alphabet[random.below(alphabet.length)]!;
    if (isMixed(more)) continue;
    const needed = dataCodewords(more, level)?.version ?? largestVersion + 1;
    if (needed > version) return text;
    text = more;
    if (needed === version && random.below(40) === 0) return text;
  }
}

for (const level of levels) {
  test(`codes of versions 1 to 15, level ${level}, are another encoder's to the module`, () => {
    for (let version = 1; version <= largestVersion; version++) {
      const random = new SeededRandom(version, level);
      for (let times = 0; times < 4; times++) {
        const text = textFor(version, level, random);
        const mask = random.below(8);
        const ours = encodeQr(text, { level, mask })!;
        const options = { ecc: level, boostEcc: false, border: 0, minVersion: version, maxVersion: version } as const;
        const theirs = encode(text, { ...options, maskPattern: mask });
        assert.is(ours.version, version, text);
        assert.equal(rowsOf(ours), theirs.data, `${version}-${level}, mask ${mask}: ${text}`);
      }
    }
  });
}

test.run();
