import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChargeView } from "../../simulator/acquirer/views.ts";
import { auditFees, type HostFees } from "../../simulator/world/fee-audit.ts";

const payment: ChargeView = {
  batch: "000001",
  stan: "000001",
  state: "approved",
  kind: "payment",
  amount: 10_000,
  fee: 60,
  prefix: "622848",
};
const refund: ChargeView = { ...payment, stan: "000002", kind: "refund", amount: 5_000, fee: -30 };
const books = (changes: Partial<HostFees> = {}): HostFees => ({
  payments: [payment, refund],
  charged: new Map([["000001", 30]]),
  items: [{ count: 2, amount: 5_000, fee: 30 }],
  ...changes,
});

const slip = (fee: string, paidOut: string) => ({
  copy: "settlement",
  text: [
    "SETTLEMENT",
    "Batch No. 000001",
    `Fees RMB ${fee}`,
    "NET RMB 50.00",
    `To be paid out, fees off RMB ${paidOut}`,
  ],
  at: 0,
});
const status = (values: Record<string, string>) => ({ screen: "settlement-status", values, at: 0 });

test("fees that are as the contract, the books, the slip and the screen have them are no difference", () => {
  const screen = status({ count: "2", amount: "50.00", fee: "0.30", net: "49.70" });
  assert.equal(auditFees(books(), [slip("0.30", "49.70")], [screen]), []);
  assert.equal(auditFees(books({ payments: [], charged: new Map(), items: [] }), [], []), []);
});

test("a fee is per cent of the amount, half a unit up, and at most the cap", () => {
  const costs = (prefix: string, amount: number, fee: number) =>
    auditFees(books({ payments: [{ ...payment, prefix, amount, fee }], charged: new Map() }), [], []);
  assert.equal(costs("621700", 100_000, 500), []);
  assert.equal(costs("621700", 1_000_000, 2_000), []);
  assert.equal(costs("400000", 25, 0), []);
  assert.equal(costs("400000", 28, 1), []);
  assert.equal(costs("621700", 1_000_000, 5_000).length, 1);
  assert.equal(costs("400000", 28, 0).length, 1);
});

const wrong: readonly (readonly [string, HostFees, ReturnType<typeof slip>[], ReturnType<typeof status>[], RegExp])[] =
  [
    ["a payment's fee", books({ payments: [{ ...payment, fee: 61 }], charged: new Map() }), [], [], /takes 61/],
    [
      "a declined payment's fee",
      books({ payments: [{ ...payment, state: "declined" }], charged: new Map() }),
      [],
      [],
      /declined/,
    ],
    [
      "a reservation's fee",
      books({ payments: [{ ...payment, kind: "other" }], charged: new Map() }),
      [],
      [],
      /costs nothing/,
    ],
    ["a fee on a refund", books({ payments: [{ ...refund, fee: 30 }], charged: new Map() }), [], [], /gives -30 back/],
    [
      "more back than was due",
      books({ payments: [{ ...refund, fee: -40 }], charged: new Map() }),
      [],
      [],
      /gives 40 back/,
    ],
    ["a batch's fee", books({ charged: new Map([["000001", 60]]) }), [], [], /charged 60 for batch/],
    ["a slip's fee", books(), [slip("0.31", "49.69")], [], /says a fee of 31/],
    ["a slip's fee that nobody charged", books({ charged: new Map() }), [slip("0.30", "49.70")], [], /charged nothing/],
    ["what a slip promises", books(), [slip("0.30", "50.00")], [], /promises 5000/],
    ["a screen's sum", books(), [], [status({ count: "2", amount: "50.00", fee: "0.30", net: "50.00" })], /is 5000/],
    [
      "a screen's fee",
      books(),
      [],
      [status({ count: "2", amount: "50.00", fee: "0.40", net: "49.60" })],
      /a fee of 40/,
    ],
  ];

for (const [what, host, papers, screens, message] of wrong) {
  test(`${what} that is wrong is found`, () => {
    const differences = auditFees(host, papers, screens);
    assert.is(differences.length, 1, differences.join("; "));
    assert.match(differences[0]!, message);
  });
}

test.run();
