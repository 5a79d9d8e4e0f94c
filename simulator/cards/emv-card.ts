/** A chip card: one transport, one command table, the applications of its file (EMV 4.3 Books 1 to 3). */
import { fromHex, hex, type RandomBytes } from "../acquirer/bytes.ts";
import { tlv } from "../acquirer/tlv.ts";
import { type Command, isShaped, parseCommand, type Reply, refuse, reply, replyBytes, status } from "./apdu.ts";
import type { CardDefinition } from "./definition.ts";
import { Dialogue } from "./dialogue.ts";
import { DIRECTORY_FILE, directoryRecord, type PartialSearch, select } from "./directory.ts";
import type { KeptCard } from "./kept-card.ts";
import { OfflinePin } from "./offline-pin.ts";
import { type Application, personalise } from "./personalise.ts";
import { isScriptCommand, runScript, type Scriptable } from "./scripts.ts";
import { dynamicSignature } from "./signatures.ts";
import { T0Transport } from "./t0.ts";
import { type CardCircumstances, CardTransaction, type CryptogramKind } from "./transaction.ts";

/** The card's answer and how long it thinks; undefined when it says nothing at all. */
export type CardAnswer = { readonly bytes: Uint8Array; readonly afterMs?: number } | undefined;

/** How a chip is reached: T=0 over contacts, whole APDUs over the air. */
export type ChipInterface = "contact" | "contactless";

/** EMV Book 1, 8.3: T=0, no programming voltage, extra guard time 0; the historical bytes say `XSPOS`. */
const ANSWER_TO_RESET = "3B65000058 53504F53";
const FIRST_COUNTER = 0x0040;
const LAST_COUNTER = 0xffff;

/** Milliseconds a command takes, by instruction; others take a little. */
const thinkingTime: Record<number, number> = { 164: 12, 168: 15, 174: 45, 136: 80, 130: 20 };
const SHORT_THINKING = 4;
const RELAY_RESISTANCE_THINKING = 5;
const CHALLENGE_LENGTH = 8;
const VERIFY = 0x20;
const COMBINED_SIGNATURE = 0x10;
/** GENERATE AC's parameter: kind of cryptogram and signature (Book 3, 6.5.5.2). */
const MEANINGFUL = 0xd0;

/** Counters and data that outlive a transaction, of one application. */
interface Memory {
  counter: number;
  lastOnlineCounter: number;
  blocked: boolean;
  readonly data: Map<string, Uint8Array>;
  /** The online transaction whose issuer may still answer in a second tap. */
  awaiting: CardTransaction | undefined;
  /** The last first cryptogram's answer and what RECOVER AC finds it by. */
  torn: { readonly related: string; readonly answer: Reply } | undefined;
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
  readonly #pin: OfflinePin;
  #cardBlocked: boolean;
  #ownerHere: boolean;
  #mayTear: boolean;
  #outOfField = false;
  /** Given by the command before this one (Book 3, 6.5.6). */
  #challenge: Uint8Array | undefined;
  #dialogue: Dialogue;
  #answered = 0;
  #over: ChipInterface = "contact";
  #selected: Application | undefined;
  #directoryOpen = false;
  #search: PartialSearch | undefined;
  #transaction: CardTransaction | undefined;
  #contacts = new T0Transport();

