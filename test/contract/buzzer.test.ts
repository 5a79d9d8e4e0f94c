import { test } from "uvu";
import * as assert from "uvu/assert";
import { PwmBuzzer } from "../../hal/drivers/sound/pwm-buzzer.ts";
import { PiezoChip } from "../../simulator/chips/piezo.ts";
import { buzzerContract } from "./buzzer.contract.ts";
import { Bench } from "./pump.ts";

const PIN = 7;

function make() {
  const bench = new Bench();
  const piezo = new PiezoChip(bench.board, { pin: PIN });
  const buzzer = new PwmBuzzer({ pwm: { io: bench.io.PWM, pin: PIN }, clock: bench.clock });
  return { bench, piezo, buzzer, run: (milliseconds: number) => bench.run(milliseconds), heard: () => piezo.tones };
}

buzzerContract("piezo on PWM", make);

const successTone = [{ hertz: 1_500, milliseconds: 500 }];
const alertTone = [
  { hertz: 750, milliseconds: 200 },
  { hertz: 0, milliseconds: 200 },
  { hertz: 750, milliseconds: 200 },
];

test("a tap's tones can be played, and the pin is free afterwards", async () => {
  const { bench, buzzer, heard } = make();
  buzzer.play([...successTone, ...alertTone]);
  await bench.run(2_000);
  assert.equal(
    heard().map(({ hertz }) => hertz),
    [1_500, 750, 750],
  );
  assert.is(bench.board.open.size, 0);
});

test("a power cut makes it silent", async () => {
  const { bench, buzzer, heard } = make();
  buzzer.play([{ hertz: 750, milliseconds: 5_000 }]);
  await bench.run(10);
  bench.board.cutPower();
  assert.is(heard()[0]!.until, bench.world.now);
});

test("a wave that the ground does not make is refused: pitch, duty, pin", () => {
  const { bench } = make();
  for (const wrong of [
    { pin: 1.5, hz: 100 },
    { pin: 1, hz: 0 },
    { pin: 1, hz: Number.NaN },
  ])
    assert.throws(() => new bench.io.PWM(wrong));
  const wave = new bench.io.PWM({ pin: PIN, hz: 100 });
  assert.throws(() => wave.write(-1));
  assert.throws(() => wave.write(1_024));
  wave.close();
  assert.throws(() => wave.write(1));
  assert.is(bench.board.open.size, 0);
});

test("options are checked when it is opened", () => {
  const bench = new Bench();
  const good = { pwm: { io: bench.io.PWM, pin: PIN }, clock: bench.clock };
  for (const wrong of [{ pwm: { io: undefined, pin: PIN } }, { pwm: { ...good.pwm, pin: -1 } }, { clock: {} }])
    assert.throws(() => new PwmBuzzer({ ...good, ...(wrong as object) }));
});

test.run();
