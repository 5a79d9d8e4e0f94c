import { integerToBytes } from "../codec/bytes.ts";
import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import type { HostContext } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { inquire, managementMessage, type NotTold } from "./inquiry.ts";

/** Where the merchant's money is, as the host tells it. */
export type FundsState = "authorised" | "inBatch" | "processing" | "paidOut" | "held";
export type PayoutPlan = "T0" | "T1" | "nextWorkingDay";

/** One part of one batch's money (README.md, "Funds"). Amounts in minor units; those of refunds are below zero. */
export interface FundsItem {
  readonly number: number;
  readonly batch: number;
  readonly part: string;
  readonly state: FundsState;
  readonly count: number;
  readonly amount: number;
  readonly fee: number;
  readonly net: number;
  /** YYYYMMDD. */
  readonly expected?: string;
  readonly plan?: PayoutPlan;
  readonly reason?: string;
  /** Of the transaction that made the change, where one did. */
  readonly stan?: number;
}

export type FundsOutcome =
  | {
      readonly kind: "told";
      readonly last: number;
      readonly more: boolean;
      readonly items: readonly FundsItem[];
      /** How many payments to the shop's own code wait to be taken over, where there are any. */
      readonly unclaimed?: number;
    }
  | NotTold;

const states: readonly string[] = Object.freeze(["authorised", "inBatch", "processing", "paidOut", "held"]);
const plans: readonly string[] = Object.freeze(["T0", "T1", "nextWorkingDay"]);
const mostItems = 32;

/** Asks the host where the money is: private extension 964. */
export function askFunds(context: HostContext, stan: number, after: number): Promise<FundsOutcome> {
  const question = managementMessage(context, messageKinds.funds, stan, integerToBytes(after, 4));
  return inquire(context, question, (field62) => fundsOf(decodeCbor(field62)));
}

/** What an answer to 964, or news of 967, says. Anything that is not as the table has it is a mismatch. */
export function fundsOf(value: CborValue): FundsOutcome {
  const { last, more, funds, unclaimed } = isCborMap(value) ? value : {};
  if (!isNatural(last) || typeof more !== "boolean" || !Array.isArray(funds) || funds.length > mostItems) {
    return { kind: "mismatch" };
  }
  const items: FundsItem[] = [];
  for (const entry of funds) {
    const item = itemOf(entry);
    if (item === undefined) return { kind: "mismatch" };
    items.push(item);
  }
  return { kind: "told", last, more, items, ...(isNatural(unclaimed) ? { unclaimed } : {}) };
}

function itemOf(value: CborValue): FundsItem | undefined {
  if (!isCborMap(value)) return undefined;
  const { number, batch, part, state, count, amount, fee, net, expected, plan, reason, latest } = value;
  const batchNumber = typeof batch === "string" && /^\d{1,6}$/.test(batch) ? Number(batch) : batch;
  if (!isNatural(number) || !isNatural(batchNumber) || !isNatural(count)) return undefined;
  if (!isWhole(amount) || !isWhole(fee) || !isWhole(net)) return undefined;
  if (typeof part !== "string" || part.length > 32 || typeof state !== "string" || !states.includes(state)) {
    return undefined;
  }
  return {
    number,
    batch: batchNumber,
    part,
    state: state as FundsState,
    count,
    amount,
    fee,
    net,
    ...(typeof expected === "string" && /^\d{8}$/.test(expected) ? { expected } : {}),
    ...(typeof plan === "string" && plans.includes(plan) ? { plan: plan as PayoutPlan } : {}),
    ...stanOf(latest),
    ...(typeof reason === "string" && /^[ -~]{1,40}$/.test(reason) ? { reason } : {}),
  };
}

function stanOf(latest: CborValue): { readonly stan?: number } {
  const { stan } = isCborMap(latest) ? latest : {};
  const number = typeof stan === "string" && /^\d{1,6}$/.test(stan) ? Number(stan) : stan;
  return isNatural(number) ? { stan: number } : {};
}

function isWhole(value: CborValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}

function isNatural(value: CborValue): value is number {
  return isWhole(value) && value >= 0 && value <= 0xffffffff;
}
