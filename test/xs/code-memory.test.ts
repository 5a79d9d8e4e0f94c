/** What drawing a code takes of the heap: all of it, machine and text included, is the heap that it gets. */
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { esp32Limits } from "../../simulator/runtime/xs/ground.ts";
import { paymentCode } from "../golden/samples.ts";
import { grounds, runText } from "./grounds.ts";

const fit = JSON.stringify(fileURLToPath(new URL("../../firmware/codes/fit.ts", import.meta.url)));
const KB = 1024;
const slotBytes = 16;
/** Of a run that does nothing. */
const idle = `export function main() {}`;

/** Slots of 16 bytes are what a device has; on 64 bits they have 32. */
const small = grounds.filter((ground) => ground !== "xs");

for (const ground of small) {
  test(`${ground}: a code is drawn, ten times one after the other, with less than 8 KB of heap`, async () => {
    const text = (amount: string, room: number): string => `
      import { print } from "xspos:host";
      import { fitCode } from ${fit};
      export function main() {
        for (let i = 0; i < 10; i++) {
          const code = fitCode("${amount}" + i, ${room}, 8);
          if (i === 9) print(code.size + " " + code.scale);
        }
      }`;
    for (const [content, room, result] of [
      [paymentCode, 192, "53 3"],
      ["a".repeat(519), 384, "77 4"],
    ] as const) {
      const nothing = await runText(ground, idle, { preload: true, limits: esp32Limits });
      const slots = 160;
      const limits = {
        chunks: 8 * KB - slots * slotBytes + nothing.exit.metrics!.chunks.peak,
        slots: slots + nothing.exit.metrics!.slots.peak,
        stack: 512,
      };
      const { exit, lines } = await runText(ground, text(content, room), { preload: true, limits });
      assert.is(exit.reason, undefined);
      assert.equal(lines, [result]);
    }
  });
}

test.run();
