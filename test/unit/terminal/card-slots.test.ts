import { test } from "uvu";
import * as assert from "uvu/assert";
import { CardError } from "../../../firmware/emv/errors.ts";
import { ChipSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import type { Chip } from "../../../hal/chip.ts";

const good = Uint8Array.of(0x90, 0x00);

/** A reader whose card always has an answer. */
function talkative(): Chip {
  return {
    present: true,
    activate: (done: (error: undefined, bytes: Uint8Array) => void) => done(undefined, Uint8Array.of(0x3b)),
    transmit: (_command: Uint8Array, done: (error: undefined, bytes: Uint8Array) => void) => done(undefined, good),
    deactivate: () => {},
  } as unknown as Chip;
}

test("a card that has an answer to everything is asked four hundred things, and then no more", async () => {
  const slot = new ChipSlot(talkative());
  await slot.activate();
  assert.not(slot.answered);
  for (let count = 0; count < 400; count++) assert.equal(await slot.transmit(good), good);
  assert.ok(slot.answered);
  try {
    await slot.transmit(good);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, CardError);
    assert.is((error as CardError).problem, "protocol");
  }
  await slot.activate();
  assert.equal(await slot.transmit(good), good, "the next session has its own");
});

test.run();
