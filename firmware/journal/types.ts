/**
 * States of a transaction. The names are the journal's; their numbers in flash stand in states.ts and are never reused.
 *
 * - `opened`: the intent is known, nothing has been sent
 * - `authorising`: the request may have left the terminal
 * - `approved`, `declined`: the host's answer came and fits
 * - `unknown`: no answer, or one that does not fit
 * - `reversing`: a reversal is owed; `reversed`: the host has confirmed it; `disputed`: the host refused it
 * - `confirmed`, `refused`: the merchant (or the card) accepted or refused an approval
 * - `receipted`: the receipts are on paper
 * - `cancelled`: ended before anything was sent
 * - `settled`: the host has closed the batch that it belongs to
 * - `voided`, `adjusted`, `completed`: a later transaction took it back, replaced its amount, used its reservation up
 * - `offlineApproved`: approved without the host; `uploading`: may be at the host; `uploaded`: the host has taken it
 * - `queued`: decided here, the host has still to be told; `sent`: it may have been; `acknowledged`: the host has taken it
 */
export type TransactionState =
  | "opened"
  | "authorising"
  | "approved"
  | "declined"
  | "unknown"
  | "reversing"
  | "reversed"
  | "disputed"
  | "confirmed"
  | "refused"
  | "receipted"
  | "cancelled"
  | "settled"
  | "voided"
  | "adjusted"
  | "completed"
  | "offlineApproved"
  | "uploading"
  | "uploaded"
  | "queued"
  | "sent"
  | "acknowledged";

/**
 * What a transaction is, by its row in the acquirer's dialect. A balance inquiry moves nothing and is not journalled.
 *
 * - asked and, in doubt, reversed: `sale`, `voidSale`, `preAuthorisation`, `voidPreAuthorisation`, `completion`,
 *   `voidCompletion`
 * - told, and repeated until the host takes it: `refund`, `completionAdvice`, `offlineSale`, `adjustment`, `tip`
 */
export type TransactionType =
  | "sale"
  | "voidSale"
  | "refund"
  | "preAuthorisation"
  | "voidPreAuthorisation"
  | "completion"
  | "voidCompletion"
  | "completionAdvice"
  | "offlineSale"
  | "adjustment"
  | "tip";

/** The earlier transaction that another one takes back, changes or uses up. */
export type OriginalTransaction = {
  /** Its id in this journal; absent when it was made at another terminal or is no longer kept. */
  readonly id?: number;
  readonly batch: number;
  readonly stan: number;
  /** MMDD of its field 13. */
  readonly date: string;
  readonly amount: number;
  readonly authorisationCode?: string;
  readonly referenceNumber?: string;
};

/** Field 39 of a reversal: `98` no answer, `A0` the answer's MAC was wrong, `06` anything else. */
export type ReversalReason = "98" | "A0" | "06";

/**
 * How the card's data came in. `fallback`: the stripe of a card whose chip could not be read; `code`: no card, a code that a
 * phone shows or reads.
 */
export type EntryMode = "magstripe" | "chip" | "contactless" | "fallback" | "manual" | "code";

/** What a receipt says about the chip; byte strings as upper-case hexadecimal. */
export type ChipSummary = {
  readonly aid: string;
  readonly applicationLabel: string;
  readonly terminalVerificationResults: string;
  readonly transactionStatusInformation: string;
  readonly applicationTransactionCounter: string;
  /** The last application cryptogram and what it is. */
  readonly cryptogram: string;
  readonly cryptogramType: "ARQC" | "TC" | "AAC";
};

/** What is known when a transaction is opened. Nothing in it is secret: no track, no PIN, the PAN only as a token. */
export interface TransactionDetails {
  readonly type: TransactionType;
  /** Batch number, 1 to 999999. */
  readonly batch: number;
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217 letters, `"CNY"`. */
  readonly currency: string;
  readonly entryMode: EntryMode;
  /** First 6 and last 4 digits: `"622848******1117"`; absent of a code without a card behind it, as the next one. */
  readonly maskedPan?: string;
  /** From `Vault.protectPan`: 16 bytes. */
  readonly panToken?: Uint8Array;
  /** YYMM. */
  readonly expiry?: string;
  /** Three digits, `"001"`. */
  readonly panSequenceNumber?: string;
  /** Of a void, refund, completion, adjustment or tip. */
  readonly original?: OriginalTransaction;
  /** Part of `amount` that is a tip, minor units. */
  readonly tip?: number;
  /** Letters of the card scheme, or of the wallet, as the host names it in field 63 (`"CUP"`), for totals by scheme. */
  readonly scheme?: string;
  /** The wallet's number of a payment by code; of its refund too. */
  readonly order?: string;
  /** The host's number of a payment to the shop's own code, which is taken over: its customer has paid, so that it is never reversed. */
  readonly claim?: number;
  /** The cash register's number of the order. */
  readonly orderId?: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly startedAt: number;
  readonly operator: string;
}

