import { test } from "uvu";
import * as assert from "uvu/assert";
import { type GroundName, groundOf } from "../../simulator/runtime/grounds.ts";
import { Recording } from "../../simulator/scenario/recording.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";
import { askedForAll } from "../everything.ts";
import { assertStackMargin } from "../stack-limit.ts";

/** A card transaction up to its end, before the power goes in what follows it. */
const paid = (amount: string): readonly string[] => [
  `press: ${amount} ENTER`,
  "swipe: magstripe-credit",
  "pin: 123456",
  "expect: { screen: approved }",
  "expect: { screen: idle }",
];
const reserved: readonly string[] = [
  "press: MENU",
  "choose: reservations",
  "choose: preAuthorisation",
  ...paid("1 00 00"),
];
const supervisor = "press: 0 0 0 0 0 0 ENTER";
const swipeAndPin: readonly string[] = ["swipe: magstripe-credit", "wait: 5s", "press: 1 2 3 4 5 6 ENTER"];
const offline: readonly string[] = [
  "press: MENU",
  "choose: other",
  "choose: offlineSale",
  supervisor,
  "press: 5 0 00 ENTER",
  "swipe: magstripe-credit",
];

interface Later {
  /** What happened before; the power stays on. */
  readonly before: readonly string[];
  /** What the merchant keys before the first thing is written. */
  readonly keyed: readonly string[];
  /** What people do while the power goes, whatever the terminal shows: it may be dark. */
  readonly done: readonly string[];
  /** In the end one of these has left the card. */
  readonly debited: readonly string[];
}

/** What comes after a sale, type by type. */
const flows: Readonly<Record<string, Later>> = {
  voidSale: {
    before: paid("1 2 3 4"),
    keyed: ["press: MENU", "choose: voidSale", supervisor, "retype: voucher", "press: ENTER"],
    done: swipeAndPin,
    debited: ["12.34", "0.00"],
  },
  refund: {
    before: paid("1 2 3 4"),
    keyed: ["press: MENU", "choose: refund", supervisor, "retype: reference", "press: ENTER", "press: 5 00 ENTER"],
    done: ["swipe: magstripe-credit"],
    debited: ["12.34", "7.34"],
  },
  preAuthorisation: {
    before: paid("1 2 3 4"),
    keyed: ["press: MENU", "choose: reservations", "choose: preAuthorisation", "press: 1 00 00 ENTER"],
    done: swipeAndPin,
    debited: ["12.34"],
  },
  completion: {
    before: reserved,
    keyed: [
      "press: MENU",
      "choose: reservations",
      "choose: completion",
      "retype: authorisation",
      "press: ENTER",
      "press: 8 0 00 ENTER",
    ],
    done: swipeAndPin,
    debited: ["0.00", "80.00"],
  },
  completionAdvice: {
    before: reserved,
    keyed: [
      "press: MENU",
      "choose: reservations",
      "choose: completionAdvice",
      "retype: authorisation",
      "press: ENTER",
      "press: 8 0 00 ENTER",
    ],
    done: ["swipe: magstripe-credit"],
    debited: ["0.00", "80.00"],
  },
  voidPreAuthorisation: {
    before: reserved,
    keyed: [
      "press: MENU",
      "choose: reservations",
      "choose: voidPreAuthorisation",
      supervisor,
      "retype: authorisation",
      "press: ENTER",
    ],
    done: swipeAndPin,
    debited: ["0.00"],
  },
  voidCompletion: {
    before: [
      ...reserved,
      "press: MENU",
      "choose: reservations",
      "choose: completion",
      "retype: authorisation",
      "press: ENTER",
      ...paid("8 0 00"),
    ],
    keyed: [
      "press: MENU",
      "choose: reservations",
      "choose: voidCompletion",
      supervisor,
      "retype: voucher",
      "press: ENTER",
    ],
    done: swipeAndPin,
    debited: ["80.00", "0.00"],
  },
  tip: {
    before: paid("1 00 00"),
    keyed: ["press: MENU", "choose: other", "choose: tip", "retype: voucher", "press: ENTER"],
    done: ["press: 1 5 00 ENTER"],
    debited: ["100.00", "115.00"],
  },
  offlineSale: {
    before: paid("1 2 3 4"),
    keyed: offline,
    done: ["press: 1 3 5 7 9 1 ENTER"],
    debited: ["12.34", "62.34"],
  },
  adjustment: {
    before: [...offline, "press: 1 3 5 7 9 1 ENTER", "wait: 60s"],
    keyed: ["press: MENU", "choose: other", "choose: adjustment", supervisor, "retype: voucher", "press: ENTER"],
    done: ["press: 4 5 00 ENTER"],
    debited: ["50.00", "45.00"],
  },
};

/** How far the flash operations lie apart that are cut. */
const apart = askedForAll("two of three power cuts in what comes after a sale") ? 1 : 3;

/** The power comes back; what is in doubt is settled, what is owed is told, and another sale is possible. */
const recovery = ["wait: 2s", "power: on", "wait: 200s", "expect: { screen: idle }", "audit: true"];
const nextSale = ["press: 5 00 ENTER", "tap: unionpay-tap", "expect: { screen: approved }", "wait: 30s", "audit: true"];

async function run(name: GroundName, steps: readonly string[], recording?: Recording): Promise<ScenarioResult> {
  const text = [
    "name: What comes after a sale",
    "terminal: { language: en, tipPercent: 20 }",
    "steps:",
    ...steps.map((step) => `  - ${step}`),
  ].join("\n");
  const ground = await groundOf(name);
  return runScenario({ file: "later.yaml", text, ground, ...(recording === undefined ? {} : { recording }) });
}

async function operationsOf(steps: readonly string[]): Promise<number> {
  const recording = new Recording();
  const result = await run("node", steps, recording);
  assert.ok(result.passed, `step ${result.failure?.step}: ${result.failure?.message}`);
  return recording.lines.filter((line) => /"kind":"(program|erase)"/.test(line)).length;
}

function debitedOf(result: ScenarioResult): string {
  const { accounts } = result.ledger as { readonly accounts: Readonly<Record<string, { readonly debited: number }>> };
  return ((accounts["magstripe-credit"]?.debited ?? Number.NaN) / 100).toFixed(2);
}

for (const [type, { before, keyed, done, debited }] of Object.entries(flows)) {
  test(`a power cut in ${apart === 1 ? "any flash operation" : "flash operations"} of a ${type} leaves equal books and a terminal that sells`, async () => {
    const start = [...before, ...keyed];
    const operations =
      (await operationsOf([...start, ...done, "wait: 120s", "audit: true"])) - (await operationsOf(start));
    assert.ok(operations >= 10, `${operations} operations are a whole ${type}`);
    const outcomes = new Set<string>();
    for (let operation = 1; operation <= operations; operation += apart) {
      const cut = `power: { cutAtFlashOperation: ${operation} }`;
      const result = await run("node", [...start, cut, ...done, "wait: 120s", ...recovery, ...nextSale]);
      const where = `operation ${operation} of ${operations}`;
      assert.ok(result.passed, `${where}: step ${result.failure?.step}: ${result.failure?.message}`);
      assert.ok(result.screens.filter((screen) => screen === "boot").length > 1, `${where}: the power did not go`);
      assert.ok(debited.includes(debitedOf(result)), `${where}: ${debitedOf(result)} left the card`);
      assertStackMargin(result.metrics);
      outcomes.add(debitedOf(result));
    }
    assert.equal([...outcomes].sort(), [...debited].sort(), "both ends were reached");
  });
}

test.run();
