import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { TerminalApplication } from "../../../firmware/emv/application.ts";
import type { TapTools } from "../../../firmware/emv/contactless/session.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import { TornLog } from "../../../firmware/emv/contactless/torn.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const mastercard = "A0000000041010";
const directory = template("6F", template("A5", template("BF0C", template("61", tlv([0x4f, mastercard])))));

interface Card {
  /** Application interchange profile. */
  readonly profile?: string;
  /** The number on the track. */
  readonly track?: string;
  /** Further elements of the record. */
  readonly extra?: string;
  readonly list?: string;
  readonly methods?: string;
}

/** From the field to the records. */
function opening({
  profile = "1880",
  track = "5413330000000000",
  extra = "",
  list = "9F3403",
  methods = "000000000000000042035E031F03",
}: Card = {}): Exchange[] {
  const record = tlv(
    [0x5a, "5413330000000000"],
    [0x5f24, "301231"],
    [0x5f34, "01"],
    [0x57, `${track}D30122010000000000`],
    [0x8c, list],
    [0x8e, methods],
  );
  return [
    [proximityDirectory, `${directory}9000`],
    [selectFirst(mastercard), `${fileControl(mastercard)}9000`],
    ["80A8000002830000", `770A8202${profile}9404080101009000`],
    ["00B2010C00", `${template("70", record + extra)}9000`],
  ];
}

const request = `${template("80", `800001${"C3".repeat(8)}`)}9000`;
const refusal = `${template("77", tlv([0x9f27, "00"], [0x9f36, "0001"], [0x9f26, "C3".repeat(8)]))}9000`;

interface Tapped {
  readonly outcome: string;
  readonly data: SessionData;
}

async function tapped(
  script: readonly Exchange[],
  amount: number,
  changes: Partial<TerminalApplication> = {},
  tools: TapTools = tapTools(),
): Promise<Tapped> {
  const card = new ScriptedCard(script);
  const data = tapSession(amount);
  const known = [application(mastercard, { kernel: 2, version: hexToBytes("0002"), ...changes })];
  let outcome: string;
  try {
    const result = await tap(card, data, known, amount, tools);
    outcome = "verification" in result ? `${result.kind} ${result.verification}` : result.kind;
  } catch (error) {
    assert.ok(error instanceof CardError || error instanceof FormatError);
    outcome = error instanceof CardError ? error.problem : "format";
  }
  assert.is(card.left, 0);
  return { outcome, data };
}

/** GENERATE AC for a request with verification results as its only data. */
const asking = (results: string, control = "80"): string => `80AE${control}0003${results}00`;

const verifications: readonly (readonly [
  requirement: string,
  card: Card,
  amount: number,
  results: string,
  outcome: string,
])[] = [
  ["C-2 7.5: the verification limit itself needs no verification", {}, 30_000, "1F0302", "online none"],
  ["C-2 7.5: above it the card's list counts", {}, 30_001, "420300", "online onlinePin"],
  [
    "C-2 7.5: a list that wants a signature first",
    { methods: "00000000000000005E031F03" },
    30_001,
    "5E0300",
    "online signature",
  ],
  [
    "C-2 7.5: above it a list that knows no verification has failed",
    { methods: "00000000000000001F03" },
    30_001,
    "3F0001",
    "online none",
  ],
  ["C-2 7.5: a phone above the limit has verified its owner", { profile: "1A80" }, 30_001, "010002", "online device"],
  ["C-2 7.5: a phone below the limit need not", { profile: "1A80" }, 30_000, "3F0002", "online none"],
  ["C-2 7.5: a card without verification needs none", { profile: "0880" }, 30_001, "3F0000", "online none"],
];

for (const [requirement, card, amount, results, outcome] of verifications) {
  test(requirement, async () => {
    assert.is((await tapped([...opening(card), [asking(results), request]], amount)).outcome, outcome);
  });
}

