import { test } from "uvu";
import * as assert from "uvu/assert";
import { CardWorkCounter } from "../../simulator/world/card-work.ts";

const screen = (id: string, stage?: string) => ({ screen: id, values: stage === undefined ? {} : { stage }, at: 0 });

test("a kernel's instructions are those from its first command, without PIN entry and host, which have counts of their own", () => {
  let now = 1_000;
  const counter = new CardWorkCounter(() => now);
  const after = (instructions: number, act: () => void): void => {
    now += instructions;
    act();
  };
  counter.arrived();
  after(10, () => counter.shown(screen("processing", "card"), false));
  after(20, () => counter.talked());
  after(300, () => counter.talked());
  after(100, () => counter.shown(screen("enter-pin"), false));
  after(7_000, () => counter.shown(screen("enter-pin"), false));
  after(7_000, () => counter.shown(screen("pin-retry"), false));
  after(7_000, () => counter.shown(screen("processing", "card"), false));
  after(50, () => counter.shown(screen("processing", "authorising"), false));
  after(9_000, () => counter.shown(screen("processing", "finishing"), false));
  after(5, () => counter.shown(screen("approved"), true));
  after(8_000, () => counter.shown(screen("remove-card"), true));
  after(1, () => counter.shown(screen("idle"), false));
  assert.equal(counter.last, { all: 30_485, arrival: 30, kernel: 455, pin: 21_000, host: 9_000 });
});

test("the last card counts, and a ground that does not count says nothing", () => {
  let now = 0;
  const counter = new CardWorkCounter(() => now);
  for (const length of [100, 40]) {
    counter.arrived();
    counter.talked();
    now += length;
    counter.shown(screen("processing", "authorising"), true);
  }
  assert.equal(counter.last, { all: 40, arrival: 0, kernel: 40, pin: 0, host: 0 });
  const silent = new CardWorkCounter(() => undefined);
  silent.arrived();
  silent.talked();
  silent.shown(screen("remove-card"), true);
  assert.is(silent.last, undefined);
});

test.run();
