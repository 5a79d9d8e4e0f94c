/** The firmware behind a serial line: an emulated board on a pseudo-terminal, which a seed spoils bytes of. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ground, GroundUnavailable } from "../../simulator/runtime/ground.ts";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { serialGround } from "../../simulator/runtime/serial/ground.ts";
import type { XsGround } from "../../simulator/runtime/xs/bundle.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";
import { quickOf } from "../available.ts";
import { askedForAll } from "../everything.ts";
import { boardLimits, EmulatedBoard } from "../hil/emulated-board.ts";
import type { FaultRates } from "../hil/faulty-line.ts";

const NONE: FaultRates = { lost: 0, doubled: 0, flipped: 0, burst: 0 };
/** A sale moves almost two million bytes: a hundred and more of them are spoilt. */
const SOME: FaultRates = { lost: 30_000, doubled: 30_000, flipped: 30_000, burst: 200_000 };
const MANY: FaultRates = { lost: 8_000, doubled: 8_000, flipped: 8_000, burst: 60_000 };

interface Recorded {
  readonly lines: readonly string[];
  readonly result: ScenarioResult;
}

/** Runs a scenario and writes down every screen and picture, every dot of paper, every flash operation, all traffic. */
async function record(file: string, ground: Ground, prepare?: (simulation: Simulation) => void): Promise<Recorded> {
  const recording = new Recording();
  const text = readFileSync(new URL(`../flow/${file}`, import.meta.url), "utf8");
  const result = await runScenario({ file, text, ground, recording, ...(prepare === undefined ? {} : { prepare }) });
  return { lines: recording.lines, result };
}

/** The scenario over a line that spoils bytes gives what it gives over the pipe, to the byte. */
async function sameOverLine(file: string, name: XsGround, seed: number, rates: FaultRates): Promise<void> {
  const piped = await record(file, await groundOf(name));
  assert.ok(piped.result.passed, piped.result.failure?.message);
  const board = await EmulatedBoard.plugIn(name, { ...boardLimits(name), faults: { seed, rates } });
  try {
    const { lines, result } = await record(file, serialGround(`serial:${board.path}`));
    const failures = board.failures.join(", ");
    assert.ok(result.passed, `seed ${seed}, step ${result.failure?.step}: ${result.failure?.message} (${failures})`);
    const place = piped.lines.findIndex((line, at) => line !== lines[at]);
    assert.is(
      place,
      -1,
      `seed ${seed}: first difference in line ${place + 1}:\n${piped.lines[place]}\n${lines[place]}`,
    );
    assert.is(lines.length, piped.lines.length);
    assert.equal(result.receipts, piped.result.receipts);
    assert.equal(result.journal, piped.result.journal);
    assert.equal(board.failures, []);
    const { lineSpoilt = 0, lineFramesReceived = 0 } = result.metrics;
    assert.is(lineSpoilt > 0, rates !== NONE, `${lineSpoilt} times spoilt bytes`);
    const { lost, doubled, flipped, burst } = board.toLaptop?.counts ?? NONE;
    const spoilt = `${lost} bytes lost, ${doubled} doubled, ${flipped} flipped, ${burst} bursts`;
    console.log(`${file} on ${name} over a line: ${lineFramesReceived} frames from the board, ${spoilt}`);
  } finally {
    await board.unplug();
  }
}

const [xs] = await quickOf(["xs"], "a serial line");
if (xs !== undefined) {
  test("a sale over a line that loses, doubles and flips bytes gives the same bytes as over the pipe", async () => {
    await sameOverLine("sale-magstripe.yaml", xs, 1, SOME);
  });

  test("a line that is unplugged in the middle of a sale ends the run with a sentence", async () => {
    const board = await EmulatedBoard.plugIn(xs);
    const unplugAtFirstKey = (simulation: Simulation): void => {
      simulation.onChange.push(() => void board.unplug());
    };
    const { result } = await record("sale-magstripe.yaml", serialGround(`serial:${board.path}`), unplugAtFirstKey);
    await board.unplug();
    assert.is(result.passed, false);
    assert.match(
      result.failure?.message ?? "",
      /^the firmware crashed: the line \/dev\/\S+ is gone.*: is it still plugged in\?$/,
    );
  });

  test("a board that stops in the middle of a sale is given up with a sentence", async () => {
    const board = await EmulatedBoard.plugIn(xs);
    const freezeAtFirstScreen = (simulation: Simulation): void => {
      simulation.onChange.push(() => board.freeze());
    };
    const ground = serialGround(`serial:${board.path}`, { answer: 400, turn: 400 });
    const { result } = await record("sale-magstripe.yaml", ground, freezeAtFirstScreen);
    await board.unplug();
    assert.match(
      result.failure?.message ?? "",
      /the board (answers no more|has said nothing for \d+ s) \(\/dev\/\S+ at 921600 baud/,
    );
  });

  test("a line on which nobody answers is given up with a sentence", async () => {
    const board = await EmulatedBoard.plugIn(xs);
    board.freeze();
    const { result } = await record("sale-magstripe.yaml", serialGround(`serial:${board.path}`, { start: 300 }));
    await board.unplug();
    assert.match(result.failure?.message ?? "", /the board does not answer \(\/dev\/\S+ at 921600 baud: is it/);
  });
}

test("a line that is not there, and a name without one, are refused before anything runs", async () => {
  for (const [name, reason] of [
    ["serial:/dev/no-such-line@115200", /no serial line \/dev\/no-such-line: plug/],
    ["serial:", /needs the path of a line/],
  ] as const) {
    try {
      await groundOf(name);
      assert.unreachable(name);
    } catch (error) {
      assert.ok(error instanceof GroundUnavailable);
      assert.match(error.message, reason);
    }
  }
});

if (xs !== undefined && askedForAll("more sales, power cuts and spoilt bytes over a serial line")) {
  test("a chip sale over a good line gives the same bytes as over the pipe", () =>
    sameOverLine("sale-chip.yaml", xs, 2, NONE));

  for (let seed = 3; seed < 6; seed++) {
    test(`a sale over a bad line gives the same bytes as over the pipe, seed ${seed}`, () =>
      sameOverLine("sale-tap.yaml", xs, seed, MANY));
  }

  test("a power cut over a spoiling line restarts the board, and the sale is reversed as over the pipe", () =>
    sameOverLine("power-cut-while-online.yaml", xs, 6, SOME));
}

for (const name of await quickOf(["xs32", "rv32"], "a serial line")) {
  test(`${name}: a sale over a line that spoils bytes gives the same bytes as over the pipe`, () =>
    sameOverLine("sale-magstripe.yaml", name, 7, SOME));
}

test.run();
