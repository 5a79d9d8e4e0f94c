/** The acquirer host: takes a message, answers one. Synchronous and without sockets, so that runs repeat to the byte. */
import { allCards } from "../cards/cards.ts";
import type { CardDefinition } from "../cards/definition.ts";
import { allWallets, phoneCards } from "../cards/phone/definition.ts";
import { accountsOf } from "./accounts.ts";
import type { Changes } from "./books/changes.ts";
import { type Kept, restore } from "./books/restore.ts";
import { fromHex, hex, type RandomBytes } from "./bytes.ts";
import { type Fault, spoilBytes, spoilFields, spoilMac, strikes } from "./faults.ts";
import { Hsm, type KeyBlockFlaw } from "./hsm.ts";
import {
  decodeMessage,
  ENVELOPE_LENGTH,
  encodeMessage,
  type Fields,
  IsoFormatError,
  type Message,
  swapAddresses,
} from "./iso8583/codec.ts";
import { Ledger } from "./ledger.ts";
import { type LogEntry, maskFields } from "./log.ts";
import { maskPansIn } from "./mask.ts";
import { type Connection, News } from "./news.ts";
import { type AnswerFields, Bank, batchText, readField60, type TerminalState } from "./rules/bank.ts";
import { endOldOrders } from "./rules/code-payment.ts";
import { type ApplicationWish, isDownload, type KeyFlaw } from "./rules/downloads.ts";
import { answerExtension, fundsAfter, NEWS, SUBSCRIBE } from "./rules/extension.ts";
import { answerFinancial } from "./rules/financial.ts";
import { manageNetwork } from "./rules/network.ts";
import { packageOffer } from "./rules/packages.ts";
import { parameterSet } from "./rules/parameters.ts";
import { openFields, openKeys } from "./rules/protection.ts";
import { readRequest } from "./rules/request.ts";
import { answerReversal } from "./rules/reversal.ts";
import { answerScriptNotice, answerSettlement } from "./rules/settlement.ts";
import { answerBatchUpload } from "./rules/upload.ts";
import { readTerminals, type TerminalEntry } from "./terminals.ts";
import { HostCalendar } from "./time.ts";
import { Books } from "./views.ts";
import { type WalletDefinition, walletAccountsOf } from "./wallet/accounts.ts";
import { WalletDesk } from "./wallet/desk.ts";

/** Answer bytes without the two length bytes; undefined when the host stays silent. */
export type HostAnswer = Uint8Array | undefined;

/** What a host is made of. `clock` gives virtual milliseconds since `startDate` (ISO 8601, local time of the shop). */
export interface HostOptions {
  readonly clock: () => number;
  readonly startDate: string;
  readonly random: RandomBytes;
  /** Default: every card that ships, those in phones among them. */
  readonly cards?: Iterable<CardDefinition>;
  /** Default: those of every phone that ships. */
  readonly wallets?: Iterable<WalletDefinition>;
  /** Default: `terminals.yaml`. */
  readonly terminals?: readonly TerminalEntry[];
  /** Told of everything that must outlive the host. */
  readonly changes?: Changes;
  /** What outlived an earlier host. */
  readonly kept?: Kept;
  /** Requests that the log goes back; default: all. */
  readonly remembered?: number;
  readonly hsm?: Hsm;
}

/** An answer, and how much later than at once it is sent (milliseconds). */
export interface Exchange {
  readonly answer: HostAnswer;
  readonly late: number;
}

type Handler = (bank: Bank, terminal: TerminalState, message: Message, forced: string | undefined) => AnswerFields;

const financial: Handler = (bank, terminal, { mti, fields }, forced) =>
  answerFinancial(readRequest(bank, terminal, mti, fields), mti, forced);

const forcedOr =
  (handler: (bank: Bank, terminal: TerminalState, fields: Fields) => AnswerFields): Handler =>
  (bank, terminal, { fields }, forced) =>
    forced === undefined ? handler(bank, terminal, fields) : { 37: bank.nextReference(), 39: forced };

/** Fields as a message of the host is to say them instead. */
export type Rewrite = (mti: string, fields: Fields) => Fields;

/** A message and its bytes. */
interface Signed {
  readonly message: Message;
  readonly bytes: Uint8Array;
}

/** What each message type is: whether it needs session keys and a MAC, and who answers it. */
interface MessageType {
  readonly secured: boolean;
  readonly handle: Handler;
}

