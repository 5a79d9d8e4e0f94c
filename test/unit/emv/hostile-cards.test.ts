import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { verifyCardholder } from "../../../firmware/emv/cardholder.ts";
import { completeWithCard } from "../../../firmware/emv/completion.ts";
import { decideFirst, openContactCard } from "../../../firmware/emv/contact.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import type { CardChannel } from "../../../firmware/emv/exchange.ts";
import { requestData } from "../../../firmware/emv/field55.ts";
import { checkRestrictions } from "../../../firmware/emv/restrictions.ts";
import { manageRisk } from "../../../firmware/emv/risk.ts";
import { identityOfChip } from "../../../firmware/terminal/card/identity.ts";
import { Seeded } from "../seeded.ts";
import { application, contactScript, template, tlv } from "./conversations.ts";

/** A good card's answers, in order, of which one has been bent; after the last one it answers no more. */
class BentCard implements CardChannel {
  readonly #answers: readonly Uint8Array[];
  #place = 0;

  constructor(answers: readonly Uint8Array[]) {
    this.#answers = answers;
  }

  transmit(): Promise<Uint8Array> {
    const answer = this.#answers[this.#place++];
    return answer === undefined ? Promise.reject(new CardError("mute", "bent")) : Promise.resolve(answer);
  }
}

const good = [
  ...contactScript({ extra: tlv([0x8e, "000000000000000042031E03"], [0x9f14, "01"], [0x9f23, "02"]) }).map(
    ([, answer]) => answer as string,
  ),
  "9F360200019000",
  "9F130200009000",
  `${template("80", `800001${"A1".repeat(8)}07010103A0000001`)}9000`,
  `${template("80", `400001${"A2".repeat(8)}0701010360000001`)}9000`,
];

function bend(random: Seeded): Uint8Array[] {
  const which = random.below(good.length);
  return good.map((hex, place) => {
    const bytes = hexToBytes(hex);
    if (place !== which) {
      return bytes;
    }
    switch (random.below(3)) {
      case 0:
        return bytes.slice(0, random.below(bytes.length));
      case 1:
        bytes[random.below(bytes.length)] = random.below(256);
        return bytes;
      default:
        return Uint8Array.from([...bytes, ...Array.from({ length: random.below(40) }, () => random.below(256))]);
    }
  });
}

async function wholeSession(card: CardChannel): Promise<void> {
  const known = application("A0000003330101");
  const data = new SessionData();
  await openContactCard(card, data, [known], {
    choose: () => Promise.resolve(0),
    beforeProcessing: () => Promise.resolve(),
  });
  identityOfChip(data);
  checkRestrictions(data);
  await verifyCardholder(data, () => Promise.resolve("entered"));
  await manageRisk(card, data);
  await decideFirst(card, data, known);
  requestData(data);
  await completeWithCard(card, data, { kind: "answered", approved: true, responseCode: "00" });
}

test("whatever a card answers, the session ends in a word and the terminal lives", async () => {
  for (let seed = 1; seed <= 400; seed++) {
    try {
      await wholeSession(new BentCard(bend(new Seeded(seed))));
    } catch (error) {
      assert.ok(error instanceof CardError || error instanceof FormatError, `seed ${seed}: ${error}`);
    }
  }
});

test("the card that is not bent pays", async () => {
  await wholeSession(new BentCard(good.map((hex) => hexToBytes(hex))));
});

test.run();
