/**
 * A power cut at every flash operation of an update, and within it: whatever it leaves, the terminal starts a whole slot,
 * the old one or the new one, and the update comes to its end.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { deliver } from "../../firmware/update/delivery.ts";
import { mostTrials } from "../../firmware/update/slot.ts";
import { choose, confirm, type Started } from "../../firmware/update/slots.ts";
import { askedForAll } from "../everything.ts";
import type { FlashOperation, NorFlash } from "../unit/journal/nor-flash.ts";
import { type PackageName, packageOf } from "../unit/update/packages.ts";
import { blockLength, TwoSlots } from "../unit/update/two-slots.ts";
import { erasedFrom, programmedInto, programmedTo, weaklyErased } from "./half-done.ts";

const everyByte = askedForAll("power cuts at every byte of what an update writes");
/** How many cuts lie between two whose recoveries are cut as well. */
const secondCuts = everyByte ? 400 : 60;

/** Where in a program the power goes: everywhere in a word, at some places of what is longer. */
function ends(length: number): number[] {
  const all = Array.from({ length: length + 1 }, (_, end) => end);
  if (everyByte || length <= 40) return all;
  return all.filter((end) => end < 2 || end > length - 2 || end % 61 === 0);
}

/** What a cut can leave: a program ended after a byte or within one, an erase half done from its front, its end or everywhere. */
function* cutsIn(operation: FlashOperation): Generator<Uint8Array> {
  const { before, offset } = operation;
  if (operation.kind === "program") {
    const { length } = operation.bytes;
    for (const end of ends(length)) {
      yield programmedTo(operation, end);
      if (end < length) yield programmedInto(operation, end);
    }
    return;
  }
  const isTrailer = offset === before.length - blockLength;
  const parts = [0, 28, 100, blockLength, ...(isTrailer || everyByte ? [1, 9, 12, 16, 29, 31, blockLength - 1] : [])];
  for (const part of parts) {
    yield erasedFrom(before, offset, offset + part);
    yield erasedFrom(before, offset + part, offset + blockLength);
    yield weaklyErased(operation, blockLength, part);
  }
}

/** What may be found in use after a cut. */
type Allowed = readonly PackageName[];

/** Calls back with what each cut in the work leaves; a cut between two operations is one of them, too. */
function cutting(slots: TwoSlots, cut: (left: TwoSlots, what: string) => void): () => void {
  for (const [place, flash] of slots.flash.entries()) {
    flash.onOperation = (operation) => {
      const what = `${operation.kind} at ${operation.offset} of slot ${place}`;
      for (const image of cutsIn(operation)) cut(slots.copy(place === 0 ? 0 : 1, image), what);
    };
  }
  slots.secure.onWrite = () => cut(slots.copy(), "security version");
  return () => {
    for (const flash of slots.flash as readonly NorFlash[]) flash.onOperation = undefined;
    slots.secure.onWrite = undefined;
  };
}

/** Starts what a cut has left, and checks that it is whole and one of those that may run. */
function startedOf(left: TwoSlots, allowed: Allowed, what: string): Started {
  const started = left.start();
  const name = left.nameIn(started.slot);
  assert.ok(name !== undefined && allowed.includes(name), `${what}: ${String(name)} runs`);
  return started;
}

/** From what a cut has left to the new package in use: what runs confirms itself, the rest is delivered. */
function finish(left: TwoSlots, wanted: PackageName, allowed: Allowed, what: string): number {
  let running = startedOf(left, allowed, what);
  confirm(left, running);
  let resumed = -1;
  if (left.nameIn(running.slot) !== wanted) {
    resumed = left.update(running, wanted, 256);
    running = startedOf(left, [wanted], what);
    assert.ok(running.isTrial, what);
    confirm(left, running);
  }
  assert.not(startedOf(left, [wanted], what).isTrial, what);
  return resumed;
}

class Campaign {
  cuts = 0;
  secondCuts = 0;
  /** Deliveries that went on somewhere behind their beginning. */
  resumed = 0;
  readonly slots: TwoSlots;

  constructor(slots = TwoSlots.made()) {
    this.slots = slots;
  }