const messageTypes: Record<string, MessageType> = {
  "0100": { secured: true, handle: financial },
  "0200": { secured: true, handle: financial },
  "0220": { secured: true, handle: financial },
  "0320": { secured: true, handle: forcedOr(answerBatchUpload) },
  "0400": { secured: true, handle: forcedOr(answerReversal) },
  "0500": { secured: true, handle: forcedOr(answerSettlement) },
  "0600": { secured: true, handle: (bank, terminal, { fields }) => answerExtension(bank, terminal, fields) },
  "0620": { secured: true, handle: forcedOr(answerScriptNotice) },
  "0800": { secured: false, handle: (bank, terminal, { fields }) => manageNetwork(bank, terminal, fields) },
  "0820": { secured: false, handle: (bank, terminal, { fields }) => manageNetwork(bank, terminal, fields) },
};

/** Fields an answer repeats from its request. */
const REPEATED = [3, 4, 11, 25, 41, 42, 49, 60] as const;

const MAC_LENGTH = 8;
const UNKNOWN_TERMINAL = "97";
const UNKNOWN_MERCHANT = "03";
const NOT_SIGNED_IN = "77";
const WRONG_MAC = "A0";
const BAD_FORM = "30";
/** A terminal's answer to news. */
const CONFIRMATION = "0610";

/** The host with its books, security module, faults and log. */
export class AcquirerHost {
  /** Where phones come to. */
  readonly wallets: WalletDesk;
  readonly #bank: Bank;
  readonly #log: LogEntry[] = [];
  readonly #remembered: number;
  readonly #books: Books;
  readonly #news: News;
  #fault: Fault | undefined;
  #rewrite: Rewrite | undefined;
  #previous: HostAnswer;

