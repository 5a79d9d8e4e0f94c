import { isWallet } from "../codes/wallet-ranges.ts";
import type { Transaction } from "../journal/types.ts";
import { groupedPan } from "./card/identity.ts";
import { localTime, printedTime } from "./local-time.ts";
import { money, type Services } from "./services.ts";

/** Whose wallet paid, and the payer as the wallet masks it. */
export function walletOf({ scheme, payer }: Transaction) {
  return { ...(isWallet(scheme) ? { wallet: scheme } : {}), ...(payer === undefined ? {} : { payer }) };
}

/** What a screen shows of a transaction. */
export function detailsOf(services: Pick<Services, "parameters" | "currency">, transaction: Transaction) {
  const { hostDate, hostTime, startedAt, authorisationCode } = transaction;
  const started = localTime(startedAt, services.parameters.utcOffsetMinutes);
  return {
    operation: transaction.type,
    voucher: String(transaction.stan).padStart(6, "0"),
    amount: money(services, transaction.amount),
    ...(transaction.maskedPan === undefined ? walletOf(transaction) : { pan: groupedPan(transaction.maskedPan) }),
    time: printedTime({ ...started, date: hostDate ?? started.date, time: hostTime ?? started.time }),
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
  };
}
