/** Holds the steps of firmware/emv to published conversations with cards (kind `emv-terminal`). */
import { bytesToInteger } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { findAllTags, parseOneTlv, parseTlv, tagValue } from "../../../firmware/codec/tlv.ts";
import {
  buildCandidateList,
  type Candidate,
  type SupportedApplication,
  selectionRequired,
} from "../../../firmware/emv/candidates.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { buildDol, parseDol } from "../../../firmware/emv/dol.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { initiateProcessing } from "../../../firmware/emv/initiate.ts";
import { readApplicationData, readRecords } from "../../../firmware/emv/records.ts";
import { checkRestrictions } from "../../../firmware/emv/restrictions.ts";
import { manageRisk } from "../../../firmware/emv/risk.ts";
import { selectApplication } from "../../../firmware/emv/select.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Exchange, ScriptedCard } from "../../unit/emv/scripted-card.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";

const operations: Readonly<Record<string, (fields: Fields) => Verdict | Promise<Verdict>>> = {
  processingRestrictions: (fields) => {
    const data = session(fields);
    checkRestrictions(data);
    return compareResults(fields, data);
  },
  terminalRiskManagement: async (fields) => {
    const data = session(fields);
    const card = scriptOf(fields);
    const loggedAmount = latestAmount(fields, data);
    await manageRisk(card, data, loggedAmount === undefined ? {} : { loggedAmount });
    return firstOf([compareResults(fields, data), allUsed(card)]);
  },
  buildCandidateList: async (fields) => {
    const card = scriptOf(fields);
    const expected = asFields(fields.expected);
    const candidates = await candidatesOrRefusal(card, supportedOf(fields));
    return firstOf([
      allUsed(card),
      compareText("list", isOk(expected) ? "given" : "none", candidates.length > 0 ? "given" : "none"),
      compareCandidates(expected, candidates, namesOf(fields)),
    ]);
  },
  selectApplicationSequence: selectInSequence,
  initiateApplicationProcessing: async (fields) => {
    const data = session(fields);
    data.takeFromCard([parseOneTlv(bytes(fields, "fci"))], "select application");
    const card = scriptOf(fields);
    const expected = asFields(fields.expected);
    if ((await initiateProcessing(card, data)) === "again") {
      throw new CardError("refusal", "initiate");
    }
    const none = new Uint8Array(0);
    return firstOf([
      allUsed(card),
      compareBytes(expected, "aip_82", data.get(tags.applicationInterchangeProfile) ?? none),
      compareBytes(expected, "afl_94", data.get(tags.applicationFileLocator) ?? none),
    ]);
  },
  readApplicationData: async (fields) => {
    const data = session(fields);
    if ("afl_94" in fields) {
      data.setFromCard(tags.applicationFileLocator, bytes(fields, "afl_94"));
    }
    const card = scriptOf(fields);
    await (fields.level === "readAflRecords" ? readRecords : readApplicationData)(card, data);
    return firstOf([allUsed(card), compareStaticData(asFields(fields.expected), data)]);
  },
  parseDol: (fields) => {
    const entries = parseDol(bytes(fields, "dol"));
    const length = entries.reduce((sum, entry) => sum + entry.length, 0);
    return firstOf([
      "entries" in fields
        ? compareText("entries", list(fields, "entries").map(describeEntry).join(), entries.map(describeEntry).join())
        : undefined,
      ...["length", "dataLength", "totalLength"].map((name) =>
        name in fields ? compareText(name, String(fields[name]), String(length)) : undefined,
      ),
    ]);
  },
  buildDol: (fields) => {
    const sources = list(fields, "sourcesInOrder").map((source) => new Map(elements({ source }, "source")));
    const lookup = (tag: number): Uint8Array | undefined => sources.find((source) => source.has(tag))?.get(tag);
    return compareBytes(fields, "result", buildDol(bytes(fields, "dol"), lookup));
  },
};

