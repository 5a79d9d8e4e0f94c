import { askSignedIn } from "../acquirer/attempts.ts";
import type { NotTold } from "../acquirer/inquiry.ts";
import type { ParameterBlock } from "../acquirer/parameter-blocks.ts";
import type { StandingLine } from "../acquirer/standing-line.ts";
import { equal } from "../codec/bytes.ts";
import { isCborMap } from "../codec/cbor.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { parametersOf } from "../update/parameter-check.ts";
import type { Parameters } from "../update/parameters.ts";
import { longestVersion, type ParameterStore } from "../update/store.ts";
import type { Trial } from "../update/trial.ts";
import { signInIfNeeded } from "./host-ready.ts";
import { offline } from "./offline.ts";
import { allow } from "./operator/authority.ts";
import type { PackageDevice } from "./packages/device.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** What a download works on. */
export interface ParameterUpdate {
  readonly store: Pick<ParameterStore, "version" | "room" | "read" | "clear" | "write" | "loaded" | "use">;
  /** What would keep a terminal with these parameters out of service, in a word; undefined when nothing does. */
  readonly problemOf: (parameters: Parameters) => string | undefined;
  /** Starts the terminal anew. */
  readonly restart: () => void;
  /** A connection that stands until it is given up. */
  readonly newLine: () => Pick<StandingLine, "exchange" | "giveUp" | "start">;
  /** Where packages go to. */
  readonly device: PackageDevice;
  /** What the start found of new firmware. */
  readonly trial: Trial;
}

/** How far a download has come: kept in flash, so that the next one goes on from there. */
interface Progress {
  readonly version: string;
  readonly size: number;
  readonly sha256: Uint8Array;
  /** Bytes in the bank. */
  readonly offset: number;
}

const noteName = "download";

/**
 * Fetches the parameters that the host has for this terminal, as far as they are new, and starts anew with them. What was
 * loaded before a cut or a lost host is not asked for again. Nothing changes before all of it is there, its digest is the
 * one that was told, and `checkParameters` finds it good. Throws `UserError` for how else it ended.
 */
export async function downloadParameters(services: Services): Promise<void> {
  await prepareDownload(services);
  const loaded = await inTurnOfItsOwn(() => load(services));
  if (loaded === undefined) {
    await showResult(services, { id: "up-to-date" });
    return;
  }
  await inTurnOfItsOwn(() => takeIntoUse(services, loaded));
  return startAnew(services);
}

/** Who may download, and the session that it takes. */
export async function prepareDownload(services: Services): Promise<void> {
  await allow(services, "download");
  await services.screen.show({ id: "processing", stage: "connecting" });
  await signInIfNeeded(services);
}

/**
 * Asks for a piece of a download, signing in where that is needed. Throws `UserError` where the host has none, where what it
 * said makes no sense or was not its own, and where it did not answer.
 * @param what the message, for the technician
 */
export async function askForPiece<Told extends { readonly kind: string }>(
  services: Services,
  what: string,
  question: () => Promise<Told | NotTold>,
): Promise<Told> {
  let wrong = false;
  const outcome = await inTurnOfItsOwn(() =>
    askSignedIn(services.acquirer, question, ({ kind }) => {
      wrong = kind === "mismatch";
      return kind !== "mismatch" && kind !== "noAnswer";
    }),
  );
  if (outcome !== undefined && outcome.kind !== "unsupported") return outcome as Told;
  if (outcome !== undefined) throw new UserError({ id: "update-failed", reason: "none", detail: what });
  throw wrong ? new UserError({ id: "update-failed", reason: "answerWrong", detail: what }) : offline(services);
}

/** The terminal starts with what it has taken into use. */
export async function startAnew(services: Services): Promise<never> {
  await showResult(services, { id: "updated" });
  services.update.restart();
  return new Promise<never>(() => {});
}

