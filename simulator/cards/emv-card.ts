/** A chip card: one transport, one command table, the applications of its file (EMV 4.3 Books 1 to 3). */
import { concat, equal, fromHex, hex, type RandomBytes } from "../acquirer/bytes.ts";
import { pinBlockFormat2 } from "../acquirer/issuer/script.ts";
import { tlv } from "../acquirer/tlv.ts";
import { type Command, parseCommand, type Reply, refuse, reply, replyBytes, status } from "./apdu.ts";
import { signedDynamicData } from "./certificates.ts";
import type { CardDefinition } from "./definition.ts";
import { DIRECTORY_FILE, directoryRecord, type PartialSearch, select } from "./directory.ts";
import { type Application, personalise } from "./personalise.ts";
import { isScriptCommand, runScript, type Scriptable } from "./scripts.ts";
import { CardTransaction, type CryptogramKind, type FirstAnswer } from "./transaction.ts";

/** The card's answer and how long it thinks; undefined when it says nothing at all. */
export type CardAnswer = { readonly bytes: Uint8Array; readonly afterMs?: number } | undefined;

/** How a chip is reached: T=0 over contacts, whole APDUs over the air. */
export type ChipInterface = "contact" | "contactless";

/** EMV Book 1, 8.3: T=0, no programming voltage, extra guard time 0; the historical bytes say `XSPOS`. */
const ANSWER_TO_RESET = "3B65000058 53504F53";
const PIN_TRIES = 3;
const FIRST_COUNTER = 0x0040;
const LAST_COUNTER = 0xffff;

/** Milliseconds a command takes, by instruction; others take a little. */
const thinkingTime: Record<number, number> = { 164: 12, 168: 15, 174: 45, 136: 80, 130: 20 };
const SHORT_THINKING = 4;

/** Counters and data that outlive a transaction, of one application. */
interface Memory {
  counter: number;
  lastOnlineCounter: number;
  blocked: boolean;
  readonly data: Map<string, Uint8Array>;
}

type Handler = (command: Command) => Reply;

/** An EMV card. `reset` before the first command; commands and answers are bytes. */
export class EmvCard implements Scriptable {
  readonly name: string;
  readonly atr = fromHex(ANSWER_TO_RESET);
  readonly interfaces: readonly ChipInterface[];
  readonly #definition: CardDefinition;
  readonly #random: RandomBytes;
  readonly #applications: readonly Application[];
  readonly #memories: ReadonlyMap<Application, Memory>;
  readonly #handlers: Record<string, Handler>;
  #pinTriesLeft: number;
  #cardBlocked = false;
  #answered = 0;
  #over: ChipInterface = "contact";
  #selected: Application | undefined;
  #directoryOpen = false;
  #search: PartialSearch | undefined;
  #transaction: CardTransaction | undefined;
  #pending = new Uint8Array(0);

