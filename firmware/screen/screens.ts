import type { Wallet } from "../codes/wallet-ranges.ts";
import type { TransactionType } from "../journal/types.ts";
import type { PackageKind } from "../update/package.ts";
import type { DayScreen, FundsState, MoneyPlace } from "./day-screens.ts";
import type { NameUnder } from "./messages/words.ts";
import type { Money } from "./money.ts";

/** What is being done with the card. */
export type Operation = TransactionType | "balance";

/** What may be shown of a card: the number masked (first 6, last 4 at most). */
export interface CardSummary {
  readonly pan: string;
  readonly holder?: string;
}

/** One line to choose: `id` is what a choice is known by, `text` what is read. */
export interface Choice {
  readonly id: string;
  readonly text: string;
}

/** Numbers that a merchant types; `last`: a voucher's, or none for the last transaction. */
export type NumberName = "voucher" | "last" | "authorisation" | "reference" | "date" | "card" | "expiry" | "operator";

/**
 * What a merchant is to make of a payment that the host was asked about. `through`: both sides have it; `nothing`: neither;
 * `reversing`: the host has it, and it is being taken back; `owed`: the host has still to be told; `differs`: call the acquirer.
 */
export type PaymentAnswer = "through" | "nothing" | "reversing" | "owed" | "differs";

/** What is shown of a transaction of the journal. */
export type TransactionSummary = {
  readonly operation: Operation;
  /** Six digits. */
  readonly voucher: string;
  readonly amount: Money;
  /** Of a card. */
  readonly pan?: string;
  /** Of a payment by code: whose wallet, where it is known, and the payer's account as the wallet masks it. */
  readonly wallet?: Wallet;
  readonly payer?: string;
  /** "2025/03/14 21:07:33" */
  readonly time: string;
  readonly authorisationCode?: string;
};

/** Why a key was not taken, and why a host was not trusted: what there are words for. */
export type KeyRefusal = NameUnder<"key-refused">;
export type HostRefusal = NameUnder<"host-refused">;

/**
 * What was wrong with a download: a payment system's key (`keyWrong`: its checksum), a key or an application that cannot be read,
 * an answer that makes no sense or is not the bank's; `none`: the bank has nothing for this terminal. Of packages: not signed by
 * whom the terminal believes, for another board, with a lower security version or a version that is not newer, too long, not as
 * it was signed; `noStart`: the new firmware never reached its idle screen.
 */
export type UpdateFailure =
  | "keyWrong"
  | "keyExpired"
  | "keyUnreadable"
  | "applicationUnreadable"
  | "answerWrong"
  | "none"
  | "notGenuine"
  | "otherBoard"
  | "lessSafe"
  | "older"
  | "tooLong"
  | "damaged"
  | "noStart";

