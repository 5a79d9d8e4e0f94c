/** Downloads of the interface: which authority keys and applications there are, and each of them (370-372, 380-382). */
import { createHash } from "node:crypto";
import { authorityKeys } from "../../cards/keys.ts";
import { profiles } from "../../cards/profiles.ts";
import { concat, fromHex, hex, latin1, numberToBcd, toLatin1 } from "../bytes.ts";
import { parseTlv, tlv, tlvMap } from "../tlv.ts";

/** What may be downloaded: its name as it stands in a list, and all of it. */
export interface Downloadable {
  readonly name: Uint8Array;
  readonly whole: Uint8Array;
}

/** Entries of a list in one answer: as many as fit, and few enough that a second question is a usual thing. */
const IN_A_LIST = 4;
const NONE = "0";
const ALL = "1";
const MORE = "2";

const EXPIRY = "20491231";
const LONG_OVER = "20191231";

/** What is wrong with the last of the keys that are handed out (`unreadable`: it has no modulus), or with the applications. */
export type KeyFlaw = (typeof KEY_FLAWS)[number];
export const KEY_FLAWS = ["wrong", "expired", "unreadable", "application"] as const;

/** What the bank of one merchant wants of one application: over what all share, and tags of EMV's own where it says more. */
export interface ApplicationWish {
  /** Hexadecimal, as the other texts. */
  readonly aid: string;
  readonly kernel?: number;
  readonly ttq?: string;
  readonly terminalType?: string;
  /** False: no PIN may come with this application. */
  readonly onlinePin?: boolean;
  /** Minor units. */
  readonly floorLimit?: number;
  readonly contactlessFloorLimit?: number;
  readonly contactlessLimit?: number;
  readonly contactlessCvmLimit?: number;
}

/** What makes one bank's downloads other than usual. */
export interface DownloadContext {
  readonly flaw?: KeyFlaw | undefined;
  readonly wishes?: readonly ApplicationWish[] | undefined;
}

/** The TEST authority's keys; the checksum is SHA-1 over RID, index, modulus, exponent (EMV 4.3 Book 2, 11.2.2). */
function keys({ flaw }: DownloadContext): Downloadable[] {
  return authorityKeys().map((key, place, all) => {
    const flawOfThis = place === all.length - 1 ? flaw : undefined;
    const rid = fromHex(key.registeredIdentifier);
    const index = Uint8Array.of(key.index);
    const checksum = createHash("sha1")
      .update(concat(rid, index, key.modulus, key.exponent))
      .digest();
    if (flawOfThis === "wrong") checksum[0]! ^= 1;
    const expiry = tlv("DF05", fromHex(flawOfThis === "expired" ? LONG_OVER : EXPIRY));
    const identity = concat(tlv("9F06", rid), tlv("9F22", index));
    return {
      name: concat(identity, expiry),
      whole: concat(
        identity,
        expiry,
        tlv("DF06", Uint8Array.of(1)),
        tlv("DF07", Uint8Array.of(1)),
        ...(flawOfThis === "unreadable" ? [] : [tlv("DF02", key.modulus)]),
        tlv("DF04", key.exponent),
        tlv("DF03", new Uint8Array(checksum)),
      ),
    };
  });
}

/** Terminal action codes and limits that all applications share; amounts in minor units. */
const shared = {
  actionDefault: "DC4000A800",
  actionOnline: "DC4004F800",
  actionDenial: "0010000000",
  floorLimit: 0,
  contactlessFloorLimit: 0,
  contactlessLimit: 10_000_000,
  contactlessCvmLimit: 100_000,
} as const;

