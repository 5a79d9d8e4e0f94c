import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Deed, type Pace, World } from "../../simulator/world/kernel.ts";
import { SeededRandom } from "../../simulator/world/random.ts";

test("things happen in the order of their time, then of their asking", () => {
  const world = new World();
  const seen: string[] = [];
  world.after(5, () => seen.push("b"));
  world.after(1, () => seen.push("a"));
  world.after(5, () => seen.push("c"));
  assert.equal(world.next(10), { now: 10, kind: "time" });
  assert.equal(seen, ["a", "b", "c"]);
});

test("a signal wakes the firmware at its moment, before its own deadline", () => {
  const world = new World();
  const io = { closed: false };
  world.after(3, () => world.signal({ io, callback: "onReadable", args: [1] }));
  const wake = world.next(10);
  assert.is(wake.now, 3);
  assert.is(wake.kind, "signal");
});

test("signals of a closed instance are dropped", () => {
  const world = new World();
  const io = { closed: false };
  world.signal({ io, callback: "onReadable", args: [] });
  io.closed = true;
  assert.is(world.next(1).kind, "time");
});

test("a firmware that waits for ever is told so", () => {
  assert.throws(() => new World().next(undefined), /waits for ever/);
});

test("without power the idle call ends and the world goes on until it is back", async () => {
  const world = new World();
  world.after(1, () => world.setPower(false));
  world.after(50, () => world.setPower(true));
  assert.is(world.next(10).kind, "powerless");
  await world.withoutFirmware();
  assert.is(world.now, 50);
  assert.is(world.next(60).kind, "time");
});

/** A world with a tick each 10 ms, in which the firmware sleeps until each 25 ms; what happened, and when. */
async function course(world: World, seen: string[], until: number, pace: Pace): Promise<void> {
  const tick = (): void => {
    seen.push(`tick ${world.now}`);
    world.after(10, tick);
  };
  world.after(10, tick);
  for (let time = 25; time <= until; time += 25) {
    const { now, kind } = await world.nextPaced(time, pace);
    seen.push(`${kind} ${now}`);
  }
}

test("what came from outside happens again in its turn and at its time, also between two things of one moment", async () => {
  const first = new World();
  const seen: string[] = [];
  const deeds: Deed[] = [];
  const act = (world: World, name: string) => (): void => {
    seen.push(`${name} ${world.now}`);
    world.after(0, () => seen.push(`after ${name} ${world.now}`));
  };
  const asked: [number, string][] = [
    [7, "a"],
    [33, "b"],
  ];
  let clock = 0;
  const pace = {
    virtualNow: () => clock,
    realDelay: () => {
      clock += 1.37;
      if (clock < (asked[0]?.[0] ?? Number.POSITIVE_INFINITY)) return 0;
      const [, name] = asked.shift()!;
      first.inject(() => {
        deeds.push({ turn: first.turn, at: first.now, action: act(second, name) });
        act(first, name)();
      });
      return 0;
    },
  };
  const second = new World();
  await course(first, seen, 75, pace);
  assert.is(deeds.length, 2);
  const was = seen.splice(0);
  second.repeat(deeds);
  await course(second, seen, 75, { virtualNow: (target) => target, realDelay: () => 0 });
  assert.equal(seen, was);
  assert.is(second.toRepeat, 0);
});

test("ten thousand scheduled things come out sorted", () => {
  const world = new World();
  const random = new SeededRandom(1, "test");
  let last = 0;
  let count = 0;
  for (let place = 0; place < 10_000; place++) {
    const handle = world.after(random.below(1000), () => {
      assert.ok(world.now >= last);
      last = world.now;
      count++;
    });
    if (place % 10 === 0) handle.cancel();
  }
  world.next(1000);
  assert.is(count, 9_000);
});

test("the same seed gives the same chance, another stream another", () => {
  const bytes = (seed: number, stream: string): string =>
    Buffer.from(new SeededRandom(seed, stream).bytes(32)).toString("hex");
  assert.is(bytes(7, "a"), bytes(7, "a"));
  assert.is.not(bytes(7, "a"), bytes(7, "b"));
  assert.is.not(bytes(7, "a"), bytes(8, "a"));
});

test.run();
