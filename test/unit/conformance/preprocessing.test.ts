import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { TerminalApplication } from "../../../firmware/emv/application.ts";
import { prepareApplications } from "../../../firmware/emv/contactless/preprocessing.ts";
import { application } from "../emv/conversations.ts";
import { type Case, numbered } from "./series.ts";

/** What is other than: floor limit 200.00, verification limit 300.00, transaction limit 1000.00, qualifiers 26000000. */
type Parameters = Partial<Omit<TerminalApplication, "transactionQualifiers">> & { readonly qualifiers?: string };

interface Preparation extends Case {
  /** Minor units. */
  readonly amount: number;
  readonly parameters?: Parameters;
  /** Terminal type; one that has a host and may do without where it does not matter. */
  readonly type?: number;
  /** The merchant wants the host to be asked. */
  readonly forced?: boolean;
  /** Indicators: "A" allowed, "V" verification required, "F" floor limit exceeded. */
  readonly indicators: string;
  /** Terminal transaction qualifiers of the transaction. */
  readonly qualifiers: string;
}

const row = (
  section: string,
  what: string,
  amount: number,
  [indicators, qualifiers]: readonly [indicators: string, qualifiers: string],
  more: Pick<Preparation, "parameters" | "type" | "forced"> = {},
): Preparation => ({
  requirement: `Book B, 3.1.1.${section}`,
  what,
  amount,
  indicators,
  qualifiers,
  ...more,
});

const ofType = (what: string, type: number, expected: readonly [string, string]): Preparation => ({
  ...row("9", what, 1, expected, { type }),
  requirement: "Book 4, annex A1",
});

const check = { parameters: { statusCheck: true } };
const zero = { parameters: { zeroAmountAllowed: true } };
const unlimited = { contactlessLimit: 1_000_000, contactlessCvmLimit: 1_000_000, floorLimit: 1_000_000 };
const fastKernel = { parameters: { kernel: 7 } };

