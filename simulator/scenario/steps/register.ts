import type { KeyBlockFlaw } from "../../acquirer/hsm.ts";
import type { Stage } from "../stage.ts";
import { atOnce, PATIENCE, type StepReader } from "./step.ts";

/**
 * `order: { total, id, text? }`: the cash register sends an order; `order: { line: TEXT }` sends any line, `order: { part: TEXT }`
 * what is none yet; `order: again` what was sent last, to the byte; `order: { keyBlock: good | block | usage | length | checkValue }` the master key, with what is wrong with it.
 */
export const order: StepReader = (value, context) => {
  if (!value.isMap()) {
    if (value.text("order") !== "again") value.fail("order: again, or a map");
    return atOnce((stage) => stage.register.sendAgain?.());
  }
  const entries = value.map("order", ["total", "id", "text", "line", "part", "keyBlock"]);
  const keyBlock = entries.get("keyBlock")?.text("keyBlock");
  if (keyBlock !== undefined) return atOnce((stage) => sendKeyBlock(stage, FLAWS[keyBlock] ?? value.fail(NO_FLAW)));
  const part = entries.get("part")?.text("part");
  if (part !== undefined) return atOnce((stage) => stage.register.sendPart(part));
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

const FLAWS: Readonly<Record<string, { readonly flaw: KeyBlockFlaw | undefined }>> = {
  good: { flaw: undefined },
  block: { flaw: "block" },
  usage: { flaw: "usage" },
  length: { flaw: "length" },
  checkValue: { flaw: "checkValue" },
};
const NO_FLAW = `keyBlock: ${Object.keys(FLAWS).join(", ")}`;

/** The terminal's master key, as a key block. */
function sendKeyBlock(stage: Stage, { flaw }: { readonly flaw: KeyBlockFlaw | undefined }): void {
  stage.mark = stage.screens.length;
  stage.register.send(JSON.stringify({ type: "keyBlock", block: stage.masterKeyBlock(flaw) }));
}

/** `register: { id, status }` or `register: { error: FIELD }`: the last line that the cash register got. */
export const register: StepReader = (value) => {
  const entries = value.map("register", ["id", "status", "reason", "checkValue", "error"]);
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

/**
 * `pair: register`: somebody types the code on the terminal's screen into the cash register; `pair: stranger`: the register has
 * another code.
 */
export const pair: StepReader = (value) => {
  const who = value.text("pair");
  if (who !== "register" && who !== "stranger") value.fail("pair: register or stranger");
  return function* (stage) {
    const code = (): string => (stage.screens.at(-1)?.values.code ?? "").replace(/\D/g, "");
    yield {
      kind: "condition",
      holds: () => code().length === 24,
      timeout: PATIENCE,
      otherwise: () => `no code of 24 digits came up; the terminal shows ${stage.screens.at(-1)?.screen}`,
    };
    if (stage.register.pair === undefined) throw new Error("the cash register is not on the network: set registerPort");
    stage.register.pair(who === "register" ? code() : "0".repeat(24));
  };
};

/** `disconnect: register`: the cash register on the network hangs up; it connects again when it has something to say. */
export const disconnect: StepReader = (value) => {
  if (value.text("disconnect") !== "register") value.fail("disconnect: register");
  return atOnce((stage) => stage.register.hangUp?.());
};

/**
 * `connect: { from: ADDRESS, refused: REASON | silently }`: somebody else connects to the port for the cash register, and is
 * hung up on after a line with that reason, or without a word.
 */
export const connect: StepReader = (value) => {
  const entries = value.map("connect", ["from", "refused"]);
  const from = entries.get("from")?.text("from") ?? value.fail('connect needs "from"');
  const refused = entries.get("refused")?.text("refused") ?? value.fail('connect needs "refused"');
  return function* (stage) {
    const fate = stage.register.anotherFrom?.(from);
    if (fate === undefined) throw new Error("the cash register is not on the network: set registerPort");
    yield {
      kind: "condition",
      holds: () => fate.hungUp,
      timeout: PATIENCE,
      otherwise: () => `the caller from ${from} is still connected`,
    };
    const said = fate.lines.map((line) => (JSON.parse(line) as { reason?: string }).reason ?? "nothing");
    if (said.join() !== (refused === "silently" ? "" : refused)) throw new Error(`the caller was told ${said.join()}`);
  };
};
