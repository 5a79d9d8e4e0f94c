import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeyStore } from "../../../firmware/vault/key-store.ts";
import { NorFlash, program } from "../journal/nor-flash.ts";
import { Seeded } from "../seeded.ts";

const blank = (): NorFlash => NorFlash.blank(4, 512);

function contains(flash: NorFlash, bytes: Uint8Array): boolean {
  for (let at = 0; at + bytes.length <= flash.bytes.length; at++) {
    if (bytes.every((byte, i) => flash.bytes[at + i] === byte)) return true;
  }
  return false;
}

test("what was stored last is there after a restart, through many turns of the banks", () => {
  const flash = blank();
  const seeded = new Seeded(3);
  const expected = new Map<number, Uint8Array>();
  let store = new KeyStore(flash);
  assert.ok(store.isEmpty);
  for (let round = 0; round < 200; round++) {
    const id = 1 + (round % 5);
    const value = seeded.bytes(16 + (round % 60));
    store.put(id, value);
    expected.set(id, value);
    if (round % 7 === 0) store = new KeyStore(flash);
    for (const [known, bytes] of expected) assert.equal(store.read(known), bytes, `round ${round}`);
  }
  assert.not.ok(store.isEmpty);
  assert.is(store.read(9), undefined);
});

test("nothing of a value that was replaced or erased is left in the flash", () => {
  const flash = blank();
  const seeded = new Seeded(5);
  const store = new KeyStore(flash);
  let before: Uint8Array | undefined;
  for (let round = 0; round < 60; round++) {
    const value = seeded.bytes(64);
    store.put(1 + (round % 2), value);
    if (before !== undefined && round % 2 === 0) store.erase(2);
    before = value;
  }
  const last = store.read(1)!;
  store.put(1, seeded.bytes(64));
  assert.not(contains(flash, last));
  const kept = store.read(1)!;
  assert.ok(contains(flash, kept), "the search finds what is there");
  store.erase(1);
  assert.not(contains(flash, kept));
  store.put(3, kept);
  store.wipe();
  assert.not(contains(flash, kept));
  assert.ok(new KeyStore(flash).isEmpty);
});

/** Every state that a cut can leave in the middle of an operation: some bytes whole, one half done. */
function* cutsOf(
  operation: Parameters<NonNullable<NorFlash["onOperation"]>>[0],
  seeded: Seeded,
): Generator<Uint8Array> {
  const { before, offset } = operation;
  if (operation.kind === "program") {
    for (const whole of [0, 1, 4, 9, operation.bytes.length - 1]) {
      if (whole >= operation.bytes.length || whole < 0) continue;
      const after = before.slice();
      program(after, operation.bytes.subarray(0, whole), offset);
      after[offset + whole]! &= operation.bytes[whole]! | seeded.bytes(1)[0]!;
      yield after;
    }
  } else {
    const after = before.slice();
    for (let i = 0; i < 512; i++) if (seeded.bytes(1)[0]! < 128) after[offset + i] = 0xff;
    yield after;
  }
}

test("a cut in any operation leaves the old value or the new one, the others untouched, and nothing that was replaced", () => {
  const seeded = new Seeded(11);
  const flash = blank();
  const store = new KeyStore(flash);
  const other = seeded.bytes(40);
  store.put(2, other);
  let now = seeded.bytes(48);
  store.put(1, now);
  let cuts = 0;
  for (let round = 0; round < 25; round++) {
    const old = now;
    const next = seeded.bytes(48);
    const states: Uint8Array[] = [];
    flash.onOperation = (operation) => states.push(...cutsOf(operation, seeded));
    store.put(1, next);
    flash.onOperation = undefined;
    for (const state of states) {
      cuts++;
      const cut = new NorFlash(state, 512);
      const again = new KeyStore(cut);
      const found = again.read(1);
      const isOld = found !== undefined && old.every((byte, i) => byte === found[i]);
      const isNew = found !== undefined && next.every((byte, i) => byte === found[i]);
      assert.ok(isOld !== isNew, `round ${round}: one of both`);
      assert.equal(again.read(2), other);
      if (isNew) assert.not(contains(cut, old), `round ${round}: the old one is gone`);
      again.put(1, next);
      again.put(3, other);
      const last = new KeyStore(cut);
      assert.equal(last.read(1), next);
      assert.equal(last.read(3), other);
    }
    now = next;
  }
  assert.ok(cuts > 200, String(cuts));
});

test("a store that is full says so before it loses anything", () => {
  const store = new KeyStore(blank());
  const value = new Uint8Array(400).fill(1);
  store.put(1, value);
  store.put(2, value);
  assert.throws(() => store.put(3, value));
  assert.equal(store.read(2), value);
  store.put(2, value.subarray(0, 300));
  assert.is(store.read(2)?.length, 300);
});

test.run();
