/** Fuzz target `tlv`: the firmware's BER-TLV. */
import { encodeTlv, parseTlv, type Tlv, type TlvInput } from "../../../firmware/codec/tlv.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { describeTree } from "../../vectors/checkers/tree.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const primitive = [0x4f, 0x50, 0x57, 0x5a, 0x82, 0x94, 0x9f02, 0x9f10, 0x9f26, 0x9f4b, 0xdf8129];
const constructed = [0x61, 0x6f, 0x70, 0x77, 0xa5, 0xbf0c];
const deepest = 4;

function objects(random: SeededRandom, depth: number): TlvInput[] {
  return Array.from({ length: 1 + random.below(4) }, () =>
    depth < deepest && random.below(3) === 0
      ? { tag: constructed[random.below(constructed.length)]!, children: objects(random, depth + 1) }
      : {
          tag: primitive[random.below(primitive.length)]!,
          value: random.bytes(random.below(random.below(10) === 0 ? 300 : 12)),
        },
  );
}

/** What is written back: children for constructed objects, values for the others. */
function asInput(object: Tlv): TlvInput {
  return object.children === undefined
    ? { tag: object.tag, value: object.value }
    : { tag: object.tag, children: object.children.map(asInput) };
}

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) =>
    runParser(
      {
        sample: (drawn) => encodeTlv(objects(drawn, 0)),
        parse: (bytes) => parseTlv(bytes).map(asInput),
        write: (value: TlvInput[]) => encodeTlv(value),
        describe: describeTree,
      },
      random,
    ),
  );
}