/** What a flow opens a transaction with; the batch is the journal's. */
export type NewTransaction = Omit<TransactionDetails, "batch"> & { readonly batch?: number };

/** What becomes known on the way. */
export interface TransactionChanges {
  readonly pinEntered?: boolean;
  readonly responseCode?: string;
  readonly authorisationCode?: string;
  readonly referenceNumber?: string;
  /** MMDD of field 13. */
  readonly hostDate?: string;
  /** hhmmss of field 12. */
  readonly hostTime?: string;
  readonly issuer?: string;
  readonly acquirer?: string;
  readonly reversalReason?: ReversalReason;
  /** Field 55 as it was sent, BER-TLV: its reversal needs some of it. */
  readonly chipData?: Uint8Array;
  readonly chip?: ChipSummary;
  /** Field 55 of the notice that the issuer's scripts ran: owed to the host until it is `undefined`. */
  readonly scriptNotice?: Uint8Array | undefined;
  /** Who checked the holder in the host's place: the chip its PIN, or the holder's own device. */
  readonly verifiedBy?: "card" | "device";
  /** True when the holder has to sign. */
  readonly signature?: boolean;
  /** As above, where it becomes known with the answer alone. */
  readonly scheme?: string;
  /** Of a payment by code: as above, and the payer's account as the wallet masks it. */
  readonly order?: string;
  readonly payer?: string;
  /** What the acquirer said of a dispute, written down by a supervisor: its books have it, or they have it not. */
  readonly cleared?: "charged" | "notCharged";
  /** True once all copies of the receipt are on paper, where the state does not say so; of a dispute: its slip. */
  readonly printed?: boolean;
}

/** One transaction as the journal knows it. Frozen: `advance` gives the next one. */
export interface Transaction extends TransactionDetails, TransactionChanges {
  /** Unique in the life of a terminal, growing. */
  readonly id: number;
  /** System trace audit number, 1 to 999999. */
  readonly stan: number;
  readonly state: TransactionState;
}

/** The flash has no room for one more transaction before the others are settled; nothing was written. */
export class JournalFullError extends Error {
  override readonly name = "JournalFullError";
}

/** The journal as flows use it: each call of `Journal` as a promise, which is settled when the record is safely in flash. */
export interface JournalPort {
  hasRoom(): Promise<boolean>;
  room(): Promise<Room>;
  batch(): Promise<number>;
  totals(): Promise<readonly BatchTotal[]>;
  closeBatch(next?: number): Promise<number>;
  open(details: NewTransaction): Promise<Transaction>;
  advance(transaction: Transaction, state: TransactionState, changes?: TransactionChanges): Promise<Transaction>;
  note(transaction: Transaction, changes: TransactionChanges): Promise<Transaction>;
  inDoubt(): Promise<readonly Transaction[]>;
  owed(): Promise<readonly number[]>;
  find(matches: TransactionFilter, newest?: number): Promise<Transaction | undefined>;
  each(visit: (transaction: Transaction) => boolean | undefined, matches?: TransactionFilter): Promise<void>;
  last(states?: readonly TransactionState[]): Promise<Transaction | undefined>;
  unreadable(): Promise<number>;
  nextStan(): Promise<number>;
  unsaved(): Promise<number>;
  nextUnsaved(): Promise<UnsavedRecord | undefined>;
  saved(sequence: number): Promise<void>;
  restoring(): Promise<number | undefined>;
  putBack(transaction: RestoredTransaction): Promise<void>;
  restored(number: number | undefined): Promise<void>;
}

/** A transaction's newest record that the host keeps no copy of. */
export interface UnsavedRecord {
  /** Grows with every record of the journal. */
  readonly sequence: number;
  readonly transaction: Transaction;
}

/** A transaction of a terminal that this one replaces, with its batch. Its id is of no use here. */
export type RestoredTransaction = Omit<Transaction, "id">;

