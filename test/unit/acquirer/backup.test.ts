import { test } from "uvu";
import * as assert from "uvu/assert";
import { UnionPayBackup } from "../../../firmware/acquirer/backup.ts";
import { decodeCbor, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { asciiToBytes, bytesToAscii } from "../../../firmware/codec/text.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { Bench, pan, parameters } from "./bench.ts";

async function signedIn(): Promise<{ bench: Bench; backup: UnionPayBackup }> {
  const bench = new Bench();
  await bench.signIn();
  const { vault, world } = bench;
  const context = {
    parameters,
    vault,
    link: world.link(),
    clock: world.clock,
    batch: { number: 1 },
    journal: new FlowJournal(bench.journal),
  };
  return { bench, backup: new UnionPayBackup(context) };
}

function answer(bench: Bench, code: string, data?: Uint8Array): void {
  bench.changes["0600"] = { fields: { 39: code, ...(data === undefined ? {} : { 62: data }) } };
}

/** A record as the host gives it back. */
function given(bench: Bench, number: number, change: Record<string, unknown> = {}): Uint8Array {
  const exported = bench.vault.exportPan(bench.vault.protectPan(asciiToBytes(pan)));
  const payload = encodeCbor({ type: "sale", batch: 1, amount: 1234, maskedPan: "6228", pan: exported, ...change });
  const size = 9 + payload.length;
  return Uint8Array.of(size >> 8, size & 255, 0, 0, 0, number, 0, 0, 0, 40 + number, 11, ...payload);
}

test("a record goes out with its sequence, STAN and state, its card number under the session's key", async () => {
  const { bench, backup } = await signedIn();
  bench.authorising();
  const record = bench.journal.nextUnsaved()!;
  answer(bench, "00", Uint8Array.of(0, 0, 0, record.sequence));
  assert.equal(await bench.world.settle(backup.keep(record)), { kind: "kept" });
  const request = bench.requests.at(-1)!;
  assert.is(request.mti, "0600");
  assert.is(request.fields.get(60), "00000001962");
  const data = request.fields.get(62) as Uint8Array;
  assert.equal([...data.subarray(0, 9)], [0, 0, 0, record.sequence, 0, 0, 0, record.transaction.stan, 2]);
  const payload = decodeCbor(data.subarray(9)) as Record<string, unknown>;
  assert.is(payload.amount, 1234);
  assert.is(payload.panToken, undefined);
  assert.is(bytesToAscii(bench.vault.revealPan(bench.vault.importPan(payload.pan as Uint8Array))), pan);
});

test("only the host's word for this record makes it kept", async () => {
  const { bench, backup } = await signedIn();
  bench.authorising();
  const record = bench.journal.nextUnsaved()!;
  const cases = [
    ["00", Uint8Array.of(0, 0, 0, record.sequence - 1), "noAnswer"],
    ["00", Uint8Array.of(0, 0), "noAnswer"],
    ["00", undefined, "noAnswer"],
    ["96", undefined, "noAnswer"],
    ["30", undefined, "refused"],
    ["40", undefined, "unsupported"],
  ] as const;
  for (const [code, data, kind] of cases) {
    answer(bench, code, data);
    assert.equal(await bench.world.settle(backup.keep(record)), { kind }, `${code} ${data}`);
  }
});

test("records of the open batch come back with tokens of this terminal", async () => {
  const { bench, backup } = await signedIn();
  answer(bench, "00", Uint8Array.of(1, ...given(bench, 3), ...given(bench, 5, { amount: 99 })));
  const outcome = await bench.world.settle(backup.restore(2));
  if (outcome.kind !== "records") throw new Error(outcome.kind);
  assert.equal([outcome.more, outcome.last], [true, 5]);
  assert.equal(
    outcome.records.map(({ stan, state, amount, panToken }) => [
      stan,
      state,
      amount,
      bytesToAscii(bench.vault.revealPan(panToken!)),
    ]),
    [
      [43, "receipted", 1234, pan],
      [45, "receipted", 99, pan],
    ],
  );
  assert.equal([...(bench.requests.at(-1)!.fields.get(62) as Uint8Array)], [0, 0, 0, 2]);
});

test("records that are cut off, out of order or no transactions are no answer", async () => {
  const { bench, backup } = await signedIn();
  const whole = given(bench, 3);
  const bad = [
    Uint8Array.of(0, ...whole.subarray(0, -1)),
    Uint8Array.of(0, ...whole, 0),
    Uint8Array.of(0, ...given(bench, 5), ...whole),
    Uint8Array.of(0, ...given(bench, 3, { pan: new Uint8Array(16) })),
    Uint8Array.of(0, ...given(bench, 3, { amount: "much" })),
    Uint8Array.of(0, ...whole.map((byte, place) => (place === 10 ? 77 : byte))),
  ];
  for (const data of bad) {
    answer(bench, "00", data);
    assert.equal(await bench.world.settle(backup.restore(0)), { kind: "noAnswer" });
  }
});

test.run();
