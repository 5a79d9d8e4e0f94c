import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { AuthorityKeys } from "../../../firmware/emv/keys.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";
import recorded from "./taps.json" with { type: "json" };

type Recording = (typeof recorded.taps)[number];

/** The whole of a tap from card in field to card may be removed. */
const mostExchanges = 12;
const keys = new AuthorityKeys(recorded.keys, []);

function recording(id: string): Recording {
  return recorded.taps.find((one) => one.id === id)!;
}

function script(exchanges: readonly string[][], change: (answer: string) => string): Exchange[] {
  return exchanges.map(([command, answer]) => [
    command!,
    answer === "" ? { fails: "removed" as const } : change(answer!),
  ]);
}

interface Changes {
  readonly reported?: boolean;
  readonly answer?: (answer: string) => string;
  readonly keys?: AuthorityKeys;
}

async function replay(id: string, changes: Changes = {}): Promise<{ outcome: string; data: SessionData }> {
  const { aid, kernel, qualifiers, amount, terminalType, taps } = recording(id);
  const applications = [
    application(aid, { kernel, floorLimit: 20_000, transactionQualifiers: hexToBytes(qualifiers) }),
  ];
  let now = 0;
  const isReported = (): boolean => changes.reported === true;
  const tools = tapTools({ keys: changes.keys ?? keys, isReported, now: () => (now += 8.2) });
  let outcome = "";
  let data = tapSession(amount, terminalType);
  for (const exchanges of taps) {
    assert.ok(exchanges.length <= mostExchanges);
    const card = new ScriptedCard(script(exchanges, changes.answer ?? ((answer) => answer)));
    try {
      const result = await tap(card, data, applications, amount, tools);
      outcome = "verification" in result ? `${result.kind} ${result.verification}` : result.kind;
    } catch (error) {
      assert.instance(error, CardError);
      data.wipe();
      data = tapSession(amount, terminalType, "55667788");
    }
  }
  return { outcome, data };
}

/** Another last byte of the signature that an answer carries. */
function withWrongSignature(answer: string): string {
  const place = answer.indexOf("9F4B");
  if (place < 0) {
    return answer;
  }
  const middle = place + 80;
  const digit = answer[middle] === "0" ? "1" : "0";
  return answer.slice(0, middle) + digit + answer.slice(middle + 1);
}

const good: readonly (readonly [id: string, outcome: string, promise: string])[] = [
  ["mastercard-cda", "online none", "a Mastercard's cryptogram comes in its signature"],
  ["mastercard-relay", "online none", "the signature covers what was said against relays"],
  ["mastercard-phone", "online device", "a phone has verified its owner, and signs"],
  ["mastercard-torn", "online none", "a card that left too early gives its answer at the next tap"],
  ["unionpay-offline", "approved none", "a UnionPay card's fast signature makes its approval good"],
  ["visa-offline", "approved none", "a Visa card's fast signature makes its approval good"],
  ["unionpay-online", "online none", "a UnionPay card goes online in three exchanges"],
  ["visa-online", "online none", "a Visa card goes online in three exchanges"],
  ["unionpay-signed-online", "online none", "a request may be signed too: UnionPay"],
  ["visa-signed-online", "online none", "a request may be signed too: Visa"],
];

for (const [id, outcome, promise] of good) {
  test(`${promise} (${id})`, async () => {
    assert.is((await replay(id)).outcome, outcome);
  });
}

for (const id of [
  "mastercard-cda",
  "mastercard-relay",
  "mastercard-phone",
  "mastercard-torn",
  "unionpay-offline",
  "visa-offline",
  "unionpay-signed-online",
  "visa-signed-online",
]) {
  test(`a wrong signature pays nothing (${id})`, async () => {
    assert.is((await replay(id, { answer: withWrongSignature })).outcome, "declined");
  });
}

for (const id of ["unionpay-offline", "visa-offline"]) {
  test(`an approval for another amount is none (${id})`, async () => {
    const other = recording(id);
    const data = tapSession(other.amount, other.terminalType);
    const changed = other.taps[0]!.map(([command, answer]): Exchange => [command!, answer!]);
    // The card is told the right amount; what the terminal checks the signature with is another one.
    const card = new ScriptedCard(changed);
    const applications = [
      application(other.aid, {
        kernel: other.kernel,
        floorLimit: 20_000,
        transactionQualifiers: hexToBytes(other.qualifiers),
      }),
    ];
    const transmit = async (command: Uint8Array): Promise<Uint8Array> => {
      const answer = await card.transmit(command);
      if (command[1] === 0xa8) {
        data.set(tags.amountAuthorised, hexToBytes("000000009999"));
      }
      return answer;
    };
    assert.is((await tap({ transmit }, data, applications, other.amount, tapTools({ keys }))).kind, "declined");
  });

  test(`without the payment system's key no card approves by itself (${id})`, async () => {
    assert.is((await replay(id, { keys: new AuthorityKeys([], []) })).outcome, "declined");
  });

  test(`a card that its bank has reported does not approve by itself (${id})`, async () => {
    assert.is((await replay(id, { reported: true })).outcome, "declined");
  });

  test(`qualifiers that were changed on their way are not believed (${id})`, async () => {
    const answer = (text: string): string => text.replace("9F6C020000", "9F6C020080");
    assert.is((await replay(id, { answer })).outcome, "declined");
  });

  test(`a bad signature goes online where the card says so (${id})`, async () => {
    const answer = (text: string): string => withWrongSignature(text).replace("9F6C020000", "9F6C022000");
    assert.is((await replay(id, { answer })).outcome, "online none");
  });

  test(`a bad signature goes to the chip where the card says so (${id})`, async () => {
    const answer = (text: string): string => withWrongSignature(text).replace("9F6C020000", "9F6C021000");
    assert.is((await replay(id, { answer })).outcome, "otherInterface");
  });
}

test("a good signature is noted as performed, and a failed one as failed", async () => {
  const done = await replay("mastercard-cda");
  assert.is(done.data.get(tags.transactionStatusInformation)?.[0], 0xc0);
  assert.is(done.data.get(tags.terminalVerificationResults)?.[0], 0x00);
  const failed = await replay("mastercard-cda", { answer: withWrongSignature });
  assert.is(failed.data.get(tags.terminalVerificationResults)?.[0], 0x04);
});

test.run();
