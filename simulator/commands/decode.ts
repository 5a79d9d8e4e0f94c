import { readFileSync } from "node:fs";
import { describeIso8583 } from "../acquirer/describe.ts";
import { describeTlv } from "../cards/describe-tlv.ts";
import { describeCode } from "../cards/phone/describe-code.ts";
import { readArguments, UsageError } from "./arguments.ts";

const DESCRIBERS: Readonly<Record<string, (bytes: Uint8Array) => readonly string[]>> = {
  iso8583: describeIso8583,
  tlv: describeTlv,
};

/** `xspos decode iso8583|tlv HEX|-` and `xspos decode qr TEXT|-`: a code is text, and what comes from standard input may end its line. */
export async function run(args: readonly string[]): Promise<number> {
  const { words } = readArguments(args, {});
  const [kind = "", text = "", ...more] = words;
  if (text !== "" && more.length === 0) {
    const given = text === "-" ? readFileSync(0, "utf8").replace(/\r?\n$/, "") : text;
    if (kind === "qr") return show(describeCode(given));
    if (Object.hasOwn(DESCRIBERS, kind)) {
      const hex = given.replace(/\s+/g, "");
      if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new UsageError("the bytes must be in hexadecimal");
      return show(DESCRIBERS[kind]!(Uint8Array.from(Buffer.from(hex, "hex"))));
    }
  }
  const kinds = Object.keys(DESCRIBERS).join(", ");
  throw new UsageError(`give one of ${kinds} and the bytes in hexadecimal, or qr and the code's text; or - for either`);
}

function show(lines: readonly string[]): number {
  process.stdout.write(`${lines.join("\n")}\n`);
  return lines.some((line) => line.startsWith("error")) ? 1 : 0;
}
