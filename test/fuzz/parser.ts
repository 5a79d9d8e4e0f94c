/** What holds for every parser of outside bytes. Runs on Node and on XS. */
import { FormatError } from "../../firmware/codec/errors.ts";
import type { SeededRandom } from "../../simulator/world/random.ts";
import { mutate } from "./mutate.ts";
import type { RunResult } from "./runs.ts";

/** A parser, its writer, and good input to spoil. */
export interface ParserUnderTest<Value> {
  /** Well-formed bytes, drawn. */
  readonly sample: (random: SeededRandom) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => Value;
  readonly write: (value: Value) => Uint8Array;
  /** Equal texts mean equal values. */
  readonly describe: (value: Value) => string;
}

const mostMutations = 4;
const longestNoise = 64;

/**
 * A parser gives a value or a `FormatError` for any bytes, leaves its input alone, and what it has read and its writer
 * writes is read as the same value. One run in eight is noise, and one in sixteen is well-formed input that must be read.
 */
export function runParser<Value>(parser: ParserUnderTest<Value>, random: SeededRandom): RunResult {
  const kind = random.below(16);
  let bytes = kind < 2 ? random.bytes(random.below(longestNoise)) : parser.sample(random);
  if (kind > 2) {
    for (let times = 1 + random.below(mostMutations); times > 0; times--) {
      bytes = mutate(bytes, random);
    }
  }
  const before = bytes.slice();
  try {
    const value = parser.parse(bytes);
    if (before.length !== bytes.length || before.some((byte, place) => byte !== bytes[place])) {
      return { ending: "read", problem: "the parser has changed its input" };
    }
    const text = parser.describe(value);
    const again = parser.describe(parser.parse(parser.write(value)));
    return again === text
      ? { ending: "read" }
      : { ending: "read", problem: "written and read again it is another value" };
  } catch (error) {
    if (!(error instanceof FormatError)) {
      return { ending: "thrown", problem: String(error) };
    }
    return kind === 2 ? { ending: "refused", problem: `well-formed input: ${error}` } : { ending: "refused" };
  }
}
