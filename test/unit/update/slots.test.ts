import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { type Delivery, deliver } from "../../../firmware/update/delivery.ts";
import { headLength } from "../../../firmware/update/package.ts";
import { mostTrials, roomOf } from "../../../firmware/update/slot.ts";
import { choose, confirm, leastSecurityOf, receive, start } from "../../../firmware/update/slots.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { headOf, packageOf } from "./packages.ts";
import { blockLength, lengthOf, TwoSlots } from "./two-slots.ts";

function begun(delivery: Delivery | string): Delivery {
  if (typeof delivery === "string") throw new Error(delivery);
  return delivery;
}

test("what was delivered and chosen is tried at the next start, and stays when it has confirmed itself", () => {
  const slots = TwoSlots.made();
  for (const name of ["second", "third", "fourth"] as const) {
    const running = slots.start();
    assert.not(running.isTrial);
    slots.update(running, name);
    const tried = slots.start();
    assert.ok(tried.isTrial);
    assert.is(slots.nameIn(tried.slot), name);
    assert.not.equal(tried.slot, running.slot);
    confirm(slots, tried);
    const again = slots.start();
    assert.equal({ ...again, isTrial: true }, tried);
    assert.not(again.isTrial);
  }
});

test("what does not confirm itself is given up after three trials, and the one before it runs on", () => {
  const slots = TwoSlots.made();
  slots.update(slots.start(), "second");
  for (let trial = 0; trial < mostTrials; trial++) assert.is(slots.nameIn(slots.start().slot), "second");
  for (let more = 0; more < 3; more++) {
    const started = slots.start();
    assert.is(slots.nameIn(started.slot), "first");
    assert.not(started.isTrial);
  }
});

test("what was given up can only be chosen when it was delivered anew", () => {
  const slots = TwoSlots.made();
  slots.update(slots.start(), "second");
  for (let trial = 0; trial < mostTrials; trial++) slots.start();
  const running = slots.start();
  assert.is(choose(slots, running), "incomplete");
  assert.is(slots.update(running, "second"), 0);
  assert.is(slots.nameIn(slots.start().slot), "second");
});

test("what is on trial takes no delivery: the slot that it would go to holds what comes back", () => {
  const slots = TwoSlots.made();
  slots.update(slots.start(), "second");
  const tried = slots.start();
  const { bytes } = slots.flash[tried.slot === 0 ? 1 : 0];
  const before = bytes.slice();
  assert.is(slots.receive(tried, "third"), "unconfirmed");
  assert.is(choose(slots, tried), "unconfirmed");
  assert.equal(bytes, before);
});

test("a delivery that is not chosen counts for nothing", () => {
  const slots = TwoSlots.made();
  const delivery = begun(slots.receive(slots.start(), "second"));
  deliver(delivery, packageOf("second"));
  assert.is(slots.nameIn(slots.start().slot), "first");
});

test("a delivery goes on after its last whole block, in a terminal that was started anew", () => {
  const slots = TwoSlots.made();
  const bytes = packageOf("second");
  for (const [sent, kept] of [
    [0, 0],
    [511, 0],
    [512, 512],
    [1_023, 512],
    [1_300, 1_024],
    [bytes.length - 1, Math.floor((bytes.length - 1) / blockLength) * blockLength],
    [bytes.length, bytes.length],
  ] as const) {
    const copy = slots.copy();
    deliver(begun(copy.receive(copy.start(), "second")), bytes.subarray(0, sent));
    assert.is(copy.update(copy.start(), "second"), kept, `${sent} bytes`);
    assert.is(copy.nameIn(copy.startConfirmed().slot), "second");
  }
});

test("another package than the one half delivered begins at its beginning", () => {
  const slots = TwoSlots.made();
  deliver(begun(slots.receive(slots.start(), "second")), packageOf("second").subarray(0, 1_600));
  assert.is(begun(slots.receive(slots.start(), "third")).offset, 0);
  assert.is(slots.update(slots.start(), "third", 7), 0);
  assert.is(slots.nameIn(slots.start().slot), "third");
});

test("a package comes in pieces of any length", () => {
  for (const length of [1, 511, 512, 513, 4_000]) {
    const slots = TwoSlots.made();
    slots.update(slots.start(), "second", length);
    assert.is(slots.nameIn(slots.start().slot), "second", `${length} bytes`);
  }
});

test("bytes behind the end of a package are not written", () => {
  const slots = TwoSlots.made();
  const delivery = begun(slots.receive(slots.start(), "second"));
  deliver(delivery, packageOf("second"));
  assert.throws(
    () => deliver(delivery, Uint8Array.of(1)),
    (error: unknown) => error instanceof RangeError,
  );
});

