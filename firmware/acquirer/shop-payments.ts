import { type CborValue, decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import { isWallet } from "../codes/wallet-ranges.ts";
import type { Transaction, TransactionChanges } from "../journal/types.ts";
import { ask, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, saysNothing } from "./dialect/values.ts";
import { batchMessage, inquire, managementMessage, type NotTold } from "./inquiry.ts";

/** A payment to the shop's own code that no terminal has taken over yet. */
export interface ShopPayment {
  /** The host's number of it. */
  readonly number: number;
  /** Minor units. */
  readonly amount: number;
  /** What the journal keeps of it: whose wallet, codes, date and time. */
  readonly known: TransactionChanges;
}

export type ShopPaymentsOutcome =
  | { readonly kind: "told"; readonly more: boolean; readonly payments: readonly ShopPayment[] }
  | NotTold;

/** `gone`: it is taken over already, or cannot be in this batch: the host is asked again for those that wait. */
export type ClaimOutcome = { readonly kind: "taken" | "gone" | "noAnswer" };

/** How an item's texts have to be, and what they are called in the journal. */
const texts: readonly (readonly [name: string, rule: RegExp, known: keyof TransactionChanges])[] = Object.freeze([
  ["order", /^[0-9]{1,32}$/, "order"],
  ["authorisationCode", /^[0-9A-Za-z]{1,6}$/, "authorisationCode"],
  ["referenceNumber", /^[0-9A-Za-z]{1,12}$/, "referenceNumber"],
  ["date", /^[0-9]{4}$/, "hostDate"],
  ["time", /^[0-9]{6}$/, "hostTime"],
] as const);

const [approved = ""] = approvals;

/** Asks which payments to the shop's code wait for their terminal: private extension 970 (README.md). */
export function askShopPayments(context: HostContext, stan: number, after: number): Promise<ShopPaymentsOutcome> {
  const question = managementMessage(context, messageKinds.shopPayments, stan, encodeCbor({ after }));
  return inquire(context, question, (field62) => paymentsOf(decodeCbor(field62)));
}

/** Takes one over under the transaction's batch and STAN: 971. The same again does no harm. */
export async function claim(context: HostContext, { batch, stan, claim }: Transaction): Promise<ClaimOutcome> {
  const field62 = encodeCbor({ number: claim });
  const reply = await ask(context, batchMessage(context.parameters, messageKinds.claim, batch, stan, [[62, field62]]));
  const code = reply.kind === "answer" ? textField(reply.message, 39) : undefined;
  if (code === undefined || saysNothing(code)) return { kind: "noAnswer" };
  return { kind: approvals.includes(code) ? "taken" : "gone" };
}

/** Anything that is not as the table has it is a mismatch: nobody could stand for it later. */
function paymentsOf(value: CborValue): ShopPaymentsOutcome {
  const { payments, more } = isCborMap(value) ? value : {};
  if (!Array.isArray(payments) || typeof more !== "boolean") return { kind: "mismatch" };
  const read: ShopPayment[] = [];
  for (const each of payments) {
    const payment = paymentOf(each);
    if (payment === undefined) return { kind: "mismatch" };
    read.push(payment);
  }
  return { kind: "told", more, payments: read };
}

function paymentOf(value: CborValue): ShopPayment | undefined {
  if (!isCborMap(value)) return undefined;
  const { number, amount, wallet, payer } = value;
  if (!isPositive(number) || !isPositive(amount) || typeof wallet !== "string" || !isWallet(wallet)) return undefined;
  const known: Record<string, string> = { responseCode: approved, scheme: wallet };
  for (const [name, rule, part] of texts) {
    const text = value[name];
    if (typeof text !== "string" || !rule.test(text)) return undefined;
    known[part] = text;
  }
  if (typeof payer === "string" && /^[!-~]{1,32}$/.test(payer)) known.payer = payer;
  return { number, amount, known };
}

function isPositive(value: CborValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
