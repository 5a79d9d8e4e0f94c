import { test } from "uvu";
import * as assert from "uvu/assert";
import { Notes } from "../../../firmware/journal/notes.ts";
import { NorFlash } from "./nor-flash.ts";

const blockLength = 1024;
const blank = (): NorFlash => NorFlash.blank(4, blockLength);

test("a note is read back after a restart", () => {
  const flash = blank();
  new Notes(flash).write("batch", { number: 42 });
  assert.equal(new Notes(flash).read("batch"), { number: 42 });
});

test("the newest value of a name counts, the other names keep theirs", () => {
  const flash = blank();
  const notes = new Notes(flash);
  notes.write("a", 1);
  notes.write("b", "two");
  notes.write("a", 3);
  const mounted = new Notes(flash);
  assert.is(mounted.read("a"), 3);
  assert.is(mounted.read("b"), "two");
});

test("an erased note stays erased after a restart", () => {
  const flash = blank();
  const notes = new Notes(flash);
  notes.write("a", 1);
  notes.erase("a");
  notes.erase("never written");
  assert.is(notes.read("a"), undefined);
  assert.is(new Notes(flash).read("a"), undefined);
});

test("thousands of values go round both halves and nothing is lost", () => {
  const flash = blank();
  const notes = new Notes(flash);
  notes.write("kept", "for ever");
  for (let value = 0; value < 1000; value++) notes.write(`name${value % 7}`, value);
  const mounted = new Notes(flash);
  assert.is(mounted.read("kept"), "for ever");
  for (let name = 0; name < 7; name++) {
    const newest = 999 - ((999 - name) % 7);
    assert.is(mounted.read(`name${name}`), newest);
  }
});

test("what does not fit is refused and changes nothing", () => {
  const flash = blank();
  const notes = new Notes(flash);
  notes.write("a", new Uint8Array(900).fill(1));
  notes.write("b", new Uint8Array(900).fill(2));
  assert.throws(() => notes.write("c", new Uint8Array(900)), /full/);
  for (const read of [notes, new Notes(flash)]) {
    assert.equal(read.read("a"), new Uint8Array(900).fill(1));
    assert.equal(read.read("b"), new Uint8Array(900).fill(2));
    assert.is(read.read("c"), undefined);
  }
});

test("garbage in the partition is mounted as no notes and can be written over", () => {
  const flash = new NorFlash(
    Uint8Array.from({ length: 4 * blockLength }, (_, at) => (at * 131) & 0xff),
    blockLength,
  );
  const notes = new Notes(flash);
  assert.is(notes.read("a"), undefined);
  notes.write("a", 1);
  assert.is(new Notes(flash).read("a"), 1);
});

test.run();
