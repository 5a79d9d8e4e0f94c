import type { OriginalTransaction, Transaction, TransactionType } from "../journal/types.ts";
import type { Copy, EntryMode, OriginalReceipt, ReceiptData, Verification } from "../receipt/data.ts";
import { disputeLines } from "../receipt/dispute.ts";
import { type Line, receiptLines } from "../receipt/lines.ts";
import type { PaperTrouble } from "../receipt/paper.ts";
import type { Screen } from "../screen/screens.ts";
import { groupedPan } from "./card/identity.ts";
import { detailsOf, walletOf } from "./details.ts";
import { localTime, printedTime } from "./local-time.ts";
import { showResult } from "./results.ts";
import { money, type Services } from "./services.ts";

/** How long the merchant may take to tear off a copy before the next one is printed, in milliseconds. */
const tearTime = 5_000;

const copies: readonly Copy[] = ["merchant", "cardholder", "merchant"];

const entryModes: Readonly<Record<Transaction["entryMode"], EntryMode>> = {
  magstripe: "swipe",
  chip: "chip",
  contactless: "contactless",
  fallback: "fallback",
  manual: "manual",
  code: "code",
};

/**
 * Prints the copies of a receipt one after another. In trouble the merchant may repair it and press ENTER, or give up
 * with CANCEL and print again from the menu. A terminal without a printer shows what a slip says, once.
 * @returns whether all copies are on paper, or were shown
 */
export async function printReceipts(services: Services, transaction: Transaction, duplicate = false): Promise<boolean> {
  const { screen, peripherals, parameters } = services;
  if (services.paper === undefined) {
    await showResult(services, { id: "detail", ...detailsOf(services, transaction) });
    return true;
  }
  const wanted = copies.slice(0, parameters.receiptCopies);
  const data = receiptData(services, transaction, duplicate);
  for (const [place, copy] of wanted.entries()) {
    if (place > 0) {
      await peripherals.key(tearTime);
    }
    if (!(await printLines(services, copy, () => receiptLines(data, copy, screen.language)))) {
      return false;
    }
  }
  return true;
}

/**
 * Prints a slip for the merchant about a transaction that the bank would not reverse, or not take, and notes that it is on
 * paper. In trouble it is as with a receipt; what is not on paper is printed at the next start, or from the list of disputes.
 * @returns whether it is on paper
 */
export async function printDispute(services: Services, transaction: Transaction): Promise<boolean> {
  const data = receiptData(services, transaction, false);
  const { responseCode = "", printed } = transaction;
  const refused = isReversalRefused(transaction) ? "reversal" : "payment";
  const isPrinted = await printLines(services, "merchant", () =>
    disputeLines(data, { code: responseCode, refused }, services.screen.language),
  );
  if (isPrinted && printed !== true) await services.journal.note(transaction, { printed: true });
  return isPrinted;
}

/** What the bank refused of a dispute: to take it back; else to take it at all. */
export function isReversalRefused({ reversalReason }: Transaction): boolean {
  return reversalReason !== undefined;
}

/**
 * Prints one piece of paper. In trouble it is as with a receipt. Gives whether all of it is on paper; a terminal without a printer
 * has shown it on its screen, and owes none.
 */
export async function printLines(
  services: Services,
  copy: Copy | "settlement" | "report",
  lines: () => readonly Line[],
): Promise<boolean> {
  const { paper, screen, peripherals } = services;
  if (paper === undefined) {
    return true;
  }
  await screen.show({ id: "printing", copy });
  for (;;) {
    const result = await paper.print(lines());
    if (result.ok) {
      return true;
    }
    await screen.show(troubleScreen(result.error));
    const key = await waitFor(peripherals, ["ENTER", "CANCEL"]);
    if (key === "CANCEL") {
      return false;
    }
    await screen.show({ id: "printing", copy });
  }
}

