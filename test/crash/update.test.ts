/**
 * A power cut at every flash operation of an update, and within it: whatever it leaves, the terminal starts a whole slot,
 * the old one or the new one, and the update comes to its end.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { deliver } from "../../firmware/update/delivery.ts";
import { mostTrials } from "../../firmware/update/spare.ts";
import { askedForAll } from "../everything.ts";
import type { FlashOperation, NorFlash } from "../unit/journal/nor-flash.ts";
import { contentOf } from "../unit/update/package-content.ts";
import type { PackageName } from "../unit/update/packages.ts";
import { begun, blockLength, Updating } from "../unit/update/updating.ts";
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
  const isRecord = offset === 0;
  const parts = [
    0,
    512,
    600,
    blockLength,
    ...(isRecord || everyByte ? [1, 80, 516, 520, 532, 545, blockLength - 1] : []),
  ];
  for (const part of parts) {
    yield erasedFrom(before, offset, offset + part);
    yield erasedFrom(before, offset + part, offset + blockLength);
    yield weaklyErased(operation, blockLength, part);
  }
}

/** What may be found running after a cut. */
type Allowed = readonly PackageName[];

/** Calls back with what each cut in the work leaves; a cut between two operations is one of them, too. */
function cutting(terminal: Updating, cut: (left: Updating, what: string) => void): () => void {
  const flashes: readonly (readonly [string, NorFlash])[] = [
    ["slot 0", terminal.flash[0]],
    ["slot 1", terminal.flash[1]],
    ["the record", terminal.record],
  ];
  for (const [name, flash] of flashes) {
    flash.onOperation = (operation) => {
      const what = `${operation.kind} at ${operation.offset} of ${name}`;
      for (const image of cutsIn(operation)) cut(terminal.copy(flash, image), what);
    };
  }
  terminal.onBoot = () => cut(terminal.copy(), "the boot loader's choice");
  return () => {
    for (const [, flash] of flashes) flash.onOperation = undefined;
    terminal.onBoot = undefined;
  };
}

/** Starts what a cut has left to its idle screen, and checks that what runs is whole and one of those that may. */
function started(left: Updating, allowed: Allowed, what: string): void {
  const name = left.startToIdle();
  assert.ok(name !== undefined && allowed.includes(name), `${what}: ${String(name)} runs`);
}

/** From what a cut has left to the new package in use: what was tried stays, the rest is delivered. */
function finish(left: Updating, wanted: PackageName, allowed: Allowed, what: string): number {
  started(left, allowed, what);
  let resumed = -1;
  if (left.nameRunning !== wanted) {
    resumed = left.update(wanted, 256);
    started(left, [wanted], what);
  }
  assert.is(left.start(), "none", what);
  assert.is(left.nameRunning, wanted, what);
  return resumed;
}

class Campaign {
  cuts = 0;
  secondCuts = 0;
  /** Deliveries that went on somewhere behind their beginning. */
  resumed = 0;
  readonly terminal = Updating.made();

  /** Does a part of an update and cuts it everywhere. */
  during<Result>(
    wanted: PackageName,
    allowed: Allowed,
    work: () => Result,
    leastResumed: () => number = () => -1,
  ): Result {
    const stop = cutting(this.terminal, (left, what) => {
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

  #cutAgain(left: Updating, wanted: PackageName, allowed: Allowed, what: string): void {
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
  deliver(name: PackageName, runningName: PackageName): void {
    const bytes = contentOf(name);
    const delivery = begun(this.during(name, [runningName], () => this.terminal.receive(name)));
    const whole = () => Math.floor(Math.max(0, delivery.offset - 1) / blockLength) * blockLength;
    this.during(
      name,
      [runningName],
      () => {
        while (delivery.offset < bytes.length) {
          deliver(delivery, bytes.subarray(delivery.offset, delivery.offset + 304));
        }
      },
      whole,
    );
  }
}

test("after a cut anywhere in deliveries, choices, trials and confirmations whole firmware starts, and the update comes to its end", () => {
  const campaign = new Campaign();
  const { terminal } = campaign;
  let old: PackageName = "first";
  for (const name of ["second", "third", "fourth"] as const) {
    campaign.deliver(name, old);
    assert.is(
      campaign.during(name, [old, name], () => terminal.choose()),
      undefined,
    );
    campaign.during(name, [old, name], () => terminal.try());
    assert.is(
      campaign.during(name, [old, name], () => terminal.start()),
      "here",
    );
    assert.is(terminal.nameRunning, name);
    campaign.during(name, [old, name], () => terminal.idle("here"));
    assert.is(terminal.start(), "none");
    assert.is(terminal.nameRunning, name);
    old = name;
  }
  assert.ok(campaign.cuts > 900, `${campaign.cuts} cuts`);
  assert.ok(campaign.resumed > 150, `${campaign.resumed} resumed`);
  assert.ok(campaign.secondCuts > 300, `${campaign.secondCuts} second cuts`);
});

test("after a cut anywhere in trials that fail the old firmware comes back, and the package can be delivered anew", () => {
  const campaign = new Campaign();
  const { terminal } = campaign;
  terminal.update("third");
  for (let trial = 1; trial <= mostTrials; trial++) {
    const tried = campaign.during("third", ["third", "first"], () => terminal.start());
    assert.is(tried, "here");
    assert.is(terminal.nameRunning, "third");
  }
  assert.is(
    campaign.during("third", ["first"], () => terminal.start()),
    "failed",
  );
  campaign.during("third", ["first"], () => terminal.idle("failed"));
  assert.is(terminal.nameRunning, "first");
  campaign.deliver("third", "first");
  assert.ok(campaign.cuts > 300, `${campaign.cuts} cuts`);
  assert.ok(campaign.secondCuts > 50, `${campaign.secondCuts} second cuts`);
});

test("after a cut anywhere in a delivery that takes the place of another half-delivered one the old firmware starts", () => {
  const campaign = new Campaign();
  const { terminal } = campaign;
  deliver(begun(terminal.receive("second")), contentOf("second").subarray(0, 1_296));
  campaign.deliver("third", "first");
  campaign.during("third", ["first", "third"], () => terminal.choose());
  campaign.during("third", ["first", "third"], () => terminal.try());
  assert.is(terminal.startToIdle(), "third");
  assert.ok(campaign.cuts > 250, `${campaign.cuts} cuts`);
});

test.run();
