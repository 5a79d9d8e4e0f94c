import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { campaign } from "../../simulator/commands/fuzz.ts";
import { withTrouble } from "../../simulator/crash/crash.ts";
import { available } from "../available.ts";
import { askedForAll } from "../everything.ts";
import { victimOf } from "../victim.ts";
import { places } from "./host/places.ts";
import { recorded } from "./recorded/sessions.ts";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));
const path = (name: string): string => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

/** Milliseconds after which a command counts as endless and is stopped. */
const patience = 300_000;

/** The command as people call it: its exit code and its lines. */
function xspos(...args: readonly string[]): Promise<{ code: number | null; lines: string[] }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args], { timeout: patience });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    }
    child.on("close", (code) => resolve({ code, lines: output.trimEnd().split("\n") }));
  });
}

test("20,000 cards with spoilt answers bring no terminal down and get no approval that is not their issuer's", async () => {
  const results = await Promise.all(
    ["card-contact", "card-tap"].map((target) => xspos("fuzz", target, "--runs", "10000", "--seed", "1")),
  );
  for (const { code, lines } of results) {
    assert.is(lines.at(-1), "10000 passed, 0 failed", lines.slice(0, 20).join("\n"));
    assert.is(code, 0);
    assert.ok(
      lines.some((line) => /^approved: \d+$/.test(line)),
      "some sessions live through what is spoilt",
    );
  }
});

test("what a card has decided is never heard as its approval where it has not approved", async () => {
  const { failures, tally } = await campaign(path("targets/card-decision"), { runs: 1000, seed: 1 });
  assert.equal(failures, []);
  assert.ok(tally["card error: refusal"]! > 50 && tally.approved! > 25, "some are refused, and some approved");
});

const xs = await available("xs", "spoilt bytes");

for (const target of ["tlv", "iso8583", "cbor", "qr", "qr-consumer"]) {
  test(`spoilt bytes are a value or a FormatError to ${target}, on Node and on XS`, async () => {
    const runs = { runs: 3000, seed: 1 };
    const onNode = await campaign(path(`targets/${target}`), runs);
    assert.equal(onNode.failures, []);
    assert.ok(Object.keys(onNode.tally).length === 2, "some are read and some refused");
    if (xs === undefined) return;
    assert.equal(await campaign(path(`targets/${target}`), { ...runs, ground: "xs" }), onNode);
  });
}

for (const [seed, place] of [
  [5_027_790, "directory"],
  [5_047_802, "directory"],
  [10_073_623, "challenge"],
] as const) {
  test(`a signature in place of the card's ${place} (seed ${seed}) is nothing that an approval stands on`, async () => {
    const { failures, tally } = await campaign(path("targets/card-contact"), { runs: 1, seed });
    assert.equal(failures, []);
    assert.equal(tally, { "approved alone": 1 });
  });
}

for (const [target, seed, what] of [
  ["card-contact", 30_004_976, "a TC that waits for GET RESPONSE is the card's"],
  ["card-contact", 30_236_607, "the answer to GET PROCESSING OPTIONS, heard as a TC, is none"],
  ["card-contact", 30_363_547, "the answer to GET PROCESSING OPTIONS, heard as a TC, is none of another sale"],
  ["card-tap", 30_043_068, "a card without its list of methods is the issuer's affair, who is told"],
  ["card-decision", 30_000_212, "a tap's refusal that is heard as a request is a refusal"],
] as const) {
  test(`${what} (${target}, seed ${seed})`, async () => {
    assert.equal((await campaign(path(`targets/${target}`), { runs: 1, seed })).failures, []);
  });
}

for (const [seed, { promise }] of recorded.entries()) {
  test(`${promise} (recorded answers)`, async () => {
    assert.equal((await campaign(path("targets/recorded"), { runs: 1, seed })).failures, []);
  });
}

test("a message spoilt on its way, or said wrongly by the host, costs nobody money and no terminal its rest", async () => {
  const runs = askedForAll("most messages spoilt between terminal and host") ? 600 : 30;
  const { failures, tally } = await campaign(path("targets/host"), { runs, seed: 1 });
  assert.equal(failures, []);
  assert.ok(Object.keys(tally).length > 15, Object.keys(tally).join(", "));
});

test("there is a place to spoil in every message that the terminal's tables name, both ways", async () => {
  const names = new Set((await places()).map(({ way, name }) => `${way} ${name}`));
  for (const name of ["0100 10", "0100 11", "0200 01", "0200 20", "0200 21", "0200 22", "0200 23", "0200 36"])
    assert.ok(names.has(`sent ${name} 000`), name);
  for (const name of ["0220 24", "0220 25", "0220 30", "0220 32", "0220 34", "0400 22"])
    assert.ok(names.has(`sent ${name} 000`), name);
  for (const name of ["0600 00 961", "0600 00 962", "0600 00 963", "0600 00 964", "0600 00 965", "0600 00 966"])
    assert.ok(names.has(`sent ${name}`) && names.has(`said ${name.replace("0600", "0610")}`), name);
  for (const name of ["0800 00 370", "0800 00 380", "0820 00 372", "0820 00 382", "0500 00 201", "0320 00 202"])
    assert.ok(names.has(`sent ${name}`), name);
  assert.ok(names.has("arrived 0600 00 967") && names.has("sent 0610 00 967"));
});

test("money that the host moved although it declined is found by the audit behind a spoilt message", async () => {
  const { problems } = await withTrouble(victimOf("sale-tap"), {
    arm: ({ bank }, begins) =>
      bank.rewrite((mti, fields) => {
        if (mti !== "0210") return fields;
        begins();
        bank.rewrite((_mti, others) => others);
        return { ...fields, 39: "51" };
      }),
    watched: 10_000,
    customer: 0,
    patience: 1,
    explains: () => false,
  });
  assert.match(problems.join(), /is declined at the terminal, approved at the host/);
});

test("a parser that throws anything else is found, and its seed finds it again", async () => {
  const { failures } = await campaign(path("planted/brittle-parser"), { runs: 300, seed: 1 });
  const [seed, problem] = failures[0]!;
  assert.match(problem, /RangeError/);
  const again = await campaign(path("planted/brittle-parser"), { runs: 1, seed });
  assert.equal(again.failures, [[seed, problem]]);
});

test("a terminal that takes a card's failure for its agreement is found, and its seed finds it again", async () => {
  const { failures } = await campaign(path("planted/trusting-terminal"), { runs: 300, seed: 1 });
  const found = failures.find(([, problem]) => /the card's last word was no TC/.test(problem));
  assert.ok(found);
  const again = await campaign(path("planted/trusting-terminal"), { runs: 1, seed: found[0] });
  assert.equal(again.failures, [found]);
});

test("a terminal that believes an approval which the card's own results deny is found", async () => {
  const { failures } = await campaign(path("planted/believing-terminal"), { runs: 400, seed: 1 });
  assert.ok(failures.some(([, problem]) => /approved, and the card itself has not/.test(problem)));
});

test("a terminal that never tires of a broken card is found", async () => {
  const { failures } = await campaign(path("planted/stubborn-terminal"), { runs: 200, seed: 1 });
  assert.ok(failures.some(([, problem]) => /more than 200 exchanges/.test(problem)));
});

test("the command says what it does not know", async () => {
  const { code, lines } = await xspos("fuzz", "printer");
  assert.is(code, 2);
  assert.match(lines[0]!, /there is no target "printer"/);
});

test.run();
