/** Fuzz target `cbor`: the firmware's CBOR of journal, parameters and bridge. */
import { type CborValue, decodeCbor, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const deepest = 5;
const letters = "abcdefgh\u00e9\u4e2d";

function text(random: SeededRandom): string {
  return Array.from({ length: random.below(8) }, () => letters[random.below(letters.length)]!).join("");
}

const leaves: readonly ((random: SeededRandom) => CborValue)[] = [
  () => null,
  () => undefined,
  (random) => random.below(2) === 0,
  (random) => random.below(300),
  (random) => -random.next(),
  (random) => random.next() * 2 ** 20,
  (random) => random.next() / 3,
  text,
  (random) => random.bytes(random.below(40)),
];

function value(random: SeededRandom, depth: number): CborValue {
  const kind = depth < deepest ? random.below(3) : 2;
  if (kind === 0) {
    return Array.from({ length: random.below(5) }, () => value(random, depth + 1));
  }
  if (kind === 1) {
    return Object.fromEntries(Array.from({ length: random.below(5) }, () => [text(random), value(random, depth + 1)]));
  }
  return leaves[random.below(leaves.length)]!(random);
}

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) =>
    runParser<CborValue>(
      {
        sample: (drawn) => encodeCbor(value(drawn, 0)),
        parse: decodeCbor,
        write: encodeCbor,
        describe: (read) => bytesToHex(encodeCbor(read)),
      },
      random,
    ),
  );
}
