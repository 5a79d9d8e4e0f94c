import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { type PinAnswer, verifyCardholder } from "../../../firmware/emv/cardholder.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import type { OfflinePinAnswer, OfflinePinPrompt } from "../../../firmware/emv/offline-pin.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { Seeded } from "../seeded.ts";
import { pinKey } from "./oda-issuer.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

interface Case {
  readonly name: string;
  readonly rules: string;
  readonly capabilities?: string;
  /** What the cardholder answers, in order. */
  readonly answers?: readonly (string | "bypassed" | "cancelled")[];
  readonly online?: PinAnswer;
  readonly script: readonly Exchange[];
  readonly method: string;
  readonly results: string;
  /** Byte 3 of the TVR. */
  readonly verification: string;
  /** The prompts: tries left, with ! behind a wrong PIN. */
  readonly prompts?: string;
}

const tries = (count: string): Exchange => ["80CA9F1700", `9F1701${count}9000`];
const noCounter: Exchange = ["80CA9F1700", "6A88"];
const plain1234 = "0020008008241234FFFFFFFFFF";
const plain1111 = "0020008008241111FFFFFFFFFF";

const cases: readonly Case[] = [
  {
    name: "a right PIN in clear",
    rules: "4103",
    answers: ["1234"],
    script: [tries("03"), [plain1234, "9000"]],
    method: "offlinePin",
    results: "410302",
    verification: "00",
    prompts: "3",
  },
  {
    name: "a PIN of twelve digits",
    rules: "0100",
    answers: ["123456789012"],
    script: [tries("03"), ["00200080082C123456789012FF", "9000"]],
    method: "offlinePin",
    results: "010002",
    verification: "00",
  },
  {
    name: "a PIN and a signature",
    rules: "0300",
    answers: ["1234"],
    script: [tries("03"), [plain1234, "9000"]],
    method: "offlinePinAndSignature",
    results: "030000",
    verification: "00",
  },
  {
    name: "a right PIN after two wrong ones, with what is left",
    rules: "4103",
    answers: ["1111", "1111", "1234"],
    script: [tries("03"), [plain1111, "63C2"], [plain1111, "63C1"], [plain1234, "9000"]],
    method: "offlinePin",
    results: "410302",
    verification: "00",
    prompts: "3 2! 1!",
  },
  {
    name: "no word on tries from a card that does not count aloud",
    rules: "4103",
    answers: ["1234"],
    script: [noCounter, [plain1234, "9000"]],
    method: "offlinePin",
    results: "410302",
    verification: "00",
    prompts: "?",
  },
  {
    name: "the next rule after the last wrong PIN",
    rules: "41031E03",
    answers: ["1111"],
    script: [tries("01"), [plain1111, "63C0"]],
    method: "signature",
    results: "1E0300",
    verification: "20",
    prompts: "1",
  },
  {
    name: "failure when no rule follows the last wrong PIN",
    rules: "0103",
    answers: ["1111"],
    script: [tries("01"), [plain1111, "63C0"]],
    method: "failed",
    results: "010301",
    verification: "A0",
  },
  {
    name: "no PIN at all when the card takes none any more",
    rules: "41031E03",
    script: [tries("00")],
    method: "signature",
    results: "1E0300",
    verification: "20",
    prompts: "",
  },
  ...(["6983", "6984"] as const).map(
    (status): Case => ({
      name: `the next rule when the card says ${status}`,
      rules: "41031F03",
      answers: ["1234"],
      script: [noCounter, [plain1234, status]],
      method: "none",
      results: "1F0302",
      verification: "20",
    }),
  ),
  {
    name: "the next rule for a holder without a PIN, who is not asked again",
    rules: "410342031E03",
    answers: ["bypassed"],
    script: [tries("03")],
    method: "signature",
    results: "1E0300",
    verification: "08",
    prompts: "3",
  },
  {
    name: "the next rule for a holder who gives up after a wrong PIN",
    rules: "41031E03",
    answers: ["1111", "bypassed"],
    script: [tries("03"), [plain1111, "63C2"]],
    method: "signature",
    results: "1E0300",
    verification: "08",
    prompts: "3 2!",
  },
  {
    name: "an end for a holder who cancels",
    rules: "41031E03",
    answers: ["cancelled"],
    script: [tries("03")],
    method: "cancelled",
    results: "",
    verification: "00",
  },
  {
    name: "an online PIN after a blocked one",
    rules: "41034203",
    script: [tries("00")],
    online: "entered",
    method: "onlinePin",
    results: "420300",
    verification: "24",
  },
  {
    name: "clear where enciphered is not to be had, and no missing PIN pad",
    rules: "44034103",
    capabilities: "E0E8C8",
    answers: ["1234"],
    script: [tries("03"), [plain1234, "9000"]],
    method: "offlinePin",
    results: "410302",
    verification: "00",
  },
  {
    name: "always enciphered on a terminal that only sends it in clear: the PIN pad is there all the same",
    rules: "44001E00",
    capabilities: "E0E8C8",
    script: [],
    method: "signature",
    results: "1E0000",
    verification: "00",
  },
  {
    name: "always in clear on a terminal without offline PIN: the PIN pad is missing",
    rules: "41001E00",
    capabilities: "E06800",
    script: [],
    method: "signature",
    results: "1E0000",
    verification: "10",
  },
  {
    name: "a PIN and a signature on a terminal that has no paper: passed over",
    rules: "43031F03",
    capabilities: "E0D8C8",
    script: [],
    method: "none",
    results: "1F0302",
    verification: "00",
  },
];

