import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FundsItem } from "../../../firmware/acquirer/funds.ts";
import type { NewsEvent } from "../../../firmware/acquirer/news.ts";
import { FlowNotes, Notes } from "../../../firmware/journal/notes.ts";
import { FundsNews } from "../../../firmware/terminal/funds-news.ts";
import { readFunds } from "../../../firmware/terminal/known-funds.ts";
import { NorFlash } from "../journal/nor-flash.ts";

const item: FundsItem = {
  ...{ number: 3, batch: 1, part: "payments", state: "held", count: 1, amount: 500, fee: 3, net: 497 },
};

/** News from a host that says what it is told to, then nothing until the line is given up. */
function bench(said: readonly ("news" | "nothing" | "wrong" | "ended")[], subscription = "subscribed") {
  const notes = new FlowNotes(new Notes(NorFlash.blank(4, 4096)));
  const left = [...said];
  const happened: string[] = [];
  const timers: { readonly callback: () => void; readonly milliseconds: number }[] = [];
  let end = (): void => {};
  const acknowledge = (): void => {
    happened.push("acknowledged");
  };
  const next = (): Promise<NewsEvent> => {
    const kind = left.shift();
    if (kind === "news") {
      return Promise.resolve({ kind, funds: { kind: "told", last: 3, more: false, items: [item] }, acknowledge });
    }
    if (kind !== undefined) return Promise.resolve({ kind });
    return new Promise((resolve) => {
      end = () => resolve({ kind: "ended" });
    });
  };
  const state = { isBusy: false };
  const news = new FundsNews({
    clock: {
      wall: () => 1_000,
      setTimer: (callback, milliseconds) => timers.push({ callback, milliseconds }),
      clearTimer: () => {},
    },
    notes,
    acquirer: { signedIn: true, signIn: () => Promise.resolve({ kind: "noAnswer" }) },
    batch: { adopt: () => Promise.resolve() },
    neighbour: state,
    show: ({ state: place }) => {
      happened.push(`shown ${place}`);
      return Promise.resolve();
    },
    host: {
      start: () => happened.push("start"),
      subscribe: () => Promise.resolve(subscription as "subscribed"),
      next,
      heartbeat: () => {
        happened.push("heartbeat");
        return Promise.resolve(true);
      },
      giveUp: () => {
        happened.push("given up");
        end();
      },
    },
  });
  return { news, notes, happened, timers, state };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

test("news are kept, acknowledged and shown, and told again are not shown again", async () => {
  const { news, notes, happened } = bench(["news", "news"]);
  news.resume();
  await settle();
  assert.equal(happened, ["start", "acknowledged", "shown held", "acknowledged"]);
  assert.equal(await readFunds(notes), { at: 1_000, items: [item] });
});

test("the line is given up at once when somebody comes, and not taken up again by itself", async () => {
  const { news, happened, timers } = bench([]);
  news.resume();
  await settle();
  await news.pause();
  assert.equal(happened.slice(0, 2), ["start", "given up"]);
  assert.equal(timers, []);
});

test("an echo keeps the line when nothing is said", async () => {
  const { news, happened } = bench(["nothing", "nothing"]);
  news.resume();
  await settle();
  assert.equal(happened, ["start", "heartbeat", "heartbeat"]);
});

test("a line that is lost is tried later, each time twice as late, a quarter of an hour at most", async () => {
  const { news, timers } = bench(new Array(9).fill("ended"));
  news.resume();
  await settle();
  for (let time = 0; time < 6; time++) {
    timers.at(-1)?.callback();
    await settle();
  }
  assert.equal(
    timers.map(({ milliseconds }) => milliseconds / 1_000),
    [30, 60, 120, 240, 480, 900, 900],
  );
});

test("what has a wrong MAC is neither kept nor acknowledged nor shown, and ends the line", async () => {
  const { news, notes, happened, timers } = bench(["wrong"]);
  news.resume();
  await settle();
  assert.equal(happened, ["start", "given up"]);
  assert.is(timers.length, 1);
  assert.is(await readFunds(notes), undefined);
});

test("a host that knows no news is not asked again", async () => {
  const { news, happened, timers } = bench([], "unsupported");
  news.resume();
  await settle();
  news.resume();
  await settle();
  assert.equal(happened, ["start", "given up"]);
  assert.equal(timers, []);
});

test("while something else of the background uses the link no line is opened", async () => {
  const { news, happened, state } = bench(["news"]);
  state.isBusy = true;
  news.resume();
  await settle();
  assert.equal(happened, []);
  state.isBusy = false;
  news.begin();
  await settle();
  assert.equal(happened, ["start", "acknowledged", "shown held"]);
});

test.run();
