import { createHash } from "node:crypto";
import { Changes } from "../acquirer/books/changes.ts";
import { hex } from "../acquirer/bytes.ts";
import { virtualHostCertificates } from "../acquirer/certificates/virtual.ts";
import type { Fault } from "../acquirer/faults.ts";
import { AcquirerHost, type Rewrite } from "../acquirer/host.ts";
import type { KeyBlockFlaw } from "../acquirer/hsm.ts";
import { FEES } from "../acquirer/ledger.ts";
import type { Connection } from "../acquirer/news.ts";
import { toCbor } from "../acquirer/private-cbor.ts";
import { KEY_FLAWS } from "../acquirer/rules/downloads.ts";
import { FrameReader, frameMessage } from "../acquirer/tcp.ts";
import { readTerminals } from "../acquirer/terminals.ts";
import type { WalletDesk } from "../acquirer/wallet/desk.ts";
import type { CardDefinition } from "../cards/definition.ts";
import type { Board } from "../io/board.ts";
import { booksWith, type KeptWorld, keptBooks } from "../profile/kept-world.ts";
import type { HostFault } from "../scenario/stage.ts";
import { makePackage } from "../update/make-package.ts";
import type { HostPayment, OpenPayments } from "./audit.ts";
import type { HostFees } from "./fee-audit.ts";
import type { Cancellable } from "./kernel.ts";
import type { VirtualNetwork, VirtualServer } from "./network.ts";
import { SeededRandom } from "./random.ts";

/** How long the host thinks about a message, in virtual milliseconds. */
const THINKING = 250;
/** Less than any two moments are apart: kept books have whole milliseconds, and sums of parts may fall short of one. */
const LEAST_TIME = 1e-6;
/** China has one time: eight hours ahead of UTC. */
const CHINA = 8 * 3_600_000;

export type Direction = "request" | "response";

/** The acquirer's host in the virtual world: reached over the virtual network, its books open to scenarios. */
export class Bank {
  readonly cardRandom: SeededRandom;
  /** Called when the host has done something. */
  readonly onWork: (() => void)[] = [];
  readonly #host: AcquirerHost;
  readonly #board: Board;
  readonly #network: VirtualNetwork;
  readonly #terminal: string;
  readonly #parameters: Readonly<Record<string, unknown>>;
  readonly #listeners: ((direction: Direction, bytes: Uint8Array) => void)[] = [];
  /** Milliseconds of the host's clock before this world began. */
  readonly #before: number;
  readonly #changes = new Changes();
  #books: KeptWorld["books"] | undefined;
  #wake: { readonly at: number; readonly call: Cancellable } | undefined;

