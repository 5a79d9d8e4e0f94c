import { readFileSync } from "node:fs";
import { describeIso8583 } from "../acquirer/describe.ts";
import { describeTlv } from "../cards/describe-tlv.ts";
import { readArguments, UsageError } from "./arguments.ts";

const DESCRIBERS: Readonly<Record<string, (bytes: Uint8Array) => readonly string[]>> = {
  iso8583: describeIso8583,
  tlv: describeTlv,
};

/** `xspos decode iso8583|tlv HEX|-` */
export async function run(args: readonly string[]): Promise<number> {
  const { words } = readArguments(args, {});
  const [kind = "", text = "", ...more] = words;
  const describe = Object.hasOwn(DESCRIBERS, kind) ? DESCRIBERS[kind] : undefined;
  if (describe === undefined || text === "" || more.length > 0) {
    throw new UsageError(`give one of ${Object.keys(DESCRIBERS).join(", ")} and the bytes in hexadecimal, or -`);
  }
  const hex = (text === "-" ? readFileSync(0, "latin1") : text).replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new UsageError("the bytes must be in hexadecimal");
  const lines = describe(Uint8Array.from(Buffer.from(hex, "hex")));
  process.stdout.write(`${lines.join("\n")}\n`);
  return lines.some((line) => line.startsWith("error")) ? 1 : 0;
}
