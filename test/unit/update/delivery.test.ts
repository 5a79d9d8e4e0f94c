import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { beginDelivery, deliver } from "../../../firmware/update/delivery.ts";
import { mostTrials, roomOf } from "../../../firmware/update/spare.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { contentOf } from "./package-content.ts";
import { headOf } from "./packages.ts";
import { begun, blockLength, deliverAll, Updating } from "./updating.ts";

test("what was delivered and chosen is tried at the next start, and stays when it has reached its idle screen", () => {
  const terminal = Updating.made();
  for (const name of ["second", "third", "fourth"] as const) {
    assert.is(terminal.start(), "none");
    terminal.update(name);
    assert.is(terminal.start(), "here");
    assert.is(terminal.nameRunning, name);
    terminal.idle("here");
    assert.is(terminal.start(), "none");
    assert.is(terminal.nameRunning, name);
  }
});

test("what never reaches its idle screen is given up after three trials, and the one before it runs on", () => {
  const terminal = Updating.made();
  terminal.update("second");
  for (let trial = 0; trial < mostTrials; trial++) {
    assert.is(terminal.start(), "here");
    assert.is(terminal.nameRunning, "second");
  }
  assert.is(terminal.start(), "failed");
  assert.is(terminal.start(), "failed", "until somebody was told");
  terminal.idle("failed");
  for (let more = 0; more < 3; more++) assert.is(terminal.start(), "none");
  assert.is(terminal.nameRunning, "first");
});

test("what was given up is delivered anew, from its beginning on", () => {
  const terminal = Updating.made();
  terminal.update("second");
  for (let trial = 0; trial < mostTrials; trial++) terminal.start();
  terminal.startToIdle();
  assert.is(terminal.update("second"), 0);
  assert.is(terminal.startToIdle(), "second");
});

test("a delivery that is not chosen counts for nothing", () => {
  const terminal = Updating.made();
  deliverAll(begun(terminal.receive("second")), "second");
  assert.is(terminal.start(), "none");
  assert.is(terminal.nameRunning, "first");
});

test("a delivery goes on after its last whole block, in a terminal that was started anew", () => {
  const terminal = Updating.made();
  const bytes = contentOf("second");
  for (const [sent, kept] of [
    [0, 0],
    [1_008, 0],
    [1_024, 1_024],
    [1_200, 1_024],
    [bytes.length, bytes.length],
  ] as const) {
    const copy = terminal.copy();
    deliver(begun(copy.receive("second")), bytes.subarray(0, sent));
    copy.startToIdle();
    assert.is(copy.update("second"), kept, `${sent} bytes`);
    assert.is(copy.startToIdle(), "second");
  }
});

test("another package than the one half delivered begins at its beginning", () => {
  const terminal = Updating.made();
  deliver(begun(terminal.receive("second")), contentOf("second").subarray(0, 1_040));
  assert.is(begun(terminal.receive("third")).offset, 0);
  assert.is(terminal.update("third", 16), 0);
  assert.is(terminal.startToIdle(), "third");
});

test("a content comes in pieces of any number of sixteen bytes", () => {
  for (const length of [16, 1_008, 1_024, 1_040, 4_000]) {
    const terminal = Updating.made();
    terminal.update("second", length);
    assert.is(terminal.startToIdle(), "second", `${length} bytes`);
  }
});

test("a piece that ends within sixteen bytes, or behind the content, is not written", () => {
  const terminal = Updating.made();
  const delivery = begun(terminal.receive("second"));
  const isRangeError = (error: unknown): boolean => error instanceof RangeError;
  assert.throws(() => deliver(delivery, new Uint8Array(17)), isRangeError);
  deliverAll(delivery, "second");
  assert.throws(() => deliver(delivery, Uint8Array.of(1)), isRangeError);
});

test("content is written sixteen bytes at a time, where an encrypted slot takes nothing else", () => {
  const terminal = Updating.made();
  for (const flash of terminal.flash) {
    flash.onOperation = (operation) => {
      if (operation.kind === "program") assert.is((operation.offset | operation.bytes.length) % 16, 0);
    };
  }
  terminal.update("second");
});

test("a package that is not all there is not chosen", () => {
  const terminal = Updating.made();
  assert.is(terminal.choose(), "incomplete");
  deliver(begun(terminal.receive("second")), contentOf("second").subarray(0, 1_488));
  assert.is(terminal.choose(), "incomplete");
});

test("a package with a bit of its content flipped is not chosen, wherever the bit is", () => {
  const made = Updating.made();
  const bytes = contentOf("second");
  for (let place = 0; place < bytes.length; place += place < bytes.length - 70 ? 97 : 1) {
    const terminal = made.copy();
    const spoilt = bytes.slice();
    spoilt[place]! ^= 1 << (place % 8);
    deliver(begun(terminal.receive("second")), spoilt);
    assert.is(terminal.choose(), "content", `byte ${place}`);
    assert.is(terminal.startToIdle(), "first");
  }
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
  const terminal = Updating.made();
  for (const flash of [...terminal.flash, terminal.record]) flash.onOperation = ({ kind }) => assert.unreachable(kind);
  for (const [name, problem] of refused) assert.is(terminal.receive(name), problem);
});

test("an older version comes back by its maker's leave", () => {
  const terminal = Updating.made();
  terminal.update("older, by its maker's leave");
  assert.is(terminal.startToIdle(), "older, by its maker's leave");
});

test("an image that the boot loader does not start is not tried", () => {
  const terminal = Updating.made();
  deliverAll(begun(terminal.receive("second")), "second");
  assert.is(terminal.choose(), undefined);
  terminal.flash[1].bytes[1_100]! ^= 1;
  assert.throws(
    () => terminal.try(),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(terminal.boot.state, "good");
});

test("a slot has no more room than its record can note blocks of, and none without a record", () => {
  const content = NorFlash.blank(600, blockLength);
  assert.is(roomOf({ content, record: NorFlash.blank(2, blockLength) }), (blockLength - 544) * blockLength);
  assert.is(roomOf({ content, record: NorFlash.blank(1, blockLength) }), 0);
  assert.is(roomOf({ content: NorFlash.blank(3, 512), record: NorFlash.blank(2, 512) }), 0);
});

test("a package that is longer than its place is not begun", () => {
  const terminal = Updating.made();
  const tiny = new Updating([terminal.flash[0], NorFlash.blank(1, blockLength)], terminal.record, terminal.boot, 0);
  assert.is(tiny.receive("second"), "room");
});

test("a head that cannot be read is an error, and touches nothing", () => {
  const terminal = Updating.made();
  for (const flash of [...terminal.flash, terminal.record]) flash.onOperation = ({ kind }) => assert.unreachable(kind);
  const head = headOf("second").slice(1);
  assert.throws(
    () => beginDelivery(terminal.spare, head, terminal.rules),
    (error: unknown) => error instanceof FormatError,
  );
});

test.run();