/** Block after block into the other bank; undefined where the host has nothing new. */
async function load(services: Services): Promise<Progress | undefined> {
  const { store } = services.update;
  let progress = await readProgress(services);
  for (;;) {
    const block = await nextBlock(services, progress?.offset ?? 0);
    if (block.version === store.version) {
      await forget(services);
      return undefined;
    }
    if (progress === undefined || !isSame(progress, block)) {
      const isStart = progress === undefined || progress.offset === 0;
      progress = await begin(services, block);
      if (!isStart) continue; // the block is of another place than the beginning
    }
    if (block.bytes.length > 0) progress = await keep(services, progress, block.bytes);
    if (progress.offset === progress.size) return progress;
    if (block.bytes.length === 0) return fail(services, "length");
    const { offset: done, size: all } = progress;
    await services.screen.show({ id: "updating", percent: Math.floor((done * 100) / all) });
  }
}

async function nextBlock(services: Services, offset: number): Promise<ParameterBlock> {
  const { acquirer, update } = services;
  const { block } = await askForPiece(services, "965", () => acquirer.askParameters(update.store.version, offset));
  return block;
}

/** The other bank is emptied before anything says that there is something in it. */
async function begin(services: Services, block: ParameterBlock): Promise<Progress> {
  const { store } = services.update;
  const { version, size, sha256 } = block;
  await forget(services);
  if (size > store.room) return fail(services, "size");
  await inTurnOfItsOwn(() => store.clear());
  const progress = { version, size, sha256, offset: 0 };
  await services.notes.write(noteName, progress);
  return progress;
}

/** Into the bank first: a piece that a cut leaves unnoted is written once more, and the same. */
async function keep(services: Services, progress: Progress, piece: Uint8Array): Promise<Progress> {
  await inTurnOfItsOwn(() => services.update.store.write(piece, progress.offset));
  const further = { ...progress, offset: progress.offset + piece.length };
  await services.notes.write(noteName, further);
  return further;
}

/** Checks all of what is in the other bank, and only then lets it count. */
export async function takeIntoUse(
  services: Services,
  { version, size, sha256 }: Omit<Progress, "offset">,
): Promise<void> {
  const { store, problemOf } = services.update;
  const cbor = await inTurnOfItsOwn(() => store.loaded(size, sha256));
  if (cbor === undefined) return fail(services, "digest");
  const parameters = await inTurnOfItsOwn(() => parametersOf(cbor));
  if (parameters === undefined) return fail(services, "content");
  const problem = await inTurnOfItsOwn(() => whoseProblem(services, parameters) ?? problemOf(parameters));
  if (problem !== undefined) return fail(services, problem);
  if (parameters.currency !== services.parameters.currency && (await services.journal.totals()).length > 0) {
    throw new UserError({ id: "settlement", stage: "due", reason: "unfinished" });
  }
  await inTurnOfItsOwn(() => store.use(cbor, version));
  await forget(services);
}

/** Parameters of another terminal are nothing for this one. */
function whoseProblem({ parameters }: Services, { terminalId, merchantId }: Parameters): string | undefined {
  if (terminalId !== parameters.terminalId) return "terminal";
  return merchantId === parameters.merchantId ? undefined : "merchant";
}

/** Forgets what was loaded: the next download begins anew. */
export async function fail(services: Services, detail: string): Promise<never> {
  await forget(services);
  throw new UserError({ id: "update-failed", detail });
}

/** What is in the other bank is no download any more. */
export async function forget({ notes }: Services): Promise<void> {
  if ((await notes.read(noteName)) !== undefined) await notes.erase(noteName);
}

function isSame(one: Progress, other: ParameterBlock): boolean {
  return one.version === other.version && one.size === other.size && equal(one.sha256, other.sha256);
}

/** Undefined where there is none, or of a version that is in use by now. */
async function readProgress({ notes, update }: Services): Promise<Progress | undefined> {
  const value = await notes.read(noteName);
  if (!isCborMap(value)) return undefined;
  const { version, size, sha256, offset } = value;
  const isGood =
    typeof version === "string" &&
    version.length <= longestVersion &&
    version !== update.store.version &&
    typeof size === "number" &&
    typeof offset === "number" &&
    offset <= size &&
    sha256 instanceof Uint8Array;
  return isGood ? { version, size, sha256, offset } : undefined;
}
