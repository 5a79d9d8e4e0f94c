import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { encodeTlv, type TlvInput } from "../../../firmware/codec/tlv.ts";
import type { TerminalApplication } from "../../../firmware/emv/application.ts";
import type { Exchange } from "./scripted-card.ts";

/** SELECT 1PAY.SYS.DDF01 and 2PAY.SYS.DDF01. */
export const directory = "00A404000E315041592E5359532E444446303100";
export const proximityDirectory = "00A404000E325041592E5359532E444446303100";

/** What a terminal could know of an application. */
export function application(aid: string, changes: Partial<TerminalApplication> = {}): TerminalApplication {
  return {
    aid: hexToBytes(aid),
    match: "partial",
    label: "TEST",
    kernel: 7,
    actionCodes: {
      denial: hexToBytes("0010000000"),
      online: hexToBytes("DC4004F800"),
      default: hexToBytes("DC4000A800"),
    },
    version: hexToBytes("0030"),
    floorLimit: 0,
    contactlessFloorLimit: changes.floorLimit ?? 0,
    combinedMode: 1,
    contactlessLimit: 100_000,
    contactlessDeviceLimit: 100_000,
    contactlessCvmLimit: 30_000,
    smallAmountLimit: 0,
    statusCheck: false,
    zeroAmountAllowed: false,
    extendedSelection: false,
    relaySettings: hexToBytes("0014003200120018012C32"),
    transactionQualifiers: hexToBytes("26000000"),
    ...changes,
  };
}

export function selectFirst(aid: string): string {
  return `00A40400${length(aid)}${aid}00`;
}

/** Hexadecimal of data objects from tag and value pairs; a list as value makes a template. */
export function tlv(...objects: readonly (readonly [tag: number, value: string])[]): string {
  return bytesToHex(encodeTlv(objects.map(([tag, value]): TlvInput => ({ tag, value: hexToBytes(value) }))));
}

/** A template around data objects that are already hexadecimal. */
export function template(tag: string, content: string): string {
  return `${tag}${length(content)}${content}`;
}

/** The answer to SELECT: the name and a label. */
export function fileControl(aid: string, proprietary = tlv([0x50, "54455354"])): string {
  return template("6F", tlv([0x84, aid]) + template("A5", proprietary));
}

export interface ContactOptions {
  /** Further elements of the record. */
  readonly extra?: string;
  /** The two risk management lists. */
  readonly lists?: string;
  /** The whole answer to READ RECORD. */
  readonly record?: string;
}

/** GET PROCESSING OPTIONS without a list, and the one record of file 1. */
export function records({ extra = "", lists, record }: ContactOptions = {}): Exchange[] {
  const riskLists = lists ?? tlv([0x8c, "9F0206"], [0x8d, "8A02"]);
  const elements = tlv([0x5a, "6228480000000000"], [0x5f24, "301231"]) + riskLists + extra;
  return [
    ["80A8000002830000", "80063C00080101009000"],
    ["00B2010C00", record ?? `${template("70", elements)}9000`],
  ];
}

/** A whole contact card with one application, up to its records. */
export function contactScript(options: ContactOptions): Exchange[] {
  const aid = "A000000333010101";
  return [
    [directory, `${fileControl("315041592E5359532E4444463031", tlv([0x88, "01"]))}9000`],
    ["00B2010C00", `${template("70", template("61", tlv([0x4f, aid], [0x50, "54455354"])))}9000`],
    ["00B2020C00", "6A83"],
    [selectFirst(aid), `${fileControl(aid)}9000`],
    ...records(options),
  ];
}

function length(hex: string): string {
  const bytes = hex.length / 2;
  const text = bytes.toString(16).toUpperCase().padStart(2, "0");
  return bytes < 0x80 ? text : `81${text}`;
}