test("EMV 4.3 Book 3, 10.6: a merchant who wants the host asked is noted for the action codes and the issuer", async () => {
  const { outcome, data } = await tapped(
    [...opening(), [asking("1F0302"), request]],
    100,
    {},
    tapTools({ forceOnline: true }),
  );
  assert.is(outcome, "online none");
  assert.is(data.need(tags.terminalVerificationResults, "test")[3]! & 0x08, 0x08);
  const usual = await tapped([...opening(), [asking("1F0302"), request]], 100);
  assert.is(usual.data.need(tags.terminalVerificationResults, "test")[3]! & 0x08, 0);
});

test("C-2: a request that the card's own results call a refusal is declined", async () => {
  for (const [results, outcome] of [
    ["A0", "online none"],
    ["80", "refusal"],
  ] as const) {
    const denied = tlv(
      [0x9f27, "80"],
      [0x9f36, "0001"],
      [0x9f26, "C3".repeat(8)],
      [0x9f10, `0114${results}${"00".repeat(15)}`],
    );
    const answer = `${template("77", denied)}9000`;
    assert.is((await tapped([...opening(), [asking("1F0302"), answer]], 100)).outcome, outcome, results);
  }
});

test("C-2: terminal capabilities follow the amount", async () => {
  const low = await tapped([...opening(), [asking("1F0302"), request]], 100);
  assert.is(bytesToHex(low.data.need(tags.terminalCapabilities, "test")), "E00808");
  const high = await tapped([...opening(), [asking("420300"), request]], 30_001);
  assert.is(bytesToHex(high.data.need(tags.terminalCapabilities, "test")), "E06008");
});

test("C-2: above the limit nothing is offered that the terminal, or this application, does not have", async () => {
  const { outcome, data } = await tapped([...opening(), [asking("5E0300"), request]], 30_001, { onlinePin: false });
  assert.is(outcome, "online signature");
  assert.is(bytesToHex(data.need(tags.terminalCapabilities, "test")), "E02008");
  const none = await tapped(
    [...opening({ methods: "000000000000000042031F03" }), [asking("3F0001"), request]],
    30_001,
    { onlinePin: false },
  );
  assert.is(none.outcome, "online none");
});

test("C-2: terminal risk management data says when the limit is exceeded", async () => {
  const list = { list: "9F1D08" };
  const low = "80AE80000" + "8" + "6C6880000000000000";
  assert.is((await tapped([...opening(list), [low, request]], 100)).outcome, "online none");
  const high = "80AE80000" + "8" + "6CE880000000000000";
  assert.is((await tapped([...opening(list), [high, request]], 30_001)).outcome, "online onlinePin");
});

test("C-2 S456: an amount above the limit leaves the application, and then there is only the chip", async () => {
  const script = opening({ profile: "1880" });
  assert.is((await tapped(script, 100_001, { contactlessDeviceLimit: 200_000 })).outcome, "otherInterface");
});

test("C-2 S456: the limit itself may be tapped", async () => {
  assert.is((await tapped([...opening(), [asking("420300"), request]], 100_000)).outcome, "online onlinePin");
});

test("C-2 S456: a phone has its own limit", async () => {
  const script: Exchange[] = [...opening({ profile: "1A80" }), [asking("010002"), request]];
  assert.is((await tapped(script, 100_001, { contactlessDeviceLimit: 200_000 })).outcome, "online device");
});

test("C-2 S3: a card that refuses to start is left, and then there is only the chip", async () => {
  for (const status of ["6985", "6A81", "6F00"]) {
    const script: Exchange[] = [...opening().slice(0, 2), ["80A8000002830000", status]];
    assert.is((await tapped(script, 100)).outcome, "otherInterface");
  }
});

test("a card without EMV mode is no card for this terminal", async () => {
  const script: Exchange[] = [...opening().slice(0, 2), ["80A8000002830000", "770A820218009404080101009000"]];
  assert.is((await tapped(script, 100)).outcome, "refusal");
});

test("what denies at the terminal asks the card for a refusal", async () => {
  const denying = { actionCodes: { ...application(mastercard).actionCodes, denial: hexToBytes("0000008000") } };
  assert.is((await tapped([...opening(), [asking("1F0302", "00"), refusal]], 100, denying)).outcome, "declined");
});

