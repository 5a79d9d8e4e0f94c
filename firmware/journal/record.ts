import { crc32 } from "#native/digest";
import { decodeCbor, encodeCbor, isCborMap } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { lengthened, shortened } from "./names.ts";
import { stateOf } from "./states.ts";
import { readSummary, summaryLength, writeSummary } from "./summary.ts";
import type { Transaction, TransactionChanges, TransactionDetails } from "./types.ts";

/** What a record is: the whole of a transaction as it now stands, or the terminal's counters. */
export const recordTypes = Object.freeze({ transaction: 1, counter: 2 });

/** The fixed part of a record; README.md has the layout. */
export interface RecordHeader {
  readonly type: number;
  /** Number of the transaction's state (states.ts, `stateNumber`); 0 in a counter. */
  readonly state: number;
  /** Grows by one with every record. */
  readonly sequence: number;
  /** The sequence of the transaction's first record; in a counter the sequence up to which the host keeps a backup. */
  readonly id: number;
  /** The transaction's STAN; in a counter the next one to give. */
  readonly stan: number;
  /** Bytes of the payload. */
  readonly length: number;
}

export const headerLength = 24;
/** Check value and commit mark, behind the payload. */
const trailerLength = 8;
export const markLength = 4;
const magic = 0x4a;
const version = 2;
/** `DONE`: what makes a record count, and a block ready. */
export const doneMark = 0x454e4f44;

/** Bytes that a record with so long a payload takes in flash. */
export function recordLength(payloadLength: number): number {
  return ((headerLength + payloadLength + 3) & ~3) + trailerLength;
}

/** A record as it stands in flash but for its commit mark, which is written by itself afterwards. */
export function encodeRecord(header: Omit<RecordHeader, "length">, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(recordLength(payload.length) - markLength);
  const view = new DataView(bytes.buffer);
  bytes[0] = magic;
  bytes[1] = version;
  bytes[2] = header.type;
  bytes[3] = header.state;
  view.setUint32(4, header.sequence, true);
  view.setUint32(8, header.id, true);
  view.setUint32(12, header.stan, true);
  view.setUint32(16, payload.length, true);
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  bytes.set(payload, headerLength);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

/** The bytes of the mark that makes a record count, and a block ready. */
export function doneMarkBytes(): Uint8Array {
  const bytes = new Uint8Array(markLength);
  new DataView(bytes.buffer).setUint32(0, doneMark, true);
  return bytes;
}

/** The header at an offset, or undefined where there is none that is whole. */
export function decodeHeader(block: DataView, offset: number): RecordHeader | undefined {
  if (offset + headerLength > block.byteLength || block.getUint8(offset) !== magic) return undefined;
  const bytes = new Uint8Array(block.buffer, block.byteOffset + offset, 20);
  if (bytes[1] !== version || block.getUint32(offset + 20, true) !== crc32(bytes)) return undefined;
  return {
    type: block.getUint8(offset + 2),
    state: block.getUint8(offset + 3),
    sequence: block.getUint32(offset + 4, true),
    id: block.getUint32(offset + 8, true),
    stan: block.getUint32(offset + 12, true),
    length: block.getUint32(offset + 16, true),
  };
}

/**
 * Whether the record at the offset counts. `torn`: its commit mark is missing. `damaged`: it was committed and has changed
 * since. The record must lie inside of the block.
 */
export function soundness(block: DataView, offset: number, length: number): "committed" | "torn" | "damaged" {
  const covered = recordLength(length) - trailerLength;
  if (block.getUint32(offset + covered + 4, true) !== doneMark) return "torn";
  const sum = crc32(new Uint8Array(block.buffer, block.byteOffset + offset, covered));
  return block.getUint32(offset + covered, true) === sum ? "committed" : "damaged";
}

/**
 * What of a transaction is not in the header: its summary, then the rest as CBOR.
 * @param isLater an earlier record of it stands in the history
 */
export function encodeTransaction(details: TransactionDetails & TransactionChanges, isLater = false): Uint8Array {
  const { type: _type, batch: _batch, amount: _amount, ...rest } = details;
  const cbor = encodeCbor(shortened({ ...rest }));
  const bytes = new Uint8Array(summaryLength + cbor.length);
  writeSummary(bytes, details, isLater);
  bytes.set(cbor, summaryLength);
  return bytes;
}

/** Throws `FormatError` for a payload that is no transaction. */
export function decodeTransaction(header: RecordHeader, payload: Uint8Array): Transaction {
  const state = stateOf(header.state);
  const summary = readSummary(payload);
  if (state === undefined || summary === undefined) throw new FormatError("journal record", 0, "no transaction");
  const { type, batch, amount } = summary;
  const value = decodeCbor(payload.subarray(summaryLength));
  if (!isCborMap(value)) throw new FormatError("journal record", summaryLength, "no map");
  const rest = lengthened(value);
  return Object.freeze({
    ...rest,
    type,
    batch,
    amount,
    id: header.id,
    stan: header.stan,
    state,
  }) as unknown as Transaction;
}
