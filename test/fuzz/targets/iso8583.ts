/** Fuzz target `iso8583`: the firmware's codec with the dialect that it speaks. */
import { unionpayPackager } from "../../../firmware/acquirer/dialect/packager.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { decodeMessage, encodeMessage, type FieldValue, type Message } from "../../../firmware/codec/iso8583.ts";
import type { FieldContent } from "../../../firmware/codec/iso8583-packager.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const messageTypes = ["0200", "0210", "0400", "0410", "0800", "0810", "0620"];
const alphabets: Readonly<Partial<Record<FieldContent, string>>> = {
  n: "0123456789",
  z: "0123456789D",
  an: "0123456789ABCDEFGHIJ",
  ans: "0123456789ABCDEFGHIJ -*/",
};

function message(random: SeededRandom): Message {
  const fields = new Map<number, FieldValue>();
  for (const [number, rule] of Object.entries(unionpayPackager.fields)) {
    if (rule === undefined || random.below(3) > 0) {
      continue;
    }
    const size = rule.length === "fixed" ? rule.size : random.below(Math.min(rule.size, 60)) + 1;
    const alphabet = alphabets[rule.content];
    fields.set(
      Number(number),
      alphabet === undefined
        ? random.bytes(size)
        : Array.from({ length: size }, () => alphabet[random.below(alphabet.length)]!).join(""),
    );
  }
  return { mti: messageTypes[random.below(messageTypes.length)]!, fields };
}

function describe({ mti, fields }: Message): string {
  const values = [...fields].map(
    ([number, field]) => `${number}:${typeof field === "string" ? field : bytesToHex(field)}`,
  );
  return [mti, ...values].join("|");
}

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) =>
    runParser(
      {
        sample: (drawn) => encodeMessage(unionpayPackager, message(drawn)),
        parse: (bytes) => decodeMessage(unionpayPackager, bytes),
        write: (read) => encodeMessage(unionpayPackager, read),
        describe,
      },
      random,
    ),
  );
}
