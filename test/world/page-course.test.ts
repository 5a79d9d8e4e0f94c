import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { sha256 } from "../../simulator/scenario/recording.ts";
import { readRecording } from "../../simulator/scenario/recording-file.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { ADDRESSES, type PageAction, type StepData } from "../../simulator/web/protocol.ts";
import { PageSession } from "../../simulator/web/session.ts";
import { Simulation } from "../../simulator/world/simulation.ts";

/** A page without a browser whose world stands still but for what the test asks for; ended after the test. */
async function onPage(use: (session: PageSession) => Promise<void>, ground = nodeGround): Promise<void> {
  const session = new PageSession(new Simulation({ seed: 5, parameters: { language: "en" } }), ground, 0);
  await session.open();
  session.act({ do: "speed", speed: "paused" });
  const running = session.run();
  try {
    await use(session);
  } finally {
    await session.close();
    assert.is(await running, undefined);
  }
}

/** Acts, one after the other, with half a second between. */
async function act(session: PageSession, ...actions: readonly PageAction[]): Promise<void> {
  for (const action of actions) {
    await session.act(action);
    await pass(session, 500);
  }
}

/** Lets that much virtual time pass at once. */
async function pass({ course }: PageSession, milliseconds: number): Promise<void> {
  await course.pacer.leapTo(course.pacer.now + milliseconds);
}

const strike = (key: string): PageAction[] => [
  { do: "key", key, pressed: true },
  { do: "key", key, pressed: false },
];

const step = (step: Readonly<Record<string, unknown>>): PageAction => ({ do: "step", step });

/** What can be seen of a terminal and its bank at this moment. */
function stateOf({ course }: PageSession): object {
  const { simulation, pacer } = course;
  return {
    now: pacer.now,
    lcd: Buffer.from(simulation.chips.display.pixels().slice().buffer).toString("base64"),
    screen: simulation.screens.at(-1),
    journal: simulation.journal(),
    books: simulation.bank.books(),
    flash: simulation.chips.flash.operations,
    papers: simulation.papers(),
  };
}

function idOf({ course }: PageSession, kind: string, title: string): number {
  const found = course.timeline.since(1).findLast((entry) => entry.kind === kind && entry.title.en.includes(title));
  if (found === undefined) throw new Error(`no ${kind} "${title}" on the timeline`);
  return found.id;
}

const SALE = [step({ press: "1 2 3 4 ENTER" }), step({ insert: "unionpay-chip-credit" }), step({ pin: "123456" })];

test("who goes back finds the terminal, its journal and the bank's books as they were, and may go another way", async () => {
  await onPage(async (session) => {
    await pass(session, 8_000);
    await act(session, ...SALE);
    await pass(session, 10_000);
    await act(session, { do: "remove" });
    await pass(session, 20_000);
    const then = stateOf(session);
    await act(session, { do: "network", wrong: true });
    const end = idOf(session, "fault", "network down") - 1;
    await act(session, step({ press: "5 0 0 ENTER" }), step({ insert: "unionpay-chip-credit" }));
    assert.is.not(JSON.stringify(stateOf(session)), JSON.stringify(then));
    await session.act({ do: "back", to: end });
    const { now: _, ...before } = then as { now: number };
    const { now: _now, ...after } = stateOf(session) as { now: number };
    assert.equal(after, before);
    await act(session, step({ press: "5 0 0 ENTER" }), step({ tap: "unionpay-tap" }));
    await pass(session, 30_000);
    assert.is(session.course.simulation.bank.approved().count, 2, "the other way: a sale more");
    assert.equal(session.course.simulation.audit(), []);
  });
});

test("what was done on the page is a scenario file in which the terminal shows and prints the same", async () => {
  await onPage(async (session) => {
    await pass(session, 8_000);
    for (const key of ["1", "2", "3", "4", "ENTER"]) await act(session, ...strike(key));
    await act(session, { do: "insert", card: "unionpay-chip-credit" });
    await pass(session, 3_000);
    for (const key of [..."123456", "ENTER"]) await act(session, ...strike(key));
    await pass(session, 5_000);
    await act(session, { do: "remove" });
    await pass(session, 15_000);
    await act(session, step({ host: { silent: true } }), ...["5", "00", "ENTER"].flatMap(strike));
    await act(session, { do: "tap", card: "unionpay-tap" });
    await pass(session, 50_000);
    await act(session, { do: "remove" }, step({ expect: { screen: "menu" } }), { do: "power", wrong: true });
    await act(session, { do: "power", wrong: false });
    await pass(session, 12_000);
    const { simulation } = session.course;
    const text = await (await fetch(`${session.address}scenario.yaml`)).text();
    const result = await runScenario({ file: "scenario.yaml", text, ground: nodeGround });
    assert.is(result.failure, undefined, text);
    assert.equal(
      result.screens.slice(0, simulation.screens.length),
      simulation.screens.map(({ screen }) => screen),
    );
    assert.equal(
      result.receipts,
      simulation.papers().map(({ copy, text }) => ({ copy, text })),
    );

    assert.match(text, /pin: "123456"/);
  });
});