for (const [what, extra] of [
  ["usage control of one byte", tlv([0x9f07, "FF"])],
  ["an effective date without its day", tlv([0x5f25, "2401"])],
  ["a thirteenth month", tlv([0x5f25, "241301"])],
  ["action codes of four bytes", tlv([0x9f0f, "00000000"])],
] as const) {
  test(`a Mastercard with ${what} is not asked for a cryptogram`, async () => {
    assert.is((await tapped(opening({ extra }), 100)).outcome, "format");
  });
}

test("a terminal without a host does not ask a card that nothing authenticates for a request", async () => {
  const none = new Uint8Array(5);
  const codes = tlv([0x9f0d, "0000000000"], [0x9f0e, "0000000000"], [0x9f0f, "0000000000"]);
  const changes = { floorLimit: 20_000, actionCodes: { denial: none, online: none, default: none } };
  const script = (control: string, answer: string): Exchange[] => [
    ...opening({ extra: codes }),
    [asking("1F0302", control), answer],
  ];
  const withHost = await tapped(script("80", request), 100, { ...changes, terminalType: 0x22 });
  assert.is(withHost.outcome, "online none");
  const without = await tapped(script("00", refusal), 100, { ...changes, terminalType: 0x23 });
  assert.is(without.outcome, "declined");
});

test("a card that its bank has reported goes online, and the TVR says so", async () => {
  const script: Exchange[] = [...opening(), [asking("1F0302"), request]];
  const { outcome, data } = await tapped(script, 100, {}, tapTools({ isReported: () => true }));
  assert.is(outcome, "online none");
  assert.is(data.need(tags.terminalVerificationResults, "test")[0], 0x90);
});

test("a card that approves what it was to send online is not believed", async () => {
  const approval = `${template("80", `400001${"C3".repeat(8)}`)}9000`;
  assert.is((await tapped([...opening(), [asking("1F0302"), approval]], 100)).outcome, "refusal");
});

test("a card that declines is declined", async () => {
  assert.is((await tapped([...opening(), [asking("1F0302"), refusal]], 100)).outcome, "declined");
});

for (const [bits, outcome] of [
  ["000001", "seePhone"],
  ["000100", "seePhone"],
  ["000800", "declined"],
  ["000400", "declined"],
  ["00000F", "seePhone"],
  ["000000", "declined"],
] as const) {
  test(`C-2 S910: a refusal with the phone's message ${bits} is ${outcome}`, async () => {
    const answer = `${template(
      "77",
      tlv([0x9f27, "00"], [0x9f36, "0001"], [0x9f26, "C3".repeat(8)], [0xdf4b, bits]),
    )}9000`;
    assert.is((await tapped([...opening(), [asking("1F0302"), answer]], 100)).outcome, outcome);
  });
}

test("a Mastercard whose track has another number is not asked for a cryptogram", async () => {
  assert.is((await tapped(opening({ track: "5413330000000018" }), 100)).outcome, "format");
});

for (const [what, extra] of [
  ["without a list of what is signed", ""],
  ["with an empty list of what is signed", tlv([0x9f4a, ""])],
  ["with two tags to sign", tlv([0x9f4a, "8282"])],
  ["with another tag to sign than the profile's", tlv([0x9f4a, "5A"])],
] as const) {
  test(`C-2 S456.26: a card of combined signatures ${what} is a card with wrong data`, async () => {
    assert.is((await tapped(opening({ profile: "1980", extra }), 100)).outcome, "format");
  });
}

test("C-2 S456.24: a card that signs nothing needs no list of what is signed", async () => {
  for (const extra of ["", tlv([0x9f4a, ""]), tlv([0x9f4a, "5A"])]) {
    const { outcome, data } = await tapped([...opening({ extra }), [asking("1F0302"), request]], 100);
    assert.is(outcome, "online none");
    assert.is(data.need(tags.terminalVerificationResults, "test")[0], 0x80);
  }
});

