import type { Stage } from "../stage.ts";
import { atOnce, PATIENCE, type StepReader } from "./step.ts";

/** `order: { total, id, text? }`: the cash register sends an order; `order: { line: TEXT }` sends any line. */
export const order: StepReader = (value, context) => {
  const entries = value.map("order", ["total", "id", "text", "line"]);
  const line = entries.get("line")?.text("line");
  const total = entries.get("total")?.amount("total", context.currencyDigits);
  const id = entries.get("id")?.text("id");
  if (line === undefined && (total === undefined || id === undefined)) value.fail('order needs "total" and "id"');
  const text = entries.get("text")?.text("text");
  return atOnce((stage) => {
    stage.mark = stage.screens.length;
    stage.register.send(line ?? JSON.stringify({ type: "order", id, total, ...(text === undefined ? {} : { text }) }));
  });
};

/** `register: { id, status }` or `register: { error: FIELD }`: the last line that the cash register got. */
export const register: StepReader = (value) => {
  const entries = value.map("register", ["id", "status", "error"]);
  const wanted = [...entries].map(([name, place]) => [name === "error" ? "field" : name, place.text(name)] as const);
  return function* (stage) {
    yield {
      kind: "condition",
      holds: () => fits(stage, wanted),
      timeout: PATIENCE,
      otherwise: () => `the cash register got ${stage.register.lines.at(-1) ?? "nothing"}`,
    };
  };
};

function fits(stage: Stage, wanted: readonly (readonly [string, string])[]): boolean {
  const last = stage.register.lines.at(-1);
  if (last === undefined) return false;
  const said = JSON.parse(last) as Record<string, unknown>;
  return wanted.every(([name, text]) => String(said[name]) === text);
}
