import { type CborValue, decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import type { Message } from "../codec/iso8583.ts";
import { stateOf, states } from "../journal/states.ts";
import type { RestoredTransaction, UnsavedRecord } from "../journal/types.ts";
import { MissingKeyError } from "../vault/types.ts";
import { type AcquirerOptions, ask, bytesField, textField } from "./conversation.ts";
import { type MessageKind, messageKinds } from "./dialect/transactions.ts";
import { managementMessage } from "./inquiry.ts";

/** What the host says to a record. `refused`: it would refuse it again. `unsupported`: it keeps no backup. */
export type BackupOutcome = { readonly kind: "kept" | "refused" | "unsupported" | "noAnswer" };

/** Records of the open batch, in the host's order; `last` is the number to ask on with. */
export type RestoreOutcome =
  | {
      readonly kind: "records";
      readonly more: boolean;
      readonly last: number;
      readonly records: readonly RestoredTransaction[];
    }
  | { readonly kind: "unsupported" | "noAnswer" };

/** The host's copy of the journal. Both calls reject with `MissingKeyError` when not signed in. */
export interface BackupHost {
  keep(record: UnsavedRecord): Promise<BackupOutcome>;
  /** @param last number of the last record that is here; 0: none */
  restore(last: number): Promise<RestoreOutcome>;
}

const approved = "00";
/** Field 39 of a host that does not know the private extension. */
const unknownFunction = "40";
/** Field 39 of a host that cannot read what it was sent. */
const unreadable = "30";
/** What field 62 of an answer to a restore takes of one record; what a receipt says of the chip goes first. */
const mostPayload = 987;
const numberLength = 4;
const stateLength = 1;
const sizeLength = 2;

/** Private extension 962 and 963 (README.md), over one connection a message. */
export class UnionPayBackup implements BackupHost {
  readonly #context: AcquirerOptions;

  constructor(context: AcquirerOptions) {
    this.#context = context;
  }

  async keep(record: UnsavedRecord): Promise<BackupOutcome> {
    const data = this.#encode(record);
    if (data === undefined) return { kind: "refused" };
    const reply = await ask(this.#context, await this.#question(messageKinds.backup, data));
    if (reply.kind !== "answer") return { kind: "noAnswer" };
    const code = textField(reply.message, 39);
    if (code === unknownFunction) return { kind: "unsupported" };
    if (code === unreadable) return { kind: "refused" };
    const kept = bytesField(reply.message, 62);
    const isKept = code === approved && kept?.length === numberLength && numberAt(kept, 0) >= record.sequence;
    return { kind: isKept ? "kept" : "noAnswer" };
  }

  async restore(last: number): Promise<RestoreOutcome> {
    const reply = await ask(this.#context, await this.#question(messageKinds.restore, number(last)));
    if (reply.kind !== "answer") return { kind: "noAnswer" };
    const code = textField(reply.message, 39);
    if (code === unknownFunction) return { kind: "unsupported" };
    if (code !== approved) return { kind: "noAnswer" };
    try {
      return this.#decode(bytesField(reply.message, 62) ?? new Uint8Array(0), last);
    } catch (error) {
      if (error instanceof FormatError) return { kind: "noAnswer" };
      throw error;
    }
  }

  async #question(kind: MessageKind, data: Uint8Array): Promise<Message> {
    return managementMessage(this.#context, kind, await this.#context.journal.nextStan(), data);
  }

  /** Undefined for a record whose card number cannot be read any more, or that does not fit. */
  #encode({ sequence, transaction }: UnsavedRecord): Uint8Array | undefined {
    const { id: _id, stan, state, panToken, scriptNotice, ...details } = transaction;
    const notice = scriptNotice === undefined ? {} : { scriptNotice };
    try {
      const card = panToken === undefined ? {} : { pan: this.#context.vault.exportPan(panToken) };
      const whole = encodeCbor({ ...details, ...notice, ...card });
      const { chip: _chip, ...withoutChip } = details;
      const payload = whole.length <= mostPayload ? whole : encodeCbor({ ...withoutChip, ...notice, ...card });
      if (payload.length > mostPayload) return undefined;
      const data = new Uint8Array(2 * numberLength + stateLength + payload.length);
      data.set(number(sequence));
      data.set(number(stan), numberLength);
      data[2 * numberLength] = states[state].number;
      data.set(payload, 2 * numberLength + stateLength);
      return data;
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  /** Throws `FormatError`. */
  #decode(data: Uint8Array, asked: number): RestoreOutcome {
    const records: RestoredTransaction[] = [];
    let last = asked;
    let at = 1;
    while (at < data.length) {
      const head = 2 * numberLength + stateLength;
      const size = at + sizeLength <= data.length ? (data[at]! << 8) | data[at + 1]! : 0;
      const start = at + sizeLength;
      if (size <= head || start + size > data.length) throw new FormatError("field 62", at, "no whole record");
      const following = numberAt(data, start);
      if (following <= last) throw new FormatError("field 62", start, "records out of order");
      last = following;
      const stan = numberAt(data, start + numberLength);
      const state = stateOf(data[start + 2 * numberLength]!);
      if (state === undefined) throw new FormatError("field 62", start, "unknown state");
      const details = decodeCbor(data.subarray(start + head, start + size));
      records.push({ ...this.#restored(details, start), stan, state });
      at = start + size;
    }
    const more = data[0] === 1 && records.length > 0;
    return { kind: "records", more, last, records };
  }

  #restored(details: CborValue, at: number): Omit<RestoredTransaction, "stan" | "state"> {
    if (!isCborMap(details)) throw new FormatError("field 62", at, "no map");
    const { pan, ...rest } = details;
    const { type, batch, amount } = rest;
    const hasNumber = pan instanceof Uint8Array;
    const isTransaction =
      typeof type === "string" &&
      Number.isSafeInteger(batch) &&
      Number.isSafeInteger(amount) &&
      (hasNumber || (pan === undefined && rest.entryMode === "code"));
    if (!isTransaction) throw new FormatError("field 62", at, "no transaction");
    const token = hasNumber ? { panToken: this.#context.vault.importPan(pan) } : {};
    return { ...rest, ...token } as unknown as Omit<RestoredTransaction, "stan" | "state">;
  }
}

/** True for the error of a session without the key that a backup needs: this host gives none. */
export function isWithoutKey(error: unknown): boolean {
  return error instanceof MissingKeyError;
}

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(numberLength);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Throws `FormatError` where the bytes end before. */
function numberAt(bytes: Uint8Array, at: number): number {
  if (at + numberLength > bytes.length) throw new FormatError("field 62", at, "a number is cut off");
  return new DataView(bytes.buffer, bytes.byteOffset + at, numberLength).getUint32(0);
}
