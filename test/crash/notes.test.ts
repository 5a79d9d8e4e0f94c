/** The notes survive a power cut at every flash operation, and in the middle of it: each says its old value or its new one. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Notes } from "../../firmware/journal/notes.ts";
import { type FlashOperation, NorFlash } from "../unit/journal/nor-flash.ts";
import { erasedFrom, programmedInto, programmedTo, weaklyErased } from "./half-done.ts";

const blockLength = 512;

/** What a cut can leave: a program ended after each byte and within it, an erase half done. */
function* cuts(operation: FlashOperation): Generator<Uint8Array> {
  if (operation.kind === "program") {
    const { length } = operation.bytes;
    for (let end = 0; end <= length; end++) {
      yield programmedTo(operation, end);
      if (end < length) yield programmedInto(operation, end);
    }
    return;
  }
  const { before, offset } = operation;
  for (const part of [0, 1, 15, 16, 20, 100, blockLength - 1, blockLength]) {
    yield erasedFrom(before, offset, offset + part);
    yield weaklyErased(operation, blockLength, part);
  }
}

test("after a cut anywhere every note says what it said before or what was being written, and can be written again", () => {
  const flash = NorFlash.blank(4, blockLength);
  const names = ["settlement", "batch", "funds"];
  let known = new Map<string, unknown>();
  let writing: [string, unknown] | undefined;
  let count = 0;
  let turns = 0;
  flash.onOperation = (operation) => {
    if (operation.kind === "erase") turns++;
    for (const image of cuts(operation)) {
      count++;
      const restarted = new NorFlash(image.slice(), blockLength);
      const notes = new Notes(restarted);
      for (const name of names) {
        const value = notes.read(name);
        const isNew = writing?.[0] === name && writing[1] === value;
        assert.ok(isNew || value === known.get(name), `cut ${count}: ${name} says ${String(value)}`);
      }
      notes.write("batch", "again");
      assert.is(new Notes(restarted).read("batch"), "again");
    }
  };
  const notes = new Notes(flash);
  for (let round = 0; round < 60; round++) {
    const name = names[round % 3]!;
    const value = round % 11 === 10 ? undefined : `${name} ${round} ${"x".repeat(round % 40)}`;
    writing = [name, value];
    if (value === undefined) notes.erase(name);
    else notes.write(name, value);
    known = new Map(known).set(name, value);
  }
  assert.ok(turns > 4, "the halves were never changed");
  assert.ok(count > 5000, `${count} cuts only`);
});

test.run();
