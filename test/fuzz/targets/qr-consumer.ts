/** Fuzz target `qr-consumer`: consumer-presented codes; half of the runs spoil the text, half the bytes that it stands for. */
import { base64ToBytes } from "../../../firmware/codec/base64.ts";
import { bytesToLatin1, latin1ToBytes } from "../../../firmware/codec/text.ts";
import { encodeTlv, type TlvInput } from "../../../firmware/codec/tlv.ts";
import { type ConsumerCode, parseConsumerCode } from "../../../firmware/codes/emv-consumer.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const version = { tag: 0x85, value: latin1ToBytes("CPV01") };

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let place = 0; place < 4; place++)
      text += at + place > bytes.length ? "=" : letters[(group >> (18 - 6 * place)) & 63];
  }
  return text;
}

function application(random: SeededRandom): TlvInput {
  const inside = [
    { tag: 0x9f26, value: random.bytes(8) },
    { tag: 0x9f10, value: random.bytes(1 + random.below(32)) },
    { tag: 0x9f36, value: random.bytes(2) },
  ];
  const children: TlvInput[] = [
    { tag: 0x4f, value: random.bytes(5 + random.below(12)) },
    { tag: 0x57, value: random.bytes(8 + random.below(12)) },
    { tag: 0x63, children: inside.slice(random.below(3)) },
  ];
  return { tag: 0x61, children: children.slice(0, 1 + random.below(3)) };
}

function code(random: SeededRandom): Uint8Array {
  const common = {
    tag: 0x62,
    children: [
      { tag: 0x5a, value: random.bytes(8) },
      { tag: 0x5f34, value: random.bytes(1) },
    ],
  };
  const applications = Array.from({ length: 1 + random.below(2) }, () => application(random));
  return encodeTlv([version, ...applications, ...(random.below(2) === 0 ? [] : [common])]);
}

/** What was read, as a code of its own. */
function written({ applications }: ConsumerCode): Uint8Array {
  const templates = applications.map((elements) => ({ tag: 0x61, children: [...elements] }));
  return encodeTlv([version, ...templates]);
}

const describe = ({ applications }: ConsumerCode): string =>
  applications.map((elements) => elements.map(({ tag, value }) => `${tag}:${value.join(" ")}`).join()).join("\n");

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => {
    const isText = random.below(2) === 0;
    const text = (bytes: Uint8Array): string => (isText ? bytesToLatin1(bytes) : base64(bytes));
    const bytes = (value: Uint8Array): Uint8Array => (isText ? latin1ToBytes(base64(value)) : value);
    return runParser(
      {
        sample: (drawn) => bytes(code(drawn)),
        parse: (given) => {
          const read = parseConsumerCode(text(given));
          if (base64(base64ToBytes(text(given))) !== text(given)) throw new Error("two texts of one code");
          return read;
        },
        write: (value) => bytes(written(value)),
        describe,
      },
      random,
    );
  });
}
