import { concat } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { asciiToBytes } from "../../codec/text.ts";
import { findAllTags, parseOneTlv, type Tlv, tagValue } from "../../codec/tlv.ts";
import { isNamedBy } from "../candidates.ts";
import { selectCommand } from "../commands.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import { takeFileControlInformation } from "../select.ts";
import { tags } from "../tags.ts";
import type { PreparedApplication } from "./preprocessing.ts";
import { tapTags } from "./tap-tags.ts";

const proximityEnvironment = "2PAY.SYS.DDF01";
const statusCardBlocked = 0x6a81;
const lowestPriority = 16;
/** A card has a handful of applications; one that lists more is not talked to about all of them. */
const maximumCombinations = 16;

/** A combination of a card's application and the terminal's kernel for it. */
export interface Combination {
  /** The card's name for it. */
  readonly aid: Uint8Array;
  /** What SELECT is to say: the name, and behind it the card's extended selection (9F29) where the terminal allows. */
  readonly selection: Uint8Array;
  readonly prepared: PreparedApplication;
  /** 1 (first) to 15; 16 stands for none. */
  readonly priority: number;
}

/**
 * Combination selection (EMV contactless Book B, 3.3.2): the card's directory, and the combinations that both sides
 * know, best first. Throws `CardError("noApplication")` when there is none, `CardError("cardBlocked")` for 6A81.
 */
export async function findCombinations(
  card: CardChannel,
  prepared: readonly PreparedApplication[],
): Promise<Combination[]> {
  const step = "select proximity directory";
  const answer = await exchange(card, selectCommand(asciiToBytes(proximityEnvironment)), step);
  if (answer.status === statusCardBlocked) {
    throw new CardError("cardBlocked", step);
  }
  if (answer.status !== 0x9000) {
    throw new CardError("noApplication", step);
  }
  const combinations = parseDirectory(answer.data, prepared);
  if (combinations.length === 0) {
    throw new CardError("noApplication", step);
  }
  return combinations;
}

/**
 * The combinations in the directory's answer, the first sixteen at most, by priority and then in the card's order
 * (3.3.2.5, 3.3.3.2).
 */
export function parseDirectory(response: Uint8Array, prepared: readonly PreparedApplication[]): Combination[] {
  const template = parseOneTlv(response);
  if (template.tag !== tags.fileControlInformation) {
    throw new FormatError("proximity directory", 0, "template 6F expected");
  }
  const combinations: Combination[] = [];
  for (const entry of findAllTags([template], tags.directoryEntry)) {
    const combination = combine(entry, prepared);
    if (combination !== undefined && combinations.push(combination) === maximumCombinations) {
      break;
    }
  }
  return combinations.sort((a, b) => a.priority - b.priority);
}

/** One entry of the directory and the terminal's application with the longest name that fits. */
function combine(entry: Tlv, prepared: readonly PreparedApplication[]): Combination | undefined {
  const aid = tagValue([entry], tags.applicationIdentifier);
  if (aid === undefined || aid.length < 5 || aid.length > 16) {
    return undefined;
  }
  const kernel = requestedKernel(tagValue([entry], tags.kernelIdentifier), aid);
  let best: PreparedApplication | undefined;
  for (const one of prepared) {
    const { application } = one;
    const isLonger = best === undefined || application.aid.length > best.application.aid.length;
    if (isLonger && isNamedBy(aid, application) && (kernel === anyKernel || kernel === application.kernel)) {
      best = one;
    }
  }
  if (best === undefined) {
    return undefined;
  }
  const priority = (tagValue([entry], tags.priority)?.[0] ?? 0) & 0x0f;
  const extended = best.application.extendedSelection ? tagValue([entry], tapTags.extendedSelection) : undefined;
  const selection = extended === undefined ? aid.slice() : concat([aid, extended]);
  return {
    aid: aid.slice(),
    selection: selection.length > 16 ? aid.slice() : selection,
    prepared: best,
    priority: priority === 0 ? lowestPriority : priority,
  };
}

const anyKernel = 0;
const noKernel = -1;

/** Kernels by the schemes' registered identifiers (Book B, table 3-6): the two bytes behind A00000. */
const defaultKernels: Readonly<Record<number, number>> = Object.freeze({
  3: 3,
  4: 2,
  37: 4,
  101: 5,
  338: 6,
  804: 6,
  819: 7,
});

/**
 * The kernel that a card asks for (9F2A; Book B, 3.3.2.5 C): an international one by its number. Domestic ones have
 * numbers of three bytes, which this terminal knows none of. Without a wish the name decides.
 */
function requestedKernel(wish: Uint8Array | undefined, aid: Uint8Array): number {
  const first = wish?.[0];
  if (first === undefined) {
    return kernelOfName(aid) ?? anyKernel;
  }
  return (first & 0x80) === 0 ? first : noKernel;
}

/** The kernel of an application's scheme; undefined where the table has none. */
export function kernelOfName(aid: Uint8Array): number | undefined {
  const isRegistered = aid[0] === 0xa0 && aid[1] === 0 && aid[2] === 0;
  return isRegistered ? defaultKernels[(aid[3]! << 8) | aid[4]!] : undefined;
}

/**
 * Final selection of a combination (Book B, 3.3.3). Its file control information goes into `data`.
 * @returns false when the card refuses or answers with rubbish: the next one is tried
 */
export async function selectCombination(
  card: CardChannel,
  combination: Combination,
  data: SessionData,
): Promise<boolean> {
  const answer = await exchange(card, selectCommand(combination.selection), "select application");
  if (answer.status !== 0x9000) {
    return false;
  }
  try {
    takeFileControlInformation(answer.data, combination.aid, data);
    return true;
  } catch (error) {
    if (error instanceof FormatError) {
      return false;
    }
    throw error;
  }
}