/** What a transaction is looked for by; all that is given must be so. */
export interface TransactionFilter {
  readonly id?: number;
  readonly stan?: number;
  readonly batch?: number;
  readonly types?: readonly TransactionType[];
  readonly states?: readonly TransactionState[];
  readonly authorisationCode?: string;
  readonly referenceNumber?: string;
  readonly maskedPan?: string;
  readonly panSequenceNumber?: string | undefined;
  readonly printed?: boolean;
  readonly orderId?: string;
  readonly order?: string;
}

/** How many more transactions the journal takes before its batch has to be closed. */
export interface Room {
  /** Transactions of the open batch that count. */
  readonly used: number;
  /** How many more fit at least, by the length that they have had so far. */
  readonly left: number;
  /** True from nine tenths on: it is time to settle. */
  readonly nearlyFull: boolean;
}

/** Transactions of the open batch of one type, state and card scheme; final ones that moved nothing are not counted. */
export interface BatchTotal {
  readonly type: TransactionType;
  readonly state: TransactionState;
  /** The first four letters of the scheme; empty where the host did not name it. */
  readonly scheme: string;
  readonly count: number;
  /** Minor units. */
  readonly amount: number;
}

/** The terminal's memory of money. Every call that writes returns after the record is safely in flash. */
export interface Journal {
  /** True while one more transaction can be opened and brought to its end. */
  hasRoom(): boolean;
  room(): Room;
  /** Number of the open batch, 1 to 999999: the journal's own. The parameters' counts before the first is closed. */
  batch(): number;
  /** Running totals of the open batch, kept up to date; nothing is read. */
  totals(): readonly BatchTotal[];
  /**
   * Closes the batch in one record: from then on its transactions are `settled`, and their room may be taken. Throws
   * `Error` while something in it is in doubt or owed.
   * @param next number of the next batch, where the host has another one than the number behind this one
   * @returns the number of the next batch
   */
  closeBatch(next?: number): number;
  /** Appends `opened` with the next STAN, in the open batch. Throws `JournalFullError`. */
  open(details: NewTransaction): Transaction;
  /**
   * Appends the next state of a transaction. Throws `Error` on a transition that states.ts does not have: a
   * programming error, nothing is written.
   */
  advance(transaction: Transaction, state: TransactionState, changes?: TransactionChanges): Transaction;
  /** Appends what became known of a transaction whose state stays as it is. */
  note(transaction: Transaction, changes: TransactionChanges): Transaction;
  /** Transactions whose money is not certain (states.ts, `inDoubt`), oldest first. */
  inDoubt(): readonly Transaction[];
  /**
   * Ids of the transactions that the host has still to be told of (states.ts, `owed`), or of their scripts, oldest first:
   * more of them than fit in memory at once.
   */
  owed(): readonly number[];
  /**
   * The newest transaction that fits.
   * @param newest looks at so many of the newest alone, without the history; absent: at all
   */
  find(matches: TransactionFilter, newest?: number): Transaction | undefined;
  /** The transaction opened last; of those in one of the states where some are given. */
  last(states?: readonly TransactionState[]): Transaction | undefined;
  /**
   * How many records were committed and cannot be read: those that changed in flash, and transactions that something is
   * still to be done for and that make no sense. Their money is known to nobody here.
   */
  unreadable(): number;
  /**
   * Those that fit, oldest first, read one at a time: what was there at the start, each as it is when it is met. The
   * journal may be written to meanwhile.
   */
  transactions(matches?: TransactionFilter): IterableIterator<Transaction>;
  /** Takes a STAN for a message that is no transaction (sign-in, echo); it is never given again in this batch. */
  nextStan(): number;
  /** How many transactions' newest records the host keeps no copy of. */
  unsaved(): number;
  /** The oldest of them. */
  nextUnsaved(): UnsavedRecord | undefined;
  /** The host keeps all up to this sequence. That reaches flash with the next counter or block, without a record of its own. */
  saved(sequence: number): void;
  /**
   * Where a restore goes on: the host's number behind which records are to be asked for. 0 in a journal that has never
   * held a transaction; undefined in one that is in use.
   */
  restoring(): number | undefined;
  /**
   * Appends a transaction of the terminal that this one replaces, under its own STAN. One that was put back before (a cut
   * came in between) is not put back again. The first one's batch becomes the open one.
   */
  putBack(transaction: RestoredTransaction): void;
  /** A restore has come so far; `undefined`: it is finished. */
  restored(number: number | undefined): void;
}
