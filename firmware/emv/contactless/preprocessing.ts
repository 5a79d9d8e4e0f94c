import { isOfflineOnly, isOnlineOnly } from "../analysis.ts";
import type { TerminalApplication } from "../application.ts";
import { hasBit } from "../results.ts";
import { setQualifier, terminalQualifiers } from "./qualifiers.ts";

const mastercardKernel = 2;

/** What Entry Point knows of a transaction before a card comes. */
export interface TapTransaction {
  /** Minor units. */
  readonly amount: number;
  /** One unit of the currency in minor units: the amount of a status check. */
  readonly unit: number;
  /** The merchant wants the host to be asked. */
  readonly forceOnline?: boolean;
  /** Tag 9F35, where the application has none of its own. */
  readonly terminalType: number;
}

/** An application with what pre-processing found (EMV contactless Book B, 3.1): the indicators and its qualifiers. */
export interface PreparedApplication {
  readonly application: TerminalApplication;
  /** False: the amount may not be tapped with this application ("contactless application not allowed"). */
  readonly allowed: boolean;
  readonly verificationRequired: boolean;
  readonly floorLimitExceeded: boolean;
  /** Tag 9F66 of this transaction, 4 bytes. */
  readonly qualifiers: Uint8Array;
}

/**
 * Pre-processing (Book B, 3.1.1): every application with a kernel against its limits, before the field is switched on.
 * A terminal that is online only, or whose merchant wants the host asked, asks every card for an online cryptogram,
 * whatever the floor limits are; one without a host is an offline-only reader, whatever its parameters say.
 */
export function prepareApplications(
  applications: readonly TerminalApplication[],
  transaction: TapTransaction,
): PreparedApplication[] {
  return applications.flatMap((application) =>
    application.kernel === undefined ? [] : [prepare(application, transaction)],
  );
}

function prepare(
  application: TerminalApplication,
  { amount, unit, terminalType, forceOnline }: TapTransaction,
): PreparedApplication {
  const qualifiers = application.transactionQualifiers.slice();
  qualifiers[1] = (qualifiers[1] ?? 0) & 0x3f; // 3.1.1.2: these two are of the transaction, not of the terminal
  const type = application.terminalType ?? terminalType;
  if (isOfflineOnly(type)) {
    setQualifier(qualifiers, terminalQualifiers.offlineOnly);
  }
  const offlineOnly = hasBit(qualifiers, terminalQualifiers.offlineOnly);
  const isZero = amount === 0;
  const isStatusCheck = application.statusCheck && amount === unit;
  const verificationRequired = amount >= application.contactlessCvmLimit;
  const floorLimitExceeded = amount > application.contactlessFloorLimit;
  const isWanted = isOnlineOnly(type) || (forceOnline === true && !offlineOnly);
  if (floorLimitExceeded || isStatusCheck || (isZero && !offlineOnly) || isWanted) {
    setQualifier(qualifiers, terminalQualifiers.onlineCryptogramRequired);
  }
  if (verificationRequired) {
    setQualifier(qualifiers, terminalQualifiers.verificationRequired);
  }
  const zeroIsGood = !isZero || (application.zeroAmountAllowed && !offlineOnly);
  return {
    application,
    allowed: zeroIsGood && !isAboveLimit(application, amount),
    verificationRequired,
    floorLimitExceeded,
    qualifiers,
  };
}

/**
 * The reader's contactless transaction limit (3.1.1.5) is the first amount that is too much. Kernel 2 has two limits of
 * its own and looks at them once it knows whether a phone is the card (Book C-2): here only what is above both.
 */
function isAboveLimit(application: TerminalApplication, amount: number): boolean {
  if (application.kernel === mastercardKernel) {
    return amount > Math.max(application.contactlessLimit, application.contactlessDeviceLimit);
  }
  return amount >= application.contactlessLimit;
}
