import { equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { asciiToBytes, bytesToLatin1 } from "../codec/text.ts";
import { findTag, parseOneTlv, type Tlv, tagValue } from "../codec/tlv.ts";
import { readRecordCommand, selectCommand } from "./commands.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { tags } from "./tags.ts";

/** An application that the terminal knows; `exact` matches this name only, `partial` all that begin with it. */
export interface SupportedApplication {
  readonly aid: Uint8Array;
  readonly match: "exact" | "partial";
}

/** An application that both sides know. */
export interface Candidate {
  /** The card's name for it, 5 to 16 bytes. */
  readonly aid: Uint8Array;
  /** The terminal's name that it matched. */
  readonly supported: Uint8Array;
  /** What a cardholder reads: the preferred name where the terminal has its characters, else the label. */
  readonly label: string;
  /** 1 (first) to 15, 0 for none. */
  readonly priority: number;
  readonly needsConfirmation: boolean;
}

const paymentSystemEnvironment = "1PAY.SYS.DDF01";
const maximumDirectoryRecords = 30;
const maximumOccurrences = 16;
/** The first ones count: more than a cardholder can choose from, and than the memory of a device has room for. */
const maximumCandidates = 16;

const statusBlocked = 0x6283;
const statusCardBlocked = 0x6a81;
const statusNoRecord = 0x6a83;

/**
 * The candidate list (EMV 4.3 Book 1, 12.3): the card's own directory, and where that yields nothing the terminal's
 * list tried one by one. Sorted by the card's priority. Empty when nothing is known to both.
 * Throws `CardError("cardBlocked")`, `CardError("applicationBlocked")` when all that matched are blocked.
 */
export async function buildCandidateList(
  card: CardChannel,
  supported: readonly SupportedApplication[],
): Promise<Candidate[]> {
  const listed = await fromDirectory(card, supported);
  return sortByPriority(listed.length > 0 ? listed : await fromTerminalList(card, supported));
}

/** True when the cardholder has to be asked (Book 1, 12.4). */
export function selectionRequired(candidates: readonly Candidate[]): boolean {
  return candidates.length > 1 || candidates.some((candidate) => candidate.needsConfirmation);
}

/** Stable: the card's order stays within one priority; no priority comes last. */
export function sortByPriority(candidates: readonly Candidate[]): Candidate[] {
  const rank = (candidate: Candidate): number => (candidate.priority === 0 ? 16 : candidate.priority);
  return [...candidates].sort((a, b) => rank(a) - rank(b));
}

/** The terminal's application with the longest name that a name of the card matches, or `undefined`. */
export function matchApplication<Known extends SupportedApplication>(
  aid: Uint8Array,
  supported: readonly Known[],
): Known | undefined {
  let best: Known | undefined;
  for (const known of supported) {
    if (known.aid.length > (best?.aid.length ?? 0) && isNamedBy(aid, known)) {
      best = known;
    }
  }
  return best;
}

/** True of a name of the card that is the terminal's, or begins with it where that is enough. */
export function isNamedBy(aid: Uint8Array, known: SupportedApplication): boolean {
  return (
    aid.length >= known.aid.length &&
    (known.match === "partial" || aid.length === known.aid.length) &&
    equal(aid.subarray(0, known.aid.length), known.aid)
  );
}

/** Book 1, 12.3.2. A directory that is absent, blocked or malformed gives an empty list. */
async function fromDirectory(card: CardChannel, supported: readonly SupportedApplication[]): Promise<Candidate[]> {
  const selected = await exchange(card, selectCommand(asciiToBytes(paymentSystemEnvironment)), "select directory");
  if (selected.status === statusCardBlocked) {
    throw new CardError("cardBlocked", "select directory");
  }
  if (selected.status !== 0x9000) {
    return [];
  }
  const candidates: Candidate[] = [];
  try {
    const { file, codeTable } = directoryFile(selected.data);
    for (let record = 1; record <= maximumDirectoryRecords; record++) {
      const answer = await exchange(card, readRecordCommand(file, record), "read directory");
      if (answer.status === statusNoRecord) {
        return candidates;
      }
      if (answer.status !== 0x9000) {
        return [];
      }
      addEntries(answer.data, supported, codeTable, candidates);
    }
    return candidates;
  } catch (error) {
    if (error instanceof FormatError) {
      return [];
    }
    throw error;
  }
}

interface Directory {
  readonly file: number;
  /** The character table of the names in its entries (tag 9F11), which do not say it themselves. */
  readonly codeTable: readonly Tlv[];
}

function directoryFile(response: Uint8Array): Directory {
  const template = parseOneTlv(response);
  const file = tagValue([template], tags.shortFileIdentifier);
  if (template.tag !== tags.fileControlInformation || file?.length !== 1 || file[0]! < 1 || file[0]! > 10) {
    throw new FormatError("directory file", 0, "one file number from 1 to 10 expected");
  }
  const codeTable = findTag([template], tags.issuerCodeTable);
  return { file: file[0]!, codeTable: codeTable === undefined ? [] : [codeTable] };
}

/** Adds the applications of a directory's record that both sides know, none twice. */
function addEntries(
  record: Uint8Array,
  supported: readonly SupportedApplication[],
  codeTable: readonly Tlv[],
  candidates: Candidate[],
): void {
  const template = parseOneTlv(record);
  if (template.tag !== tags.record) {
    throw new FormatError("directory record", 0, "template 70 expected");
  }
  for (const entry of template.children ?? []) {
    const aid = entry.tag === tags.directoryEntry ? tagValue([entry], tags.applicationIdentifier) : undefined;
    const known = aid === undefined || !isName(aid) ? undefined : matchApplication(aid, supported);
    if (aid === undefined || known === undefined || candidates.length >= maximumCandidates) {
      continue;
    }
    const candidate = candidateOf(aid, known, [entry, ...codeTable]);
    if (!isAmong(candidates, candidate)) {
      candidates.push(candidate);
    }
  }
}

/** Book 1, 12.3.3. */
async function fromTerminalList(card: CardChannel, supported: readonly SupportedApplication[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  let blocked = 0;
  for (const known of supported) {
    blocked += await addOccurrences(card, known, supported, candidates);
  }
  if (candidates.length === 0 && blocked > 0) {
    throw new CardError("applicationBlocked", "select application");
  }
  return candidates;
}

/**
 * Adds the applications that one of the terminal's names finds. Only an answer with a longer name that matches is
 * followed by SELECT of the next occurrence, whether that application is blocked or not (12.3.3, steps 3 to 7); after an
 * answer with this very name, another one or none it is the turn of the list's next name.
 * @returns how many are blocked
 */
async function addOccurrences(
  card: CardChannel,
  known: SupportedApplication,
  supported: readonly SupportedApplication[],
  candidates: Candidate[],
): Promise<number> {
  const seen: Candidate[] = [];
  let blocked = 0;
  while (seen.length < maximumOccurrences) {
    const occurrence = seen.length === 0 ? "first" : "next";
    const answer = await exchange(card, selectCommand(known.aid, occurrence), "select application");
    if (answer.status === statusCardBlocked && occurrence === "first") {
      throw new CardError("cardBlocked", "select application");
    }
    const isBlocked = answer.status === statusBlocked;
    if (answer.status !== 0x9000 && !isBlocked) {
      break;
    }
    blocked += isBlocked ? 1 : 0;
    const candidate = selectedCandidate(answer.data, known, supported);
    if (candidate === undefined || isAmong(seen, candidate)) {
      break;
    }
    seen.push(candidate);
    if (!isBlocked && candidates.length < maximumCandidates && !isAmong(candidates, candidate)) {
      candidates.push(candidate);
    }
    if (candidate.aid.length === known.aid.length) {
      break;
    }
  }
  return blocked;
}

function isAmong(candidates: readonly Candidate[], { aid }: Candidate): boolean {
  return candidates.some((other) => equal(other.aid, aid));
}

/** The candidate of a SELECT's answer; a malformed answer or another application's is passed over. */
function selectedCandidate(
  response: Uint8Array,
  known: SupportedApplication,
  supported: readonly SupportedApplication[],
): Candidate | undefined {
  try {
    const template = parseOneTlv(response);
    const aid = tagValue([template], tags.dedicatedFileName);
    if (aid === undefined || !isName(aid) || !isNamedBy(aid, known)) {
      return undefined;
    }
    return candidateOf(aid, matchApplication(aid, supported) ?? known, [template]);
  } catch (error) {
    if (error instanceof FormatError) {
      return undefined;
    }
    throw error;
  }
}

function candidateOf(aid: Uint8Array, known: SupportedApplication, objects: readonly Tlv[]): Candidate {
  const priority = tagValue(objects, tags.priority)?.[0] ?? 0;
  return {
    aid: aid.slice(),
    supported: known.aid,
    label: applicationName(objects),
    priority: priority & 0x0f,
    needsConfirmation: (priority & 0x80) !== 0,
  };
}

/** Book 1, 12.4: ISO 8859-1 is the one character table of this terminal's preferred names. */
export function applicationName(objects: readonly Tlv[]): string {
  const preferred = findTag(objects, tags.preferredName)?.value;
  const table = tagValue(objects, tags.issuerCodeTable)?.[0];
  const name = table === 1 && preferred !== undefined ? preferred : tagValue(objects, tags.applicationLabel);
  return name === undefined ? "" : printable(name);
}

/** Text from a card as people may see it: at most 16 characters, none that controls anything. */
export function printable(bytes: Uint8Array, maximum = 16): string {
  let text = "";
  for (const character of bytesToLatin1(bytes.subarray(0, maximum))) {
    text += character < " " || (character >= "\u007f" && character < "\u00a0") ? " " : character;
  }
  return text.trim();
}

function isName(aid: Uint8Array): boolean {
  return aid.length >= 5 && aid.length <= 16;
}