  constructor(options: HostOptions) {
    const { changes, kept } = options;
    this.#remembered = options.remembered ?? Number.POSITIVE_INFINITY;
    const hsm = options.hsm ?? new Hsm(options.random);
    this.#bank = new Bank({
      hsm,
      ledger: new Ledger(changes && ((entry) => changes.entry(entry))),
      calendar: new HostCalendar(options.startDate, options.clock),
      random: options.random,
      accounts: accountsOf(options.cards ?? [...allCards().values(), ...phoneCards()], (pan, pin) =>
        hsm.pinOffset(pan, pin),
      ),
      wallets: walletAccountsOf(options.wallets ?? allWallets()),
      terminals: options.terminals ?? readTerminals(),
      keeper: changes,
      fundsChanged: (terminal) => this.#news.changed(terminal),
    });
    this.#news = new News((...news) => this.#composeNews(...news), options.clock);
    if (kept && kept.rows.entries.length > 0) restore(kept, this.#bank);
    this.#bank.open();
    this.#books = new Books(this.#bank);
    this.wallets = new WalletDesk(this.#bank, () => this.advance());
  }

  /** As `exchange`, for whoever does not wait for late answers. */
  receive(frame: Uint8Array, connection?: Connection): HostAnswer {
    return this.exchange(frame, connection).answer;
  }

  /**
   * Takes one message (without its two length bytes) that came on a connection. Bytes that are no message, or of no known
   * type, get no answer.
   */
  exchange(frame: Uint8Array, connection?: Connection): Exchange {
    this.#advance();
    const at = this.#bank.calendar.elapsed;
    let message: Message;
    try {
      message = decodeMessage(frame);
    } catch (error) {
      if (!(error instanceof IsoFormatError)) throw error;
      this.#log.push({ mti: "", processingCode: "", fields: {}, error: maskPansIn(error.message), at });
      return { answer: undefined, late: 0 };
    }
    const fault = this.#takeFault(message.mti);
    const signed = message.mti === CONFIRMATION ? this.#confirm(message, frame) : this.#answer(message, frame, fault);
    const answer = signed?.message;
    const silent = answer === undefined || fault?.silent === true;
    this.#remember(message, silent ? undefined : answer, at);
    if (answer?.fields[39] === "00" && connection) this.#subscribe(message, connection);
    const bytes = signed && spoilBytes(signed.bytes, fault ?? {});
    const sent = fault?.replay ? this.#previous : bytes;
    this.#previous = bytes ?? this.#previous;
    this.#news.flush();
    return { answer: silent ? undefined : sent, late: fault?.late ?? 0 };
  }

  #remember(message: Message, answer: Message | undefined, at: number): void {
    if (this.#remembered === 0) return;
    if (this.#log.length >= this.#remembered * 2) this.#log.splice(0, this.#log.length - this.#remembered);
    this.#log.push({
      mti: message.mti,
      processingCode: message.fields[3] ?? "",
      fields: maskFields(message.mti, message.fields),
      ...(answer && { answer: { mti: answer.mti, fields: maskFields(answer.mti, answer.fields) } }),
      at,
    });
  }

  /** A connection ended: nobody hears news on it any more. */
  gone(connection: Connection): void {
    this.#news.gone(connection);
  }

  /** Lets happen what is due by now (clearing runs), and says what is new. */
  advance(): void {
    this.#advance();
    this.#news.flush();
  }

  #advance(): void {
    this.#bank.funds.advance();
    endOldOrders(this.#bank);
  }

  /** When something happens by itself next, in virtual milliseconds. */
  nextDue(): number | undefined {
    return this.#bank.funds.nextDue();
  }

  /**
   * What a terminal (or, with an empty name, every terminal) may download.
   * @param sha256 what the host says of it; absent: the truth
   */
  offerParameters(terminal: string, version: string, bytes: Uint8Array, sha256?: Uint8Array): void {
    const set = parameterSet(version, bytes);
    this.#bank.parameters.set(terminal, sha256 === undefined ? set : { ...set, sha256 });
  }

  /** Adds a signed package to those that a terminal (with an empty name: every terminal) is given. Throws `RangeError` for what is none. */
  offerPackage(terminal: string, bytes: Uint8Array): void {
    const { packages } = this.#bank;
    packages.set(terminal, [...(packages.get(terminal) ?? []), packageOffer(bytes)]);
  }

  /** Gives that terminal no package any more. */
  withdrawPackages(terminal: string): void {
    this.#bank.packages.delete(terminal);
  }

  /** Hands out one of the payment systems' keys with a flaw from now on, or all of them good. */
  spoilKeys(flaw: KeyFlaw | undefined): void {
    this.#bank.downloads = { ...this.#bank.downloads, flaw };
  }

  /** What applications are to be from now on, over what all share. */
  wishApplications(wishes: readonly ApplicationWish[]): void {
    this.#bank.downloads = { ...this.#bank.downloads, wishes };
  }

  /**
   * Holds the money of a payment (its newest one where the STAN is left out) as disputed, or lets go of what is held; false
   * where there is nothing to hold or it is too late.
   */
  dispute(terminal: string, stan: string | undefined, hold = true): boolean {
    const record = this.#bank.book
      .records()
      .reverse()
      .find((item) => item.terminal === terminal && item.state === "approved" && (stan ?? item.stan) === item.stan);
    if (!record) return false;
    const done = hold ? this.#bank.hold(record, "disputed") : this.#bank.funds.release(record);
    this.#news.flush();
    return done;
  }

  /** Makes the next answer wrong; takes effect on the next message that it is for. */
  fault(next: Fault): void {
    if (next.restart) this.#bank.hsm.endAllSessions();
    this.#fault = next;
  }

  /** Has every message of the host say something else; its MAC is right for it. */
  rewrite(rewrite: Rewrite): void {
    this.#rewrite = rewrite;
  }

  /** Has the next news get lost on their way to their terminal. */
  losePush(): void {
    this.#news.loseNext();
  }

  /** Takes back a fault that has not happened yet. */
  normal(): void {
    this.#fault = undefined;
  }

  /** What was asked and answered so far, masked. */
  log(): readonly LogEntry[] {
    return this.#log;
  }

  /** Opens the accounts of a card that was issued after the books were opened. */
  issue(card: CardDefinition): void {
    this.#bank.issue(accountsOf([card], (pan, pin) => this.#bank.hsm.pinOffset(pan, pin)));
  }

  /** The books: accounts, shops, transactions, movements of money. */
  get ledger(): Books {
    return this.#books;
  }

  #takeFault(mti: string): Fault | undefined {
    const fault = this.#fault;
    if (!fault || !strikes(fault, mti)) return undefined;
    this.#fault = undefined;
    return fault;
  }

  #answer(message: Message, frame: Uint8Array, fault: Fault | undefined): Signed | undefined {
    const type = messageTypes[message.mti];
    if (!type) return undefined;
    const repeated = Object.fromEntries(REPEATED.map((number) => [number, message.fields[number]]));
    const forced = fault?.respond === "00" ? undefined : fault?.respond;
    const terminal = this.#bank.terminal(message.fields[41] ?? "");
    const objection = this.#object(
      message,
      frame,
      terminal,
      type.secured || isDownload(readField60(message.fields).code),
    );
    const own = objection === undefined ? this.#handle(type, terminal!, message, forced) : { 39: objection };
    const mti = answerType(message.mti);
    const answer: Message = {
      tpdu: swapAddresses(message.tpdu),
      header: message.header,
      mti,
      fields: this.#said(mti, spoilFields({ ...repeated, ...own }, fault ?? {})),
    };
    const signs = message.fields[64] !== undefined && terminal !== undefined;
    return signs
      ? this.#sign(answer, terminal.entry.terminal, fault)
      : { message: answer, bytes: encodeMessage(answer) };
  }

  #said(mti: string, fields: Fields): Fields {
    return this.#rewrite === undefined ? fields : this.#rewrite(mti, fields);
  }

  /** What the rules say of a message, whose tracks and PIN block are opened for them. */
  #handle(type: MessageType, terminal: TerminalState, message: Message, forced: string | undefined): AnswerFields {
    const fields = openFields(this.#bank.hsm, terminal.entry.terminal, message.fields);
    return fields === undefined ? { 39: BAD_FORM } : type.handle(this.#bank, terminal, { ...message, fields }, forced);
  }

  /** How a terminal computes field 64, where it is not as usual for its keys. */
  expectMac(terminal: string, method: string): void {
    this.#bank.hsm.expectMac(terminal, method);
  }

  /** What a key loading device brings to a terminal with DUKPT. */
  initialKeys(kind: "tdes" | "aes", terminal: string): ReturnType<Hsm["initialKeys"]> {
    return this.#bank.hsm.initialKeys(kind, terminal);
  }

  /** A terminal's master key as a key loading device brings it. */
  masterKeyBlock(terminal: string, flaw: KeyBlockFlaw | undefined): string {
    return this.#bank.hsm.masterKeyBlock(terminal, flaw);
  }

  /** Who is asking, is it signed in, is its MAC right? */
  #object(
    message: Message,
    frame: Uint8Array,
    terminal: TerminalState | undefined,
    secured: boolean,
  ): string | undefined {
    if (!terminal) return UNKNOWN_TERMINAL;
    if (message.fields[42] !== terminal.entry.merchant) return UNKNOWN_MERCHANT;
    if (!secured) return undefined;
    if (!openKeys(this.#bank.hsm, terminal.entry.terminal, message.fields)) return WRONG_MAC;
    const expected = this.#bank.hsm.mac(terminal.entry.terminal, frame.subarray(ENVELOPE_LENGTH, -MAC_LENGTH));
    if (expected === undefined) return NOT_SIGNED_IN;
    return message.fields[64] === expected ? undefined : WRONG_MAC;
  }

  /** Takes a terminal's word that it heard the news; nothing is said to it. */
  #confirm(message: Message, frame: Uint8Array): undefined {
    const terminal = this.#bank.terminal(message.fields[41] ?? "");
    const confirmed = message.fields[39] === "00" && this.#object(message, frame, terminal, true) === undefined;
    if (confirmed) this.#news.confirmed(terminal!.entry.terminal, message.fields[11] ?? "");
  }

  #subscribe({ mti, fields, tpdu, header }: Message, connection: Connection): void {
    if (mti !== "0600" || readField60(fields).code !== SUBSCRIBE) return;
    this.#news.subscribe(fields[41]!, connection, { tpdu: swapAddresses(tpdu), header });
  }

  /** News of the funds for a terminal; nothing while there are none, or no key to sign them. */
  #composeNews(
    name: string,
    envelope: { readonly tpdu: string; readonly header: string },
    stan: string,
    known: number,
  ): { message: Uint8Array; last: number } | undefined {
    const terminal = this.#bank.terminal(name);
    const isNew =
      this.#bank.funds.after(name, known).length > 0 || this.#bank.shopPayments.unclaimed(name, known).length > 0;
    if (!terminal || !isNew) return undefined;
    const { data, last } = fundsAfter(this.#bank, name, known);
    const identity = { 11: stan, 41: name, 42: terminal.entry.merchant };
    const fields = this.#said("0600", { ...identity, 60: `00${batchText(terminal.batch)}${NEWS}`, 62: hex(data) });
    const { message, bytes } = this.#sign({ ...envelope, mti: "0600", fields }, name, undefined);
    return message.fields[64] === undefined ? undefined : { message: bytes, last };
  }

  /** The answer with its MAC, or as it is where there is no key for one. */
  #sign(answer: Message, terminal: string, fault: Fault | undefined): Signed {
    const withRoom = { ...answer, fields: { ...answer.fields, 64: "00".repeat(MAC_LENGTH) } };
    const bytes = encodeMessage(withRoom);
    const mac = this.#bank.hsm.mac(terminal, bytes.subarray(ENVELOPE_LENGTH, -MAC_LENGTH), "answer");
    if (mac === undefined) return { message: answer, bytes: encodeMessage(answer) };
    const field64 = fault?.badMac ? spoilMac(mac) : mac;
    bytes.set(fromHex(field64), bytes.length - MAC_LENGTH);
    return { message: { ...withRoom, fields: { ...withRoom.fields, 64: field64 } }, bytes };
  }
}

/** The type that answers a type: its third digit one up. */
function answerType(mti: string): string {
  return mti.slice(0, 2) + String(Number(mti[2]) + 1) + mti.slice(3);
}