  /** Does a part of an update and cuts it everywhere. */
  during<Result>(
    wanted: PackageName,
    allowed: Allowed,
    work: () => Result,
    leastResumed: () => number = () => -1,
  ): Result {
    const stop = cutting(this.slots, (left, what) => {
      this.cuts++;
      if (this.cuts % secondCuts === 0) this.#cutAgain(left.copy(), wanted, allowed, what);
      const from = finish(left, wanted, allowed, what);
      if (from > 0) this.resumed++;
      assert.ok(from >= leastResumed(), `${what}: ${from} instead of ${leastResumed()}`);
    });
    const result = work();
    stop();
    return result;
  }

  #cutAgain(left: TwoSlots, wanted: PackageName, allowed: Allowed, what: string): void {
    const everything = [...allowed, wanted];
    let turn = 0;
    const stop = cutting(left, (again, then) => {
      // One in seven: a recovery has as many operations as the update itself.
      if (turn++ % 7 !== 0) return;
      this.secondCuts++;
      finish(again, wanted, everything, `${what}, then ${then}`);
    });
    finish(left, wanted, allowed, what);
    stop();
  }

  /** A delivery, cut everywhere; after a cut it goes on behind the blocks that were written before. */
  deliver(running: Started, name: PackageName, runningName: PackageName): void {
    const bytes = packageOf(name);
    const delivery = this.during(name, [runningName], () => this.slots.receive(running, name));
    assert.type(delivery, "object");
    if (typeof delivery === "string") return;
    const whole = () => Math.floor(Math.max(0, delivery.offset - 1) / blockLength) * blockLength;
    this.during(
      name,
      [runningName],
      () => {
        while (delivery.offset < bytes.length) {
          deliver(delivery, bytes.subarray(delivery.offset, delivery.offset + 300));
        }
      },
      whole,
    );
  }
}

test("after a cut anywhere in deliveries, choices, trials and confirmations a whole slot starts, and the update comes to its end", () => {
  const campaign = new Campaign();
  const { slots } = campaign;
  let running = slots.start();
  let old: PackageName = "first";
  for (const name of ["second", "third", "fourth"] as const) {
    campaign.deliver(running, name, old);
    assert.is(
      campaign.during(name, [old, name], () => choose(slots, running)),
      undefined,
    );
    running = campaign.during(name, [name], () => slots.start());
    assert.is(slots.nameIn(running.slot), name);
    campaign.during(name, [name], () => confirm(slots, running));
    running = slots.start();
    assert.not(running.isTrial);
    old = name;
  }
  assert.ok(campaign.cuts > 900, `${campaign.cuts} cuts`);
  assert.ok(campaign.resumed > 300, `${campaign.resumed} resumed`);
  assert.ok(campaign.secondCuts > 300, `${campaign.secondCuts} second cuts`);
});

test("after a cut anywhere in trials that fail the old slot comes back, and the package can be delivered anew", () => {
  const campaign = new Campaign();
  const { slots } = campaign;
  slots.update(slots.start(), "third");
  for (let trial = 1; trial <= mostTrials; trial++) {
    // The cut may have used up the last trial, or not have begun it.
    const allowed: Allowed = trial === mostTrials ? ["third", "first"] : ["third"];
    const tried = campaign.during("third", allowed, () => slots.start());
    assert.is(slots.nameIn(tried.slot), "third");
  }
  const back = campaign.during("third", ["first"], () => slots.start());
  assert.is(slots.nameIn(back.slot), "first");
  assert.not(back.isTrial);
  campaign.deliver(back, "third", "first");
  assert.ok(campaign.cuts > 300, `${campaign.cuts} cuts`);
  assert.ok(campaign.secondCuts > 50, `${campaign.secondCuts} second cuts`);
});

test("after a cut anywhere in a delivery that takes the place of another half-delivered one the old slot starts", () => {
  const campaign = new Campaign();
  const { slots } = campaign;
  const running = slots.start();
  const half = slots.receive(running, "second");
  assert.type(half, "object");
  if (typeof half !== "string") deliver(half, packageOf("second").subarray(0, 1_300));
  campaign.deliver(running, "third", "first");
  campaign.during("third", ["first", "third"], () => choose(slots, running));
  assert.is(slots.nameIn(slots.start().slot), "third");
  assert.ok(campaign.cuts > 300, `${campaign.cuts} cuts`);
});

test.run();
