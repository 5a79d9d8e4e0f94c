/** The issuer's side of a fuzzed session, by the simulator's own code: it believes a cryptogram that it can make itself. */
import { accountsOf, type CardAccount } from "../../../simulator/acquirer/accounts.ts";
import { fromHex, hex, toLatin1 } from "../../../simulator/acquirer/bytes.ts";
import { answerChip, judgeCryptogram, readChipData } from "../../../simulator/acquirer/issuer/answer.ts";
import { parseTlv, type Tlv, tlvMap } from "../../../simulator/acquirer/tlv.ts";
import { allCards } from "../../../simulator/cards/cards.ts";

/** What the issuer says: whether it approves, and field 55 of its answer. */
export interface IssuerWord {
  readonly approved: boolean;
  readonly responseCode: "00" | "05";
  readonly chipData?: Uint8Array;
}

const accounts: ReadonlyMap<string, CardAccount> = new Map(
  accountsOf(allCards().values(), () => "").map((account) => [account.pan, account]),
);

/** Approves a request of an open account whose cryptogram is genuine; everything else it declines. */
export function askIssuer(pan: Uint8Array, chipData: Uint8Array): IssuerWord {
  const account = accounts.get(toLatin1(pan));
  const chip = readChipData(hex(chipData));
  if (account === undefined || chip === undefined) {
    return { approved: false, responseCode: "05" };
  }
  const genuine = judgeCryptogram(account, chip) === "genuine";
  const approved = genuine && account.status === "open";
  const responseCode = approved ? "00" : "05";
  const answer = genuine ? answerChip(account, chip, responseCode) : undefined;
  return { approved, responseCode, ...(answer === undefined ? {} : { chipData: fromHex(answer) }) };
}

/** An element of field 55 as hex; empty where it is not there. */
export function elementIn(chipData: Uint8Array, tag: string): string {
  return hex(readChipData(hex(chipData))?.get(tag) ?? new Uint8Array(0));
}

/** Cryptogram information data in an answer to GENERATE AC of either format; undefined where there is none. */
export function informationIn(answer: Uint8Array): number | undefined {
  const [template] = read(answer) ?? [];
  return template?.tag === "80" ? template.value[0] : tlvMap(template?.children ?? []).get("9F27")?.[0];
}

/** The first value of an element anywhere in an answer, as hex; empty where it is not there or the answer cannot be read. */
export function elementAnywhere(answer: Uint8Array, tag: string): string {
  const found = first(read(answer) ?? [], tag);
  return found === undefined ? "" : hex(found);
}

function first(objects: readonly Tlv[], wanted: string): Uint8Array | undefined {
  for (const { tag, value, children } of objects) {
    const found = tag === wanted ? value : first(children ?? [], wanted);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** True when both have the same elements in the same order; zeros between and after them are nothing (Book 3, annex B1). */
export function sameElements(one: Uint8Array, other: Uint8Array): boolean {
  const [first, second] = [read(one), read(other)];
  return first !== undefined && second !== undefined && text(first) === text(second);
}

function text(objects: readonly Tlv[]): string {
  return objects.map(({ tag, value, children }) => `${tag}(${children ? text(children) : hex(value)})`).join();
}

function read(answer: Uint8Array): readonly Tlv[] | undefined {
  try {
    return parseTlv(answer);
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
