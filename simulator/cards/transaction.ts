/** One transaction on the chip: from GET PROCESSING OPTIONS to the last cryptogram (EMV 4.3 Book 3, 10). */
import { concat, fromHex, type RandomBytes, toLatin1 } from "../acquirer/bytes.ts";
import { isIssuerAuthentic, issuerApplicationData, transactionCryptogram } from "../acquirer/issuer/versions.ts";
import { type DolEntry, splitByDol, tlv } from "../acquirer/tlv.ts";
import { type Reply, refuse, reply, status } from "./apdu.ts";
import { bodyOf } from "./elements.ts";
import type { Application } from "./personalise.ts";
import { cardQualifiers, knowsQuick, wantsOnline, wantsSignatureOnline } from "./qualifiers.ts";
import { combinedSignature, fastSignature } from "./signatures.ts";

/** The cryptogram a card can give, with its bits in GENERATE AC's parameter and in 9F27. */
export type CryptogramKind = "AAC" | "TC" | "ARQC";

const kindBits: Record<CryptogramKind, number> = { AAC: 0x00, TC: 0x40, ARQC: 0x80 };
/** Cryptogram information data: the issuer wants to be told (EMV Book 3, table 15). */
const ADVICE_REQUIRED = 0x08;
/** The kinds' bits in the card verification results: first answer in bits 6-5, second in 8-7. */
const resultBits: Record<CryptogramKind, number> = { AAC: 0, TC: 1, ARQC: 2 };
const NOT_YET = 2;

/** Terminal's response codes for "could not go online" (Book 4, annex A6). */
const OFFLINE_CODES = ["Y3", "Z3"];

/** What the card itself knows and decides besides what is asked. */
export interface CardCircumstances {
  readonly counter: number;
  readonly random: RandomBytes;
  /** The issuer was heard recently enough for an approval without it. */
  readonly mayApprove: boolean;
  /** The owner of a phone: has proved to be the owner, or has not yet; a plastic card knows none. */
  readonly owner: "verified" | "absent" | "unknown";
}

const ISSUER_AUTHENTICATION = 0x04;
const CDA_SUPPORTED = 0x01;
const DDA_SUPPORTED = 0x20;
const RELAY_RESISTANCE = 0x01;
/** Point-of-sale cardholder interaction (DF4B): a PIN is required on the phone (EMV Book C-2, annex A). */
const PIN_ON_PHONE = Uint8Array.of(0x00, 0x01, 0x00);
/** Tenths of milliseconds: least and most time for the relay resistance answer, time it takes in the air (Book C-2, 3.10). */
const RELAY_TIMES = fromHex("001400640018");
const DYNAMIC_NUMBER_LENGTH = 8;

/** State and decisions of one transaction. */
export class CardTransaction {
  readonly application: Application;
  readonly atc: Uint8Array;
  readonly #random: RandomBytes;
  readonly #owner: CardCircumstances["owner"];
  readonly #mayApprove: boolean;
  readonly #values = new Map<string, Uint8Array>();
  /** Data fields of the lists, as a combined signature covers them. */
  readonly #received: Uint8Array[] = [];
  #relay: Uint8Array = new Uint8Array(0);
  #stage: "initiated" | "online" | "finished" = "initiated";
  #first: CryptogramKind | undefined;
  #arqc: Uint8Array | undefined;
  #issuer: "unasked" | "authentic" | "wrong" = "unasked";
  #pin: "unasked" | "right" | "wrong" = "unasked";

  constructor(application: Application, { counter, random, owner, mayApprove }: CardCircumstances) {
    this.application = application;
    this.atc = Uint8Array.of(counter >> 8, counter & 0xff);
    this.#random = random;
    this.#owner = owner;
    this.#mayApprove = mayApprove;
  }

  /** The ARQC given, once there is one: scripts are keyed by it. */
  get arqc(): Uint8Array | undefined {
    return this.#arqc;
  }

  /** Whether the issuer's answer was accepted. */
  get issuerAuthentic(): boolean {
    return this.#issuer === "authentic";
  }

  /** Remembers the outcome of VERIFY for the card verification results. */
  pinVerified(right: boolean): void {
    this.#pin = right ? "right" : "wrong";
  }

