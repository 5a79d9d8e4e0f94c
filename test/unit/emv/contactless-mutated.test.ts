import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { AuthorityKeys } from "../../../firmware/emv/keys.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application } from "./conversations.ts";
import recorded from "./taps.json" with { type: "json" };

const runs = 40;
/** Far above any tap of a sane card: a card that keeps the terminal busy is broken. */
const boundOnExchanges = 150;
const keys = new AuthorityKeys(recorded.keys, []);
const statusWords = Uint8Array.of(0x61, 0x6c, 0x62, 0x90, 0x69, 0x6a);

type Chance = (below: number) => number;

function chanceFrom(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One way to spoil an answer: a bit, its end, a byte, what is in it twice, another answer, its status. */
function spoil(answer: Uint8Array, others: readonly string[], chance: Chance): Uint8Array {
  const bytes = answer.slice();
  const place = chance(Math.max(1, bytes.length - 2));
  switch (chance(6)) {
    case 0:
      bytes[place]! ^= 1 << chance(8);
      return bytes;
    case 1:
      return bytes.slice(0, chance(bytes.length));
    case 2:
      bytes[place] = chance(256);
      return bytes;
    case 3:
      return Uint8Array.of(...bytes.subarray(0, place), ...bytes.subarray(chance(bytes.length)));
    case 4:
      return hexToBytes(others[chance(others.length)]!);
    default:
      bytes[bytes.length - 2] = statusWords[chance(statusWords.length)]!;
      return bytes;
  }
}

for (const { id, aid, kernel, amount, taps } of recorded.taps) {
  test(`a card with spoilt answers ends a tap in a way that is known, and approves nothing (${id})`, async () => {
    const answers = taps.flat().filter(([, answer]) => answer !== "");
    const all = answers.map(([, answer]) => answer!);
    const chance = chanceFrom(kernel * amount);
    const applications = [application(aid, { kernel, transactionQualifiers: hexToBytes("37004080") })];
    for (let run = 0; run < runs; run++) {
      const target = chance(10);
      let exchanges = 0;
      const transmit = (command: Uint8Array): Promise<Uint8Array> => {
        const start = bytesToHex(command.subarray(0, 6));
        const known = answers.find(([sent]) => sent!.startsWith(start))?.[1];
        const answer = hexToBytes(known ?? all[chance(all.length)]!);
        return Promise.resolve(exchanges++ === target || chance(8) === 0 ? spoil(answer, all, chance) : answer);
      };
      try {
        const outcome = await tap({ transmit }, tapSession(amount), applications, amount, tapTools({ keys }));
        assert.is.not(outcome.kind, "approved");
      } catch (error) {
        assert.ok(error instanceof CardError || error instanceof FormatError, String(error));
      }
      assert.ok(exchanges < boundOnExchanges);
    }
  });
}

test.run();
