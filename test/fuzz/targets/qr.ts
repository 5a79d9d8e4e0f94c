/** Fuzz target `qr`: merchant-presented codes; half of those that are spoilt get a check that fits, so that more than it is read. */
import { bytesToUtf8, utf8ToBytes } from "../../../firmware/codec/text.ts";
import { buildEmvQr, parseEmvQr, type QrObject, qrCheck } from "../../../firmware/codes/emv-qr.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { runParser } from "../parser.ts";
import { fuzzRuns, type Report } from "../runs.ts";

const checkLength = 4;
const letters = Array.from("ABCxyz0189 .-*水果店é");

const word = (random: SeededRandom, most: number): string =>
  Array.from({ length: 1 + random.below(most) }, () => letters[random.below(letters.length)]!).join("");

const number = (random: SeededRandom, digits: number): string =>
  String(random.below(10 ** digits)).padStart(digits, "0");

function account(random: SeededRandom, id: number): QrObject {
  const objects = [
    { id: "00", value: word(random, 32) },
    { id: number(random, 2).replace("00", "01"), value: word(random, 20) },
  ];
  return { id: String(id), value: "", objects };
}

/** A code with all kinds of objects, by chance. */
function code(random: SeededRandom): Uint8Array {
  const maybe = (object: QrObject): QrObject[] => (random.below(2) === 0 ? [object] : []);
  const tip = random.below(4);
  return utf8ToBytes(
    buildEmvQr([
      ...maybe({ id: "01", value: random.below(2) === 0 ? "11" : "12" }),
      { id: "15", value: word(random, 30) },
      ...maybe(account(random, 26 + random.below(26))),
      { id: "52", value: number(random, 4) },
      { id: "53", value: number(random, 3) },
      ...maybe({ id: "54", value: `${random.below(100_000)}.${number(random, 2)}` }),
      ...(tip === 0 ? [] : [{ id: "55", value: `0${tip}` }]),
      ...(tip === 2 ? [{ id: "56", value: "5" }] : []),
      ...(tip === 3 ? [{ id: "57", value: "7.5" }] : []),
      { id: "58", value: "CN" },
      { id: "59", value: word(random, 25) },
      { id: "60", value: word(random, 15) },
      ...maybe({ id: "62", value: "", objects: [{ id: "05", value: word(random, 25) }] }),
      ...maybe({
        id: "64",
        value: "",
        objects: [
          { id: "00", value: "ZH" },
          { id: "01", value: word(random, 25) },
        ],
      }),
      ...maybe(account(random, 80 + random.below(20))),
    ]),
  );
}

function parse(bytes: Uint8Array, isMended: boolean): readonly QrObject[] {
  const text = bytesToUtf8(bytes);
  const rest = Array.from(text).slice(0, -checkLength).join("");
  return parseEmvQr(isMended ? rest + qrCheck(rest) : text);
}

export function fuzz(request: unknown): Promise<Report> {
  return fuzzRuns(request, (random) => {
    const isMended = random.below(2) === 0;
    return runParser(
      {
        sample: code,
        parse: (bytes) => parse(bytes, isMended),
        write: (objects) => utf8ToBytes(buildEmvQr(objects.slice(1, -1))),
        describe: (objects) => JSON.stringify(objects),
      },
      random,
    );
  });
}