const cases: readonly Preparation[] = [
  row("2", "both bits of the transaction begin at zero", 100, ["A", "263F0000"], {
    parameters: { qualifiers: "26FF0000" },
  }),
  row("2", "all other bits stay as they are", 100, ["A", "FF3FFFFF"], { parameters: { qualifiers: "FFFFFFFF" } }),
  row("3", "one unit checks the card's status", 100, ["A", "26800000"], check),
  row("3", "one unit is an amount where status checks are off", 100, ["A", "26000000"]),
  row("3", "less than one unit is no status check", 99, ["A", "26000000"], check),
  row("3", "more than one unit is no status check", 101, ["A", "26000000"], check),
  row("3", "zero is no status check", 0, ["", "26800000"], check),
  row("4", "zero is not tapped where it is not allowed", 0, ["", "26800000"]),
  row("4", "zero may be tapped where it is", 0, ["A", "26800000"], zero),
  row("11", "zero goes online even under the floor limit", 0, ["A", "26800000"], {
    parameters: { zeroAmountAllowed: true, ...unlimited },
  }),
  row("11", "zero at an offline-only reader is not tapped", 0, ["", "2E000000"], {
    parameters: { zeroAmountAllowed: true, qualifiers: "2E000000" },
  }),
  row("5", "below the transaction limit", 99_999, ["AVF", "26C00000"]),
  row("5", "at the transaction limit", 100_000, ["VF", "26C00000"]),
  row("5", "above the transaction limit", 100_001, ["VF", "26C00000"]),
  row("5", "a transaction limit below the others stops all the same", 5_000, ["", "26000000"], {
    parameters: { contactlessLimit: 5_000 },
  }),
  row("5", "just below that limit", 4_999, ["A", "26000000"], { parameters: { contactlessLimit: 5_000 } }),
  row("5", "a transaction limit of zero stops everything", 1, ["", "26000000"], {
    parameters: { contactlessLimit: 0 },
  }),
  row("6", "below the floor limit", 19_999, ["A", "26000000"]),
  row("6", "at the floor limit", 20_000, ["A", "26000000"]),
  row("9", "above the floor limit an online cryptogram is wanted", 20_001, ["AF", "26800000"]),
  row("9", "a floor limit of zero sends all that is something online", 1, ["AF", "26800000"], {
    parameters: { floorLimit: 0 },
  }),
  row("8", "below the verification limit", 29_999, ["AF", "26800000"]),
  row("12", "at the verification limit verification is wanted", 30_000, ["AVF", "26C00000"]),
  row("12", "above the verification limit too", 30_001, ["AVF", "26C00000"]),
  row("12", "verification without the host under a high floor limit", 30_000, ["AV", "26400000"], {
    parameters: { floorLimit: 50_000 },
  }),
  row("12", "a verification limit of zero always wants it", 1, ["AV", "26400000"], {
    parameters: { contactlessCvmLimit: 0 },
  }),
  row("12", "a status check at a verification limit of one unit wants both", 100, ["AV", "26C00000"], {
    parameters: { statusCheck: true, contactlessCvmLimit: 100 },
  }),
  ofType("an online-only terminal of a merchant", 0x21, ["A", "26800000"]),
  ofType("an online-only unattended terminal of a merchant", 0x24, ["A", "26800000"]),
  ofType("an online-only terminal of a bank", 0x11, ["A", "26800000"]),
  ofType("an unattended terminal with a host that may do without", 0x25, ["A", "26000000"]),
  row("6", "UnionPay's kernel has the same limits: at the floor limit", 20_000, ["A", "26000000"], fastKernel),
  row("9", "UnionPay's kernel: above the floor limit", 20_001, ["AF", "26800000"], fastKernel),
  row("12", "UnionPay's kernel: at the verification limit", 30_000, ["AVF", "26C00000"], fastKernel),
  row("5", "UnionPay's kernel: at the transaction limit", 100_000, ["VF", "26C00000"], fastKernel),
  row("5", "every unit up to the greatest amount", 999_999, ["A", "26000000"], { parameters: unlimited }),
  ofType("a terminal without a host is an offline-only reader", 0x23, ["A", "2E000000"]),
  ofType("an unattended one too", 0x26, ["A", "2E000000"]),
  row("9", "a merchant who wants the host asked has it asked under every limit", 1, ["A", "26800000"], {
    forced: true,
  }),
  row("9", "such a wish is no floor limit that is exceeded", 20_000, ["A", "26800000"], { forced: true }),
  row("9", "a reader without a host cannot fulfil it", 1, ["A", "2E000000"], {
    forced: true,
    parameters: { qualifiers: "2E000000" },
  }),
  row("6", "the contactless floor limit is not the contact reader's: above it", 201, ["AF", "26800000"], {
    parameters: { contactlessFloorLimit: 200 },
  }),
  row("6", "a contactless floor limit above the contact reader's", 20_001, ["A", "26000000"], {
    parameters: { contactlessFloorLimit: 25_000 },
  }),
];

numbered("PRE", cases, ({ amount, parameters = {}, type = 0x22, forced = false, indicators, qualifiers }) => {
  const { qualifiers: configured = "26000000", ...changes } = parameters;
  const one = application("A0000000031010", {
    kernel: 3,
    floorLimit: 20_000,
    ...changes,
    transactionQualifiers: hexToBytes(configured),
  });
  const [prepared] = prepareApplications([one], { amount, unit: 100, terminalType: type, forceOnline: forced });
  assert.ok(prepared);
  const { allowed, verificationRequired, floorLimitExceeded } = prepared;
  assert.is(`${allowed ? "A" : ""}${verificationRequired ? "V" : ""}${floorLimitExceeded ? "F" : ""}`, indicators);
  assert.is(bytesToHex(prepared.qualifiers), qualifiers);
  assert.is(bytesToHex(one.transactionQualifiers), configured, "the parameters stay as they are");
});

test.run();
