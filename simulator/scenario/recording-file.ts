import { LineError } from "../line-error.ts";
import { type RecordedKind, recordedKinds } from "./recording.ts";

/** A recording that cannot be read, with the line where. */
export class RecordingError extends LineError {
  override readonly name = "RecordingError";
}

/** One run of a recording. */
export interface RecordedRun {
  /** Where the run begins in the recording; the first line is 1. */
  readonly line: number;
  /** The scenario's file, as it was named then, and the SHA-256 of its text in hexadecimal. */
  readonly file: string;
  readonly sha256: string;
  readonly seed: number;
  /** The run's lines, the one that names it first. */
  readonly lines: readonly string[];
}

/** Reads the text of a recording, strictly. Throws `RecordingError`. */
export function readRecording(text: string): RecordedRun[] {
  const lines = text.replace(/\n$/, "").split("\n");
  if (text.trim() === "") throw new RecordingError(1, "an empty recording");
  const runs: (RecordedRun & { lines: string[] })[] = [];
  let last = 0;
  for (const [place, line] of lines.entries()) {
    const entry = readEntry(line, place + 1);
    if (entry.kind === "run") {
      runs.push({ line: place + 1, ...readRun(entry, place + 1), lines: [line] });
      last = entry.at;
      continue;
    }
    const run = runs.at(-1);
    if (run === undefined) throw new RecordingError(place + 1, "a recording begins with a run");
    if (entry.at < last) throw new RecordingError(place + 1, "earlier than the line before");
    last = entry.at;
    run.lines.push(line);
  }
  return runs;
}

type Entry = Readonly<Record<string, unknown>> & { readonly at: number; readonly kind: RecordedKind };

function readEntry(line: string, number: number): Entry {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    entry = undefined;
  }
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw new RecordingError(number, "not a line of a recording");
  }
  const { at, kind } = entry as Record<string, unknown>;
  if (typeof at !== "number" || at < 0 || typeof kind !== "string") {
    throw new RecordingError(number, "not a line of a recording");
  }
  if (!recordedKinds.some((known) => known === kind)) throw new RecordingError(number, `there is no kind "${kind}"`);
  return entry as Entry;
}

function readRun(entry: Entry, number: number): Pick<RecordedRun, "file" | "seed" | "sha256"> {
  const { file, seed, sha256 } = entry;
  const isWhole = typeof file === "string" && Number.isSafeInteger(seed) && /^[0-9a-f]{64}$/.test(String(sha256));
  if (!isWhole) throw new RecordingError(number, "a run names its file, seed and SHA-256");
  return { file, seed: seed as number, sha256: sha256 as string };
}