  constructor(definition: CardDefinition, random: RandomBytes) {
    const { behaviour } = definition;
    this.name = definition.name;
    this.interfaces = definition.interfaces.filter((way): way is ChipInterface => way !== "stripe");
    this.#definition = definition;
    this.#random = random;
    this.#applications = personalise(definition);
    this.#memories = new Map(
      this.#applications.map((application) => [
        application,
        {
          counter: FIRST_COUNTER,
          lastOnlineCounter: FIRST_COUNTER,
          blocked: behaviour.blocked === "application",
          data: new Map(),
          awaiting: undefined,
          torn: undefined,
        },
      ]),
    );
    this.#pin = new OfflinePin(behaviour.pinTriesLeft);
    this.#cardBlocked = behaviour.blocked === "card";
    this.#ownerHere = behaviour.phone !== "locked";
    this.#mayTear = behaviour.tornOnce;
    this.#dialogue = new Dialogue(behaviour.dialogue);
    this.#handlers = {
      "00A4": (command) => this.#select(command),
      "00B2": (command) => this.#readRecord(command),
      "80A8": (command) => this.#getProcessingOptions(command),
      "80AE": (command) => this.#generateCryptogram(command),
      "80CA": (command) => this.#getData(command),
      "0020": (command) => this.#verify(command),
      "0082": (command) => this.#externalAuthenticate(command),
      "80EA": (command) => this.#resistRelay(command),
      "80D0": (command) => this.#recover(command),
      "0084": (command) => this.#getChallenge(command),
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
    this.#challenge = undefined;
    this.#outOfField = false;
    this.#dialogue = new Dialogue(this.#definition.behaviour.dialogue);
    this.#contacts = new T0Transport();
  }

  /** One command, one answer. Over contacts, answers to commands with data wait for GET RESPONSE (T=0). */
  transmit(apdu: Uint8Array): CardAnswer {
    const { silentAfter } = this.#definition.behaviour;
    if (this.#outOfField) return undefined;
    if (silentAfter !== undefined && this.#answered >= silentAfter) return undefined;
    this.#answered += 1;
    const command = parseCommand(apdu);
    if (!command) return { bytes: replyBytes(refuse(status.wrongLength)), afterMs: SHORT_THINKING };
    const bytes = this.#answerBytes(command);
    if (this.#outOfField) return undefined;
    return this.#dialogue.send(command, { bytes, afterMs: this.#thinkingTime(command) });
  }

  #thinkingTime({ instruction }: Command): number {
    if (instruction === 0xea) return this.#definition.behaviour.relayMs ?? RELAY_RESISTANCE_THINKING;
    return thinkingTime[instruction] ?? SHORT_THINKING;
  }

  /** What the card remembers. */
  kept(): KeptCard {
    return {
      isBlocked: this.#cardBlocked,
      ownerHere: this.#ownerHere,
      mayTear: this.#mayTear,
      pinTriesLeft: this.#pin.triesLeft,
      applications: this.#applications.map((application) => {
        const { counter, lastOnlineCounter, blocked, data } = this.#memory(application);
        return {
          counter,
          lastOnlineCounter,
          blocked,
          data: Object.fromEntries([...data].map(([tag, value]) => [tag, hex(value)])),
        };
      }),
    };
  }

  /** Has the card remember what it did. Throws `RangeError` where it is another card. */
  putBack({ isBlocked, ownerHere, mayTear, pinTriesLeft, applications }: KeptCard): void {
    if (applications.length !== this.#applications.length) throw new RangeError(`${this.name} has other applications`);
    this.#cardBlocked = isBlocked;
    this.#ownerHere = ownerHere;
    this.#mayTear = mayTear;
    this.#pin.putBack(pinTriesLeft);
    for (const [place, { counter, lastOnlineCounter, blocked, data }] of applications.entries()) {
      const memory = this.#memory(this.#applications[place]!);
      Object.assign(memory, { counter, lastOnlineCounter, blocked });
      for (const [tag, value] of Object.entries(data)) memory.data.set(tag, fromHex(value));
    }
  }

  unblockPin(): void {
    this.#pin.unblock();
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

  #answerBytes(command: Command): Uint8Array {
    if (this.#over === "contactless") return replyBytes(this.#run(command));
    return this.#contacts.exchange(command, (heard) => this.#run(heard));
  }

  #run(command: Command): Reply {
    return this.#dialogue.answer(command, this.#obey(command));
  }

  #obey(command: Command): Reply {
    if (this.#cardBlocked) return refuse(status.functionUnsupported);
    if (isScriptCommand(command)) return runScript(command, this.#scriptContext(), this);
    const handler = this.#handlers[hex(Uint8Array.of(command.class, command.instruction))];
    if (command.instruction !== VERIFY) this.#challenge = undefined;
    if (handler) return isShaped(command, this.#over === "contactless") ? handler(command) : refuse(status.wrongLength);
    const known = [0x00, 0x80, 0x84, 0x04].includes(command.class);
    return refuse(known ? status.unknownInstruction : status.unknownClass);
  }

  /** The transaction that the issuer speaks about: this one, or the one of the tap before. */
  get #issuersTransaction(): CardTransaction | undefined {
    return this.#transaction ?? (this.#selected && this.#memory(this.#selected).awaiting);
  }

  #scriptContext() {
    const transaction = this.#issuersTransaction;
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

  /** A phone's owner looks at it after the first tap, and has unlocked it when it is tapped again. */
  #askOwner(): CardCircumstances["owner"] {
    if (this.#definition.behaviour.phone === undefined) return "unknown";
    const here = this.#ownerHere;
    this.#ownerHere = true;
    return here ? "verified" : "absent";
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
    const transaction = new CardTransaction(application, {
      counter: memory.counter,
      random: this.#random,
      owner: this.#askOwner(),
      mayApprove: memory.counter - memory.lastOnlineCounter <= this.#definition.behaviour.offlineLimit,
    });
    const answer = transaction.initiate(data.slice(2));
    if (answer.status === status.ok) this.#transaction = transaction;
    memory.awaiting = this.#definition.behaviour.issuerUpdate ? this.#transaction : undefined;
    return answer;
  }

  #generateCryptogram(command: Command): Reply {
    const transaction = this.#transaction;
    if (!transaction) return refuse(status.conditions);
    const kinds: Record<number, CryptogramKind> = { 0: "AAC", 64: "TC", 128: "ARQC" };
    const kind = kinds[command.parameter1 & 0xc0];
    if (!kind || command.parameter2 !== 0) return refuse(status.badParameters);
    const signed = (command.parameter1 & COMBINED_SIGNATURE) !== 0;
    const mayBeSigned = kind !== "AAC" && transaction.signs;
    if ((command.parameter1 & ~MEANINGFUL) !== 0 || (signed && !mayBeSigned)) return refuse(status.badParameters);
    const first = transaction.started;
    if (!first && this.#over === "contactless") return refuse(status.conditions);
    const memory = this.#memory(transaction.application);
    const answer = transaction.generate(memory.blocked ? "AAC" : kind, command.data, signed);
    if (transaction.issuerAuthentic) memory.lastOnlineCounter = this.#counter(transaction);
    if (first && answer.status === status.ok) {
      memory.torn = { related: this.#recoveryData(transaction), answer };
      this.#outOfField = this.#mayTear && this.#over === "contactless";
      this.#mayTear &&= !this.#outOfField;
    }
    return answer;
  }

  #recoveryData(transaction: CardTransaction): string {
    const { recoveryList } = transaction.application;
    return recoveryList.map(({ tag }) => hex(transaction.value(tag) ?? new Uint8Array(0))).join("");
  }

  /** RECOVER AC (EMV Book C-2, 5.10): the answer that did not reach the reader, once more. */
  #recover(command: Command): Reply {
    const transaction = this.#transaction;
    const list = transaction?.application.recoveryList ?? [];
    if (!transaction?.started || list.length === 0) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    const expected = list.reduce((sum, { length }) => sum + length, 0);
    if (command.data.length !== expected) return refuse(status.wrongLength);
    const { torn } = this.#memory(transaction.application);
    if (torn?.related !== hex(command.data)) return refuse(status.dataNotFound);
    transaction.finish();
    return torn.answer;
  }

  #resistRelay(command: Command): Reply {
    if (!this.#transaction || this.#over !== "contactless") return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    return this.#transaction.resistRelay(command.data);
  }

  /** Eight random bytes, good for the next command, a VERIFY (Book 3, 6.5.6). */
  #getChallenge(command: Command): Reply {
    if (!this.#selected) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    this.#challenge = this.#random.bytes(CHALLENGE_LENGTH);
    return reply(this.#challenge);
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
      "9F17": Uint8Array.of(this.#pin.triesLeft),
    };
    const value = counters[tag] ?? memory.data.get(tag);
    return value ? reply(tlv(tag, value)) : refuse(status.dataNotFound);
  }

  #verify(command: Command): Reply {
    const transaction = this.#transaction;
    if (!transaction?.started) return refuse(status.conditions);
    const verdict = this.#pin.verify(command, transaction.application, this.#challenge);
    this.#challenge = undefined;
    if (verdict.right !== undefined) transaction.pinVerified(verdict.right);
    return verdict.reply;
  }

  #externalAuthenticate(command: Command): Reply {
    const transaction = this.#issuersTransaction;
    if (!transaction) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    return transaction.authenticateIssuer(command.data);
  }

  /** Dynamic data authentication over the terminal's unpredictable number (Book 3, 6.5.9). */
  #internalAuthenticate(command: Command): Reply {
    const application = this.#transaction?.started ? this.#transaction.application : undefined;
    if (!application || (application.interchangeProfile[0]! & 0x20) === 0) return refuse(status.conditions);
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    if (command.data.length !== 4) return refuse(status.wrongLength);
    const signed = dynamicSignature(application, this.#random.bytes(8), command.data);
    return reply(application.profile.format === 1 ? tlv("80", signed) : tlv("77", tlv("9F4B", signed)));
  }
}
