import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeMessage } from "../../simulator/acquirer/iso8583/codec.ts";
import { ecbMac } from "../../simulator/acquirer/mac.ts";
import { newHost, Till } from "./till.ts";

function till() {
  const { host } = newHost();
  const one = new Till(host);
  one.signIn();
  const sale = () => one.sendRaw("0200", one.saleFields({ card: "magstripe-credit", amount: 1234, pin: "123456" }));
  const macFits = (answer: Uint8Array) =>
    decodeMessage(answer).fields[64] === ecbMac(one.macKey, answer.subarray(11, -8));
  return { host, one, sale, macFits };
}

test("respond: the next request is refused with that code and books nothing, the one after is normal", () => {
  const { host, sale } = till();
  host.fault({ respond: "51" });
  assert.is(decodeMessage(sale()!).fields[39], "51");
  assert.is(host.ledger.merchant().balance, 0);
  assert.is(decodeMessage(sale()!).fields[39], "00");
});

test("silent: the sale is booked and no answer comes", () => {
  const { host, sale } = till();
  host.fault({ silent: true });
  assert.is(sale(), undefined);
  assert.is(host.ledger.merchant().balance, 1234);
  assert.is(host.log().at(-1)?.answer, undefined);
});

test("badMac: only the MAC is wrong", () => {
  const { host, sale, macFits } = till();
  host.fault({ badMac: true });
  const answer = sale()!;
  assert.is(decodeMessage(answer).fields[39], "00");
  assert.not.ok(macFits(answer));
});

const changes: [string, Parameters<ReturnType<typeof till>["host"]["fault"]>[0], number, string | undefined][] = [
  ["amount", { amount: 9999 }, 4, "000000009999"],
  ["authCode", { authCode: "" }, 38, undefined],
  ["wrongStan", { wrongStan: true }, 11, "000003"],
  ["omit", { omit: 49 }, 49, undefined],
  ["currency", { currency: "840" }, 49, "840"],
  ["terminal", { terminal: "87654321" }, 41, "87654321"],
];
for (const [name, fault, field, value] of changes) {
  test(`${name}: field ${field} of the answer is another, under a right MAC`, () => {
    const { host, sale, macFits } = till();
    host.fault(fault);
    const answer = sale()!;
    assert.is(decodeMessage(answer).fields[field], value);
    assert.ok(macFits(answer));
  });
}

test("truncate and oversize change the answer's length", () => {
  const { host, sale } = till();
  host.fault({ truncate: 40 });
  assert.is(sale()?.length, 40);
  host.fault({ oversize: true });
  assert.ok(sale()!.length > 2048);
});

test("restart: session keys are gone, books are not", () => {
  const { host, one, sale } = till();
  sale();
  host.fault({ restart: true });
  assert.is(decodeMessage(sale()!).fields[39], "77");
  one.signIn();
  assert.is(decodeMessage(sale()!).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 2468);
});

test("normal takes a fault back, and sign-in does not use one up", () => {
  const { host, one, sale } = till();
  host.fault({ respond: "91" });
  host.normal();
  assert.is(decodeMessage(sale()!).fields[39], "00");
  host.fault({ respond: "91" });
  one.signIn();
  assert.is(decodeMessage(sale()!).fields[39], "91");
});

test.run();