function applications({ flaw, wishes = [] }: DownloadContext): Downloadable[] {
  const known = new Map(Object.values(profiles).map((profile) => [profile.applicationIdentifier, profile]));
  return [...known.values()].map(({ applicationIdentifier, applicationVersion }) => {
    const name = tlv("9F06", fromHex(applicationIdentifier));
    const wish: Partial<ApplicationWish> = wishes.find(({ aid }) => aid === applicationIdentifier) ?? {};
    const limits = { ...shared, ...wish };
    const told = (tag: string, value: string | undefined) => (value === undefined ? [] : [tlv(tag, fromHex(value))]);
    return {
      name,
      whole: concat(
        name,
        tlv("DF01", Uint8Array.of(0)),
        tlv("9F09", fromHex(applicationVersion)),
        ...(flaw === "application" ? [] : [tlv("DF11", fromHex(shared.actionDefault))]),
        tlv("DF12", fromHex(shared.actionOnline)),
        tlv("DF13", fromHex(shared.actionDenial)),
        tlv("9F1B", fromHex(limits.floorLimit.toString(16).padStart(8, "0"))),
        tlv("DF15", fromHex("00000000")),
        tlv("DF16", Uint8Array.of(0)),
        tlv("DF17", Uint8Array.of(0)),
        tlv("DF14", fromHex("9F3704")),
        tlv("DF18", Uint8Array.of(wish.onlinePin === false ? 0 : 1)),
        tlv("DF19", numberToBcd(limits.contactlessFloorLimit, 6)),
        tlv("DF20", numberToBcd(limits.contactlessLimit, 6)),
        tlv("DF21", numberToBcd(limits.contactlessCvmLimit, 6)),
        ...told("9F2A", wish.kernel?.toString(16).padStart(2, "0")),
        ...told("9F66", wish.ttq),
        ...told("9F35", wish.terminalType),
      ),
    };
  });
}

const lists: Readonly<Record<string, readonly [string, (context: DownloadContext) => Downloadable[]]>> = {
  "372": ["1", keys],
  "382": ["2", applications],
};

const items: Readonly<Record<string, (context: DownloadContext) => Downloadable[]>> = {
  "370": keys,
  "380": applications,
};

/** Codes that end a download: there is nothing to say to them. */
const ENDS = ["371", "381"];

/** Whether a code of field 60 belongs to a download. */
export function isDownload(code: string): boolean {
  return Object.hasOwn(lists, code) || Object.hasOwn(items, code) || ENDS.includes(code);
}

/** Field 62 of the answer, as hex; undefined when the question does not read. */
function list(code: string, question: Uint8Array, context: DownloadContext): string | undefined {
  const [digit, all] = lists[code]!;
  const asked = /^(\d)(\d{2})$/.exec(toLatin1(question));
  if (asked?.[1] !== digit) return undefined;
  const known = Number(asked[2]);
  const left = all(context).slice(known);
  if (left.length === 0) return hex(latin1(NONE));
  const named = left.slice(0, IN_A_LIST);
  return hex(concat(latin1(named.length < left.length ? MORE : ALL), ...named.map(({ name }) => name)));
}

function item(code: string, question: Uint8Array, context: DownloadContext): string | undefined {
  let wanted: Map<string, Uint8Array>;
  try {
    wanted = tlvMap(parseTlv(question));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const asked = ["9F06", "9F22"].map((tag) => wanted.get(tag)).filter((value) => value !== undefined);
  if (!wanted.has("9F06")) return undefined;
  const found = items[code]!(context).find(({ name }) => {
    const own = tlvMap(parseTlv(name));
    const ownValues = ["9F06", "9F22"].map((tag) => own.get(tag)).filter((value) => value !== undefined);
    return ownValues.length === asked.length && ownValues.every((value, index) => hex(value) === hex(asked[index]!));
  });
  return hex(found ? concat(latin1(ALL), found.whole) : latin1(NONE));
}

/** Fields 39 and 62 of the answer to a download's question (field 62 as hex). */
export function answerDownload(
  code: string,
  field62: string | undefined,
  context: DownloadContext = {},
): { 39: string; 62?: string | undefined } {
  if (ENDS.includes(code)) return { 39: "00" };
  const question = fromHex(field62 ?? "");
  const answer = code in lists ? list(code, question, context) : item(code, question, context);
  return answer === undefined ? { 39: "30" } : { 39: "00", 62: answer };
}