test("C-2 S456.14: a card over the limit is left before its data is looked at", async () => {
  const script = opening({ profile: "1B80", extra: tlv([0x9f4a, "5A"]) });
  assert.is((await tapped(script, 30_001, { contactlessDeviceLimit: 30_000 })).outcome, "otherInterface");
});

test("C-2 S456: a card with combined signatures and no known key goes online unsigned, and the TVR says so", async () => {
  const signing = opening({ profile: "1980", extra: tlv([0x9f4a, "82"]) });
  const { outcome, data } = await tapped([...signing, [asking("1F0302"), request]], 100);
  assert.is(outcome, "online none");
  assert.is(data.need(tags.terminalVerificationResults, "test")[0], 0x24);
});

test("C-2 S456, GAC.23: a phone that verifies its owner and whose key is not good is asked for a refusal", async () => {
  const phone = opening({ profile: "1B80", extra: tlv([0x9f4a, "82"]) });
  for (const [amount, results] of [
    [100, "3F0002"],
    [30_001, "010002"],
  ] as const) {
    const { outcome } = await tapped([...phone, [asking(results, "00"), refusal]], amount);
    assert.is(outcome, "declined");
  }
  const { outcome } = await tapped([...phone, [asking("1F0302"), request]], 100, { kernelConfiguration: 0x90 });
  assert.is(outcome, "online none", "a kernel that does not know phones");
});

test("a card that signs what nobody asked to be signed is not believed", async () => {
  const answer = `${template("77", tlv([0x9f27, "80"], [0x9f36, "0001"], [0x9f4b, "AB".repeat(128)]))}9000`;
  assert.is((await tapped([...opening(), [asking("1F0302"), answer]], 100)).outcome, "format");
});

// Relay resistance

const relayProfile = { profile: "1881" };
const relayCommand = "80EA0000045A5A5A5A00";
const relayAnswer = (minimum: string, maximum: string, response: string): string =>
  `800A01020304${minimum}${maximum}${response}9000`;

/** Every exchange but the relay's takes no time; `times` are the relay's in milliseconds. */
async function relayed(answer: string, times: readonly number[]): Promise<{ outcome: string; verification: string }> {
  const [head, records] = [opening(relayProfile).slice(0, 3), opening(relayProfile).slice(3)];
  const exchanges = times.map((): Exchange => [relayCommand, answer]);
  let calls = 0;
  let now = 0;
  const clock = (): number => {
    const place = calls++;
    now += place % 2 === 1 ? (times[(place - 1) / 2] ?? 0) : 0;
    return now;
  };
  const script: Exchange[] = [...head, ...exchanges, ...records, [asking("1F0302"), request]];
  const { outcome, data } = await tapped(script, 100, {}, tapTools({ now: clock }));
  return { outcome, verification: bytesToHex(data.need(tags.terminalVerificationResults, "test").subarray(4)) };
}

const near = relayAnswer("0014", "0064", "0018");
const relays: readonly (readonly [promise: string, answer: string, times: readonly number[], last: string])[] = [
  ["C-2 SR1: a card in time is near", near, [8], "02"],
  ["C-2 SR1: the grace period belongs to it", near, [19.2], "02"],
  ["C-2 SR1: a late answer is asked for again", near, [60, 8], "02"],
  ["C-2 SR1: two late answers are asked for again", near, [60, 60, 8], "02"],
  ["C-2 SR1: three late answers exceed the time limits, and the threshold", near, [60, 60, 60], "0E"],
  ["C-2 SR1: an answer a little too late exceeds the limits alone", near, [20, 20, 20], "06"],
  [
    "C-2 SR1: a card that is slow in the air beside us exceeds the threshold",
    relayAnswer("0000", "0064", "0060"),
    [8],
    "0A",
  ],
  [
    "C-2 SR1: a card that is quick in the air beside us exceeds the threshold",
    relayAnswer("0000", "0064", "0001"),
    [8],
    "0A",
  ],
  ["C-2 SR1: a card that does not say how long it takes in the air", relayAnswer("0000", "0064", "0000"), [8], "02"],
];

