import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Pins } from "../../hal/boards/p1/pins.ts";
import { CaseSwitch } from "../../hal/drivers/tamper/switch.ts";
import type { Tamper } from "../../hal/tamper.ts";
import { CaseSwitchChip } from "../../simulator/chips/case-switch.ts";
import { Bench } from "./pump.ts";
import { tamperContract } from "./tamper.contract.ts";

const { pin } = p1Pins.tamper;

function make() {
  const bench = new Bench();
  const chip = new CaseSwitchChip(bench.board, { pin });
  return {
    bench,
    start: (onTamper?: (tamper: Tamper) => void): Tamper =>
      new CaseSwitch({
        contact: { io: bench.io.Digital, pin },
        onTamper(this: Tamper) {
          onTamper?.(this);
        },
      }),
    open: () => chip.open(),
    shut: () => chip.close(),
    run: (milliseconds: number) => bench.run(milliseconds),
    delivering: () => bench.delivering,
  };
}

tamperContract("case switch on its model", make);

test("a wire that is cut reads as an open case", async () => {
  const { bench, start, run } = make();
  let calls = 0;
  start(() => calls++);
  bench.board.digitalWire(pin).drive(1); // nothing pulls it down any more
  await run(5);
  assert.is(calls, 1);
});

test("an opening between the watching of the edge and the reading of the level is seen", async () => {
  const { bench, open, run } = make();
  class LateDigital extends bench.io.Digital {
    override read(): 0 | 1 {
      const level = super.read();
      open();
      return level;
    }
  }
  let calls = 0;
  const tamper = new CaseSwitch({ contact: { io: LateDigital, pin }, onTamper: () => calls++ });
  assert.is(tamper.tampered, false);
  await run(5);
  assert.is(tamper.tampered, true);
  assert.is(calls, 1);
});

test("options are checked before the pin is taken, and a pin that cannot be read is given back", () => {
  const { bench } = make();
  const contact = { io: bench.io.Digital, pin };
  for (const change of [{ contact: { ...contact, pin: -1 } }, { contact: { pin } }, { onTamper: "loudly" }]) {
    assert.throws(() => new CaseSwitch({ contact, ...change } as ConstructorParameters<typeof CaseSwitch>[0]));
  }
  class DeadDigital extends bench.io.Digital {
    override read(): 0 | 1 {
      throw new Error("no pin");
    }
  }
  assert.throws(() => new CaseSwitch({ contact: { io: DeadDigital, pin } }), "no pin");
  assert.is(bench.board.open.size, 0);
});

test.run();
