import { test } from "uvu";
import * as assert from "uvu/assert";
import { Board } from "../../simulator/io/board.ts";
import { SimulatedSerial } from "../../simulator/io/serial.ts";
import { World } from "../../simulator/world/kernel.ts";

test("a writer that only counts on what it was promised never waits for ever", () => {
  const world = new World();
  const board = new Board(world, 1, 0);
  let received = 0;
  board.serialWire(1).attach({ receive: (bytes) => (received += bytes.length) });
  let credit = 0;
  const serial = new SimulatedSerial(board, {
    port: 1,
    baud: 115_200,
    onWritable: (bytes: number) => {
      credit = bytes;
    },
  });
  let sent = 0;
  // A little at a time and slowly: the output is nearly empty whenever more is written.
  for (let turn = 0; turn < 400; turn++) {
    const wake = world.next(world.now + 20);
    if (wake.kind === "signal") serial.deliver(wake.signal.callback, wake.signal.args);
    const length = Math.min(97, credit);
    credit -= length;
    sent += length;
    serial.write(new Uint8Array(length));
  }
  world.next(world.now + 1000);
  assert.ok(sent > 30_000, `only ${sent} bytes went out`);
  assert.is(received, sent);
});

test.run();
