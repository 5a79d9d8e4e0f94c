/** The private extension (0600): payment query, funds, parameters, subscription, spending; the table is the interface's. */
import { recordKey, type TransactionRecord } from "../book.ts";
import { fromHex, hex } from "../bytes.ts";
import type { FundsItem } from "../funds/funds.ts";
import type { Fields } from "../iso8583/codec.ts";
import { readCborMap, toCbor } from "../private-cbor.ts";
import type { Order } from "../wallet/orders.ts";
import { answerBackup, answerRestore } from "./backup.ts";
import { type AnswerFields, type Bank, readField60, type TerminalState } from "./bank.ts";
import { kindNamed } from "./kinds.ts";
import { MOST_PRIVATE, malformed, type Question, type Reply, readNumber } from "./question.ts";
import { answerClaim, answerShopPayments } from "./shop-payment.ts";

/** Bytes of parameters in one answer. */
const BLOCK = 640;
/** Bytes of a package in one answer. */
const PACKAGE_BLOCK = 896;
const UNSUPPORTED = "40";
const UNKNOWN_CARD = "14";

function standing(bank: Bank, record: TransactionRecord): string {
  return record.state === "approved" && bank.isSettled(record) ? "settled" : record.state;
}

/** 961: what became of a payment. */
function query({ bank, terminal, fields }: Question): Reply {
  const named = /^(\d{6})(\d{6})(\d{4})$/.exec(fields[61] ?? "");
  if (!named) return malformed;
  const key = recordKey(terminal.entry.terminal, named[1]!, named[2]!);
  const record = bank.book.find(key);
  const order = bank.orders.find(key);
  const days = [record?.day, order?.day];
  if (order?.state === "pending") {
    return {
      data: toCbor({ state: "pending", amount: order.amount, waitingFor: order.waitingFor, ...walletMap(order) }),
    };
  }
  if (!record || !days.includes(named[3])) {
    return { data: toCbor({ state: bank.book.wasUndoneUnseen(key) ? "reversed" : "unknown" }) };
  }
  return {
    data: toCbor({
      state: standing(bank, record),
      amount: record.amount,
      type: record.type,
      responseCode: record.response,
      authorisationCode: record.authorisationCode || undefined,
      referenceNumber: record.reference,
      date: record.day,
      time: record.time,
      ...(order && walletMap(order)),
    }),
  };
}

/** What is known of a payment by code. */
function walletMap({ number, account }: Order): object {
  return { order: number, wallet: account?.network, payer: account?.payer };
}

function itemMap({
  batch,
  number,
  part,
  state,
  count,
  amount,
  fee,
  expected,
  plan,
  reason,
  latest,
}: FundsItem): object {
  return {
    number,
    batch: Number(batch),
    part,
    state,
    count,
    amount,
    fee,
    net: amount - fee,
    expected,
    plan,
    reason: state === "held" ? reason : undefined,
    latest: latest && { ...latest, stan: Number(latest.stan) },
  };
}

/** What changed of a terminal's funds after a number, as much as fits, with the number it goes up to. */
export function fundsAfter(bank: Bank, terminal: string, number: number): { data: Uint8Array; last: number } {
  const items = bank.funds.after(terminal, number);
  const unclaimed = bank.shopPayments.unclaimed(terminal).length || undefined;
  for (let count = items.length; ; count -= 1) {
    const more = count < items.length;
    const last = more ? items[count - 1]!.number : bank.funds.last(terminal);
    const data = toCbor({ last, more, funds: items.slice(0, count).map(itemMap), unclaimed });
    if (data.length <= MOST_PRIVATE) return { data, last };
  }
}

/** 964: the state of the money. */
function funds({ bank, terminal, data }: Question): Reply {
  const number = readNumber(data);
  return number === undefined ? malformed : { data: fundsAfter(bank, terminal.entry.terminal, number).data };
}

/** 965: one block of the parameters. */
function parameters({ bank, terminal, data }: Question): Reply {
  const map = readCborMap(data);
  const have = map?.get("have");
  const offset = map?.get("offset");
  if (typeof have !== "string" || typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) {
    return malformed;
  }
  const set = bank.parameters.get(terminal.entry.terminal) ?? bank.parameters.get("");
  if (!set) return { code: "25" };
  const { version, bytes, sha256 } = set;
  const block = have === version ? new Uint8Array(0) : bytes.slice(offset, offset + BLOCK);
  return { data: toCbor({ version, size: bytes.length, sha256, bytes: block }) };
}

/**
 * 969: one block of a package. The terminal is given the first of its packages that it does not have; one that it began with
 * is told by its name.
 */
function packages({ bank, terminal, data }: Question): Reply {
  const map = readCborMap(data);
  const have = map?.get("have");
  const name = map?.get("name");
  const offset = map?.get("offset");
  const isQuestion =
    typeof have === "object" && have !== null && typeof name === "string" && Number.isSafeInteger(offset);
  if (!isQuestion || Number(offset) < 0) return malformed;
  const offers = bank.packages.get(terminal.entry.terminal) ?? bank.packages.get("") ?? [];
  const versions = new Map(Object.entries(have));
  const offer = offers.find((each) => versions.get(each.kind) !== each.version);
  if (offer === undefined) return { data: toCbor({ name: "", size: 0, bytes: new Uint8Array(0) }) };
  const from = offer.name === name ? Number(offset) : 0;
  const bytes = offer.bytes.slice(from, from + PACKAGE_BLOCK);
  return { data: toCbor({ name: offer.name, size: offer.bytes.length, bytes }) };
}

/** 968: what a card spent at this shop this month. */
function spending({ bank, terminal, fields }: Question): Reply {
  const account = bank.account(fields[2] ?? "");
  if (!account) return { code: UNKNOWN_CARD };
  const { month } = bank.calendar.now();
  let count = 0;
  let amount = 0;
  for (const record of bank.book.ofAccount(account)) {
    if (record.month !== month) break;
    const spends = ["debit", "complete", "adjust"].includes(kindNamed(record.kind).effect);
    if (!spends || record.state !== "approved" || record.merchant !== terminal.entry.merchant) continue;
    count += 1;
    amount += record.amount - record.refunded;
  }
  return { data: toCbor({ count, amount }) };
}

const questions: Readonly<Record<string, (question: Question) => Reply>> = {
  "961": query,
  "962": answerBackup,
  "963": answerRestore,
  "964": funds,
  "965": parameters,
  "966": () => ({}),
  "968": spending,
  "969": packages,
  "970": answerShopPayments,
  "971": answerClaim,
};

/** Code of a subscription: who asked it hears news on its connection. */
export const SUBSCRIBE = "966";
/** Code of news. */
export const NEWS = "967";

/** Answers 0600. */
export function answerExtension(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const { code } = readField60(fields);
  const answer = Object.hasOwn(questions, code) ? questions[code] : undefined;
  const reply = answer?.({ bank, terminal, fields, data: fromHex(fields[62] ?? "") }) ?? { code: UNSUPPORTED };
  const { day, time } = bank.calendar.now();
  const stamp = { 12: time, 13: day, 37: bank.nextReference() };
  if ("code" in reply) return { ...stamp, 39: reply.code };
  return { ...stamp, 39: "00", 62: reply.data && hex(reply.data) };
}
