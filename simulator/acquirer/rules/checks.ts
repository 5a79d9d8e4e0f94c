/** Why the host says no: tables in the order of asking, each row a response code and when it applies. */
import { PIN_TRIES } from "../accounts.ts";
import { fromHex } from "../bytes.ts";
import { judgeCryptogram } from "../issuer/answer.ts";
import { exchange } from "../ledger.ts";
import type { WalletAccount } from "../wallet/accounts.ts";
import { CODE_LIFE } from "../wallet/codes.ts";
import { PENDING, referenceOf } from "../wallet/orders.ts";
import { type Bank, batchText } from "./bank.ts";
import type { EntryMode, FinancialRequest } from "./request.ts";

/** A completion may exceed its pre-authorisation by this, and come this much later. */
const COMPLETION_PER_CENT = 115;
const COMPLETION_DAYS = 29;

/** A row: the answer to field 39, and whether it applies. */
interface Check {
  readonly code: string;
  readonly applies: (request: FinancialRequest) => boolean;
}

/** Fields every financial request must have; chip data must read as TLV. */
const MANDATORY = [3, 11, 22, 25, 41, 42, 49, 60] as const;

function lacksFields({ fields, kind, amount, pans, chip, currency, byCode, code }: FinancialRequest): boolean {
  if (MANDATORY.some((number) => fields[number] === undefined) || currency === undefined) return true;
  if (kind?.effect !== "none" && amount === undefined) return true;
  if (fields[55] !== undefined && chip === undefined) return true;
  if (byCode) return code === undefined && (kind?.effect === "debit" || fields[59] !== undefined);
  return new Set(pans).size !== 1;
}

/** The chip signed another amount than field 4 says. */
function amountsDiffer({ fields, chip }: FinancialRequest): boolean {
  const signed = chip?.get("9F02");
  return signed !== undefined && fields[4] !== undefined && Buffer.from(signed).toString("hex") !== fields[4];
}

/** A STAN that has been used, be it by what was reversed before it came. */
export function isKnown({ book, orders }: Bank, key: string): boolean {
  return book.find(key) !== undefined || book.wasUndoneUnseen(key) || orders.find(key) !== undefined;
}

/** Asked of every financial request before anybody looks at the card. */
const messageChecks: readonly Check[] = [
  { code: "77", applies: ({ terminal, batch }) => batch !== batchText(terminal.batch) },
  { code: "94", applies: ({ bank, key }) => isKnown(bank, key) },
  { code: "12", applies: ({ kind }) => kind === undefined },
  { code: "30", applies: lacksFields },
  { code: "13", applies: ({ kind, amount }) => kind?.effect !== "none" && amount === 0 },
];

/** What a bank answers for an account that is not open. */
const statusCodes = [
  ["closed", "14"],
  ["stolen", "43"],
  ["lost", "41"],
  ["restricted", "62"],
] as const;

function isExpired({ account, expiry, bank }: FinancialRequest): boolean {
  const { month } = bank.calendar.now();
  return account!.expires < month || (expiry !== undefined && (expiry < month || expiry !== account!.expires));
}

const unknownCard: Check = { code: "14", applies: ({ account }) => account === undefined };

/** Asked of the account whoever it is of. */
export const statusChecks: readonly Check[] = statusCodes.map(([status, code]) => ({
  code,
  applies: ({ payer }) => payer!.status === status,
}));

/** Asked of the card whatever the transaction. */
const cardChecks: readonly Check[] = [unknownCard, ...statusChecks, { code: "54", applies: isExpired }];

function chipIsFalse({ account, signed }: FinancialRequest): boolean {
  return signed?.has("9F26") === true && judgeCryptogram(account!, signed) !== "genuine";
}

const falseChip: Check = { code: "05", applies: chipIsFalse };

/** How what is read has a cryptogram. */
const PROVEN: readonly EntryMode[] = ["chip", "contactless", "code"];

/** Asked of what the card brings along: its cryptogram. A chip read without one is a message that lacks something. */
const proofChecks: readonly Check[] = [
  {
    code: "30",
    applies: ({ kind, entry, chip }) =>
      ["debit", "hold"].includes(kind!.effect) && PROVEN.includes(entry) && !chip?.has("9F26"),
  },
  { code: "30", applies: amountsDiffer },
  falseChip,
];

/** Looks at the PIN: counts a wrong one, and blocks after the last try. Undefined when it may go on. */
function checkPin({ bank, terminal, fields, account, entry }: FinancialRequest): string | undefined {
  const block = fields[52];
  if (block === undefined) {
    const mayGoWithout = !account!.pinRequired || entry === "contactless" || entry === "manual";
    return mayGoWithout ? undefined : "55";
  }
  if (account!.pinTriesLeft === 0) return "75";
  const card = { pan: account!.pan, offset: account!.pinOffset };
  const binding = fields[53]?.startsWith("1") ? "none" : "pan";
  const verdict = bank.hsm.checkPin(terminal.entry.terminal, fromHex(block), card, binding);
  if (verdict === "malformed") return "99";
  const left = verdict === "right" ? PIN_TRIES : account!.pinTriesLeft - 1;
  if (left !== account!.pinTriesLeft) {
    account!.pinTriesLeft = left;
    bank.accountChanged(account!);
  }
  return verdict === "right" ? undefined : "55";
}

function inAccountCurrency({ payer, amount, currency }: FinancialRequest): number {
  return exchange(amount!, currency!, payer!.currency);
}

