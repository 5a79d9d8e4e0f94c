import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { runScenario } from "../../simulator/scenario/run.ts";

/** The keys that went down in a sale that ended as it should, with paper for both, and the terminal ready for the next. */
async function keysOf(steps: string, terminal: string): Promise<string> {
  const keys: string[] = [];
  const text = `
name: A sale with no key too many
terminal: ${terminal}
steps:
${steps}
  - expect: { screen: idle }
  - receipt: { copy: merchant, contains: ["12.34"] }
  - ledger: { merchant: approved, count: 1, total: 12.34 }
  - audit: true
`;
  const prepare = ({ onKey }: { readonly onKey: ((name: string, pressed: boolean) => void)[] }): void => {
    onKey.push((name, pressed) => void (pressed && keys.push(name)));
  };
  const { failure } = await runScenario({ file: "keys.yaml", text, ground: nodeGround, prepare });
  assert.is(failure, undefined);
  return keys.join(" ");
}

for (const language of ["zh", "en"]) {
  const terminal = `{ language: ${language} }`;

  test(`a sale by tap takes the amount's digits, ENTER and the tap (${language})`, async () => {
    const tap = "  - press: 1 2 3 4 ENTER\n  - tap: unionpay-tap\n  - expect: { screen: approved }";
    assert.is(await keysOf(tap, terminal), "1 2 3 4 ENTER");
  });

  test(`a sale by chip takes the amount's digits, ENTER, the card, the PIN and ENTER (${language})`, async () => {
    const chip = `
  - press: 1 2 3 4 ENTER
  - insert: unionpay-chip-credit
  - pin: 123456
  - expect: { screen: remove-card }
  - remove: card`;
    assert.is(await keysOf(chip, terminal), "1 2 3 4 ENTER 1 2 3 4 5 6 ENTER");
  });
}

test.run();
