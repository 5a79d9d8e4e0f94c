import { type CborValue, decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { inquire, managementMessage, type NotTold } from "./inquiry.ts";

/** What a terminal says when it asks for a package. */
export interface PackageQuestion {
  /** What it has, by kind: versions as "1.2.3". */
  readonly have: Readonly<Record<string, string>>;
  readonly board: string;
  /** Under which name the host began to give one; "" at first. */
  readonly name: string;
  /** Of the package's bytes, its head among them. */
  readonly offset: number;
}

/** A piece of a signed package that the host has for this terminal. */
export interface PackageBlock {
  /** What the host calls the package; "": it has nothing new. */
  readonly name: string;
  /** Bytes of the whole. */
  readonly size: number;
  /** From the offset that was asked for, or from the beginning where the host gives another package by now. */
  readonly bytes: Uint8Array;
}

export type PackageOutcome = { readonly kind: "block"; readonly block: PackageBlock } | NotTold;

/** Bytes that one answer brings at most: with its names in field 62 of 999. */
export const longestPackageBlock = 896;
const longestName = /^[ -~]{0,48}$/;

/** Asks for one block of a package: private extension 969. */
export function askPackage(context: HostContext, stan: number, question: PackageQuestion): Promise<PackageOutcome> {
  const { have, board, name, offset } = question;
  const asked = managementMessage(context, messageKinds.packages, stan, encodeCbor({ have, board, name, offset }));
  return inquire(context, asked, (field62) => packageBlockOf(decodeCbor(field62), question));
}

/** What an answer to 969 says; anything that is not as the table has it is a mismatch. */
export function packageBlockOf(value: CborValue, asked: Pick<PackageQuestion, "name" | "offset">): PackageOutcome {
  if (!isCborMap(value)) return { kind: "mismatch" };
  const { name, size, bytes } = value;
  const isGood =
    typeof name === "string" &&
    longestName.test(name) &&
    typeof size === "number" &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    bytes instanceof Uint8Array;
  if (!isGood) return { kind: "mismatch" };
  if (name === "") return { kind: "block", block: { name, size: 0, bytes: new Uint8Array(0) } };
  const offset = name === asked.name ? asked.offset : 0;
  const left = size - offset;
  const isWhole = bytes.length === left || (bytes.length < left && bytes.length > 0 && bytes.length % 16 === 0);
  if (!isWhole || bytes.length > longestPackageBlock) return { kind: "mismatch" };
  return { kind: "block", block: { name, size, bytes } };
}
