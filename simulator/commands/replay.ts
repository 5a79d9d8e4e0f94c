import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Ground } from "../runtime/ground.ts";
import { groundOf } from "../runtime/grounds.ts";
import { Recording, sha256 } from "../scenario/recording.ts";
import { type RecordedRun, RecordingError, readRecording } from "../scenario/recording-file.ts";
import { runScenario } from "../scenario/run.ts";
import { groundOrLine, readArguments, readText, UsageError } from "./arguments.ts";

/**
 * `xspos replay FILE... [--ground G]`: acts every run of a recording out again, with its scenario and its seed, and compares
 * line by line. A recording names its scenarios; they are looked for where they were, then beside the recording.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { ground: "string" });
  if (words.length === 0) throw new UsageError("give at least one recording");
  const runs = words.flatMap((file) => withScenarios(file));
  const ground = await groundOf(groundOrLine(values.ground));
  let passed = 0;
  for (const { recorded, text } of runs) {
    const difference = await replay(recorded, text, ground);
    const about = `${recorded.file} on ${ground.name}`;
    if (difference === undefined) passed++;
    process.stderr.write(
      difference === undefined
        ? `ok   ${about}: ${recorded.lines.length} lines, seed ${recorded.seed}\n`
        : `FAIL ${about} ${difference}\n`,
    );
  }
  process.stdout.write(`${passed} passed, ${runs.length - passed} failed\n`);
  return passed === runs.length ? 0 : 1;
}

interface Replay {
  readonly recorded: RecordedRun;
  /** The scenario's, as it was when it was recorded. */
  readonly text: string;
}

/** The runs of a recording with their scenarios. Whatever is wrong with either is a mistake in the words that were given. */
function withScenarios(file: string): Replay[] {
  try {
    return readRecording(readText(file)).map((recorded) => ({ recorded, text: scenarioOf(recorded, file) }));
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function scenarioOf({ file, line, sha256: expected }: RecordedRun, recording: string): string {
  const place = [file, resolve(dirname(recording), file)].find((path) => existsSync(path));
  if (place === undefined) throw new RecordingError(line, `there is no ${file}, the scenario of this run`);
  const text = readFileSync(place, "utf8");
  if (sha256(new TextEncoder().encode(text)) === expected) return text;
  throw new RecordingError(line, `${file} has changed since this run was recorded`);
}

/** Where the run's replay differs first; undefined where it does not. */
async function replay({ file, seed, line, lines }: RecordedRun, text: string, ground: Ground) {
  const recording = new Recording();
  await runScenario({ file, text, ground, seed, recording });
  const place = lines.findIndex((was, at) => was !== recording.lines[at]);
  const at = place < 0 ? lines.length : place;
  if (place < 0 && recording.lines.length === lines.length) return undefined;
  const was = lines[at] ?? "(the recording ends)";
  const is = recording.lines[at] ?? "(the replay ends)";
  return `differs first in line ${line + at}\n  recorded: ${was}\n  replayed: ${is}`;
}
