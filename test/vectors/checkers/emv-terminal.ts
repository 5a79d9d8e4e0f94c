/** Holds the steps of firmware/emv to published conversations with cards (kind `emv-terminal`). */
import { bytesToInteger } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseOneTlv } from "../../../firmware/codec/tlv.ts";
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
import { readRecords } from "../../../firmware/emv/records.ts";
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
    await manageRisk(card, data);
    return firstOf([compareResults(fields, data), allUsed(card)]);
  },
  buildCandidateList: async (fields) => {
    const card = scriptOf(fields);
    const expected = asFields(fields.expected);
    const candidates = await buildCandidateList(card, supportedOf(fields));
    return firstOf([allUsed(card), compareCandidates(expected, candidates)]);
  },
  selectApplicationSequence: selectInSequence,
  initiateApplicationProcessing: async (fields) => {
    const data = session(fields);
    data.takeFromCard([parseOneTlv(bytes(fields, "fci"))], "select application");
    const card = scriptOf(fields);
    const expected = asFields(fields.expected);
    await initiateProcessing(card, data);
    const none = new Uint8Array(0);
    return firstOf([
      allUsed(card),
      compareBytes(expected, "aip_82", data.get(tags.applicationInterchangeProfile) ?? none),
      compareBytes(expected, "afl_94", data.get(tags.applicationFileLocator) ?? none),
    ]);
  },
  readApplicationData: async (fields) => {
    const data = session(fields);
    data.setFromCard(tags.applicationFileLocator, bytes(fields, "afl_94"));
    const card = scriptOf(fields);
    await readRecords(card, data);
    return allUsed(card);
  },
  parseDol: (fields) => {
    parseDol(bytes(fields, "dol"));
    return undefined;
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

/** A list of candidates that must be empty is a result of its own, not an error. */
function mustFail(fields: Fields): boolean {
  const result = "expected" in fields ? asFields(fields.expected).result : undefined;
  const isList = fields.op === "buildCandidateList";
  return fields.valid === false || (typeof result === "string" && result !== "OK" && !isList);
}

async function selectInSequence(fields: Fields): Promise<Verdict> {
  const listing = asFields(fields.candidateList);
  let candidates = await buildCandidateList(scriptOf(listing), supportedOf(fields));
  for (const step of list(fields, "steps").map(asFields)) {
    const candidate = candidates[Number(step.index)];
    if (candidate === undefined) {
      return "no such candidate";
    }
    candidates = candidates.filter((other) => other !== candidate);
    const card = scriptOf(step);
    const selected = await selectApplication(card, candidate, new SessionData());
    const wrong = firstOf([compareText("selected", String(step.selected), String(selected)), allUsed(card)]);
    if (wrong !== undefined) {
      return wrong;
    }
    const remaining = list(step, "remainingApplicationNumbers").map((number) => `APP ${number}`);
    const labels = candidates.map((other) => other.label);
    const left = compareText("remaining", remaining.join(), labels.join());
    if (left !== undefined) {
      return left;
    }
  }
  return undefined;
}

function compareCandidates(expected: Fields, candidates: readonly Candidate[]): Verdict {
  const wanted = list(expected, "candidates").map(asFields);
  return firstOf([
    compareText("candidates", String(wanted.length), String(candidates.length)),
    candidates.length === 0
      ? undefined
      : compareText("selectionRequired", String(expected.selectionRequired), String(selectionRequired(candidates))),
    ...wanted.flatMap((one, place) => {
      const actual = candidates[place];
      return [
        compareText("aid", text(one, "aid"), bytesToHex(actual?.aid ?? new Uint8Array(0))),
        compareText("label", text(one, "label"), actual?.label ?? ""),
      ];
    }),
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