test("a package that is not all there is not chosen", () => {
  const slots = TwoSlots.made();
  const running = slots.start();
  assert.is(choose(slots, running), "incomplete");
  deliver(begun(slots.receive(running, "second")), packageOf("second").subarray(0, lengthOf("second") - 1));
  assert.is(choose(slots, running), "incomplete");
});

test("a package with a bit of its content flipped is not chosen, wherever the bit is", () => {
  const made = TwoSlots.made();
  const bytes = packageOf("second");
  for (let place = headLength; place < bytes.length; place += place < bytes.length - 70 ? 97 : 1) {
    const slots = made.copy();
    const running = slots.start();
    const spoilt = bytes.slice();
    spoilt[place]! ^= 1 << (place % 8);
    deliver(begun(slots.receive(running, "second")), spoilt);
    assert.is(choose(slots, running), "content", `byte ${place}`);
    assert.is(slots.nameIn(slots.start().slot), "first");
  }
});

test("another head in the stream than the one that was judged is judged again", () => {
  const slots = TwoSlots.made();
  const running = slots.start();
  const delivery = begun(slots.receive(running, "second"));
  deliver(delivery, packageOf("for another board").subarray(0, delivery.length));
  assert.is(choose(slots, running), "board");
});

const refused = [
  ["first", "version"],
  ["less secure, by its maker's leave", "security version"],
  ["for another board", "board"],
  ["of a stranger", "signature"],
  ["of the acquirer", "signer"],
  ["parameters", "kind"],
] as const;

test("what the terminal may not take does not touch the flash", () => {
  const slots = TwoSlots.made();
  const running = slots.start();
  for (const flash of slots.flash) flash.onOperation = ({ kind }) => assert.unreachable(kind);
  for (const [name, problem] of refused) assert.is(slots.receive(running, name), problem);
});

test("after firmware with a higher security version has confirmed itself nothing below it runs or is taken", () => {
  const slots = TwoSlots.made();
  assert.is(leastSecurityOf(slots), 1);
  slots.update(slots.start(), "third");
  const tried = slots.start();
  assert.is(leastSecurityOf(slots), 1);
  confirm(slots, tried);
  assert.is(leastSecurityOf(slots), 2);
  assert.is(slots.receive(tried, "older, by its maker's leave"), "security version");
  // Its own slot spoilt: what stands in the other one is whole, but has the weakness.
  slots.flash[tried.slot].bytes[headLength]! ^= 1;
  assert.is(start(slots), undefined);
});

test("a security version on trial does not yet bind: what was before it comes back", () => {
  const slots = TwoSlots.made();
  slots.update(slots.start(), "third");
  for (let trial = 0; trial < mostTrials; trial++) slots.start();
  assert.is(slots.nameIn(slots.startConfirmed().slot), "first");
  assert.is(leastSecurityOf(slots), 1);
});

test("an older version comes back by its maker's leave", () => {
  const slots = TwoSlots.made();
  slots.update(slots.start(), "older, by its maker's leave");
  assert.is(slots.nameIn(slots.startConfirmed().slot), "older, by its maker's leave");
});

test("a slot whose bytes have decayed is not run: the other one is", () => {
  const made = TwoSlots.made();
  made.update(made.start(), "second");
  const running = made.startConfirmed();
  for (const place of [0, 40, 60, 200, headLength, lengthOf("second") - 1]) {
    const slots = made.copy();
    slots.flash[running.slot].bytes[place]! ^= 1;
    assert.is(slots.nameIn(slots.start().slot), "first", `byte ${place}`);
  }
});

test("nothing runs where nothing was made, and slots without room take nothing", () => {
  assert.is(start(new TwoSlots()), undefined);
  const tiny = new TwoSlots([NorFlash.blank(2, blockLength), NorFlash.blank(2, blockLength)]);
  assert.is(roomOf(tiny.flash[0]), blockLength);
  assert.is(tiny.receive(undefined, "first"), "room");
  assert.is(start(tiny), undefined);
  const none = NorFlash.blank(1, blockLength);
  assert.is(roomOf(none), 0);
  assert.is(start(new TwoSlots([none, none])), undefined);
});

test("a slot has no more room than its trailer can note blocks of", () => {
  assert.is(roomOf(NorFlash.blank(600, blockLength)), (blockLength - 28) * blockLength);
});

test("a head that cannot be read is an error, and touches nothing", () => {
  const slots = TwoSlots.made();
  const running = slots.start();
  for (const flash of slots.flash) flash.onOperation = ({ kind }) => assert.unreachable(kind);
  const head = headOf("second");
  assert.throws(
    () => receive(slots, running, head.subarray(1)),
    (error: unknown) => error instanceof FormatError,
  );
});

test.run();
