import { writeFileSync } from "node:fs";
import { describeExchange } from "../cards/describe-apdu.ts";
import { groundOf } from "../runtime/grounds.ts";
import { junit } from "../scenario/junit.ts";
import { Recording } from "../scenario/recording.ts";
import { runScenario, type ScenarioResult } from "../scenario/run.ts";
import type { Simulation } from "../world/simulation.ts";
import { groundOrLine, readArguments, readText, UsageError, wholeNumber } from "./arguments.ts";
import { mustBeWritable } from "./files.ts";
import { watchAndRun } from "./watch.ts";

/** `xspos run FILE... [--ground G] [--json] [--seed N] [--record FILE] [--junit FILE] [--trace] [--watch]` */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, {
    ground: "string",
    json: "boolean",
    seed: "string",
    record: "string",
    junit: "string",
    trace: "boolean",
    watch: "boolean",
  });
  if (words.length === 0) throw new UsageError("give at least one scenario file");
  if (values.watch === true)
    return watchAndRun(
      args.filter((word) => word !== "--watch"),
      words,
    );
  const seed = wholeNumber("seed", values.seed);
  const ground = await groundOf(groundOrLine(values.ground));
  for (const file of [values.record, values.junit]) if (file !== undefined) mustBeWritable(file);
  const recording = values.record === undefined ? undefined : new Recording();
  const results: ScenarioResult[] = [];
  for (const file of words) {
    const result = await runScenario({
      file,
      text: readText(file),
      ground,
      ...(seed === undefined ? {} : { seed }),
      ...(recording === undefined ? {} : { recording }),
      ...(values.trace === true ? { prepare: traceCards } : {}),
    });
    results.push(result);
    const failure = result.failure === undefined ? "" : `\n  step ${result.failure.step}: ${result.failure.message}`;
    process.stderr.write(`${result.passed ? "ok  " : "FAIL"} ${file} on ${ground.name}: ${result.name}${failure}\n`);
  }
  if (values.record !== undefined && recording !== undefined) writeFileSync(values.record, recording.toString());
  if (values.junit !== undefined) writeFileSync(values.junit, junit(results));
  const passed = results.filter((result) => result.passed).length;
  if (values.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`${passed} passed, ${results.length - passed} failed\n`);
  return passed === results.length ? 0 : 1;
}

/** Has each exchange with a card explained on standard error. */
function traceCards(simulation: Simulation): void {
  simulation.onCardExchange.push((command, answer) => {
    const time = `${(simulation.world.now / 1000).toFixed(3)} s`;
    process.stderr.write(`${time}\n${describeExchange(command, answer).join("\n")}\n`);
  });
}