async function waitFor(peripherals: Services["peripherals"], keys: readonly string[]): Promise<string> {
  for (;;) {
    const key = await peripherals.key();
    if (key !== undefined && keys.includes(key)) {
      return key;
    }
  }
}

function troubleScreen(trouble: PaperTrouble): Screen {
  return trouble === "paper-out" ? { id: "paper-out" } : { id: "printer-error", cause: trouble };
}

/** What the receipt of a transaction says, from what the journal knows. */
export function receiptData(
  services: Pick<Services, "parameters" | "currency" | "screen">,
  transaction: Transaction,
  duplicate: boolean,
): ReceiptData {
  const { parameters, screen } = services;
  const { issuer, acquirer, authorisationCode, referenceNumber, hostDate, hostTime, chip } = transaction;
  const started = localTime(transaction.startedAt, parameters.utcOffsetMinutes);
  return {
    merchantName: parameters.merchantName[screen.language],
    merchantNumber: parameters.merchantId,
    terminalNumber: parameters.terminalId,
    operator: transaction.operator,
    ...(issuer === undefined ? {} : { issuer }),
    ...(acquirer === undefined ? {} : { acquirer }),
    ...payerOf(transaction),
    entry: entryModes[transaction.entryMode],
    operation: transaction.type,
    batch: sixDigits(transaction.batch),
    voucher: sixDigits(transaction.stan),
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(referenceNumber === undefined ? {} : { reference: referenceNumber }),
    dateTime: printedTime({ ...started, date: hostDate ?? started.date, time: hostTime ?? started.time }),
    amount: money(services, givesBack.includes(transaction.type) ? -transaction.amount : transaction.amount),
    ...(transaction.tip === undefined ? {} : { tip: money(services, transaction.tip) }),
    ...(parameters.tipPercent > 0 && transaction.type === "sale" && transaction.entryMode !== "code"
      ? { tipWanted: true }
      : {}),
    ...(transaction.original === undefined ? {} : { original: originalReceipt(transaction.original) }),
    verification: verificationOf(transaction),
    ...(chip === undefined
      ? {}
      : {
          chip: {
            cryptogramType: chip.cryptogramType,
            cryptogram: chip.cryptogram,
            tvr: chip.terminalVerificationResults,
            tsi: chip.transactionStatusInformation,
            atc: chip.applicationTransactionCounter,
            aid: chip.aid,
            label: chip.applicationLabel,
          },
        }),
    ...(duplicate ? { duplicate } : {}),
  };
}

/** The card, or the wallet and its number of the payment. */
function payerOf(transaction: Transaction): Pick<ReceiptData, "pan" | "code"> {
  const { maskedPan, order } = transaction;
  if (maskedPan !== undefined) return { pan: groupedPan(maskedPan) };
  return { code: { ...walletOf(transaction), ...(order === undefined ? {} : { order }) } };
}

/** Money, or a reservation, that goes back to the cardholder. */
const givesBack: readonly TransactionType[] = Object.freeze([
  "voidSale",
  "refund",
  "voidPreAuthorisation",
  "voidCompletion",
]);

/** What the slip says of the earlier transaction; one that was typed has no voucher. */
function originalReceipt({ stan, date, authorisationCode, referenceNumber }: OriginalTransaction): OriginalReceipt {
  return {
    date: `${date.slice(0, 2)}/${date.slice(2)}`,
    ...(stan === 0 ? {} : { voucher: sixDigits(stan) }),
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(referenceNumber === undefined ? {} : { reference: referenceNumber }),
  };
}

function sixDigits(number: number): string {
  return String(number).padStart(6, "0");
}

function verificationOf({ type, pinEntered, verifiedBy, signature }: Transaction): Verification {
  if (type === "tip" || type === "adjustment") {
    return "earlier";
  }
  if (pinEntered === true || verifiedBy === "card") {
    return signature === true ? "pin-and-signature" : "pin";
  }
  if (verifiedBy === "device") {
    return "device";
  }
  return signature === true ? "signature" : "none";
}