for (const one of cases) {
  test(`a card that checks PINs gets ${one.name}`, async () => {
    const { data, method, prompts, left } = await run(one);
    assert.is(method, one.method);
    assert.is(bytesToHex(data.get(tags.cardholderVerificationResults) ?? new Uint8Array(0)), one.results);
    assert.is(bytesToHex(data.get(tags.terminalVerificationResults)!), `0000${one.verification}0000`);
    assert.is(left, 0);
    if (one.prompts !== undefined) {
      assert.is(prompts, one.prompts);
    }
  });
}

test("a PIN goes enciphered with the card's key and its challenge, and chance fills the rest", async () => {
  const commands: string[] = [];
  const answers = ["9F1701039000", "11223344556677889000", "9000"];
  const data = sessionOf("0403", "E0F8C8");
  const method = await verifyCardholder(data, neverAsked, {
    card: {
      transmit(command) {
        commands.push(bytesToHex(command));
        return Promise.resolve(hexToBytes(answers[commands.length - 1]!));
      },
    },
    ask: () => Promise.resolve(asciiToBytes("1234")),
    random: (count) => new Uint8Array(count).fill(0xa5),
    pinKey: () => pinKey,
  });
  assert.is(method, "offlinePin");
  assert.is(commands[1], "0084000000");
  assert.is(commands[2]!.slice(0, 10), "0020008850");
  assert.is(decipher(commands[2]!.slice(10)), `7F241234FFFFFFFFFF1122334455667788${"A5".repeat(80 - 17)}`);
});

for (const [name, script, key] of [
  ["whose key is not certified is not asked about tries", [], undefined],
  ["that gives no challenge", [tries("03"), ["0084000000", "6D00"]], pinKey],
  ["that gives a short challenge", [tries("03"), ["0084000000", "112233449000"]], pinKey],
] as const satisfies readonly (readonly [string, readonly Exchange[], typeof pinKey | undefined])[]) {
  test(`enciphered PIN fails with a card ${name}`, async () => {
    const card = new ScriptedCard(script);
    const data = sessionOf("44031E03", "E0F8C8");
    const method = await verifyCardholder(data, neverAsked, {
      card,
      ask: () => Promise.resolve(asciiToBytes("1234")),
      random: (count) => new Uint8Array(count),
      pinKey: () => key,
    });
    assert.is(method, "signature");
    assert.is(card.left, 0);
    assert.is(bytesToHex(data.get(tags.terminalVerificationResults)!), "0000000000");
  });
}

test("a status that VERIFY does not have ends the session", async () => {
  const card = new ScriptedCard([tries("03"), [plain1234, "6A86"]]);
  try {
    await verifyCardholder(sessionOf("4103", "E0F8C8"), neverAsked, {
      card,
      ask: () => Promise.resolve(asciiToBytes("1234")),
      random: (count) => new Uint8Array(count),
      pinKey: () => undefined,
    });
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof CardError && error.problem === "refusal");
  }
});

