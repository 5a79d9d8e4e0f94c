/** The issuer's judgement of chip data (field 55) and its answer to the chip: tag 91 and scripts 71, 72. */
import type { ScriptDefinition } from "../../cards/definition.ts";
import type { CardAccount } from "../accounts.ts";
import { concat, fromHex, hex, latin1 } from "../bytes.ts";
import { parseTlv, tlv, tlvMap } from "../tlv.ts";
import { scriptCommand } from "./script-command.ts";
import { issuerAuthentication, transactionCryptogram } from "./versions.ts";

/** Chip data elements by tag. */
export type ChipData = ReadonlyMap<string, Uint8Array>;

/** Reads field 55; undefined when it is not TLV. */
export function readChipData(field55: string): ChipData | undefined {
  try {
    return tlvMap(parseTlv(fromHex(field55)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What is wrong with the chip's cryptogram, if anything. */
export type ChipVerdict = "genuine" | "malformed" | "forged" | "repeated" | "noChip";

/** Recomputes the ARQC with the card's keys. */
export function judgeCryptogram(account: CardAccount, chip: ChipData): ChipVerdict {
  if (!account.chip) return "noChip";
  const given = chip.get("9F26");
  if (given?.length !== 8) return "malformed";
  if (account.cryptograms.has(hex(given))) return "repeated";
  try {
    const expected = transactionCryptogram(account.chip.version, account.chip.keys, (tag) => chip.get(tag));
    return hex(expected) === hex(given) ? "genuine" : "forged";
  } catch (error) {
    if (error instanceof RangeError) return "malformed";
    throw error;
  }
}

const scriptHeaders: Record<ScriptDefinition["command"], (script: ScriptDefinition) => Uint8Array> = {
  putData: ({ tag = "" }) => fromHex(`04DA${tag.padStart(4, "0")}`),
  pinUnblock: () => fromHex("84240000"),
  applicationBlock: () => fromHex("841E0000"),
  applicationUnblock: () => fromHex("84180000"),
  cardBlock: () => fromHex("84160000"),
};

/** Field 55 of the answer, as hex: issuer authentication data for the response code, then the account's scripts. */
export function answerChip(account: CardAccount, chip: ChipData, response: string): string | undefined {
  const arqc = chip.get("9F26");
  const atc = chip.get("9F36");
  if (!account.chip || !arqc || !atc) return undefined;
  const { version, keys } = account.chip;
  const authentication = issuerAuthentication(version, keys, { atc, arqc }, latin1(response));
  if (account.wrongArpc) authentication[0]! ^= 0xff;
  const scripts = account.scripts.map((script, index) => {
    const context = { version, keys, atc, arqc };
    const command = scriptCommand(scriptHeaders[script.command](script), fromHex(script.value ?? ""), context);
    if (account.wrongScriptMac) command[command.length - 1]! ^= 0xff;
    return tlv(script.template, tlv("9F18", Uint8Array.of(0, 0, 0, index + 1)), tlv("86", command));
  });
  return hex(concat(tlv("91", authentication), ...scripts));
}
