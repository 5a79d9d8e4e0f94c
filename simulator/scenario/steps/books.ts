import { ScenarioFailure } from "../actor.ts";
import type { Place } from "../document.ts";
import type { PaperPiece } from "../stage.ts";
import { atOnce, PATIENCE, type StepReader } from "./step.ts";

const money = (minor: number): string => (minor / 100).toFixed(2);

/** `receipt: { copy, contains: [..] }`: of the last paper of that copy. `receipt: { copy, count }`: how many came out by now. */
export const receipt: StepReader = (value, context) => {
  const entries = value.map("receipt", ["copy", "contains", "count"]);
  const copy = (entries.get("copy") ?? value.fail('receipt needs "copy"')).word("copy", context.copies);
  const contains =
    entries
      .get("contains")
      ?.list("contains")
      .map((item) => item.text("text")) ?? [];
  const count = entries.get("count")?.integer("count");
  return function* (stage) {
    const pieces = (): number => stage.papers().filter((piece) => piece.copy === copy).length;
    if (count !== undefined) {
      yield {
        kind: "condition",
        holds: () => !stage.printerBusy() && pieces() === count,
        timeout: PATIENCE,
        otherwise: () => `${pieces()} papers of the ${copy} copy, not ${count}`,
      };
      if (contains.length === 0) return;
    }
    const last = (): PaperPiece | undefined => stage.papers().findLast((piece) => piece.copy === copy);
    const missing = (piece: PaperPiece): string[] =>
      contains.filter((text) => !piece.text.some((line) => line.includes(text)));
    yield {
      kind: "condition",
      holds: () => {
        const piece = last();
        return piece !== undefined && !stage.printerBusy() && missing(piece).length === 0;
      },
      timeout: PATIENCE,
      otherwise: () => {
        const piece = last();
        if (piece === undefined) return `no ${copy} copy came out of the printer`;
        return `the ${copy} copy lacks ${missing(piece)
          .map((text) => `"${text}"`)
          .join(", ")}:\n${piece.text.join("\n")}`;
      },
    };
  };
};

/** `ledger: { card | wallet, debited? | balance? }` or `ledger: { merchant: approved, count, total }`: the host's books. */
export const ledger: StepReader = (value, context) => {
  const entries = value.map("ledger", ["card", "wallet", "debited", "balance", "merchant", "count", "total"]);
  const amount = (name: string): number | undefined => entries.get(name)?.amount(name, context.currencyDigits);
  const wallet = entries.get("wallet");
  const card = entries.get("card") ?? wallet;
  if (card !== undefined) {
    const name = card.text("account");
    const isKnown = wallet === undefined ? context.isAccount(name) : context.isPhone(name);
    if (!isKnown) card.fail(`there is no account "${name}"`);
    const debited = amount("debited");
    const balance = amount("balance");
    if (debited === undefined && balance === undefined) value.fail("ledger needs debited or balance");
    return atOnce((stage) => {
      compare(`${name} debited`, debited, stage.ledger.debited(name));
      compare(`balance of ${name}`, balance, stage.ledger.balance(name));
    });
  }
  const merchant = entries.get("merchant") ?? value.fail('ledger needs "card" or "merchant"');
  if (merchant.text("merchant") !== "approved") merchant.fail('only "merchant: approved" is known');
  const count = entries.get("count")?.integer("count");
  const total = amount("total");
  return atOnce((stage) => {
    const approved = stage.ledger.approved();
    if (count !== undefined && count !== approved.count) {
      throw new ScenarioFailure(`the host approved ${approved.count} payments, not ${count}`);
    }
    compare("the merchant's total", total, approved.total);
  });
};

function compare(what: string, wanted: number | undefined, actual: number): void {
  if (wanted !== undefined && wanted !== actual) {
    throw new ScenarioFailure(`${what}: ${money(actual)}, not ${money(wanted)}`);
  }
}

/** `journal: { state, count }`: the terminal's books. */
export const journal: StepReader = (value, context) => {
  const entries = value.map("journal", ["state", "count"]);
  const state = required(entries, "state", value).word("state", context.states);
  const count = required(entries, "count", value).integer("count");
  return atOnce((stage) => {
    const lines = stage.journal();
    const actual = lines.filter((line) => line.state === state).length;
    if (actual !== count) {
      const all = lines.map((line) => `${line.stan} ${line.state}`).join(", ") || "nothing";
      throw new ScenarioFailure(`the journal has ${actual} transactions ${state}, not ${count}: ${all}`);
    }
  });
};

function required(entries: Map<string, Place>, name: string, place: Place): Place {
  return entries.get(name) ?? place.fail(`"${name}" is missing`);
}

/** `audit: true` */
export const audit: StepReader = (value) => {
  if (!value.boolean("audit")) value.fail("audit can only be true");
  return atOnce((stage) => {
    const differences = stage.audit();
    if (differences.length > 0) throw new ScenarioFailure(`the books differ: ${differences.join("; ")}`);
  });
};