  constructor(definition: CardDefinition, random: RandomBytes) {
    this.name = definition.name;
    this.interfaces = definition.interfaces.filter((way): way is ChipInterface => way !== "stripe");
    this.#definition = definition;
    this.#random = random;
    this.#applications = personalise(definition);
    this.#memories = new Map(
      this.#applications.map((application) => [
        application,
        { counter: FIRST_COUNTER, lastOnlineCounter: FIRST_COUNTER, blocked: false, data: new Map() },
      ]),
    );
    this.#pinTriesLeft = definition.behaviour.pinTriesLeft ?? PIN_TRIES;
    this.#handlers = {
      "00A4": (command) => this.#select(command),
      "00B2": (command) => this.#readRecord(command),
      "80A8": (command) => this.#getProcessingOptions(command),
      "80AE": (command) => this.#generateCryptogram(command),
      "80CA": (command) => this.#getData(command),
      "0020": (command) => this.#verify(command),
      "0082": (command) => this.#externalAuthenticate(command),
      "0084": () => reply(this.#random.bytes(8)),
      "0088": (command) => this.#internalAuthenticate(command),
    };
  }

  /** Power and reset: forgets the selection, keeps counters. */
  reset(over: ChipInterface = this.interfaces[0] ?? "contact"): void {
    this.#over = over;
    this.#answered = 0;
    this.#selected = undefined;
    this.#directoryOpen = false;
    this.#search = undefined;
    this.#transaction = undefined;
    this.#pending = new Uint8Array(0);
  }

  /** One command, one answer. Over contacts, answers to commands with data wait for GET RESPONSE (T=0). */
  transmit(apdu: Uint8Array): CardAnswer {
    const { silentAfter } = this.#definition.behaviour;
    if (silentAfter !== undefined && this.#answered >= silentAfter) return undefined;
    this.#answered += 1;
    const command = parseCommand(apdu);
    if (!command) return { bytes: replyBytes(refuse(status.wrongLength)), afterMs: SHORT_THINKING };
    const afterMs = thinkingTime[command.instruction] ?? SHORT_THINKING;
    const bytes = this.#over === "contact" ? this.#overContacts(command) : replyBytes(this.#run(command));
    return { bytes, afterMs };
  }

  unblockPin(): void {
    this.#pinTriesLeft = PIN_TRIES;
  }

  blockApplication(): void {
    if (this.#selected) this.#memory(this.#selected).blocked = true;
  }

  unblockApplication(): void {
    if (this.#selected) this.#memory(this.#selected).blocked = false;
  }

  blockCard(): void {
    this.#cardBlocked = true;
  }

  putData(tag: string, value: Uint8Array): void {
    if (this.#selected) this.#memory(this.#selected).data.set(tag, value);
  }

  #memory(application: Application): Memory {
    return this.#memories.get(application)!;
  }

  /** ISO/IEC 7816-3, 10.3.3: 61xx announces data, 6Cxx corrects Le. */
  #overContacts(command: Command): Uint8Array {
    if (command.class === 0x00 && command.instruction === 0xc0) return this.#getResponse(command);
    const { data, status: word } = this.#run(command);
    this.#pending = new Uint8Array(0);
    if (data.length === 0) return replyBytes({ data, status: word });
    if (command.data.length === 0 && command.expected === data.length) return replyBytes({ data, status: word });
    if (command.data.length === 0) return Uint8Array.of(0x6c, data.length & 0xff);
    this.#pending = Uint8Array.from(data);
    return Uint8Array.of(0x61, data.length & 0xff);
  }

  #getResponse(command: Command): Uint8Array {
    const waiting = this.#pending;
    const wanted = command.expected === 0 ? 256 : (command.expected ?? 0);
    if (waiting.length === 0) return replyBytes(refuse(status.conditions));
    if (wanted > waiting.length && command.expected !== 0) return Uint8Array.of(0x6c, waiting.length & 0xff);
    const data = waiting.slice(0, wanted);
    this.#pending = waiting.slice(wanted);
    return this.#pending.length === 0
      ? replyBytes(reply(data))
      : concat(data, Uint8Array.of(0x61, this.#pending.length));
  }

  #run(command: Command): Reply {
    if (this.#cardBlocked) return refuse(status.functionUnsupported);
    if (isScriptCommand(command)) return runScript(command, this.#scriptContext(), this);
    const handler = this.#handlers[hex(Uint8Array.of(command.class, command.instruction))];
    if (handler) return handler(command);
    const known = [0x00, 0x80, 0x84, 0x04].includes(command.class);
    return refuse(known ? status.unknownInstruction : status.unknownClass);
  }

  #scriptContext() {
    const transaction = this.#transaction;
    if (!transaction?.arqc) return undefined;
    const { version, keys } = transaction.application;
    return { version, keys, atc: transaction.atc, arqc: transaction.arqc };
  }

  #select(command: Command): Reply {
    const found = select(command, this.#applications, this.#over === "contactless", this.#search);
    this.#search = found.search;
    const { selection } = found;
    if (selection.kind === "none") return selection.reply;
    this.#transaction = undefined;
    this.#directoryOpen = selection.kind === "environment" && this.#over === "contact";
    this.#selected = selection.kind === "application" ? selection.application : undefined;
    const blocked = this.#selected !== undefined && this.#memory(this.#selected).blocked;
    return blocked ? { ...selection.reply, status: 0x6283 } : selection.reply;
  }

  #readRecord(command: Command): Reply {
    if ((command.parameter2 & 0x07) !== 0x04 || command.parameter1 === 0) return refuse(status.badParameters);
    const file = command.parameter2 >> 3;
    if (this.#directoryOpen) {
      if (file !== DIRECTORY_FILE) return refuse(status.fileNotFound);
      const entry = directoryRecord(this.#applications, command.parameter1);
      return entry ? reply(entry) : refuse(status.recordNotFound);
    }
    if (!this.#transaction) return refuse(status.conditions);
    const { records } = this.#transaction.application;
    if (!records.has(`${file}.1`)) return refuse(status.fileNotFound);
    const record = records.get(`${file}.${command.parameter1}`);
    return record ? reply(record) : refuse(status.recordNotFound);
  }

  get #firstAnswer(): FirstAnswer {
    return this.#definition.behaviour.firstAnswer ?? "asTheIssuerWishes";
  }

  #getProcessingOptions(command: Command): Reply {
    const application = this.#selected;
    if (!application || this.#transaction || this.#memory(application).blocked) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    const { data } = command;
    if (data[0] !== 0x83 || data[1] !== data.length - 2) return refuse(status.badData);
    const memory = this.#memory(application);
    if (memory.counter >= LAST_COUNTER) return refuse(status.conditions);
    memory.counter += 1;
    const transaction = new CardTransaction(application, memory.counter);
    const answer = transaction.initiate(data.slice(2), this.#firstAnswer);
    if (!answer) return refuse(status.wrongLength);
    this.#transaction = transaction;
    return answer;
  }

  #generateCryptogram(command: Command): Reply {
    const transaction = this.#transaction;
    if (!transaction) return refuse(status.conditions);
    const kinds: Record<number, CryptogramKind> = { 0: "AAC", 64: "TC", 128: "ARQC" };
    const kind = kinds[command.parameter1 & 0xc0];
    if (!kind || command.parameter2 !== 0) return refuse(status.badParameters);
    const answer = transaction.generate(kind, command.data, this.#firstAnswer);
    if (transaction.issuerAuthentic)
      this.#memory(transaction.application).lastOnlineCounter = this.#counter(transaction);
    return answer;
  }

  #counter(transaction: CardTransaction): number {
    return (transaction.atc[0]! << 8) | transaction.atc[1]!;
  }

  #getData(command: Command): Reply {
    const application = this.#selected;
    if (!application) return refuse(status.conditions);
    const memory = this.#memory(application);
    const tag = hex(Uint8Array.of(command.parameter1, command.parameter2));
    const twoBytes = (value: number) => Uint8Array.of(value >> 8, value & 0xff);
    const counters: Record<string, Uint8Array> = {
      "9F36": twoBytes(memory.counter),
      "9F13": twoBytes(memory.lastOnlineCounter),
      "9F17": Uint8Array.of(this.#pinTriesLeft),
    };
    const value = counters[tag] ?? memory.data.get(tag);
    return value ? reply(tlv(tag, value)) : refuse(status.dataNotFound);
  }

  /** Plaintext offline PIN, ISO 9564 format 2 (Book 3, 6.5.12). */
  #verify(command: Command): Reply {
    const transaction = this.#transaction;
    if (!transaction) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0x80) return refuse(status.badParameters);
    if (command.data.length !== 8) return refuse(status.wrongLength);
    if (this.#pinTriesLeft === 0) return refuse(status.blocked);
    const right = equal(command.data, pinBlockFormat2(transaction.application.definition.account.pin));
    transaction.pinVerified(right);
    this.#pinTriesLeft = right ? PIN_TRIES : this.#pinTriesLeft - 1;
    return right ? reply() : refuse(0x63c0 | this.#pinTriesLeft);
  }

  #externalAuthenticate(command: Command): Reply {
    if (!this.#transaction) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    return this.#transaction.authenticateIssuer(command.data);
  }

  /** Dynamic data authentication over the terminal's unpredictable number (Book 3, 6.5.9). */
  #internalAuthenticate(command: Command): Reply {
    const application = this.#transaction?.application;
    if (!application || (application.interchangeProfile[0]! & 0x20) === 0) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    if (command.data.length !== 4) return refuse(status.wrongLength);
    const signed = signedDynamicData(this.#random.bytes(8), command.data);
    return reply(application.profile.format === 1 ? tlv("80", signed) : tlv("77", tlv("9F4B", signed)));
  }
}
