/** What boards hear, say, see and beep by their own wiring, from the models of their chips. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { P1 } from "../../hal/boards/p1/wiring.ts";
import type { Device } from "../../hal/device.ts";
import { nodeGroundOn } from "../../simulator/runtime/node.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";
import { coreS3Ground, solderCoreS3 } from "./cores3-board.ts";

const text = readFileSync(new URL("../flow/sale-tap.yaml", import.meta.url), "utf8");

test("the CoreS3 speaks, listens and sees beside a sale, by its expander's resets and its own bus", async () => {
  let device: Device | undefined;
  const { ground, keysNow } = coreS3Ground(undefined, (opened) => {
    device = opened;
  });
  let soldered: ReturnType<typeof solderCoreS3> | undefined;
  const heard: number[] = [];
  let pictures = 0;
  const result = await runScenario({
    file: "sale-tap.yaml",
    text,
    ground,
    prepare: (simulation) => {
      soldered = solderCoreS3(simulation, keysNow);
      soldered.converter.microphone.say(
        Int16Array.from({ length: 16_000 }, () => 1_234),
        16_000,
      );
      simulation.world.after(700, () => {
        const camera = device!.camera!({ onReadable: () => pictures++ });
        camera.start();
        const speaker = device!.speaker!({ onWritable: () => speaker.write(Int16Array.of(5, 6, 7)) });
        const microphone = device!.microphone!({
          onReadable: () => heard.push(...(microphone.read(1_000) ?? [])),
        });
        microphone.start();
      });
    },
  });
  assert.is(result.failure?.message, undefined);
  const { amplifier, converter, expander } = soldered!;
  assert.equal(amplifier.loudspeaker.heard.slice(0, 3), [5, 6, 7]);
  assert.ok(heard.includes(1_234));
  assert.ok(pictures > 0);
  for (const chip of [amplifier, converter, expander]) assert.is(chip.protocolErrors, 0);
});

test("p1 says and sees beside a sale, and its camera sleeps while nobody looks", async () => {
  let device: Device | undefined;
  const ground = nodeGroundOn((io) => {
    device = new P1(io);
    return device;
  });
  let simulation: Simulation | undefined;
  let pictures = 0;
  const prepare = (made: Simulation) => {
    simulation = made;
    assert.is(made.board.senses.look!(16, 16)?.length, 512);
    made.world.after(700, () => {
      const camera = device!.camera!({ onReadable: () => pictures++ });
      camera.start();
      const speaker = device!.speaker!({ onWritable: () => speaker.write(Int16Array.of(5, 6, 7)) });
      made.world.after(500, () => {
        camera.close();
        assert.is(made.board.senses.look!(16, 16), undefined);
      });
    });
  };
  const result = await runScenario({ file: "sale-tap.yaml", text, ground, prepare });
  assert.is(result.failure?.message, undefined);
  const { speaker, uarts } = simulation!.chips;
  assert.equal(speaker.heard.slice(0, 3), [5, 6, 7]);
  assert.is(pictures, 1);
  assert.is(uarts.protocolErrors, 0);
});

test.run();
