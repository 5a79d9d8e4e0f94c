import type { FieldValue, Message } from "../codec/iso8583.ts";
import { isWallet } from "../codes/wallet-ranges.ts";
import type { Transaction } from "../journal/types.ts";
import type { Parameters } from "../update/parameters.ts";
import { ask, bytesField, type HostContext, textField } from "./conversation.ts";
import { readCodeObjects } from "./dialect/code-data.ts";
import { approvals, comeBackLater, inProgress, pinCapture, securityControl } from "./dialect/values.ts";
import { financialFields, originalFields, present, rowOf } from "./financial.ts";
import type { AuthorisationOutcome, CardData, WalletWord } from "./types.ts";

/** Asks the host for what a transaction wants: money, its return, a reservation. */
export async function authorise(
  context: HostContext,
  transaction: Transaction,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Promise<AuthorisationOutcome> {
  const reply = await ask(context, authorisationQuestion(context.parameters, transaction, card, pinBlock));
  if (reply.kind === "noAnswer") return reply;
  if (reply.kind === "mismatch") {
    return { ...reply, reversalReason: reply.field === "mac" ? "A0" : "06" };
  }
  return outcomeOf(reply.message, transaction);
}

/** The request of a transaction, without its MAC. */
export function authorisationQuestion(
  parameters: Parameters,
  transaction: Transaction,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Message {
  const withPin = pinBlock !== undefined;
  const fields = new Map<number, FieldValue>([
    ...financialFields(parameters, transaction, withPin),
    ...originalFields(transaction),
    ...cardFields(card, pinBlock),
  ]);
  return { mti: rowOf(transaction.type).mti, fields };
}

/** What a request says of the card and its holder. */
export function cardFields(card: CardData, pinBlock: Uint8Array | undefined): [number, FieldValue][] {
  const withPin = pinBlock !== undefined;
  return present([
    [2, card.pan],
    [14, card.expiry],
    [23, card.panSequenceNumber],
    [26, withPin ? pinCapture : undefined],
    [35, card.track2],
    [52, pinBlock],
    [53, withPin ? securityControl : undefined],
    [55, card.chipData],
    [59, card.codeData],
  ]);
}

/**
 * What a checked answer says. An approval without an authorisation code is none that an issuer would stand for, and
 * neither is one without a reference number: it is taken for a broken answer and reversed.
 */
function outcomeOf(answer: Message, { type, entryMode }: Transaction): AuthorisationOutcome {
  const responseCode = textField(answer, 39) ?? "";
  const wallet = type === "sale" && entryMode === "code" ? walletWord(answer) : undefined;
  if (wallet !== undefined && responseCode === inProgress) return { kind: "pending", ...wallet };
  // the wallet may have taken the money all the same: it is asked
  if (wallet !== undefined && comeBackLater.includes(responseCode)) return { kind: "noAnswer", sent: true };
  const referenceNumber = textField(answer, 37);
  const chipData = bytesField(answer, 55);
  const chip = chipData === undefined ? {} : { chipData };
  if (!approvals.includes(responseCode)) {
    if (responseCode === "") return broken;
    const reference = referenceNumber === undefined ? {} : { referenceNumber };
    return { kind: "declined", responseCode, ...reference, ...chip };
  }
  const authorisationCode = textField(answer, 38);
  const hostTime = textField(answer, 12);
  const hostDate = textField(answer, 13);
  if (authorisationCode === undefined || referenceNumber === undefined || !hostTime || !hostDate) return broken;
  const approval = { authorisationCode, referenceNumber, hostDate, hostTime };
  return { kind: "approved", responseCode, ...approval, ...institutions(answer), ...chip, ...wallet };
}

/** Field 63 begins with the wallet's letters, 59 has the rest. */
export function walletWord(answer: Message): WalletWord {
  const scheme = textField(answer, 63)?.slice(0, 3);
  return { ...(isWallet(scheme) ? { scheme } : {}), ...readCodeObjects(textField(answer, 59) ?? "") };
}

const broken = Object.freeze<AuthorisationOutcome>({ kind: "mismatch", field: "format", reversalReason: "06" });

/** Field 44: issuer and acquirer, eleven characters each. */
export function institutions(answer: Message): { issuer?: string; acquirer?: string } {
  const value = answer.fields.get(44);
  const text = typeof value === "string" ? value : "";
  const issuer = text.slice(0, 11).trim();
  const acquirer = text.slice(11, 22).trim();
  return { ...(issuer && { issuer }), ...(acquirer && { acquirer }) };
}
