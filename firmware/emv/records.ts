import { equal, wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { parseOneTlv, type Tlv } from "../codec/tlv.ts";
import { readRecordCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { checkFormats } from "./formats.ts";
import { tags } from "./tags.ts";

const step = "read application data";

/** Files whose records the standard itself lays out; those above are the payment system's. */
const lastStandardFile = 10;
const maximumRecords = 64;
/** All records together, in bytes: twice what cards with the longest keys have, and what the device's memory can take. */
const maximumData = 6144;

/** Records of one file: `authenticated` of them, from the first, take part in offline data authentication. */
export interface FileRange {
  readonly file: number;
  readonly first: number;
  readonly last: number;
  readonly authenticated: number;
}

/** Elements without which no transaction goes on (EMV 4.3 Book 3, 7.2). */
export const mandatoryElements: readonly number[] = Object.freeze([
  tags.expirationDate,
  tags.primaryAccountNumber,
  tags.cardRiskManagementList1,
  tags.cardRiskManagementList2,
]);

/** Parses an application file locator (Book 3, 10.2). Throws `FormatError` for an entry that cannot be. */
export function parseFileLocator(locator: Uint8Array): FileRange[] {
  if (locator.length === 0 || locator.length % 4 !== 0) {
    throw new FormatError("file locator", 0, "entries of 4 bytes expected");
  }
  const ranges: FileRange[] = [];
  let records = 0;
  for (let offset = 0; offset < locator.length; offset += 4) {
    const range = {
      file: locator[offset]! >> 3,
      first: locator[offset + 1]!,
      last: locator[offset + 2]!,
      authenticated: locator[offset + 3]!,
    };
    records += range.last - range.first + 1;
    const fileIsGood = (locator[offset]! & 7) === 0 && range.file >= 1 && range.file <= 30;
    const recordsAreGood = range.first >= 1 && range.last >= range.first && records <= maximumRecords;
    if (!fileIsGood || !recordsAreGood || range.authenticated > range.last - range.first + 1) {
      throw new FormatError("file locator", offset, "not a range of records");
    }
    ranges.push(range);
  }
  return ranges;
}

/**
 * Reads every record that the file locator names and keeps its elements (Book 3, 10.2), and of those that take part in
 * offline data authentication the bytes that are signed (Book 3, 10.3).
 * Throws `CardError("refusal")` when a record is not there, `CardError("protocol")` when they are more than a card can
 * have, `FormatError` when one is no template 70.
 * @param said elements that the card has said and that its records may repeat, but not say otherwise (`CardError("data")`)
 */
export async function readRecords(card: CardChannel, data: SessionData, said?: ReadonlySet<number>): Promise<void> {
  const seen = new Set<number>();
  let length = 0;
  for (const range of parseFileLocator(data.need(tags.applicationFileLocator, step))) {
    for (let record = range.first; record <= range.last; record++) {
      const answer = await exchange(card, readRecordCommand(range.file, record), step);
      if (answer.status !== 0x9000) {
        throw new CardError("refusal", step);
      }
      length += answer.data.length;
      if (length > maximumData) {
        throw new CardError("protocol", step);
      }
      const isSigned = record - range.first < range.authenticated;
      let isKept = false;
      try {
        isKept = takeRecord(answer.data, range.file, data, { seen, isSigned, said });
      } finally {
        if (!isKept) {
          wipe(answer.data);
        }
      }
    }
  }
}

/** Read application data of a contact card: the records, and then nothing mandatory may be missing. */
export async function readApplicationData(card: CardChannel, data: SessionData): Promise<void> {
  await readRecords(card, data);
  checkFormats(data);
  for (const tag of mandatoryElements) {
    data.need(tag, step);
  }
}

interface RecordRules {
  /** Elements of the records before. */
  readonly seen: Set<number>;
  /** The record takes part in offline data authentication. */
  readonly isSigned: boolean;
  readonly said: ReadonlySet<number> | undefined;
}

/**
 * A file of the standard's own has its records in template 70, whose value is signed. The records of other files are
 * the payment system's affair; a signed one is signed whole and must be in template 70 as well.
 * @returns true when the session keeps the record's own bytes, and overwrites them at its end
 */
function takeRecord(
  record: Uint8Array,
  file: number,
  data: SessionData,
  { seen, isSigned, said }: RecordRules,
): boolean {
  const template = file > lastStandardFile ? foreignTemplate(record) : parseOneTlv(record);
  if (template?.tag === tags.record) {
    const elements = template.children ?? [];
    if (said !== undefined && elements.some(({ tag, value }) => said.has(tag) && !equal(value, data.need(tag, step)))) {
      throw new CardError("data", step);
    }
    data.takeFromCard(elements, step, seen, isSigned);
    if (isSigned) {
      return data.addStaticData(file > lastStandardFile ? record : template.value);
    }
  } else if (file <= lastStandardFile) {
    throw new FormatError("record", 0, "template 70 expected");
  } else if (isSigned) {
    data.spoilStaticData();
  }
  return false;
}

function foreignTemplate(record: Uint8Array): Tlv | undefined {
  return record[0] === tags.record ? parseOneTlv(record) : undefined;
}
