import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Language } from "../../../firmware/screen/messages/words.ts";
import type { Screen, Status } from "../../../firmware/screen/screens.ts";
import { FlowScreen } from "../../../firmware/terminal/peripherals/screen.ts";
import { StatusBar } from "../../../firmware/terminal/peripherals/status-bar.ts";
import { Timers } from "../../../hal/timers.ts";

/** 2026-11-23 09:00:30 in Beijing. */
const start = Date.UTC(2026, 10, 23, 1, 0, 30);

/** A screen and a clock, played. */
function play(link: "tls" | "plain" = "tls") {
  const timers = new Timers();
  const statuses: Status[] = [];
  const screens: Screen[] = [];
  const state: { now: number; language: Language } = { now: 0, language: "en" };
  const bar = new StatusBar({
    clock: {
      monotonic: () => state.now,
      wall: () => start + state.now,
      setTimer: (callback, milliseconds) => timers.set(callback, milliseconds, state.now),
      clearTimer: (id) => timers.clear(id),
    },
    merchantName: { zh: "体验店", en: "Demo Store" },
    utcOffsetMinutes: 480,
    link,
  });
  const screen = new FlowScreen(
    {
      get language() {
        return state.language;
      },
      show: (shown) => {
        screens.push(shown);
      },
      setLanguage: (language) => {
        state.language = language;
      },
      setStatus: (status) => {
        statuses.push(status);
      },
    },
    bar,
  );
  const pass = (milliseconds: number): void => {
    state.now += milliseconds;
    while (timers.fireNext(state.now));
  };
  return { bar, screen, statuses, screens, pass };
}

test("the bar shows the shop and the time of day, and goes on by itself every minute", async () => {
  const { screen, statuses, pass } = play();
  await screen.show({ id: "idle" });
  assert.equal(statuses, [{ merchant: "Demo Store", time: "09:00", network: "up", plain: false }]);
  pass(30_000);
  assert.is(statuses.at(-1)?.time, "09:01");
  pass(60_000);
  assert.is(statuses.at(-1)?.time, "09:02");
});

test("what has not changed is not drawn again", async () => {
  const { screen, statuses, screens } = play();
  await screen.show({ id: "idle" });
  await screen.show({ id: "remove-card" });
  assert.is(screens.length, 2);
  assert.is(statuses.length, 1);
});

test("a host that does not answer is a network that is down, until one answers", async () => {
  const { bar, screen, statuses } = play();
  bar.reached(false);
  await screen.show({ id: "idle" });
  assert.is(statuses.at(-1)?.network, "down");
  bar.reached(true);
  await screen.show({ id: "idle" });
  assert.is(statuses.at(-1)?.network, "up");
});

test("a link that encrypts nothing is said on every screen, in the language that is shown", async () => {
  const { screen, statuses } = play("plain");
  await screen.show({ id: "idle" });
  assert.is(statuses.at(-1)?.plain, true);
  await screen.setLanguage("zh");
  assert.is(statuses.length, 2);
});

test("the shop's name follows the language", async () => {
  const { screen, statuses } = play();
  await screen.show({ id: "idle" });
  await screen.setLanguage("zh");
  assert.is(statuses.at(-1)?.merchant, "体验店");
});

test.run();