test("a scenario and a recording saved one after the other belong together, in either order", async () => {
  await onPage(async (session) => {
    const get = async (path: string): Promise<string> => (await fetch(`${session.address}${path.slice(1)}`)).text();
    await pass(session, 5000);
    const isOf = (recording: string, scenario: string): boolean =>
      readRecording(recording)[0]?.sha256 === sha256(new TextEncoder().encode(scenario));
    const scenario = await get(ADDRESSES.scenario);
    await pass(session, 700);
    assert.ok(isOf(await get(ADDRESSES.recording), scenario));
    await pass(session, 700);
    const recording = await get(ADDRESSES.recording);
    await pass(session, 700);
    assert.ok(isOf(recording, await get(ADDRESSES.scenario)));
    assert.not.ok(isOf(recording, await get(ADDRESSES.scenario)), "time that passed is told when it is asked for anew");
    await act(session, ...strike("1"));
    assert.match(await get(ADDRESSES.scenario), /press: "?1/);
  });
});

test("a copy of a card has an account of its own, goes back with the world, and stands in the scenario", async () => {
  await onPage(async (session) => {
    const copy = { of: "unionpay-chip-credit", name: "poor-card", balance: 1_000, pin: "735192" } as const;
    await pass(session, 8_000);
    await act(session, { do: "card", copy });
    for (const wrong of [
      copy,
      { ...copy, name: "B" },
      { ...copy, name: "b", of: "none" },
      { ...copy, name: "b", pin: "1" },
    ]) {
      assert.throws(() => session.act({ do: "card", copy: wrong }));
    }
    await act(session, step({ press: "9 00 ENTER" }), { do: "insert", card: "poor-card" }, step({ pin: "735192" }));
    await pass(session, 6_000);
    const approved = idOf(session, "screen", "approved");
    assert.is(session.course.simulation.ledger.balance("poor-card"), 100);
    await session.act({ do: "back", to: approved });
    assert.is(session.course.simulation.ledger.balance("poor-card"), 100);
    await act(session, { do: "remove" });
    await pass(session, 20_000);
    await act(session, step({ press: "9 00 ENTER" }), { do: "insert", card: "poor-card" }, step({ pin: "735192" }));
    await pass(session, 6_000);
    assert.ok(
      session.course.simulation.screens.some(({ screen }) => screen === "declined"),
      "there is no money left",
    );
    const text = await (await fetch(`${session.address}scenario.yaml`)).text();
    const result = await runScenario({ file: "scenario.yaml", text, ground: nodeGround });
    assert.is(result.failure, undefined, text);
    const { screens } = session.course.simulation;
    assert.equal(
      result.screens.slice(0, screens.length),
      screens.map(({ screen }) => screen),
    );
  });
});

test("a step that does not hold is told, and the world goes on", async () => {
  await onPage(async (session) => {
    const told: StepData[] = [];
    session.course.onStep = (data) => told.push(data);
    await pass(session, 8_000);
    assert.throws(() => session.act(step({ presss: "1" })), /unknown step "presss"/);
    assert.throws(() => session.act(step({ network: "sideways" })), /up or down/);
    await act(session, step({ remove: "card" }), step({ press: "1" }));
    assert.equal(
      told.map(({ id, state }) => `${id} ${state}`),
      ["1 running", "1 failed", "2 running", "2 done"],
    );
    assert.is(session.course.simulation.screens.at(-1)?.screen, "enter-amount");
  });
});

test("paused, time stands still until the next thing is to be seen; ten times as fast, ten times as much passes", async () => {
  await onPage(async (session) => {
    const { pacer, timeline } = session.course;
    const before = { now: pacer.now, next: timeline.next };
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.is(pacer.now, before.now);
    await session.act({ do: "advance" });
    while (pacer.isLeaping) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(timeline.next > before.next);
    assert.ok(pacer.now <= before.now + 60_000); // on a slow machine all that a start shows has been seen before the pause
    await pass(session, 8_000);
    await session.act({ do: "speed", speed: 10 });
    const from = { real: performance.now(), now: pacer.now };
    assert.throws(() => session.act({ do: "advance" }), /pause it first/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const rate = (pacer.now - from.now) / (performance.now() - from.real);
    assert.ok(rate > 9 && rate < 11, String(rate));
  });
});

test("as fast as it goes, what the terminal does by itself takes no time, and a person is waited for", async () => {
  await onPage(async (session) => {
    await pass(session, 8_000);
    await session.act({ do: "speed", speed: "fast" });
    const from = { real: performance.now(), now: session.course.pacer.now };
    await session.act(step({ host: { silent: true } }));
    for (const one of SALE) await session.act(one);
    const seen = (id: string): boolean => session.course.simulation.screens.some(({ screen }) => screen === id);
    while (!seen("reversed") && performance.now() < from.real + 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const { now } = session.course.pacer;
    assert.ok(now - from.now > 25_000, "the host was waited for");
    assert.ok(performance.now() - from.real < 10_000);
  });
});

test("another ground, and a fresh start, begin a world of the same seed anew", async () => {
  await onPage(async (session) => {
    await pass(session, 8_000);
    await act(session, ...SALE);
    await session.act({ do: "ground", ground: "xs" });
    assert.is(session.course.ground.name, "xs");
    await pass(session, 8_000);
    assert.is(session.course.simulation.screens.at(-1)?.screen, "idle");
    assert.equal(session.course.simulation.journal(), []);
    await act(session, ...SALE);
    await pass(session, 10_000);
    const approved = idOf(session, "screen", "approved");
    const books = JSON.stringify(session.course.simulation.bank.books());
    await act(session, { do: "remove" });
    await session.act({ do: "back", to: approved });
    assert.is(session.course.simulation.slot, "unionpay-chip-credit");
    assert.is(JSON.stringify(session.course.simulation.bank.books()), books);
    await session.act({ do: "restart" });
    await pass(session, 8_000);
    assert.equal(session.course.simulation.journal(), []);
  });
});

test.run();
