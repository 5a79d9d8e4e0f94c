import { crc32 } from "#native/digest";
import { decodeHeader, doneMark, headerLength, type RecordHeader, recordLength, soundness } from "./record.ts";

/** What the first bytes of a block in use say. */
export interface BlockHeader {
  /** Grows by one with every block that is taken into use. */
  readonly sequence: number;
  /** Sequence of the next record when the block was taken into use. */
  readonly nextRecord: number;
  /** Next STAN to give, then; 0 in the history. */
  readonly nextStan: number;
  /** The batch that was open then. */
  readonly batch: number;
  /** The record sequence up to which the host kept a backup then; 0 in the history. */
  readonly backedUp: number;
  /** True when all copies that the block was opened for are in it. */
  readonly ready: boolean;
}

export const blockHeaderLength = 32;
/** Where the first record of a block starts: behind its header and its ready mark. */
export const firstRecord = 36;
/** The first word of a block of each partition: `XJNL`, `XHIS`. */
export const magics = Object.freeze({ ring: 0x4c4e4a58, history: 0x53494858 });
const version = 2;
const covered = 28;

export function encodeBlockHeader(magic: number, header: Omit<BlockHeader, "ready">): Uint8Array {
  const bytes = new Uint8Array(blockHeaderLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setUint32(8, header.sequence, true);
  view.setUint32(12, header.nextRecord, true);
  view.setUint32(16, header.nextStan, true);
  view.setUint32(20, header.batch, true);
  view.setUint32(24, header.backedUp, true);
  view.setUint32(covered, crc32(bytes.subarray(0, covered)), true);
  return bytes;
}

/** From the first `firstRecord` bytes; undefined for a block that is not in use: blank, given up, or garbage. */
export function decodeBlockHeader(magic: number, bytes: Uint8Array): BlockHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic || view.getUint32(4, true) !== version) return undefined;
  if (view.getUint32(covered, true) !== crc32(bytes.subarray(0, covered))) return undefined;
  return {
    sequence: view.getUint32(8, true),
    nextRecord: view.getUint32(12, true),
    nextStan: view.getUint32(16, true),
    batch: view.getUint32(20, true),
    backedUp: view.getUint32(24, true),
    ready: view.getUint32(blockHeaderLength, true) === doneMark,
  };
}

/** What a scan of one block found. */
export interface BlockScan {
  /** Where the next record may be written: behind everything that is not blank. */
  readonly end: number;
  /** The highest sequence of a whole header, torn records among them; 0 when there is none. */
  readonly highest: number;
  /** Records that were committed and have changed since. */
  readonly damaged: number;
}

/**
 * Reads a block's records in order and gives each committed one to `found` with its offset in the block. Torn records
 * and garbage are passed over.
 * @param behind how many bytes belong to each record behind its mark
 */
export function scanBlock(
  bytes: Uint8Array,
  behind: number,
  found: (header: RecordHeader, offset: number) => void,
): BlockScan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataEnd = endOfData(view);
  let highest = 0;
  let damaged = 0;
  let offset = firstRecord;
  while (offset + headerLength <= dataEnd) {
    const header = decodeHeader(view, offset);
    if (header === undefined || offset + recordLength(header.length) + behind > bytes.length) {
      offset += 4;
      continue;
    }
    highest = Math.max(highest, header.sequence);
    const sound = soundness(view, offset, header.length);
    if (sound === "committed") found(header, offset);
    else if (sound === "damaged") damaged++;
    offset += recordLength(header.length) + behind;
  }
  return { end: Math.max(offset, dataEnd), highest, damaged };
}

/** Offset behind the last word that is not blank. */
function endOfData(view: DataView): number {
  let end = view.byteLength;
  while (end > firstRecord && view.getUint32(end - 4, true) === 0xffffffff) end -= 4;
  return end;
}