  /** GET PROCESSING OPTIONS: takes the PDOL's values; a quick application answers with its cryptogram. */
  initiate(data: Uint8Array): Reply {
    if (!this.#take(this.application.pdol, data)) return refuse(status.wrongLength);
    const { profile, interchangeProfile, fileLocator } = this.application;
    if (profile.quick) return this.#quick();
    return reply(
      profile.format === 1
        ? tlv("80", interchangeProfile, fileLocator)
        : tlv("77", tlv("82", interchangeProfile), tlv("94", fileLocator)),
    );
  }

  /** EXCHANGE RELAY RESISTANCE DATA (EMV Book C-2, 5.3): may be repeated until the first cryptogram. */
  resistRelay(entropy: Uint8Array): Reply {
    const supported = (this.application.interchangeProfile[1]! & RELAY_RESISTANCE) !== 0;
    if (!supported || this.#stage !== "initiated") return refuse(status.conditions);
    if (entropy.length !== 4) return refuse(status.wrongLength);
    const own = concat(this.#random.bytes(4), RELAY_TIMES);
    this.#relay = concat(entropy, own);
    return reply(tlv("80", own));
  }

  /** The value of a data element that a list has brought. */
  value(tag: string): Uint8Array | undefined {
    return this.#values.get(tag);
  }

  /** RECOVER AC has given the torn transaction's answer: this one is over. */
  finish(): void {
    this.#stage = "finished";
  }

  /** The card can sign its cryptograms (CDA). */
  get signs(): boolean {
    return (this.application.interchangeProfile[0]! & CDA_SUPPORTED) !== 0;
  }

  /** Its options are out, and no cryptogram yet. */
  get started(): boolean {
    return this.#stage === "initiated";
  }

  /** GENERATE AC, first or second by the stage; `kind` is what the terminal asks for, `signed` whether by CDA. */
  generate(kind: CryptogramKind, data: Uint8Array, signed: boolean): Reply {
    if (this.#stage === "initiated") return this.#firstCryptogram(kind, data, signed);
    if (this.#stage === "online" && kind !== "ARQC") return this.#secondCryptogram(kind, data, signed);
    return refuse(status.conditions);
  }

  /** EXTERNAL AUTHENTICATE: once, between the two cryptograms (Book 3, 6.5.4). */
  authenticateIssuer(data: Uint8Array): Reply {
    const { interchangeProfile, behaviour } = this.application;
    const supported = (interchangeProfile[0]! & ISSUER_AUTHENTICATION) !== 0 || behaviour.issuerUpdate;
    if (this.#stage !== "online" || !supported || this.#issuer !== "unasked") return refuse(status.conditions);
    if (data.length < 8 || data.length > 16) return refuse(status.wrongLength);
    return this.#judgeIssuer(data) ? reply() : refuse(status.authenticationFailed);
  }

  #judgeIssuer(data: Uint8Array): boolean {
    const { version, keys } = this.application;
    const authentic = isIssuerAuthentic(version, keys, { atc: this.atc, arqc: this.#arqc! }, data);
    this.#issuer = authentic ? "authentic" : "wrong";
    return authentic;
  }

  #take(dol: readonly DolEntry[], data: Uint8Array): boolean {
    const values = splitByDol(dol, data);
    if (!values) return false;
    for (const [tag, value] of values) this.#values.set(tag, value);
    this.#received.push(data);
    return true;
  }

  #firstCryptogram(kind: CryptogramKind, data: Uint8Array, signed: boolean): Reply {
    if (!this.#take(this.application.cdol1, data)) return refuse(status.wrongLength);
    if (this.#owner === "absent") return this.#respond("AAC", false, tlv("DF4B", PIN_ON_PHONE));
    return this.#respond(this.#decideFirst(kind), signed);
  }

  /** A card may lower what is asked, never raise it (Book 3, 9.3): it goes online unless its own rule says more. */
  #decideFirst(asked: CryptogramKind): CryptogramKind {
    const { firstAnswer, insistsFirst } = this.application.behaviour;
    if (insistsFirst) return insistsFirst;
    if (asked === "AAC" || firstAnswer === "AAC") return "AAC";
    return asked === "TC" && firstAnswer === "TC" && this.#mayApprove ? "TC" : "ARQC";
  }

  #secondCryptogram(kind: CryptogramKind, data: Uint8Array, signed: boolean): Reply {
    if (!this.#take(this.application.cdol2, data)) return refuse(status.wrongLength);
    const inline = this.#values.get("91");
    if (inline?.some((byte) => byte !== 0) && this.#issuer === "unasked") this.#judgeIssuer(inline);
    const offline = OFFLINE_CODES.includes(toLatin1(this.#values.get("8A") ?? new Uint8Array(0)));
    const agreed = kind === "TC" && (this.#issuer === "authentic" || (offline && this.#issuer === "unasked"));
    return this.#respond(this.application.behaviour.insistsSecond ?? (agreed ? "TC" : "AAC"), signed);
  }

  /** Card verification results: three bytes that UnionPay, Visa and Mastercard begin alike. */
  #results(kind: CryptogramKind): Uint8Array {
    const first = this.#first ?? kind;
    const second = this.#first === undefined ? NOT_YET : resultBits[kind];
    const flags =
      (this.#issuer === "wrong" ? 0x08 : 0) | (this.#pin === "unasked" ? 0 : 0x04) | (this.#pin === "wrong" ? 0x02 : 0);
    return Uint8Array.of((second << 6) | (resultBits[first] << 4) | flags, 0x00, 0x00);
  }

  #cryptogram(kind: CryptogramKind): { cryptogram: Uint8Array; issuerData: Uint8Array } {
    const { version, keys, interchangeProfile } = this.application;
    const issuerData = issuerApplicationData(version, this.#results(kind));
    const own: Record<string, Uint8Array> = { "82": interchangeProfile, "9F36": this.atc, "9F10": issuerData };
    const cryptogram = transactionCryptogram(version, keys, (tag) => own[tag] ?? this.#values.get(tag));
    if (this.application.behaviour.wrongCryptogram) cryptogram[0]! ^= 0xff;
    if (kind === "ARQC") this.#arqc = cryptogram;
    this.#first ??= kind;
    this.#stage = kind === "ARQC" ? "online" : "finished";
    return { cryptogram, issuerData };
  }

  /** The counter as the answers give it. */
  get #shownCounter(): Uint8Array {
    const [high = 0, low = 0] = this.atc;
    return this.application.behaviour.wrongCounter ? Uint8Array.of(high, low ^ 0x80) : this.atc;
  }

  /** Cryptogram information data: the kind, and whether a refusal is to be told to the issuer. */
  #information(kind: CryptogramKind): Uint8Array {
    const advice = kind === "AAC" && this.application.behaviour.wantsAdvice ? ADVICE_REQUIRED : 0;
    return Uint8Array.of(kindBits[kind] | advice);
  }

  /** The answer to GENERATE AC in its profile's format; `more` are data objects of the card's own (format 2). */
  #respond(kind: CryptogramKind, signed: boolean, more: Uint8Array = new Uint8Array(0)): Reply {
    const { cryptogram, issuerData } = this.#cryptogram(kind);
    const { profile } = this.application;
    const information = this.#information(kind);
    const issuer = tlv("9F10", issuerData);
    const head = concat(tlv("9F27", information), tlv("9F36", this.#shownCounter));
    if (signed && kind !== "AAC") {
      const answer = concat(head, issuer, more);
      const signature = combinedSignature(this.application, {
        number: this.#random.bytes(DYNAMIC_NUMBER_LENGTH),
        information,
        cryptogram,
        received: this.#received,
        answer,
        relay: this.#relay,
        unpredictable: this.#values.get("9F37") ?? new Uint8Array(0),
      });
      return reply(tlv("77", head, tlv("9F4B", signature), issuer, more));
    }
    return reply(
      profile.format === 1
        ? tlv("80", information, this.#shownCounter, cryptogram, issuerData)
        : tlv("77", head, tlv("9F26", cryptogram), issuer, more),
    );
  }

  /** The one answer of qUICS and qVSDC (EMV Books C-3 and C-7): a cryptogram, and with it a signature where one is wanted. */
  #quick(): Reply {
    const terminal = this.#values.get("9F66") ?? new Uint8Array(4);
    if (!knowsQuick(terminal)) return refuse(status.conditions);
    if (this.#owner === "absent") return refuse(status.seePhone);
    const kind = this.#decideQuick(terminal);
    const { cryptogram, issuerData } = this.#cryptogram(kind);
    const { behaviour } = this.application;
    const qualifiers = cardQualifiers(terminal, this.#owner === "verified", behaviour.issuerUpdate);
    return reply(
      tlv(
        "77",
        tlv("82", this.application.interchangeProfile),
        bodyOf(this.application.quickElements),
        tlv("9F10", issuerData),
        tlv("9F26", cryptogram),
        tlv("9F27", this.#information(kind)),
        tlv("9F36", this.#shownCounter),
        this.#fastAuthentication(terminal, kind, qualifiers),
        tlv("9F6C", qualifiers),
      ),
    );
  }

  #decideQuick(terminal: Uint8Array): CryptogramKind {
    const { firstAnswer, insistsFirst } = this.application.behaviour;
    if (insistsFirst) return insistsFirst;
    if (firstAnswer === "AAC") return "AAC";
    return firstAnswer === "TC" && !wantsOnline(terminal) && this.#mayApprove ? "TC" : "ARQC";
  }

  /** File locator, card authentication related data and signature, where the card approves or the reader wants them anyway. */
  #fastAuthentication(terminal: Uint8Array, kind: CryptogramKind, qualifiers: Uint8Array): Uint8Array {
    const { application } = this;
    const able = (application.interchangeProfile[0]! & DDA_SUPPORTED) !== 0;
    if (!able || kind === "AAC" || (kind === "ARQC" && !wantsSignatureOnline(terminal))) return new Uint8Array(0);
    const cardData = concat(Uint8Array.of(0x01), this.#random.bytes(4), qualifiers);
    const signature = fastSignature(application, {
      counter: this.atc,
      unpredictable: this.#values.get("9F37") ?? new Uint8Array(0),
      amount: this.#values.get("9F02") ?? new Uint8Array(0),
      currency: this.#values.get("5F2A") ?? new Uint8Array(0),
      cardData,
    });
    return concat(tlv("94", application.fileLocator), tlv("9F69", cardData), tlv("9F4B", signature));
  }
}
