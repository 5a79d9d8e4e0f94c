import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Owed, tellOwed } from "../../../firmware/acquirer/owed.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { Message } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import type { Transaction, TransactionType } from "../../../firmware/journal/types.ts";
import { Bench, pan } from "./bench.ts";

const approval = hexToBytes("9F2701409F26080102030405060708");
const notice = hexToBytes("95050000000000DF31052000000000");

function opened(bench: Bench, type: TransactionType = "sale", isChange = false): Transaction {
  return bench.journal.open({
    type,
    batch: 1,
    amount: 500,
    currency: "CNY",
    entryMode: "chip",
    maskedPan: "622848*********0018",
    panToken: bench.vault.protectPan(asciiToBytes(pan)),
    expiry: "3012",
    panSequenceNumber: "001",
    startedAt: 0,
    operator: "01",
    ...(isChange
      ? {
          original: {
            batch: 1,
            stan: 7,
            date: "0101",
            amount: 400,
            authorisationCode: "654321",
            referenceNumber: "010112000007",
          },
        }
      : {}),
  });
}

function approvedOffline(bench: Bench): Transaction {
  return bench.journal.advance(opened(bench), "offlineApproved", { chipData: approval });
}

function tellAll(bench: Bench): Promise<Owed> {
  return bench.world.settle(tellOwed(new FlowJournal(bench.journal), bench.acquirer));
}

function shown(message: Message | undefined): Record<string, string> {
  const text = ([number, value]: readonly [number, string | Uint8Array]): [string, string] => {
    const digits = typeof value === "string" ? value : number === 2 ? bytesToLatin1(value) : bytesToHex(value);
    return [String(number), digits];
  };
  return Object.fromEntries([...(message?.fields ?? [])].map(text));
}

test("an approval that the card gave alone is uploaded with its certificate, and the host's words are kept", async () => {
  const bench = new Bench();
  await bench.signIn();
  const { stan } = approvedOffline(bench);
  const owed = await tellAll(bench);
  assert.is(owed.kind, "clear");
  assert.equal(
    owed.taken.map((id) => bench.journal.find({ id })!).map(({ state }) => state),
    ["uploaded"],
  );
  const request = bench.requests[1];
  assert.is(request?.mti, "0200");
  const { 64: mac, ...fields } = shown(request);
  assert.is(mac?.length, 16);
  assert.equal(fields, {
    2: pan,
    3: "000000",
    4: "000000000500",
    11: String(stan).padStart(6, "0"),
    14: "3012",
    22: "052",
    23: "001",
    25: "00",
    41: "12345678",
    42: "898310172991001",
    49: "156",
    55: bytesToHex(approval),
    60: "36000001000600",
  });
  const uploaded = bench.journal.last();
  assert.is(uploaded?.referenceNumber, "010112000001");
  assert.is(uploaded?.hostDate, "0101");
  assert.is(bench.journal.owed().length, 0);
});

test("what the host does not answer is told again under the same STAN, and a duplicate then means that it was taken", async () => {
  const bench = new Bench();
  await bench.signIn();
  approvedOffline(bench);
  bench.changes["0200"] = "silent";
  assert.is((await tellAll(bench)).kind, "unanswered");
  assert.is(bench.journal.last()?.state, "uploading");
  bench.changes["0200"] = { fields: { 38: undefined, 39: "94" } };
  assert.is((await tellAll(bench)).kind, "clear");
  assert.is(bench.journal.last()?.state, "uploaded");
  assert.is(shown(bench.requests[1])[11], shown(bench.requests[2])[11]);
});

test("a duplicate at the first telling is a refusal: another message has that number at the host", async () => {
  const bench = new Bench();
  await bench.signIn();
  approvedOffline(bench);
  bench.changes["0200"] = { fields: { 38: undefined, 39: "94" } };
  const owed = await tellAll(bench);
  assert.equal(
    owed.refused.map((id) => bench.journal.find({ id })!).map(({ state, responseCode }) => [state, responseCode]),
    [["disputed", "94"]],
  );
});

