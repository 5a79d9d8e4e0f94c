/** One transaction on the chip: from GET PROCESSING OPTIONS to the last cryptogram (EMV 4.3 Book 3, 10). */
import { concat, toLatin1 } from "../acquirer/bytes.ts";
import { isIssuerAuthentic, issuerApplicationData, transactionCryptogram } from "../acquirer/issuer/versions.ts";
import { type DolEntry, splitByDol, tlv } from "../acquirer/tlv.ts";
import { type Reply, refuse, reply, status } from "./apdu.ts";
import type { Application } from "./personalise.ts";

/** The cryptogram a card can give, with its bits in GENERATE AC's parameter and in 9F27. */
export type CryptogramKind = "AAC" | "TC" | "ARQC";

const kindBits: Record<CryptogramKind, number> = { AAC: 0x00, TC: 0x40, ARQC: 0x80 };
/** The kinds' bits in the card verification results: first answer in bits 6-5, second in 8-7. */
const resultBits: Record<CryptogramKind, number> = { AAC: 0, TC: 1, ARQC: 2 };
const NOT_YET = 2;

/** Terminal's response codes for "could not go online" (Book 4, annex A6). */
const OFFLINE_CODES = ["Y3", "Z3"];

/** What the card itself decides about the first cryptogram, whatever is asked. */
export type FirstAnswer = CryptogramKind | "asTheIssuerWishes";

/** Terminal transaction qualifiers (9F66) that the quick path looks at: byte, bit. */
const CVM_REQUIRED = 0x40;
const ONLINE_PIN_SUPPORTED = 0x04;
const SIGNATURE_SUPPORTED = 0x02;

/** State and decisions of one transaction. */
export class CardTransaction {
  readonly application: Application;
  readonly atc: Uint8Array;
  readonly #values = new Map<string, Uint8Array>();
  #stage: "initiated" | "online" | "finished" = "initiated";
  #first: CryptogramKind | undefined;
  #arqc: Uint8Array | undefined;
  #issuer: "unasked" | "authentic" | "wrong" = "unasked";
  #pin: "unasked" | "right" | "wrong" = "unasked";

  constructor(application: Application, counter: number) {
    this.application = application;
    this.atc = Uint8Array.of(counter >> 8, counter & 0xff);
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
  initiate(data: Uint8Array, answer: FirstAnswer): Reply | undefined {
    if (!this.#take(this.application.pdol, data)) return undefined;
    const { profile, interchangeProfile, fileLocator } = this.application;
    if (profile.quick) return this.#quick(answer);
    return reply(
      profile.format === 1
        ? tlv("80", interchangeProfile, fileLocator)
        : tlv("77", tlv("82", interchangeProfile), tlv("94", fileLocator)),
    );
  }

  /** GENERATE AC, first or second by the stage; `kind` is what the terminal asks for. */
  generate(kind: CryptogramKind, data: Uint8Array, answer: FirstAnswer): Reply {
    if (this.#stage === "initiated") return this.#firstCryptogram(kind, data, answer);
    if (this.#stage === "online" && kind !== "ARQC") return this.#secondCryptogram(kind, data);
    return refuse(status.conditions);
  }

  /** EXTERNAL AUTHENTICATE: once, between the two cryptograms (Book 3, 6.5.4). */
  authenticateIssuer(data: Uint8Array): Reply {
    const supported = (this.application.interchangeProfile[0]! & 0x04) !== 0;
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
    return true;
  }

  #firstCryptogram(kind: CryptogramKind, data: Uint8Array, answer: FirstAnswer): Reply {
    if (!this.#take(this.application.cdol1, data)) return refuse(status.wrongLength);
    return this.#respond(this.#decideFirst(kind, answer));
  }

  /** A card may lower what is asked, never raise it (Book 3, 9.3): it goes online unless its own rule says more. */
  #decideFirst(asked: CryptogramKind, answer: FirstAnswer): CryptogramKind {
    if (asked === "AAC" || answer === "AAC") return "AAC";
    if (asked === "TC" && answer === "TC") return "TC";
    return "ARQC";
  }

  #secondCryptogram(kind: CryptogramKind, data: Uint8Array): Reply {
    if (!this.#take(this.application.cdol2, data)) return refuse(status.wrongLength);
    const inline = this.#values.get("91");
    if (inline?.some((byte) => byte !== 0) && this.#issuer === "unasked") this.#judgeIssuer(inline);
    const offline = OFFLINE_CODES.includes(toLatin1(this.#values.get("8A") ?? new Uint8Array(0)));
    const agreed = kind === "TC" && (this.#issuer === "authentic" || (offline && this.#issuer === "unasked"));
    return this.#respond(agreed ? "TC" : "AAC");
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
    if (kind === "ARQC") this.#arqc = cryptogram;
    this.#first ??= kind;
    this.#stage = kind === "ARQC" ? "online" : "finished";
    return { cryptogram, issuerData };
  }

  #respond(kind: CryptogramKind): Reply {
    const { cryptogram, issuerData } = this.#cryptogram(kind);
    const information = Uint8Array.of(kindBits[kind]);
    return reply(
      this.application.profile.format === 1
        ? tlv("80", information, this.atc, cryptogram, issuerData)
        : tlv("77", tlv("9F27", information), tlv("9F36", this.atc), tlv("9F26", cryptogram), tlv("9F10", issuerData)),
    );
  }

  #quick(answer: FirstAnswer): Reply {
    const qualifiers = this.#values.get("9F66") ?? new Uint8Array(4);
    const kind = answer === "AAC" ? "AAC" : "ARQC";
    const { cryptogram, issuerData } = this.#cryptogram(kind);
    const elements = [...this.application.quickElements].map(([tag, value]) => tlv(tag, value));
    return reply(
      tlv(
        "77",
        tlv("82", this.application.interchangeProfile),
        ...elements,
        tlv("9F10", issuerData),
        tlv("9F26", cryptogram),
        tlv("9F27", Uint8Array.of(kindBits[kind])),
        tlv("9F36", this.atc),
        tlv("9F6C", concat(Uint8Array.of(cardQualifiers(qualifiers)), Uint8Array.of(0x00))),
      ),
    );
  }
}

/** First byte of the card transaction qualifiers (9F6C): online PIN or signature where the terminal asks for a method. */
function cardQualifiers(terminal: Uint8Array): number {
  if ((terminal[1]! & CVM_REQUIRED) === 0) return 0x00;
  if ((terminal[0]! & ONLINE_PIN_SUPPORTED) !== 0) return 0x80;
  return (terminal[0]! & SIGNATURE_SUPPORTED) !== 0 ? 0x40 : 0x00;
}