/** Asked before money leaves an account or is held. */
const moneyChecks: readonly Check[] = [
  { code: "57", applies: ({ entry, kind }) => entry === "manual" && kind!.effect === "debit" },
  { code: "61", applies: (request) => inAccountCurrency(request) > request.payer!.limit },
  {
    code: "51",
    applies: (request) =>
      inAccountCurrency(request) > request.bank.ledger.balance(request.payer!.name, request.payer!.currency),
  },
];

/** A payment by code has to be of the order that is named, where one is. */
const isOtherCard: Check = {
  code: "64",
  applies: ({ original, payer, bank, code }) =>
    original!.account !== payer ||
    (code?.order !== undefined && bank.orders.find(original!.key)?.number !== code.order),
};

/** What was given back of a payment once is given back, or changed, no other way. */
const isRefunded: Check = { code: "12", applies: ({ original }) => original!.refunded > 0 };

/** Asked of the transaction that this one changes, by what it does to it. */
const originalChecks: Record<"undo" | "credit" | "complete" | "adjust", readonly Check[]> = {
  undo: [
    { code: "25", applies: ({ original }) => original === undefined || original.state === "declined" },
    isOtherCard,
    { code: "12", applies: ({ original }) => original!.state !== "approved" },
    isRefunded,
    {
      code: "25",
      applies: ({ original, bank, kind, terminal }) =>
        kind!.name !== "preAuthorisationVoid" &&
        (original!.day !== bank.calendar.now().day || original!.batch !== batchText(terminal.batch)),
    },
    { code: "64", applies: ({ original, amount }) => original!.amount !== amount },
  ],
  credit: [
    { code: "25", applies: ({ original }) => original?.state !== "approved" },
    isOtherCard,
    { code: "64", applies: ({ original, amount }) => original!.refunded + amount! > original!.amount },
  ],
  complete: [
    { code: "25", applies: ({ original }) => original?.state !== "approved" },
    isOtherCard,
    { code: "22", applies: ({ original, bank }) => bank.calendar.daysSince(original!.at) > COMPLETION_DAYS },
    {
      code: "22",
      applies: ({ original, amount }) => amount! * 100 > original!.amount * COMPLETION_PER_CENT,
    },
  ],
  adjust: [
    { code: "25", applies: ({ original }) => original?.state !== "approved" },
    isOtherCard,
    isRefunded,
    { code: "25", applies: ({ original, bank }) => bank.isSettled(original!) },
  ],
};

function firstThatApplies(checks: readonly Check[], request: FinancialRequest): string | undefined {
  return checks.find((check) => check.applies(request))?.code;
}

/** The response code of the first objection; undefined when the message itself is in order. */
export function judgeMessage(request: FinancialRequest): string | undefined {
  return firstThatApplies(messageChecks, request);
}

/** Asked of the code that a customer showed: what no terminal may do with it, whose it is, whether it serves still. */
const shownChecks: readonly Check[] = [
  {
    code: "12",
    applies: ({ kind, code }) =>
      kind!.name !== "sale" || (code!.code === undefined) === (code!.reference === undefined),
  },
  { code: "30", applies: (request) => request.code!.reference !== undefined && !isOwnReference(request) },
  { code: "14", applies: ({ code, bank }) => code!.code !== undefined && bank.codes.find(code!.code) === undefined },
  { code: "54", applies: (request) => request.code!.code !== undefined && hasServed(request) },
];

function isOwnReference({ code, terminal, batch, stan }: FinancialRequest): boolean {
  return code!.reference === referenceOf({ terminal: terminal.entry.terminal, batch, stan });
}

function hasServed({ code, bank }: FinancialRequest): boolean {
  const shown = bank.codes.find(code!.code!)!;
  return shown.used || bank.calendar.elapsed - shown.at > CODE_LIFE;
}

const asksPayer: Check = { code: PENDING, applies: ({ payer }) => (payer as WalletAccount).asks !== "nothing" };

/** As `judgeTransaction`, without a card; `09` where the payer, or whoever pays what is announced, is waited for. */
function judgeByCode(request: FinancialRequest): string {
  const { effect } = request.kind!;
  if (effect === "undo" || effect === "credit") return firstThatApplies(originalChecks[effect], request) ?? "00";
  const shown = firstThatApplies(shownChecks, request);
  if (shown !== undefined) return shown;
  if (request.code!.reference !== undefined) return PENDING;
  return firstThatApplies([...statusChecks, ...moneyChecks, asksPayer], request) ?? "00";
}

/** The response code of a message that is in order: `00`, or the first objection. */
export function judgeTransaction(request: FinancialRequest): string {
  const { effect, advice } = request.kind!;
  if (request.byCode) return judgeByCode(request);
  const card = firstThatApplies(advice ? [unknownCard] : cardChecks, request);
  if (card !== undefined) return card;
  if (effect === "undo" || effect === "credit" || effect === "complete" || effect === "adjust") {
    return firstThatApplies(originalChecks[effect], request) ?? checkPin({ ...request, entry: "manual" }) ?? "00";
  }
  if (advice) return firstThatApplies([falseChip], request) ?? "00";
  const proof = firstThatApplies(proofChecks, request) ?? checkPin(request);
  if (proof !== undefined) return proof;
  return (effect === "none" ? undefined : firstThatApplies(moneyChecks, request)) ?? "00";
}