for (const [promise, answer, times, last] of relays) {
  test(promise, async () => {
    assert.equal(await relayed(answer, times), { outcome: "online none", verification: last });
  });
}

test("C-2 SR1: a card without the protocol is noted", async () => {
  const { data } = await tapped([...opening(), [asking("1F0302"), request]], 100);
  assert.is(data.need(tags.terminalVerificationResults, "test")[4], 0x01);
});

test("C-2 SR1: an answer faster than the card can give is no answer", async () => {
  const script: Exchange[] = [
    ...opening(relayProfile).slice(0, 3),
    [relayCommand, relayAnswer("0064", "0100", "0018")],
  ];
  assert.is((await tapped(script, 100)).outcome, "data");
});

for (const [what, answer, problem] of [
  ["refuses", "6985", "refusal"],
  ["is a byte short", "8009010203040014006400" + "9000", "format"],
  ["has another template", "770A010203040014006400189000", "format"],
] as const) {
  test(`a relay answer that ${what} ends the tap`, async () => {
    const script: Exchange[] = [...opening(relayProfile).slice(0, 3), [relayCommand, answer]];
    assert.is((await tapped(script, 100)).outcome, problem);
  });
}

// Torn taps

const recoverable = { extra: tlv([0x9f51, "9F3704"]) };
const lost: Exchange = [asking("1F0302"), { fails: "removed" }];
const recovery = "80D00000041122334400";

interface Second {
  /** Milliseconds after the first tap. */
  readonly after?: number;
  readonly card?: Card;
  readonly amount?: number;
  readonly changes?: Partial<TerminalApplication>;
}

async function twice(
  second: readonly Exchange[],
  { after = 0, card = recoverable, amount = 100, changes = {} }: Second = {},
): Promise<string> {
  const torn = new TornLog();
  const first = await tapped([...opening(card), lost], 100, changes, tapTools({ torn }));
  assert.is(first.outcome, "removed");
  const script: Exchange[] = [...opening(card), ...second];
  return (await tapped(script, amount, changes, tapTools({ torn, now: () => after }))).outcome;
}

test("C-2: a card that left with its cryptogram is asked for that one", async () => {
  assert.is(await twice([[recovery, request]]), "online none");
});

test("C-2: a card that knows nothing of it makes a new one", async () => {
  assert.is(
    await twice([
      [recovery, "6A88"],
      [asking("1F0302"), request],
    ]),
    "online none",
  );
});

test("C-2: a card that cannot recover makes a new one at once", async () => {
  assert.is(await twice([[asking("1F0302"), request]], { card: {} }), "online none");
});

test("C-2: after five minutes nothing is recovered", async () => {
  assert.is(await twice([[asking("1F0302"), request]], { after: 300_001 }), "online none");
});

test("C-2 DF811C: a record lives as long as the parameters say", async () => {
  const changes = { tornLimits: { lifetime: 10_000, most: 2 } };
  assert.is(await twice([[recovery, request]], { after: 10_000, changes }), "online none");
  assert.is(await twice([[asking("1F0302"), request]], { after: 10_001, changes }), "online none");
});

test("C-2 DF811D: where no records are kept nothing is recovered", async () => {
  const changes = { tornLimits: { lifetime: 300_000, most: 0 } };
  assert.is(await twice([[asking("1F0302"), request]], { changes }), "online none");
});

test("a torn payment of another amount is not this one", async () => {
  assert.is(await twice([[asking("1F0302"), request]], { amount: 200 }), "online none");
});

test("a torn request is none for a terminal that now asks for a refusal", async () => {
  const torn = new TornLog();
  const denying = { actionCodes: { ...application(mastercard).actionCodes, denial: hexToBytes("0000008000") } };
  await tapped([...opening(recoverable), lost], 100, {}, tapTools({ torn }));
  const second = [...opening(recoverable), [asking("1F0302", "00"), refusal] as Exchange];
  assert.is((await tapped(second, 100, denying, tapTools({ torn }))).outcome, "declined");
});

