import { type CborValue, decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import { isWallet } from "../codes/wallet-ranges.ts";
import type { Transaction, TransactionChanges } from "../journal/types.ts";
import { askSignedIn } from "./attempts.ts";
import { ask, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { approvals, signInAgain, takenBefore } from "./dialect/values.ts";
import { batchMessage, inquire, managementMessage, type NotTold } from "./inquiry.ts";
import type { Acquirer } from "./types.ts";

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
  /** `last`: the largest number that was told, also of what is left out; 0 of none. `more` come after it. */
  | { readonly kind: "told"; readonly more: boolean; readonly last: number; readonly payments: readonly ShopPayment[] }
  | NotTold;

/**
 * `gone`: there is none, or it is taken over already: the host is asked again for those that wait. `otherBatch`: the host has another
 * batch open, or no session. Any other word of the host says nothing yet, like none.
 */
export type ClaimOutcome = { readonly kind: "taken" | "gone" | "otherBatch" | "noAnswer" };

const claimOutcomes: Readonly<Record<string, ClaimOutcome["kind"]>> = Object.freeze({
  "00": "taken",
  "25": "gone",
  [takenBefore]: "gone",
  [signInAgain]: "otherBatch",
});

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
  return { kind: claimOutcomes[code ?? ""] ?? "noAnswer" };
}

/**
 * Claims under session keys. Where the host has another batch open even after a new sign-in, nothing can be taken over in this one:
 * that is `gone`, too.
 */
export async function claimSignedIn(
  acquirer: Pick<Acquirer, "signedIn" | "signIn" | "claim">,
  transaction: Transaction,
): Promise<{ readonly kind: "taken" | "gone" | "noAnswer" }> {
  let refusals = 0;
  const outcome = await askSignedIn(
    acquirer,
    () => acquirer.claim(transaction),
    ({ kind }) => kind === "taken" || kind === "gone" || (kind === "otherBatch" && ++refusals > 1),
  );
  const { kind = "noAnswer" } = outcome ?? {};
  return { kind: kind === "otherBatch" ? "gone" : kind };
}

/** A payment that is not as the table has it is left out: nobody could stand for it later, and the others are as good without it. */
function paymentsOf(value: CborValue): ShopPaymentsOutcome {
  const { payments, more } = isCborMap(value) ? value : {};
  if (!Array.isArray(payments) || typeof more !== "boolean") return { kind: "mismatch" };
  const read: ShopPayment[] = [];
  let last = 0;
  for (const each of payments) {
    const payment = paymentOf(each);
    if (payment !== undefined) read.push(payment);
    if (isCborMap(each) && isPositive(each.number)) last = Math.max(last, each.number);
  }
  return { kind: "told", more, last, payments: read };
}

function paymentOf(value: CborValue): ShopPayment | undefined {
  if (!isCborMap(value)) return undefined;
  const { number, amount, wallet, payer } = value;
  if (!isPositive(number) || !isPositive(amount)) return undefined;
  const known: Record<string, string> = { responseCode: approved };
  if (typeof wallet === "string" && isWallet(wallet)) known.scheme = wallet;
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