/** Every screen of the terminal with the values it shows; ids are part of the outside face of the project. */
export type Screen =
  | DayScreen
  | { readonly id: "boot"; readonly version: string }
  /** With news of the merchant's money: where so many payments are now, and what the merchant gets for them. */
  | {
      readonly id: "idle";
      readonly news?: FundsState;
      readonly count?: number;
      readonly amount?: Money;
      /** Who is signed on: two digits. */
      readonly operator?: string;
    }
  | {
      readonly id: "menu";
      /** What stands above the list; absent: that it is the menu. */
      readonly heading?: string;
      readonly choices: readonly Choice[];
      readonly selected: number;
    }
  | { readonly id: "enter-amount"; readonly operation: Operation; readonly amount: Money; readonly card?: CardSummary }
  | {
      readonly id: "present-card";
      readonly operation: Operation;
      readonly amount?: Money;
      /** The card's number may be typed. */
      readonly manual?: boolean;
      /** Whether the bank is to be asked, where a card may do without; absent: there is no choice. */
      readonly askBank?: boolean;
      /** Whether the customer may pay by code: the scanner looks too (`scan`), or a key has the code shown (`show`). */
      readonly code?: "scan" | "show";
    }
  /** What was scanned is no wallet's code. */
  | { readonly id: "scan-code"; readonly operation: Operation; readonly amount?: Money; readonly wrong: true }
  /** Who is waited for in a payment by code, and for how long at most. `bank`: its answer was lost, it is asked again. */
  | {
      readonly id: "waiting-payment";
      readonly wallet?: Wallet;
      readonly amount: Money;
      readonly waitingFor: "confirmation" | "password" | "scan" | "bank";
      readonly secondsLeft: number;
    }
  /** A code that the customer scans; `payload` is what is in it. Without an amount the customer types one. */
  | {
      readonly id: "show-qr";
      readonly payload: string;
      readonly amount?: Money;
      readonly secondsLeft?: number;
    }
  /** A payment by code stands, or the money of one goes back. */
  | {
      readonly id: "paid";
      readonly operation: Operation;
      readonly amount: Money;
      readonly wallet?: Wallet;
      readonly payer?: string;
      readonly authorisationCode?: string;
      readonly funds?: MoneyPlace;
    }
  | { readonly id: "insert-card"; readonly operation: Operation; readonly amount?: Money }
  | { readonly id: "swipe-card"; readonly operation: Operation; readonly amount?: Money }
  | { readonly id: "use-chip"; readonly amount?: Money }
  | { readonly id: "choose-application"; readonly choices: readonly Choice[]; readonly selected: number }
  | {
      readonly id: "enter-pin";
      readonly operation: Operation;
      /** Absent where no money moves, here and on the other screens of a card. */
      readonly amount?: Money;
      /** How many digits have been typed; never which. */
      readonly digits: number;
      readonly card?: CardSummary;
      /** Whether ENTER without a digit goes on without a PIN. */
      readonly bypass?: boolean;
    }
  | {
      readonly id: "pin-retry";
      readonly operation: Operation;
      readonly amount?: Money;
      readonly digits: number;
      readonly triesLeft?: number;
      /** No PIN was wrong yet: a warning that the card takes one more only. */
      readonly untried?: boolean;
    }
  | {
      readonly id: "processing";
      readonly stage: "card" | "connecting" | "authorising" | "finishing" | "telling" | "restoring";
      readonly amount?: Money;
      /** The chip must stay in the reader. */
      readonly keepCard?: boolean;
    }
  | {
      readonly id: "confirm-approval";
      readonly amount: Money;
      readonly authorisationCode: string;
      readonly card?: CardSummary;
    }
  | {
      readonly id: "approved";
      readonly operation: Operation;
      readonly amount: Money;
      /** Absent: approved offline by the card. */
      readonly authorisationCode?: string;
      /** Where the merchant's money is now; absent: this moves none. */
      readonly funds?: MoneyPlace;
      /** The card is in the slot, and done with. */
      readonly takeCard?: boolean;
    }
  /** Without a code the card itself declined. `takeCard`: it is in the slot, and done with. */
  | { readonly id: "declined"; readonly amount?: Money; readonly code?: string; readonly takeCard?: boolean }
  | { readonly id: "refused"; readonly amount: Money; readonly by: "merchant" | "answer" | "card" }
  | { readonly id: "reversing"; readonly amount: Money; readonly attempt?: number }
  | { readonly id: "reversed"; readonly operation: Operation; readonly amount: Money }
  | { readonly id: "remove-card" }
  | { readonly id: "printing"; readonly copy: "merchant" | "cardholder" | "settlement" | "report" }
  | { readonly id: "paper-out" }
  | { readonly id: "printer-error"; readonly cause: "cover-open" | "hot" | "offline" }
  | { readonly id: "card-expired"; readonly card?: CardSummary }
  /** `otherWay`: it was tapped, and tapping again would not help. */
  | { readonly id: "card-unreadable"; readonly otherWay?: boolean }
  /** Nothing on the card that this terminal takes; without `tapped` it was inserted. */
  | { readonly id: "card-not-accepted"; readonly tapped?: boolean }
  | { readonly id: "card-blocked" }
  | { readonly id: "zero-amount" }
  | { readonly id: "over-limit"; readonly limit: Money }
  | { readonly id: "cancelled"; readonly by: "customer" | "merchant" | "timeout" | "card-removed" }
  | { readonly id: "one-card-only" }
  /** The card that has paid is to be tapped again, and this is another. */
  | { readonly id: "other-card" }
  | { readonly id: "see-phone" }
  | { readonly id: "no-answer"; readonly amount: Money }
  /** `refused`: what the bank would not do: reverse it, or take it at all. */
  | {
      readonly id: "disputed";
      readonly amount: Money;
      readonly voucher: string;
      readonly refused: "reversal" | "payment";
    }
  | { readonly id: "amount-mismatch"; readonly asked: Money; readonly answered: Money }
  /** `refused`: a host was there, and is not the bank's. */
  | { readonly id: "offline"; readonly refused?: HostRefusal }
  /** `detail` is a short technical word for service, never a secret. */
  | { readonly id: "error"; readonly detail?: string }
  | { readonly id: "out-of-service"; readonly detail?: string; readonly reason?: "tampered" }
  /** The battery runs low. */
  | { readonly id: "battery-low"; readonly charge: number }
  /** Nothing that needs minutes of power begins any more. */
  | { readonly id: "battery-empty"; readonly charge: number }
  /** The case was opened just now, and the keys are gone. */
  | { readonly id: "tampered" }
  /** A number that is no secret; of a card's the digits after the sixth are stars. */
  | {
      readonly id: "enter-number";
      readonly what: NumberName;
      readonly operation: Operation;
      readonly value: string;
      /** The one before could not be right. */
      readonly wrong?: boolean;
      /** The code of a slip may be scanned in its place. */
      readonly scan?: boolean;
    }
  /** A transaction of the journal; with an action it is asked whether that is to be done to it. */
  | ({ readonly id: "detail"; readonly action?: Operation } & TransactionSummary)
  | ({
      readonly id: "dispute-cleared";
      readonly cleared: "charged" | "notCharged" | "booked" | "notBooked";
    } & TransactionSummary)
  | {
      readonly id: "no-original";
      readonly reason: "unknown" | "used" | "unsent" | "settled" | "otherCard" | "byCode" | "none";
    }
  | { readonly id: "balance"; readonly amount: Money; readonly pan: string }
  /** Of the customer: what was paid, and the month's sum here, which is asked for only with the customer's consent. */
  | { readonly id: "spending"; readonly stage: "ask"; readonly paid: Money }
  | { readonly id: "spending"; readonly stage: "waiting" | "unavailable" }
  | {
      readonly id: "spending";
      readonly stage: "told";
      readonly paid: Money;
      readonly count: number;
      readonly amount: Money;
    }
  /** Decided here; the host is told as soon as it answers. */
  | { readonly id: "stored"; readonly operation: Operation; readonly amount: Money }
  | {
      readonly id: "payment-state";
      readonly operation: Operation;
      readonly voucher: string;
      readonly amount: Money;
      /** The host's word for it. */
      readonly host: string;
      readonly answer: PaymentAnswer;
    }
  | {
      readonly id: "password";
      readonly role: "operator" | "supervisor" | "administrator";
      /** Which of the operators: two digits. */
      readonly operator?: string;
      /** How many digits have been typed; never which. */
      readonly digits: number;
      /** The last one was wrong; of a new one: the two were different, or it was the `old` one. */
      readonly wrong?: boolean;
      readonly old?: boolean;
      /** How many more may be wrong. */
      readonly left?: number;
      /** Absent: the password that there is. */
      readonly step?: "new" | "again";
      /** The password that there was is known to somebody else: a new one has to be chosen now. */
      readonly initial?: boolean;
      /** Too many were wrong: none is taken for so long; without a time until a supervisor has unlocked the number. */
      readonly locked?: boolean;
      readonly seconds?: number;
    }
  /** Nobody is signed on: an operator types the number. */
  | {
      readonly id: "operator-sign-on";
      readonly value: string /** The one before is nobody's. */;
      readonly wrong?: boolean;
    }
  /** What a supervisor, or an operator, has done to a number. */
  | {
      readonly id: "operator-changed";
      readonly what: "added" | "removed" | "reset" | "unlocked" | "password" | "signedOff";
      readonly operator: string;
    }
  /** A download, in per cent of its bytes; of a package with its kind and version. */
  | { readonly id: "updating"; readonly percent: number; readonly what?: PackageKind; readonly version?: string }
  /** The terminal starts anew with what it has downloaded. */
  | { readonly id: "updated" }
  | { readonly id: "up-to-date"; readonly what?: "package" }
  /** The terminal stays as it was. `detail` is a short technical word for service. */
  | { readonly id: "update-failed"; readonly reason?: UpdateFailure; readonly detail: string }
  /** `digits`: how many of a part have been typed; `isLetter`: the next key is one of A to F. */
  | {
      readonly id: "load-keys";
      readonly stage: "part";
      readonly part: number;
      readonly of: number;
      readonly digits: number;
      readonly isLetter?: boolean;
    }
  /** To be compared with what is on paper; without a part it is that of all parts together. */
  | {
      readonly id: "load-keys";
      readonly stage: "check";
      readonly checkValue: string;
      readonly part?: number;
      readonly of?: number;
    }
  | { readonly id: "load-keys"; readonly stage: "waiting" }
  /** What a cash register is given to share a key with the terminal: digits in fours. */
  | { readonly id: "load-keys"; readonly stage: "pairing"; readonly code: string }
  | { readonly id: "load-keys"; readonly stage: "loaded"; readonly name: string; readonly checkValue?: string }
  | { readonly id: "load-keys"; readonly stage: "refused"; readonly reason: KeyRefusal }
  | { readonly id: "sign-in" }
  | { readonly id: "signed-in"; readonly batch: string };

export type ScreenId = Screen["id"];
export type ScreenOf<Id extends ScreenId> = Extract<Screen, { readonly id: Id }>;

/** What the bar at the top shows on every screen. */
export interface Status {
  readonly merchant: string;
  /** "21:07". */
  readonly time?: string;
  readonly network: "up" | "down" | "connecting";
  /** Nothing is encrypted on the way to the host. */
  readonly plain?: boolean;
  /** Journal records that the host keeps no copy of yet. */
  readonly unsaved?: number;
  /** Percent; absent on a device without one. */
  readonly battery?: number;
  /** The battery is being charged. */
  readonly charging?: boolean;
}