test("C-2: a card that leaves again can still be recovered", async () => {
  const torn = new TornLog();
  await tapped([...opening(recoverable), lost], 100, {}, tapTools({ torn }));
  await tapped([...opening(recoverable), [recovery, { fails: "removed" }]], 100, {}, tapTools({ torn }));
  const third = await tapped([...opening(recoverable), [recovery, request]], 100, {}, tapTools({ torn }));
  assert.is(third.outcome, "online none");
});

test("C-2: another card recovers nothing", async () => {
  const torn = new TornLog();
  await tapped([...opening(recoverable), lost], 100, {}, tapTools({ torn }));
  const other = opening(recoverable).map(
    ([command, answer]): Exchange => [
      command,
      typeof answer === "string" ? answer.replace("5F340101", "5F340102") : answer,
    ],
  );
  const second = await tapped([...other, [asking("1F0302"), request]], 100, {}, tapTools({ torn }));
  assert.is(second.outcome, "online none");
});

test("a torn log keeps two cards and forgets them when it is wiped", () => {
  const torn = new TornLog();
  const record = (byte: number) => ({
    pan: Uint8Array.of(byte),
    sequence: new Uint8Array(0),
    elements: new Uint8Array(0),
    verification: "none" as const,
    wanted: "ARQC" as const,
    signing: undefined,
  });
  const two = { lifetime: 1000, most: 2 };
  for (const byte of [1, 2, 3]) {
    torn.keep(record(byte), 0, two);
  }
  const empty = new Uint8Array(0);
  assert.is(torn.take(Uint8Array.of(1), empty, 0), undefined);
  assert.equal(torn.take(Uint8Array.of(2), empty, 0)?.pan, Uint8Array.of(2));
  const last = record(4);
  torn.keep(last, 0, two);
  torn.wipe();
  assert.is(torn.take(Uint8Array.of(3), empty, 0), undefined);
  assert.equal(last.pan, Uint8Array.of(0));
});

test("a torn log says when its next record has had its time, and overwrites it then", () => {
  const torn = new TornLog();
  assert.is(torn.nextEnd, Number.POSITIVE_INFINITY);
  const empty = new Uint8Array(0);
  const record = (byte: number) => ({
    pan: Uint8Array.of(byte),
    sequence: empty,
    elements: empty,
    verification: "none" as const,
    wanted: "ARQC" as const,
    signing: undefined,
  });
  const early = record(1);
  const late = record(2);
  torn.keep(late, 500, { lifetime: 1000, most: 2 });
  torn.keep(early, 600, { lifetime: 100, most: 2 });
  assert.is(torn.nextEnd, 700);
  torn.forget(700);
  assert.equal(early.pan, Uint8Array.of(1));
  torn.forget(701);
  assert.equal(early.pan, Uint8Array.of(0));
  assert.is(torn.nextEnd, 1500);
  assert.is(torn.take(Uint8Array.of(2), empty, 1500), late);
});

// What of the kernel is in use

test("C-2 DF811B: where phones are no devices a phone is a card like others", async () => {
  const script = (results: string): Exchange[] => [...opening({ profile: "1A80" }), [asking(results), request]];
  const changes = { kernelConfiguration: 0x94 };
  assert.is((await tapped(script("420300"), 30_001, changes)).outcome, "online onlinePin");
  const above = { ...changes, contactlessLimit: 40_000, contactlessDeviceLimit: 200_000 };
  assert.is((await tapped(opening({ profile: "1A80" }), 40_001, above)).outcome, "otherInterface");
});

test("C-2 DF811B: where relay resistance is not wanted no card is asked, and the TVR says so", async () => {
  const script: Exchange[] = [...opening(relayProfile), [asking("1F0302"), request]];
  const { outcome, data } = await tapped(script, 100, { kernelConfiguration: 0xa4 });
  assert.is(outcome, "online none");
  assert.is(data.need(tags.terminalVerificationResults, "test")[4], 0x01);
});

test.run();
