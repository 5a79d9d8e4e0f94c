/** Boards that lack a part: what it would have done is not offered, and nobody is asked for what cannot be. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { coreS3 } from "../../hal/boards/m5stack_cores3/wiring.ts";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import type { Device } from "../../hal/device.ts";
import type { IoProvider } from "../../hal/io.ts";
import { nodeGroundOn } from "../../simulator/runtime/node.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";
import { coreS3Ground, solderCoreS3 } from "./cores3-board.ts";

type Part = "chip" | "contactless" | "magstripe" | "printer" | "register" | "tamper";

/** A board that some parts were never soldered to. */
const without =
  (wiring: (io: IoProvider) => Device, ...parts: readonly Part[]) =>
  (io: IoProvider): Device => {
    const device = wiring(io);
    for (const part of parts) Object.defineProperty(device, part, { value: undefined });
    return device;
  };

const act = (wiring: (io: IoProvider) => Device, text: string): Promise<ScenarioResult> =>
  runScenario({ file: "board.yaml", text, ground: nodeGroundOn(wiring) });

function holds({ failure, passed }: ScenarioResult): void {
  assert.is(failure?.message, undefined);
  assert.ok(passed);
}

const flow = (name: string): string => readFileSync(new URL(`../flow/${name}.yaml`, import.meta.url), "utf8");

test("a terminal without a printer shows what a slip says, owes no paper at its next start, and settles", async () => {
  const result = await act(
    without(p1, "printer"),
    `
name: A day without paper
terminal: { language: en }
steps:
  - never: { screen: printing }
  - never: { screen: printer-error }
  - press: 1 2 3 4 ENTER
  - tap: unionpay-tap
  - expect: { screen: approved, amount: 12.34 }
  - expect: { screen: detail, voucher: "000002", amount: 12.34 }
  - expect: { screen: idle }
  - journal: { state: receipted, count: 1 }
  - power: cut
  - power: on
  - expect: { screen: idle }
  - never: { screen: approved }
  - press: MENU
  - choose: print
  - choose: history
  - expect: { screen: history }
  - press: ENTER
  - expect: { screen: detail, voucher: "000002" }
  - press: ENTER
  - expect: { screen: history }
  - press: CANCEL
  - press: MENU
  - choose: print
  - choose: report
  - expect: { screen: report }
  - press: ENTER
  - expect: { screen: idle }
  - press: MENU
  - choose: settlement
  - expect: { screen: settlement }
  - press: ENTER
  - expect: { screen: settlement-result, result: equal, net: 12.34 }
  - expect: { screen: idle }
  - restart: true
  - expect: { screen: idle }
  - journal: { state: settled, count: 1 }
  - audit: true
`,
  );
  holds(result);
  assert.equal(result.receipts, []);
});

test("a menu offers no printing where there is nothing to print on", async () => {
  const menuOf = async (wiring: (io: IoProvider) => Device): Promise<string> => {
    let offered = "";
    const steps = "name: menu\nterminal: { language: en }\nsteps:\n  - press: MENU\n  - choose: print\n  - wait: 1s\n";
    const result = await runScenario({
      file: "menu.yaml",
      text: steps,
      ground: nodeGroundOn(wiring),
      prepare: (simulation) => {
        simulation.onChange.push(() => {
          offered = simulation.screens.at(-1)?.values.choiceIds ?? "";
        });
      },
    });
    holds(result);
    return offered;
  };
  const [all, fewer] = [await menuOf(p1), await menuOf(without(p1, "printer"))];
  const lost = all.split("\n").filter((id) => !fewer.split("\n").includes(id));
  assert.equal(lost, ["reprint", "reprint-number", "settlement-slip"]);
});

test("a dispute without a printer is told, stays in its list to be cleared, and keeps no start busy", async () => {
  const steps = flow("dispute-cleared").replace(
    / {2}- press: 1\n {2}- choose: print\n {2}- expect: \{ screen: printing \}\n/,
    "  - press: 1\n  - expect: { screen: menu, choiceIds: clear }\n  - press: CANCEL\n",
  );
  assert.match(steps, /choiceIds: clear/);
  const text = steps.replace(
    /( {2}- expect: \{ screen: disputed \}\n {2}- expect: \{ screen: idle \}\n)/,
    "$1  - restart: true\n  - expect: { screen: idle }\n",
  );
  assert.match(text, /restart: true/);
  const result = await act(without(p1, "printer"), text);
  holds(result);
  assert.is(result.screens.filter((id) => id === "disputed").length, 1);
  assert.equal(result.receipts, []);
});

test("a terminal without a chip reader sells by stripe and tap, a chip card's stripe too, and asks nobody to insert", async () => {
  const wiring = without(p1, "chip");
  holds(await act(wiring, flow("sale-tap")));
  holds(
    await act(
      wiring,
      `
name: No slot
terminal: { language: en, saleLimit: 99999999 }
steps:
  - never: { screen: use-chip }
  - never: { screen: insert-card }
  - press: 1 2 3 4 ENTER
  - swipe: magstripe-chip-capable
  - pin: 123456
  - expect: { screen: approved, amount: 12.34 }
  - expect: { screen: idle }
  - press: 1 0 0 0 0 1 00 ENTER
  - tap: unionpay-tap
  - expect: { screen: swipe-card, amount: 100001.00 }
  - press: CANCEL
  - expect: { screen: idle }
  - audit: true
`,
    ),
  );
});

test("a terminal that only takes taps asks for another card where it would ask to insert or swipe", async () => {
  const { ground, keysNow } = coreS3Ground(coreS3);
  const result = await runScenario({
    file: "tap-only.yaml",
    text: `
name: Taps only
terminal: { language: en, saleLimit: 99999999 }
steps:
  - never: { screen: insert-card }
  - never: { screen: swipe-card }
  - press: 1 0 0 0 0 1 00 ENTER
  - tap: unionpay-tap
  - expect: { screen: card-not-accepted }
  - expect: { screen: present-card }
  - press: CANCEL
  - expect: { screen: idle }
  - audit: true
`,
    ground,
    prepare: (simulation) => void solderCoreS3(simulation, keysNow),
  });
  holds(result);
});

test("a terminal without an antenna, a stripe reader, a case switch or a cash register goes without", async () => {
  holds(await act(without(p1, "contactless"), flow("sale-chip")));
  holds(await act(without(p1, "magstripe"), flow("sale-chip")));
  holds(await act(without(p1, "register", "tamper"), flow("sale-chip")));
});

test("a device without any reader sells by typed numbers", async () => {
  holds(await act(without(p1, "chip", "contactless", "magstripe"), flow("manual-entry")));
});

test.run();
