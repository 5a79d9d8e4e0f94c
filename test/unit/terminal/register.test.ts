import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes, bytesToUtf8 } from "../../../firmware/codec/text.ts";
import { CashRegister } from "../../../firmware/terminal/register/cash-register.ts";
import { answerLine, readRequest } from "../../../firmware/terminal/register/messages.ts";

test("an order is read with its number, its total and what it is for", () => {
  const line = '{"type":"order","id":"A-1","total":1234,"text":"\u725b\u8089\u9762"}';
  assert.equal(readRequest(line), { type: "order", id: "A-1", total: 1234, text: "\u725b\u8089\u9762" });
  assert.equal(readRequest('{"id":"A-1","type":"query"}'), { type: "query", id: "A-1" });
});

test("a key block is read as it is, and nothing else with it", () => {
  const block = "D0112K0TD00N0000".padEnd(112, "A");
  assert.equal(readRequest(JSON.stringify({ type: "keyBlock", block })), { type: "keyBlock", block });
  for (const wrong of [undefined, 7, "short", "D0112\u00e9".padEnd(40, "A"), "A".repeat(481)])
    assert.throws(
      () => readRequest(JSON.stringify({ type: "keyBlock", block: wrong })),
      (error: Error & { field?: string }) => error.field === "block",
    );
  assert.throws(() => readRequest(JSON.stringify({ type: "keyBlock", block, id: "1" })));
});

test("whatever is not the protocol is refused by the field that is wrong", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["", "line"],
    ["null", "line"],
    ["[]", "line"],
    ['"order"', "line"],
    ["{", "line"],
    ['{"type":{"type":"order"}}', "line"],
    ["[".repeat(400), "line"],
    ['{"a":'.repeat(100), "line"],
    ['{"type":"pay","id":"1"}', "type"],
    ['{"type":"order","total":1}', "id"],
    ['{"type":"order","id":"","total":1}', "id"],
    ['{"type":"order","id":"a b","total":1}', "id"],
    ['{"type":"order","id":7,"total":1}', "id"],
    ['{"type":"order","id":"1"}', "total"],
    ['{"type":"order","id":"1","total":0}', "total"],
    ['{"type":"order","id":"1","total":-5}', "total"],
    ['{"type":"order","id":"1","total":1.5}', "total"],
    ['{"type":"order","id":"1","total":1e300}', "total"],
    ['{"type":"order","id":"1","total":"100"}', "total"],
    ['{"type":"order","id":"1","total":1,"text":"a\\u0007"}', "text"],
    ['{"type":"order","id":"1","total":1,"tip":1}', "unknown field"],
    ['{"type":"cancel","id":"1","total":1}', "unknown field"],
    ['{"type":"query","id":"1","__proto__":1}', "unknown field"],
  ];
  for (const [line, field] of wrong) {
    assert.throws(
      () => readRequest(line),
      (error: Error & { field?: string }) => error.field === field,
      line,
    );
  }
});

/** A register at the other end of a line that takes so many bytes. */
function lineOf(room: number) {
  const said: string[] = [];
  const incoming: Uint8Array[] = [];
  let onReadable = (): void => {};
  let asked = 0;
  const register = new CashRegister(
    {
      register: (callbacks) => {
        onReadable = callbacks.onReadable;
        return {
          read: () => incoming.shift(),
          write: (bytes) => {
            if (bytes.length > room) throw new RangeError("output full");
            said.push(bytesToUtf8(bytes));
          },
          close: () => {},
        };
      },
    },
    { notice: () => void asked++ },
  );
  const send = (text: string): void => {
    incoming.push(asciiToBytes(text));
    onReadable();
  };
  return { register, said, send, asked: () => asked };
}

test("a line that comes in pieces is one line, and two lines in one piece are two", () => {
  const { register, send, asked } = lineOf(500);
  send('{"type":"query",');
  assert.is(register.isAsked, false);
  send('"id":"1"}\n{"type":"query","id":"2"}\n');
  assert.is(asked(), 2);
  assert.is(register.next()?.id, "1");
  assert.is(register.next()?.id, "2");
  assert.is(register.next(), undefined);
});

test("a line without an end takes no memory and the next one is read", () => {
  const { register, said, send } = lineOf(500);
  for (let piece = 0; piece < 100; piece++) send("x".repeat(100));
  send('\n{"type":"query","id":"2"}\n');
  assert.equal(said, [answerLine({ type: "error", reason: "line", field: "length" })]);
  assert.is(register.next()?.id, "2");
});

test("more requests than can wait are answered as busy", () => {
  const { said, send } = lineOf(500);
  for (let id = 0; id < 6; id++) send(`{"type":"query","id":"${id}"}\n`);
  assert.equal(said, [answerLine({ type: "error", reason: "busy" }), answerLine({ type: "error", reason: "busy" })]);
});

test("a register that does not take its answers stops nobody", () => {
  const { register, said } = lineOf(0);
  register.tell({ type: "result", id: "1", status: "approved" });
  assert.equal(said, []);
});

test("half a line of a connection that broke is no part of what comes on the next one", () => {
  let onReadable = (): void => {};
  let onBreak: (() => void) | undefined;
  let refusal = "";
  const incoming: Uint8Array[] = [];
  const register = new CashRegister(
    {
      register: (callbacks, network) => {
        ({ onReadable, onBreak } = callbacks);
        refusal = bytesToUtf8(network?.refusal ?? new Uint8Array(0));
        return { read: () => incoming.shift(), write: () => {}, close: () => {} };
      },
    },
    { notice: () => {} },
    { port: 8100, address: "192.168.1.20" },
  );
  const send = (text: string): void => {
    incoming.push(asciiToBytes(text));
    onReadable();
  };
  send('{"type":"query","id":"old');
  onBreak?.();
  send('{"type":"query","id":"new"}\n');
  assert.is(register.next()?.id, "new");
  assert.is(refusal, answerLine({ type: "error", reason: "taken" }));
});

test("only the cancel of the order that stands is taken for it", () => {
  const { register, send } = lineOf(500);
  send('{"type":"cancel","id":"1"}\n');
  assert.is(register.takeCancel("2"), false);
  assert.is(register.takeCancel("1"), true);
  assert.is(register.isAsked, false);
});

test.run();
