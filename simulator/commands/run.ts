import { statSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describeExchange } from "../cards/describe-apdu.ts";
import { type KeptWorld, NOTHING_KEPT } from "../profile/kept-world.ts";
import type { Profile } from "../profile/profile.ts";
import { replaceFile } from "../replace-file.mjs";
import type { Ground } from "../runtime/ground.ts";
import { groundOf } from "../runtime/grounds.ts";
import { ScenarioError } from "../scenario/document.ts";
import { junit } from "../scenario/junit.ts";
import { readScenario } from "../scenario/language.ts";
import { Recording } from "../scenario/recording.ts";
import { runScenario, type ScenarioResult } from "../scenario/run.ts";
import { worldNames } from "../world/names.ts";
import type { Simulation } from "../world/simulation.ts";
import { groundOrLine, readArguments, readText, UsageError, wholeNumber } from "./arguments.ts";
import { mustBeOthers, mustBeWritable } from "./files.ts";
import { openProfile } from "./profile.ts";
import { watchAndRun } from "./watch.ts";

/** `xspos run FILE... [--ground G] [--json] [--seed N] [--record FILE] [--junit FILE] [--trace] [--watch] [--profile DIR [--erase]]` */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, {
    ground: "string",
    json: "boolean",
    seed: "string",
    record: "string",
    junit: "string",
    trace: "boolean",
    watch: "boolean",
    profile: "string",
    erase: "boolean",
  });
  if (words.length === 0) throw new UsageError("give at least one scenario file");
  if (values.watch === true)
    return watchAndRun(
      args.filter((word) => word !== "--watch"),
      words,
    );
  if (values.profile !== undefined && values.record !== undefined) {
    throw new UsageError("--record and --profile do not go together: a recording begins with a fresh terminal");
  }
  const seed = wholeNumber("seed", values.seed);
  const ground = await groundOf(groundOrLine(values.ground));
  const texts = words.map((file) => ({ file, text: readText(file) }));
  const written = [values.record, values.junit].filter((file) => file !== undefined);
  mustBeOthers(written, words);
  for (const file of written) mustBeWritable(file);
  const profile = openProfile(values);
  try {
    return await runAll(texts, { ...values, seed, ground, profile });
  } finally {
    profile?.close();
  }
}

interface Wish {
  readonly ground: Ground;
  readonly seed: number | undefined;
  readonly profile: Profile | undefined;
  readonly json?: boolean;
  readonly record?: string;
  readonly junit?: string;
  readonly trace?: boolean;
}

async function runAll(
  files: readonly { readonly file: string; readonly text: string }[],
  { ground, seed, profile, ...values }: Wish,
): Promise<number> {
  const recording = values.record === undefined ? undefined : new Recording();
  const results: ScenarioResult[] = [];
  let kept = profile?.kept ?? (profile && NOTHING_KEPT);
  if (kept !== undefined) mustFit(files, kept);
  for (const { file, text } of files) {
    let world: Simulation | undefined;
    const result = await runScenario({
      file,
      text,
      ground,
      ...(kept === undefined ? {} : { kept }),
      ...(seed === undefined ? {} : { seed }),
      ...(recording === undefined ? {} : { recording }),
      prepare: (simulation) => {
        world = simulation;
        if (values.trace === true) traceCards(simulation);
      },
    });
    if (kept !== undefined && world !== undefined) {
      kept = world.keep();
      profile?.keep(kept);
    }
    results.push(result);
    const failure = result.failure === undefined ? "" : `\n  step ${result.failure.step}: ${result.failure.message}`;
    process.stderr.write(`${result.passed ? "ok  " : "FAIL"} ${file} on ${ground.name}: ${result.name}${failure}\n`);
  }
  if (values.record !== undefined && recording !== undefined) keepRecording(values.record, recording, results);
  if (values.junit !== undefined) writeFileSync(values.junit, junit(results));
  const passed = results.filter((result) => result.passed).length;
  if (values.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`${passed} passed, ${results.length - passed} failed\n`);
  return passed === results.length ? 0 : 1;
}

/** Writes a recording of scenarios that could all be read; else what stands there stays. */
function keepRecording(file: string, recording: Recording, results: readonly ScenarioResult[]): void {
  if (results.some(({ failure }) => failure?.step === 0)) {
    process.stderr.write(`${file}: not written, because not every scenario could be read\n`);
  } else if (statSync(file).isFile()) replaceFile(file, recording.toString());
  else writeFileSync(file, recording.toString());
}

/** A terminal that is kept is one: all scenarios must mean the same, and the one that was made before. */
function mustFit(files: readonly { readonly file: string; readonly text: string }[], kept: KeptWorld): void {
  let its = kept.runs > 0 ? kept.parameters : undefined;
  for (const { file, text } of files) {
    const asked = parametersOf(text);
    its ??= asked;
    if (asked !== undefined && !isDeepStrictEqual(asked, its)) {
      throw new UsageError(`${file}: the profile's terminal was made with other parameters: ${JSON.stringify(its)}`);
    }
  }
}

/** Undefined where the scenario cannot be read, which its run says. */
function parametersOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return readScenario(text, worldNames).parameters;
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/** Has each exchange with a card explained on standard error. */
function traceCards(simulation: Simulation): void {
  simulation.onCardExchange.push((command, answer) => {
    const time = `${(simulation.world.now / 1000).toFixed(3)} s`;
    process.stderr.write(`${time}\n${describeExchange(command, answer).join("\n")}\n`);
  });
}
