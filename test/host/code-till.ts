/** A till's payments by code: its fields written by hand, none of the host's own code for field 59. */
import { decode, encode } from "cbor-x";
import { fromHex } from "../../simulator/acquirer/bytes.ts";
import type { Fields, Message } from "../../simulator/acquirer/iso8583/codec.ts";
import { newHost, Till } from "./till.ts";

const MAC_ROOM = "00".repeat(8);

const element = (tag: string, value: string) => tag + String(value.length).padStart(3, "0") + value;

/** A till that takes codes, on a host of its own. */
export function codeTill(index = 0) {
  const { host, time } = newHost();
  const till = new Till(host, index);
  till.signIn();
  return { host, time, ...codesOf(till) };
}

export function codesOf(till: Till) {
  const common = (amount: number): Fields => ({
    4: String(amount).padStart(12, "0"),
    11: till.nextStan(),
    22: "032",
    25: "00",
    ...till.identity,
    49: "156",
    64: MAC_ROOM,
  });
  /** A sale by code, ready to send. */
  const sale = (amount: number, code: string): Fields => ({
    ...common(amount),
    3: "000000",
    59: element("A3", code),
    60: `22${till.batch}000600`,
  });
  /** A payment announced, ready to send. */
  const announcement = (amount: number): Fields & { reference: string } => {
    const fields = common(amount);
    const reference = till.entry.terminal + till.batch + fields[11];
    return { ...fields, 3: "000000", 59: element("A6", reference), 60: `22${till.batch}000600`, reference };
  };
  const send = ({ reference: _, ...fields }: Fields & { reference?: string }, mti = "0200"): Message =>
    till.send(mti, fields);
  const reverse = ({ reference: _, ...fields }: Fields & { reference?: string }): string => {
    const { 59: _59, ...kept } = fields;
    return till.send("0400", { ...kept, 39: "98" }).fields[39]!;
  };
  /** What the host says of it (961). */
  const ask = (fields: Fields, day = "1123"): Record<string, unknown> => {
    const answer = till.askPrivate("961", undefined, { 61: `${fields[60]!.slice(2, 8)}${fields[11]}${day}` });
    return decode(fromHex(answer.fields[62]!)) as Record<string, unknown>;
  };
  const undo = (original: Fields, amount: number): Message =>
    till.send("0200", {
      ...common(amount),
      3: "200000",
      37: original[37],
      38: original[38],
      60: `23${till.batch}000600`,
      61: `${original[60]!.slice(2, 8)}${original[11]}1123`,
    });
  const refund = (order: string, amount: number, changes: Fields = {}): Message =>
    till.send("0220", {
      ...common(amount),
      3: "200000",
      59: element("A4", order),
      60: `25${till.batch}000600`,
      61: "0000000000001123",
      ...changes,
    });
  /** What customers paid to the shop's own code, after a number (970). */
  const paidToShop = (after = 0) => {
    const answer = till.askPrivate("970", new Uint8Array(encode({ after })));
    return decode(fromHex(answer.fields[62]!)) as { payments: Record<string, unknown>[]; more: boolean };
  };
  /** Takes one over under that STAN (971). */
  const claim = (number: number, stan: string): string =>
    till.askPrivate("971", new Uint8Array(encode({ number })), { 11: stan }).fields[39]!;
  return { till, sale, announcement, send, reverse, ask, undo, refund, paidToShop, claim };
}

/** The order number in field 59. */
export function orderIn(fields: Fields): string {
  return /A4028(\d{28})/.exec(fields[59] ?? "")?.[1] ?? "";
}
