/** A planted bug: a parser that trusts a length. */
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

/** One byte of length and so many bytes; room is made before anybody has looked whether they are there. */
function parse(bytes: Uint8Array): Uint8Array {
  const length = bytes[0] ?? 0;
  const value = new Uint8Array(bytes.length - 1);
  value.set(bytes.subarray(1, 1 + length));
  return value;
}

function write(value: Uint8Array): Uint8Array {
  return Uint8Array.of(value.length, ...value);
}

export function fuzz(request: unknown): Promise<Report> {
  const sample = (random: SeededRandom) => write(random.bytes(random.below(8)));
  return fuzzRuns(request, (random) => runParser({ sample, parse, write, describe: String }, random));
}