test("a card that never counts down is not asked for ever", async () => {
  const script: Exchange[] = [tries("03"), ...Array.from({ length: 15 }, (): Exchange => [plain1111, "63C3"])];
  const { method, left, data } = await run({
    name: "",
    rules: "0103",
    answers: Array.from({ length: 15 }, () => "1111"),
    script,
    method: "",
    results: "",
    verification: "",
  });
  assert.is(method, "failed");
  assert.is(left, 0);
  assert.is(bytesToHex(data.get(tags.terminalVerificationResults)!), "0000A00000");
});

test("whatever a card answers to a PIN, it ends in a word or a card's error", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Seeded(seed);
    const statuses = ["9000", "63C2", "6983", "6A88", "61FF", "6C08", "6283", "0000"];
    let exchanges = 0;
    const card = {
      transmit: () => {
        exchanges++;
        const data = Uint8Array.from({ length: random.below(12) }, () => random.below(256));
        const isCounter = random.below(2) === 0 ? "9F1701" + "03" : bytesToHex(data);
        return Promise.resolve(hexToBytes(isCounter + statuses[random.below(statuses.length)]!));
      },
    };
    try {
      const method = await verifyCardholder(sessionOf("440341030103", "E0F8C8"), neverAsked, {
        card,
        ask: () => Promise.resolve(asciiToBytes("1234")),
        random: (count) => new Uint8Array(count),
        pinKey: () => pinKey,
      });
      assert.ok(method === "offlinePin" || method === "failed", `seed ${seed}`);
    } catch (error) {
      assert.ok(error instanceof CardError || error instanceof FormatError, `seed ${seed}: ${error}`);
    }
    assert.ok(exchanges < 2_000, `seed ${seed}`);
  }
});

test("the digits are gone once the card has them", async () => {
  const digits = asciiToBytes("1234");
  await verifyCardholder(sessionOf("4103", "E0F8C8"), neverAsked, {
    card: new ScriptedCard([tries("03"), [plain1234, "9000"]]),
    ask: () => Promise.resolve(digits),
    random: (count) => new Uint8Array(count),
    pinKey: () => undefined,
  });
  assert.is(bytesToHex(digits), "00000000");
});

async function run(one: Case) {
  const data = sessionOf(one.rules, one.capabilities ?? "E0F8C8");
  const card = new ScriptedCard(one.script);
  const prompts: string[] = [];
  const answers = [...(one.answers ?? [])];
  const ask = ({ triesLeft, isRetry }: OfflinePinPrompt): Promise<OfflinePinAnswer> => {
    prompts.push(`${triesLeft ?? "?"}${isRetry ? "!" : ""}`);
    const answer = answers.shift();
    if (answer === undefined) {
      return Promise.reject(new Error("asked once too often"));
    }
    return Promise.resolve(answer === "bypassed" || answer === "cancelled" ? answer : asciiToBytes(answer));
  };
  const askPin = one.online === undefined ? neverAsked : () => Promise.resolve(one.online!);
  const method = await verifyCardholder(data, askPin, {
    card,
    ask,
    random: (count) => new Uint8Array(count),
    pinKey: () => undefined,
  });
  return { data, method, prompts: prompts.join(" "), left: card.left };
}

function neverAsked(): Promise<PinAnswer> {
  return Promise.reject(new Error("no PIN for the host"));
}

function decipher(enciphered: string): string {
  const modulus = BigInt(`0x${bytesToHex(pinKey.modulus)}`);
  let base = BigInt(`0x${enciphered}`);
  let result = 1n;
  for (let rest = pinKey.secret; rest > 0n; rest >>= 1n) {
    result = rest & 1n ? (result * base) % modulus : result;
    base = (base * base) % modulus;
  }
  return result
    .toString(16)
    .padStart(2 * pinKey.modulus.length, "0")
    .toUpperCase();
}

function sessionOf(rules: string, capabilities: string): SessionData {
  const data = new SessionData([[tags.terminalCapabilities, hexToBytes(capabilities)]]);
  data.setFromCard(tags.applicationInterchangeProfile, hexToBytes("3C00"));
  data.setFromCard(tags.cardholderVerificationList, hexToBytes(`0000000000000000${rules}`));
  return data;
}

test.run();