  constructor(options: {
    readonly board: Board;
    readonly network: VirtualNetwork;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly seed: number;
    /** What was kept of an earlier world; absent: nothing is to be kept of this one. */
    readonly kept?: { readonly elapsed: number; readonly books: KeptWorld["books"] };
  }) {
    this.#board = options.board;
    this.#network = options.network;
    this.#terminal = String(options.parameters.terminalId);
    this.#parameters = options.parameters;
    this.cardRandom = new SeededRandom(options.seed, "cards");
    const { world, startWall } = options.board;
    const { kept } = options;
    this.#before = kept?.elapsed ?? 0;
    this.#books = kept?.books;
    this.#host = new AcquirerHost({
      clock: kept === undefined ? () => world.now : () => this.#before + Math.floor(world.now + LEAST_TIME),
      startDate: new Date(startWall - this.#before + CHINA).toISOString().slice(0, 19),
      random: new SeededRandom(options.seed, "host"),
      ...(kept === undefined ? {} : { changes: this.#changes, kept: keptBooks(kept.books) }),
    });
    if (kept !== undefined) this.#watchTheClock();
    const parameters = parametersBytes(options.parameters);
    this.#host.offerParameters(this.#terminal, hex(parameters.sha256).slice(0, 8), parameters.bytes);
    const { macMethod } = options.parameters;
    if (macMethod !== undefined) this.#host.expectMac(this.#terminal, String(macMethod));
    options.network.serve(Number(options.parameters.hostPort), this.#server());
    const { secondHostPort } = options.parameters;
    if (secondHostPort !== undefined) options.network.serve(Number(secondHostPort), this.#server());
  }

  /** The host itself, for a server on real sockets: one message in, its answer or none out. */
  receive(message: Uint8Array, connection?: Connection): Uint8Array | undefined {
    const answer = this.#host.receive(message, connection);
    this.#watchTheClock();
    return answer;
  }

  /** A connection on which the host may have had news to say has ended. */
  gone(connection: Connection): void {
    this.#host.gone(connection);
  }

  /** Calls the listener with every message the terminal sent and every answer it was sent. */
  onTraffic(listener: (direction: Direction, bytes: Uint8Array) => void): void {
    this.#listeners.push(listener);
  }

  /** Opens the accounts of another card than those that ship. */
  issue(card: CardDefinition): void {
    this.#host.issue(card);
  }

  /** What a key loader leaves in the terminal's secure storage, by name: TEST keys for the terminal's key scheme. */
  loadedKeys(scheme: unknown): ReadonlyMap<string, Uint8Array> {
    if (scheme !== "dukpt-tdes" && scheme !== "dukpt-aes")
      return new Map([["terminalMasterKey", this.terminalMasterKey()]]);
    const { transportKey, block } = this.#host.initialKeys(scheme === "dukpt-aes" ? "aes" : "tdes", this.#terminal);
    return new Map([
      ["transportKey", transportKey],
      ["keyBlocks", Uint8Array.from(Buffer.from(block, "latin1"))],
    ]);
  }

  /** What a key loader leaves where the keys themselves come later: the TEST transport key. */
  transportKey(): Uint8Array {
    return this.#host.initialKeys("tdes", this.#terminal).transportKey;
  }

  /** The terminal's master key as a key block. */
  masterKeyBlock(flaw: KeyBlockFlaw | undefined): string {
    return this.#host.masterKeyBlock(this.#terminal, flaw);
  }

  /** The TEST key that a key loader would have put into the terminal. */
  terminalMasterKey(): Uint8Array {
    const terminals = readTerminals();
    const entry = terminals.find(({ terminal }) => terminal === this.#terminal) ?? terminals[0];
    if (entry === undefined) throw new Error("the host knows no terminal");
    return entry.masterKey;
  }

  // --- what a scenario asks for

  fault(fault: HostFault): void {
    const { dispute, resolve, offer, digest, keys, applications, package: wish, losePush, ...others } = fault;
    if (losePush === true) this.#host.losePush();
    if (typeof offer === "string") this.#offer(offer, digest !== "wrong");
    if (typeof wish === "string") this.offerPackage(wish === "none" ? undefined : makePackage(JSON.parse(wish)));
    if (typeof applications === "string") this.#host.wishApplications(JSON.parse(applications));
    if (keys !== undefined) this.#host.spoilKeys(KEY_FLAWS.find((flaw) => flaw === keys));
    if (dispute !== undefined) this.#dispute(dispute, true);
    if (resolve !== undefined) this.#dispute(resolve, false);
    if (Object.keys(others).length > 0) this.#host.fault(others as Fault);
    if (fault.restart === true) this.#network.breakConnections();
  }

  /** A signed package that the terminal is given when it asks; undefined: none any more. */
  offerPackage(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#host.withdrawPackages(this.#terminal);
    else this.#host.offerPackage(this.#terminal, bytes);
  }

  normal(): void {
    this.#host.normal();
  }

  debited(card: string): number {
    return this.#account(card).debited;
  }

  balance(card: string): number {
    return this.#account(card).balance;
  }

  approved(): { readonly count: number; readonly total: number } {
    return this.#host.ledger.merchant().approved;
  }

  /** The wallet service, as phones reach it. */
  get desk(): WalletDesk {
    return this.#host.wallets;
  }

  /** Has the host say something else than it means, under a MAC that is right. */
  rewrite(rewrite: Rewrite): void {
    this.#host.rewrite(rewrite);
  }

  // --- what is seen of it

  log(): readonly object[] {
    return this.#host.log();
  }

  books(): { readonly accounts: object; readonly wallets: object; readonly merchant: object } {
    const { ledger } = this.#host;
    return { accounts: ledger.accounts(), wallets: ledger.wallets(), merchant: ledger.merchant() };
  }

  /** Every transaction that the host has booked, for the audit; what moves no money is none. */
  payments(): HostPayment[] {
    return this.#host.ledger
      .transactions()
      .filter(({ kind }) => kind !== "balance")
      .map(({ stan, amount, state }) => ({ stan, amount, state }));
  }

  /** Payments by code that are not in the host's book. */
  openPayments(): OpenPayments {
    return this.#host.ledger.open(this.#terminal);
  }

  /** What each account of the ledger holds, by currency, in minor units; those where nothing ever moved are not told. */
  balances(): { readonly account: string; readonly currency: string; readonly balance: number }[] {
    const { ledger } = this.#host;
    const moved = new Set(
      ledger.entries().flatMap(({ kind, legs }) => (kind === "opening" ? [] : legs.map(({ account }) => account))),
    );
    return [...ledger.balances()].flatMap(([account, currencies]) =>
      moved.has(account) ? [...currencies].map(([currency, balance]) => ({ account, currency, balance })) : [],
    );
  }

  /** What the terminal's payments cost its shop, for the audit. */
  fees(): HostFees {
    const { ledger } = this.#host;
    const charged = new Map<string, number>();
    for (const { kind, reference, legs } of ledger.entries()) {
      const [terminal, batch] = reference.split("/");
      if (kind !== "settlement" || terminal !== this.#terminal || batch === undefined) continue;
      const fees = legs.filter(({ account }) => account === FEES).reduce((sum, { amount }) => sum + amount, 0);
      charged.set(batch, (charged.get(batch) ?? 0) + fees);
    }
    return { payments: ledger.charges(this.#terminal), charged, items: ledger.funds(this.#terminal) };
  }

  /** The books as they are to be kept; of a bank that was made for it. */
  keptBooks(): KeptWorld["books"] {
    if (this.#books === undefined) throw new Error("nothing of this bank is kept");
    this.#books = booksWith(this.#books, this.#changes.take());
    return this.#books;
  }

  /** For the page: what the merchant received, and the accounts that moved. */
  summary(): { readonly merchant: string; readonly accounts: readonly { card: string; balance: string }[] } {
    const { ledger } = this.#host;
    const moved = Object.entries({ ...ledger.accounts(), ...ledger.wallets() }).filter(
      ([, account]) => account.debited !== 0,
    );
    return {
      merchant: decimal(this.#host.ledger.merchant().balance),
      accounts: moved.map(([card, { balance }]) => ({ card, balance: decimal(balance) })),
    };
  }

  #account(card: string) {
    const account = this.#host.ledger.accounts()[card] ?? this.#host.ledger.wallets()[card];
    if (account === undefined) throw new Error(`the host has no account for ${card}`);
    return account;
  }

  /** Answers every message of the stream after a while; a stream that is none ends the connection. */
  #server(): VirtualServer {
    return {
      certificates: virtualHostCertificates(),
      accept: (send, hangUp) => {
        const reader = new FrameReader();
        const connection: Connection = {
          send: (message) => {
            this.#tell("response", message);
            send(frameMessage(message));
          },
        };
        return {
          receive: (bytes) => {
            try {
              for (const message of reader.take(bytes)) this.#answer(message, connection);
            } catch (error) {
              if (!(error instanceof RangeError)) throw error;
              hangUp();
            }
          },
          closed: () => this.#host.gone(connection),
        };
      },
    };
  }

  #answer(message: Uint8Array, connection: Connection): void {
    this.#tell("request", message);
    const { world } = this.#board;
    world.after(THINKING, () => {
      const { answer, late } = this.#host.exchange(message, connection);
      this.#watchTheClock();
      for (const listener of this.onWork) listener();
      if (answer === undefined) return;
      if (late > 0) world.after(late, () => connection.send(answer));
      else connection.send(answer);
    });
  }

  /** The host acts by itself when its clearing runs are due: the world wakes it then. */
  #watchTheClock(): void {
    const { world } = this.#board;
    const at = this.#host.nextDue();
    if (at === this.#wake?.at) return;
    this.#wake?.call.cancel();
    this.#wake =
      at === undefined ? undefined : { at, call: world.after(at - this.#before - world.now, () => this.#awake()) };
  }

  #awake(): void {
    this.#wake = undefined;
    this.#host.advance();
    this.#watchTheClock();
  }

  /** Parameters over the ones that the terminal was made with, to be downloaded; or with a digest of other bytes. */
  #offer(changes: string, isWhole: boolean): void {
    const { bytes, sha256 } = parametersBytes({ ...this.#parameters, ...JSON.parse(changes) });
    const digest = isWhole ? sha256 : new Uint8Array(sha256.length);
    this.#host.offerParameters(this.#terminal, hex(sha256).slice(0, 8), bytes, digest);
  }

  /** `last`, or the STAN of a payment whose money is to be held, or let go. */
  #dispute(which: string | number | boolean, hold: boolean): void {
    const stan = which === "last" ? undefined : String(which).padStart(6, "0");
    if (!this.#host.dispute(this.#terminal, stan, hold)) throw new Error(`the host has nothing to hold or let go`);
    this.#watchTheClock();
  }

  #tell(direction: Direction, bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener(direction, bytes);
  }
}

/** The parameters as a terminal downloads them: their CBOR map, and its digest. */
function parametersBytes(parameters: Readonly<Record<string, unknown>>) {
  const bytes = toCbor(parameters);
  return { bytes, sha256: new Uint8Array(createHash("sha256").update(bytes).digest()) };
}

function decimal(minor: number): string {
  return (minor / 100).toFixed(2);
}
