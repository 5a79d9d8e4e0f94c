import { UnionPayAcquirer } from "../../../firmware/acquirer/acquirer.ts";
import { unionpayPackager } from "../../../firmware/acquirer/dialect/packager.ts";
import { answerMti } from "../../../firmware/acquirer/dialect/transactions.ts";
import { encodeFrame } from "../../../firmware/acquirer/frame.ts";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { decodeMessage, encodeMessage, type FieldValue, type Message } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { EntryMode, Transaction } from "../../../firmware/journal/types.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import type { Parameters } from "../../../firmware/update/parameters.ts";
import { KeyVault } from "../../../firmware/vault/vault.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { deviceOf, field62, provisioned } from "../vault/secure.ts";
import { type Reaction, World } from "./world.ts";

export const pan = "6228480402564890018";

export const parameters: Parameters = checkParameters({
  terminalId: "12345678",
  merchantId: "898310172991001",
  merchantName: { zh: "体验店", en: "Demo Store" },
});

/** What a test changes in the host's next answers; `undefined` as a value leaves a field out. */
export interface Change {
  readonly mti?: string;
  readonly fields?: Readonly<Record<number, FieldValue | undefined>>;
  readonly mac?: "right" | "wrong" | "missing";
}

/** A terminal's acquirer, journal and vault, and a host with the same session keys that answers what it is told. */
export class Bench {
  readonly world = new World();
  readonly flash = NorFlash.blank(8, 4096);
  readonly vault = new KeyVault(deviceOf(provisioned()));
  readonly journal = new FlashJournal(this.flash);
  readonly duty: { operator: string | undefined } = { operator: undefined };
  readonly acquirer = new UnionPayAcquirer({
    duty: this.duty,
    batch: { number: 1 },
    parameters,
    vault: this.vault,
    link: this.world.link(),
    clock: this.world.clock,
    journal: { nextStan: async () => this.journal.nextStan() },
  });
  readonly requests: Message[] = [];
  /** By the type of the request; `silent`: none comes. */
  changes: Record<string, Change | "silent"> = {};
  readonly #hostVault = new KeyVault(deviceOf(provisioned()));

  constructor() {
    this.#hostVault.loadSessionKeys(field62());
    this.world.host = (request) => this.#answer(request.slice(11));
  }

  /** A sale as it stands before the request. */
  authorising(entryMode: EntryMode = "chip"): Transaction {
    const opened = this.journal.open({
      type: "sale",
      batch: 1,
      amount: 1234,
      currency: "CNY",
      entryMode,
      maskedPan: "622848*********0018",
      panToken: this.vault.protectPan(asciiToBytes(pan)),
      expiry: "3012",
      panSequenceNumber: "001",
      startedAt: 0,
      operator: "01",
    });
    return this.journal.advance(opened, "authorising", {
      pinEntered: true,
      chipData: hexToBytes("9F2608010203040506070895050000008000820200009F36020001"),
    });
  }

  async signIn(): Promise<void> {
    const outcome = await this.world.settle(this.acquirer.signIn());
    if (outcome.kind !== "signedIn") throw new Error(outcome.kind);
  }

  #answer(bytes: Uint8Array): Reaction {
    const request = decodeMessage(unionpayPackager, bytes);
    this.requests.push(request);
    const change = this.changes[request.mti] ?? {};
    if (change === "silent") return {};
    const fields = new Map<number, FieldValue>();
    for (const number of [2, 3, 4, 11, 25, 41, 42, 49, 60]) {
      const value = request.fields.get(number);
      if (value !== undefined) fields.set(number, value);
    }
    const withMac = request.fields.has(64);
    const own: Readonly<Record<number, FieldValue | undefined>> = {
      12: "120000",
      13: "0101",
      37: "010112000001",
      38: request.mti === "0200" ? "654321" : undefined,
      39: "00",
      62: request.mti === "0800" ? field62() : undefined,
      64: withMac && change.mac !== "missing" ? new Uint8Array(8) : undefined,
      ...change.fields,
    };
    for (const [number, value] of Object.entries(own)) {
      if (value === undefined) fields.delete(Number(number));
      else fields.set(Number(number), value);
    }
    const answer = encodeMessage(unionpayPackager, { mti: change.mti ?? answerMti(request.mti), fields });
    if (fields.has(64)) {
      const covered = answer.subarray(0, answer.length - 8);
      answer.set(this.#hostVault.mac(covered), covered.length);
      if (change.mac === "wrong") answer[answer.length - 1]! ^= 1;
    }
    return { chunks: [encodeFrame(hexToBytes("6000000003"), hexToBytes("603100310000"), answer)] };
  }
}
