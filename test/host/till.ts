/** A plain till for tests: speaks to the host as a terminal does, by the simulator's own codec, never by the firmware. */
import { fromHex, hex, latin1, xor } from "../../simulator/acquirer/bytes.ts";
import { AcquirerHost } from "../../simulator/acquirer/host.ts";
import { decodeMessage, encodeMessage, type Fields, type Message } from "../../simulator/acquirer/iso8583/codec.ts";
import { decryptEcb, encryptEcb, hasCheckValue } from "../../simulator/acquirer/issuer/des.ts";
import { ecbMac } from "../../simulator/acquirer/mac.ts";
import type { Connection } from "../../simulator/acquirer/news.ts";
import type { Receiver } from "../../simulator/acquirer/tcp.ts";
import { readTerminals, type TerminalEntry } from "../../simulator/acquirer/terminals.ts";
import { parseTlv, tlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { cardDefinition, takeCard, type VirtualCard } from "../../simulator/cards/cards.ts";
import type { EmvCard } from "../../simulator/cards/emv-card.ts";
import { trackEquivalent } from "../../simulator/cards/stripe.ts";
import { SeededRandom } from "../../simulator/world/random.ts";

/** Virtual time that tests move by hand. */
export interface TestTime {
  now: number;
}

/** A host on the simulator's start date, and its time. */
export function newHost(): { host: AcquirerHost; time: TestTime } {
  const time = { now: 0 };
  const host = new AcquirerHost({
    clock: () => time.now,
    startDate: "2026-11-23T10:00:00",
    random: new SeededRandom(7, "host"),
  });
  return { host, time };
}

/** A card in the hand, always the same one. */
export function card(name: string): VirtualCard {
  return takeCard(name, new SeededRandom(11, name));
}

/** ISO 9564-1 format 0, in clear. */
function pinBlock(pin: string, pan: string): Uint8Array {
  return xor(fromHex(`0${pin.length.toString(16)}${pin.padEnd(14, "F")}`), fromHex(`0000${pan.slice(-13, -1)}`));
}

/** Eight-byte MAC room that `send` fills. */
const MAC_ROOM = "00".repeat(8);

/** What the till asks in a sale; the card is read from its stripe unless chip data is given. */
export interface SaleOptions {
  readonly amount: number;
  readonly card: string;
  readonly pin?: string;
  readonly chip?: string;
  readonly entry?: string;
  readonly fields?: Fields;
}

/** One terminal of the host's table. */
export class Till {
  readonly entry: TerminalEntry;
  readonly #host: Receiver;
  #stan = 0;
  pinKey: Uint8Array = new Uint8Array(0);
  macKey: Uint8Array = new Uint8Array(0);
  trackKey: Uint8Array = new Uint8Array(0);
  /** Where news would arrive. */
  readonly connection: Connection = { send: (message) => this.news.push(decodeMessage(message)) };
  readonly news: Message[] = [];
  batch = "000001";

  constructor(host: Receiver, index = 0) {
    this.#host = host;
    this.entry = readTerminals()[index]!;
  }

  nextStan(): string {
    this.#stan += 1;
    return String(this.#stan).padStart(6, "0");
  }

  get identity(): Fields {
    return { 41: this.entry.terminal, 42: this.entry.merchant };
  }

  /** Signs (where `fields` has room for a MAC), sends, and checks nothing. */
  sendRaw(mti: string, fields: Fields): Uint8Array | undefined {
    const message: Message = { tpdu: "6000030001", header: "602200000000", mti, fields };
    const bytes = encodeMessage(message);
    if (fields[64] !== MAC_ROOM) return this.#host.receive(bytes, this.connection);
    const mac = ecbMac(this.macKey, bytes.subarray(11, -8));
    return this.#host.receive(encodeMessage({ ...message, fields: { ...fields, 64: mac } }), this.connection);
  }

  /** Sends and reads the answer; throws when there is none. */
  send(mti: string, fields: Fields): Message {
    const answer = this.sendRaw(mti, fields);
    if (!answer) throw new Error("no answer");
    return decodeMessage(answer);
  }

  /** Sign-in with double-length keys; keeps the keys. */
  signIn(code = "004"): Message {
    const answer = this.send("0800", {
      11: this.nextStan(),
      ...this.identity,
      60: `00${this.batch}${code}`,
      63: "01 ",
    });
    const keys = fromHex(answer.fields[62] ?? "");
    if (keys.length >= 40) {
      this.pinKey = decryptEcb(this.entry.masterKey, keys.slice(0, 16));
      this.macKey = decryptEcb(this.entry.masterKey, keys.slice(20, 20 + this.entry.makLength));
      const checkAt = 20 + this.entry.makCheckAt;
      if (!hasCheckValue(this.macKey, keys.slice(checkAt, checkAt + 4))) throw new Error("the MAC key's check value");
      if (keys.length === 60) this.trackKey = decryptEcb(this.entry.masterKey, keys.slice(40, 56));
    } else if (keys.length === 24) {
      this.pinKey = decryptEcb(this.entry.masterKey, keys.slice(0, 8));
      this.macKey = decryptEcb(this.entry.masterKey, keys.slice(12, 20));
    }
    this.batch = answer.fields[60]?.slice(2, 8) ?? this.batch;
    return answer;
  }

  /** A question with a MAC, its code in field 60. */
  ask(mti: string, code: string, fields: Fields = {}): Message {
    return this.send(mti, {
      11: this.nextStan(),
      ...this.identity,
      60: `00${this.batch}${code}`,
      64: MAC_ROOM,
      ...fields,
    });
  }

  /** A question of the private extension. */
  askPrivate(code: string, data?: Uint8Array, fields: Fields = {}): Message {
    return this.ask("0600", code, { ...fields, 62: data && hex(data) });
  }

  /** Confirms the last news. */
  confirm(news: Message): Uint8Array | undefined {
    const { 11: stan, 60: field60 } = news.fields;
    return this.sendRaw("0610", { 11: stan, ...this.identity, 39: "00", 60: field60, 64: MAC_ROOM });
  }

  /** Whether a message from the host is signed with this session's key. */
  hasRightMac(message: Message): boolean {
    return ecbMac(this.macKey, encodeMessage(message).subarray(11, -8)) === message.fields[64];
  }

  /** Fields of a 0200 sale, ready to send. */
  saleFields(options: SaleOptions): Fields {
    const definition = cardDefinition(options.card);
    const track = hex(trackEquivalent(definition, definition.pan)).replace(/F$/, "");
    const chip = options.chip && { 55: options.chip, 23: `0${definition.sequence}` };
    return {
      2: definition.pan,
      3: "000000",
      4: String(options.amount).padStart(12, "0"),
      11: this.nextStan(),
      14: definition.expires,
      22: options.entry ?? `${options.chip ? "05" : "02"}${options.pin ? "1" : "2"}`,
      25: "00",
      35: track,
      ...this.identity,
      49: "156",
      ...(options.pin && {
        26: "12",
        52: hex(encryptEcb(this.pinKey, pinBlock(options.pin, definition.pan))),
        53: "2600000000000000",
      }),
      ...chip,
      60: `22${this.batch}000501`,
      64: MAC_ROOM,
      ...options.fields,
    };
  }

  sale(options: SaleOptions): Message {
    return this.send("0200", this.saleFields(options));
  }

  /** The reversal of a request's fields, as the interface says what it leaves out. */
  reverse(fields: Fields, reason = "98", amount = fields[4]!): Message {
    const left = [26, 35, 36, 37, 52, 53, 55];
    const kept = Object.fromEntries(Object.entries(fields).filter(([number]) => !left.includes(Number(number))));
    return this.send("0400", { ...kept, 4: amount, 39: reason, 64: MAC_ROOM });
  }

  /** Fields of a request that changes an earlier one. */
  followUp(type: string, processing: string, condition: string, original: Fields, amount: number): Fields {
    return {
      2: original[2],
      3: processing,
      4: String(amount).padStart(12, "0"),
      11: this.nextStan(),
      14: original[14],
      22: "022",
      25: condition,
      35: original[35],
      37: original[37],
      38: original[38],
      ...this.identity,
      49: "156",
      60: `${type}${this.batch}000501`,
      61: `${original[60]!.slice(2, 8)}${original[11]}1123`,
      64: MAC_ROOM,
    };
  }
}

/** Sends a command over contacts and follows 61xx and 6Cxx; over the air once. Throws when the card is silent. */
export function command(chip: EmvCard, apdu: string): string {
  const send = (text: string) => {
    const answer = chip.transmit(fromHex(text));
    if (!answer) throw new Error("the card is silent");
    return hex(answer.bytes);
  };
  const first = send(apdu);
  if (first.length === 4 && first.startsWith("61")) return send(`00C00000${first.slice(2)}`);
  if (first.length === 4 && first.startsWith("6C")) return send(apdu.slice(0, 8) + first.slice(2));
  return first;
}

/** A data field with its length byte, as hex. */
export function lengthAnd(data: string): string {
  return (data.length / 2).toString(16).padStart(2, "0").toUpperCase() + data;
}

/** Terminal data of a purchase in CNY. */
export function terminalData(amount: number): Record<string, string> {
  return {
    "9F02": String(amount).padStart(12, "0"),
    "9F03": "000000000000",
    "9F1A": "0156",
    "95": "0000000000",
    "5F2A": "0156",
    "9A": "261123",
    "9C": "00",
    "9F37": "1A2B3C4D",
    "9F21": "100000",
    "9F4E": hex(latin1("XSPOS DEMO".padEnd(20))),
    "9F33": "E0F8C8",
    "9F35": "22",
    "9F45": "0000",
    "9F4C": "0000000000000000",
    "9F34": "020300",
    "9F66": "36C00000",
    "8A": "3030",
    "91": "00000000000000000000",
  };
}

/** The values a DOL asks for, joined; `dol` is hex. */
export function fill(dol: string, data: Record<string, string>): string {
  const bytes = fromHex(dol);
  let values = "";
  for (let at = 0; at < bytes.length; ) {
    const length = (bytes[at]! & 0x1f) === 0x1f ? 2 : 1;
    const tag = hex(bytes.subarray(at, at + length));
    const size = bytes[at + length]!;
    values += data[tag] ?? "00".repeat(size);
    at += length + 1;
  }
  return values;
}

/** Elements of a card's answer by tag, both response formats of GENERATE AC. */
export function cryptogramAnswer(answer: string): Map<string, Uint8Array> {
  const [object] = parseTlv(fromHex(answer.slice(0, -4)));
  if (object!.tag === "77") return tlvMap(object!.children!);
  const value = object!.value;
  return new Map([
    ["9F27", value.slice(0, 1)],
    ["9F36", value.slice(1, 3)],
    ["9F26", value.slice(3, 11)],
    ["9F10", value.slice(11)],
  ]);
}

/** A chip transaction up to its first cryptogram: selected, read, ARQC asked for. */
export interface ChipSession {
  readonly chip: EmvCard;
  readonly cdol2: string;
  readonly data: Record<string, string>;
  readonly answer: Map<string, Uint8Array>;
  /** Field 55, hex. */
  readonly field55: string;
}

/** Field 55 of a purchase from terminal data and the card's answer. */
export function field55(data: Record<string, string>, answer: Map<string, Uint8Array>, aip: string): string {
  const terminal = ["9F37", "95", "9A", "9C", "9F02", "5F2A", "9F1A", "9F03", "9F33", "9F34", "9F35"];
  const own = ["9F26", "9F27", "9F10", "9F36"].map((tag) => hex(tlv(tag, answer.get(tag)!)));
  return [...own, ...terminal.map((tag) => hex(tlv(tag, fromHex(data[tag]!)))), hex(tlv("82", fromHex(aip)))].join("");
}

/** Selects the first application, reads every record, asks for an ARQC. */
export function startChip(chip: EmvCard, amount: number, kind = "80"): ChipSession {
  chip.reset();
  const over = chip.interfaces[0];
  const data = terminalData(amount);
  const environment = hex(latin1(over === "contact" ? "1PAY.SYS.DDF01" : "2PAY.SYS.DDF01"));
  let directory = command(chip, `00A40400${lengthAnd(environment)}00`);
  if (over === "contact") directory = command(chip, "00B2010C00");
  const aid = /4F(0[5-9A]|10)([0-9A-F]+)/.exec(directory)!;
  const selected = command(chip, `00A40400${lengthAnd(aid[2]!.slice(0, Number.parseInt(aid[1]!, 16) * 2))}00`);
  const template = parseTlv(fromHex(selected.slice(0, -4)))[0]!.children![1]!.children!;
  const pdol = template.find((object) => object.tag === "9F38");
  const options = fill(pdol ? hex(pdol.value) : "", data);
  const processed = command(chip, `80A80000${lengthAnd(`83${lengthAnd(options)}`)}00`);
  const [body] = parseTlv(fromHex(processed.slice(0, -4)));
  const quick = body!.children?.some((object) => object.tag === "9F26");
  if (quick) {
    const answer = tlvMap(body!.children!);
    return { chip, cdol2: "", data, answer, field55: field55(data, answer, hex(answer.get("82")!)) };
  }
  const parts = body!.children && tlvMap(body!.children);
  const aip = parts ? parts.get("82")! : body!.value.slice(0, 2);
  const locator = parts ? parts.get("94")! : body!.value.slice(2);
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < locator.length; at += 4) {
    for (let record = locator[at + 1]!; record <= locator[at + 2]!; record += 1) {
      const read = command(chip, `00B2${hex(Uint8Array.of(record, locator[at]! | 4))}00`);
      for (const object of parseTlv(fromHex(read.slice(0, -4)))[0]!.children!) records.set(object.tag, object.value);
    }
  }
  const first = command(chip, `80AE${kind}00${lengthAnd(fill(hex(records.get("8C")!), data))}00`);
  const answer = cryptogramAnswer(first);
  return { chip, cdol2: hex(records.get("8D")!), data, answer, field55: field55(data, answer, hex(aip)) };
}

/** Hands the issuer's answer to the chip and asks for the last cryptogram; gives its 9F27 as hex. */
export function finishChip(session: ChipSession, issuerData: string, kind = "40"): string {
  const objects = tlvMap(parseTlv(fromHex(issuerData)));
  const authentication = objects.get("91");
  const inline = session.cdol2.startsWith("91");
  if (authentication && !inline) command(session.chip, `00820000${lengthAnd(hex(authentication))}`);
  const data = { ...session.data, "91": authentication ? hex(authentication) : "00".repeat(10) };
  const last = command(session.chip, `80AE${kind}00${lengthAnd(fill(session.cdol2, data))}00`);
  return hex(cryptogramAnswer(last).get("9F27")!);
}