test("an answer that cannot be believed, or that says nothing yet, leaves the transaction owed", async () => {
  for (const change of [
    { mac: "wrong" },
    { fields: { 4: "000000000501" } },
    { fields: { 39: "96" } },
    { fields: { 39: "A0" } },
    { fields: { 11: "999999" } },
  ] as const) {
    const bench = new Bench();
    await bench.signIn();
    approvedOffline(bench);
    bench.changes["0200"] = change;
    assert.is((await tellAll(bench)).kind, "unanswered");
    assert.is(bench.journal.last()?.state, "uploading");
  }
});

test("a terminal without session keys signs in before it tells; without a sign-in nothing is sent", async () => {
  const bench = new Bench();
  approvedOffline(bench);
  bench.changes["0800"] = "silent";
  assert.is((await tellAll(bench)).kind, "unanswered");
  bench.changes = {};
  assert.is((await tellAll(bench)).kind, "clear");
  assert.equal(
    bench.requests.map(({ mti }) => mti),
    ["0800", "0800", "0200"],
  );
});

test("each kind of transaction is told by its own row, with the one that it changes", async () => {
  const rows: readonly (readonly [TransactionType, string, string, string])[] = [
    ["refund", "0220", "200000", "25"],
    ["completionAdvice", "0220", "000000", "24"],
    ["offlineSale", "0220", "000000", "30"],
    ["adjustment", "0220", "000000", "32"],
    ["tip", "0220", "000000", "34"],
  ];
  for (const [type, mti, processingCode, field60] of rows) {
    const bench = new Bench();
    await bench.signIn();
    bench.journal.advance(opened(bench, type, true), "queued");
    assert.is((await tellAll(bench)).kind, "clear");
    const request = bench.requests[1];
    assert.is(request?.mti, mti, type);
    const fields = shown(request);
    assert.is(fields[3], processingCode, type);
    assert.is(fields[60]?.slice(0, 2), field60, type);
    assert.equal([fields[37], fields[38], fields[61]], ["010112000007", "654321", "0000010000070101"]);
    assert.is(bench.journal.last()?.state, "acknowledged", type);
  }
});

test("a refusal disputes what was promised, and declines what was only wished", async () => {
  for (const [type, expected] of [
    ["completionAdvice", "disputed"],
    ["offlineSale", "disputed"],
    ["refund", "declined"],
    ["adjustment", "declined"],
    ["tip", "declined"],
  ] as const) {
    const bench = new Bench();
    await bench.signIn();
    bench.journal.advance(opened(bench, type), "queued");
    bench.changes["0220"] = { fields: { 39: "25" } };
    const owed = await tellAll(bench);
    assert.equal(
      owed.refused.map((id) => bench.journal.find({ id })!).map(({ state }) => state),
      [expected],
      type,
    );
  }
});

test("what the issuer's scripts did is told until the host has heard it, whatever became of the transaction", async () => {
  for (const state of ["declined", "approved"] as const) {
    const bench = new Bench();
    await bench.signIn();
    const ended = bench.journal.advance(bench.authorising(), state, { referenceNumber: "010112000001" });
    const confirmed = state === "approved" ? bench.journal.advance(ended, "confirmed") : ended;
    bench.journal.note(confirmed, { scriptNotice: notice });
    assert.is(bench.journal.owed().length, 1);
    bench.changes["0620"] = "silent";
    assert.is((await tellAll(bench)).kind, "unanswered");
    bench.changes = {};
    assert.is((await tellAll(bench)).kind, "clear");
    assert.is(bench.journal.owed().length, 0);
    assert.is(bench.journal.last()?.state, confirmed.state);
    const fields = shown(bench.requests.at(-1));
    assert.is(bench.requests.at(-1)?.mti, "0620");
    assert.is(fields[55], bytesToHex(notice));
    assert.is(fields[60], "00000001951");
    assert.is(fields[61]?.slice(0, 12), `000001${String(confirmed.stan).padStart(6, "0")}`);
    assert.is.not(fields[11], String(confirmed.stan).padStart(6, "0"));
  }
});

test("the oldest is told first, and silence ends the telling", async () => {
  const bench = new Bench();
  await bench.signIn();
  const stans = [approvedOffline(bench), approvedOffline(bench), approvedOffline(bench)].map(({ stan }) => stan);
  bench.changes["0200"] = "silent";
  await tellAll(bench);
  assert.is(bench.requests.length, 2);
  bench.changes = {};
  await tellAll(bench);
  assert.equal(
    bench.requests.slice(2).map((request) => Number(request.fields.get(11))),
    stans,
  );
});

test.run();