/** Checks one case; resolves with undefined when it holds, otherwise with what did not. */
export async function check(testCase: unknown): Promise<string | undefined> {
  const fields = asFields(testCase);
  const operation = operations[text(fields, "op")];
  if (operation === undefined) {
    return `unknown operation ${text(fields, "op")}`;
  }
  let verdict: Verdict;
  let refusal: unknown;
  try {
    verdict = await operation(fields);
  } catch (error) {
    refusal = error;
  }
  return judge({ valid: !mustFail(fields) }, isRefusal, () => {
    if (refusal !== undefined) {
      throw refusal;
    }
    return verdict;
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof FormatError || error instanceof CardError;
}

/** Candidate lists and sequences of selections compare their own results. */
const judgedInside: readonly unknown[] = ["buildCandidateList", "selectApplicationSequence"];

/** Records that spoil offline data authentication are read all the same: `compareStaticData` sees to them. */
const spoiledRecord = /ODA_RECORD_INVALID/;

function mustFail(fields: Fields): boolean {
  if (fields.valid === false) {
    return true;
  }
  const expected = "expected" in fields ? asFields(fields.expected) : {};
  return !judgedInside.includes(fields.op) && !isOk(expected) && !spoiledRecord.test(String(expected.result));
}

/** Only success or failure of a result counts, not its name. */
function isOk(expected: Fields): boolean {
  return typeof expected.result !== "string" || expected.result === "OK";
}

async function candidatesOrRefusal(card: ScriptedCard, supported: SupportedApplication[]): Promise<Candidate[]> {
  try {
    return await buildCandidateList(card, supported);
  } catch (error) {
    if (error instanceof CardError) {
      return [];
    }
    throw error;
  }
}

/**
 * Each step selects one of the candidates that are left, which leaves the list whether it worked or not. A place that
 * nothing stands at selects nothing.
 */
async function selectInSequence(fields: Fields): Promise<Verdict> {
  const listing = asFields(fields.candidateList);
  const listed = scriptOf(listing);
  let candidates = await buildCandidateList(listed, supportedOf(fields));
  const wrongList = firstOf([allUsed(listed), compareNumbers("listed", listing, "applicationNumbers", candidates)]);
  if (wrongList !== undefined) {
    return wrongList;
  }
  for (const step of list(fields, "steps").map(asFields)) {
    const candidate = candidates[Number(step.index)];
    candidates = candidates.filter((other) => other !== candidate);
    const card = scriptOf(step);
    const selected = candidate !== undefined && (await selectOrRefusal(card, candidate));
    const wrong = firstOf([
      compareText("selected", String(step.selected), String(selected)),
      allUsed(card),
      compareNumbers("remaining", step, "remainingApplicationNumbers", candidates),
    ]);
    if (wrong !== undefined) {
      return wrong;
    }
  }
  return undefined;
}

async function selectOrRefusal(card: ScriptedCard, candidate: Candidate): Promise<boolean> {
  try {
    return (await selectApplication(card, candidate, new SessionData())) === "selected";
  } catch (error) {
    if (isRefusal(error)) {
      return false;
    }
    throw error;
  }
}

/** The applications of these cases have their numbers in their names. */
function compareNumbers(what: string, fields: Fields, name: string, candidates: readonly Candidate[]): Verdict {
  if (!(name in fields)) {
    return undefined;
  }
  const numbers = list(fields, name).map((number) => `APP ${number}`);
  return compareText(what, numbers.join(), candidates.map((candidate) => candidate.label).join());
}

/** What the card's static signature covers: spoiled, or there. */
function compareStaticData(expected: Fields, data: SessionData): Verdict {
  const wanted = spoiledRecord.test(String(expected.result)) ? "spoiled" : "there";
  return compareText("static data", wanted, data.staticData() === undefined ? "spoiled" : "there");
}

/** An entry of a data object list, of a case or of ours. */
function describeEntry(entry: unknown): string {
  const fields = asFields(entry);
  const tag = typeof fields.tag === "number" ? fields.tag : bytesToInteger(bytes(fields, "tag"));
  return `${tag}:${Number(fields.length)}`;
}

/** The amount of the last entry of the terminal's log with this card's number (EMV 4.3 Book 3, 10.6.1). */
function latestAmount(fields: Fields, data: SessionData): number | undefined {
  const log = Array.isArray(fields.transactionLog) ? fields.transactionLog.map(asFields) : [];
  const number = digits(bytesToHex(data.fromCard(tags.primaryAccountNumber) ?? new Uint8Array(0)));
  const own = log.filter((entry) => digits(String(member(entry, /pan$|^5a$/i))) === number);
  const last = own[own.length - 1];
  return last === undefined ? undefined : integerOf(member(last, /amount/i));
}

/** A number, or the bytes of one in hexadecimal. */
function integerOf(value: unknown): number {
  return typeof value === "string" ? bytesToInteger(hexToBytes(value)) : Number(value);
}

function member(entry: Fields, name: RegExp): unknown {
  const found = Object.keys(entry).find((key) => name.test(key));
  return found === undefined ? undefined : entry[found];
}

/** A card number without its filling. */
function digits(number: string): string {
  return number.toUpperCase().replace(/F+$/, "");
}

/** What a card calls an application: its label (tag 50), and what it would rather be called (tag 9F12). */
interface Names {
  readonly label: string;
  readonly preferred: string;
}

/** The names that stand in a script's answers, by application identifier. */
function namesOf(fields: Fields): Map<string, Names> {
  const names = new Map<string, Names>();
  for (const one of list(fields, "apdus").map(asFields)) {
    const answer = bytes(one, "response");
    const templates = answer.length > 2 ? parseTlv(answer.subarray(0, -2)) : [];
    const entries = templates.flatMap((template) =>
      template.tag === tags.record ? findAllTags([template], tags.directoryEntry) : [template],
    );
    for (const entry of entries) {
      const aid = tagValue([entry], tags.applicationIdentifier) ?? tagValue([entry], tags.dedicatedFileName);
      const name = (tag: number) => bytesToLatin1(tagValue([entry], tag) ?? new Uint8Array(0)).trim();
      if (aid !== undefined) {
        names.set(bytesToHex(aid), { label: name(tags.applicationLabel), preferred: name(tags.preferredName) });
      }
    }
  }
  return names;
}

/** A cardholder reads the preferred name where there is one; a case may give the label all the same. */
function compareLabel(wanted: string, candidate: Candidate | undefined, names: Map<string, Names>): Verdict {
  const shown = candidate?.label ?? "";
  const known = candidate === undefined ? undefined : names.get(bytesToHex(candidate.aid));
  const isPreferred = known !== undefined && known.label === wanted && known.preferred === shown;
  return isPreferred ? undefined : compareText("label", wanted, shown);
}

function compareCandidates(expected: Fields, candidates: readonly Candidate[], names: Map<string, Names>): Verdict {
  const wanted = list(expected, "candidates").map(asFields);
  return firstOf([
    compareText("candidates", String(wanted.length), String(candidates.length)),
    "selectionRequired" in expected
      ? compareText("selectionRequired", String(expected.selectionRequired), String(selectionRequired(candidates)))
      : undefined,
    ...wanted.flatMap((one, place) => {
      const actual = candidates[place];
      return [
        compareText("aid", text(one, "aid"), bytesToHex(actual?.aid ?? new Uint8Array(0))),
        "label" in one ? compareLabel(text(one, "label"), actual, names) : undefined,
        comparePriority(one, actual),
      ];
    }),
  ]);
}

/** Bits 1 to 4 are the priority, bit 8 asks for the cardholder's confirmation; a card may leave it out. */
function comparePriority(one: Fields, actual: Candidate | undefined): Verdict {
  if (!("priority_87" in one)) {
    return undefined;
  }
  const indicator = one.priority_87 === null ? 0 : bytes(one, "priority_87")[0]!;
  return firstOf([
    compareText("priority", String(indicator & 0x0f), String(actual?.priority)),
    compareText("confirmation", String((indicator & 0x80) !== 0), String(actual?.needsConfirmation)),
  ]);
}

function compareResults(fields: Fields, data: SessionData): Verdict {
  return firstOf([
    compareBytes(fields, "expectedTvr", data.need(tags.terminalVerificationResults, "case")),
    compareBytes(fields, "expectedTsi", data.need(tags.transactionStatusInformation, "case")),
  ]);
}

/** The terminal's and the card's elements of a case, with the results it starts from. */
function session(fields: Fields): SessionData {
  const terminal = [...elements(fields, "config"), ...elements(fields, "params")];
  for (const [name, tag] of [
    ["initialTvr", tags.terminalVerificationResults],
    ["initialTsi", tags.transactionStatusInformation],
  ] as const) {
    if (name in fields) {
      terminal.push([tag, bytes(fields, name)]);
    }
  }
  const data = new SessionData(terminal);
  for (const [tag, value] of elements(fields, "card")) {
    data.setFromCard(tag, value);
  }
  return data;
}

function elements(fields: Fields, name: string): [number, Uint8Array][] {
  return (name in fields ? list(fields, name) : [])
    .map(asFields)
    .map((element) => [bytesToInteger(bytes(element, "tag")), bytes(element, "value")]);
}

function supportedOf(fields: Fields): SupportedApplication[] {
  return list(fields, "supportedApplications")
    .map(asFields)
    .map((one) => ({ aid: bytes(one, "aid"), match: text(one, "match") === "exact" ? "exact" : "partial" }));
}

function scriptOf(fields: Fields): ScriptedCard {
  return new ScriptedCard(
    list(fields, "apdus")
      .map(asFields)
      .map((one): Exchange => [text(one, "command"), bytesToHex(hexToBytes(text(one, "response")))]),
  );
}

function allUsed(card: ScriptedCard): Verdict {
  return card.left === 0 ? undefined : `${card.left} commands were not sent`;
}

function list(fields: Fields, name: string): unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) {
    throw new TypeError(`${name}: a list expected`);
  }
  return value;
}
