/** Fuzz target `recorded`: run `n` plays the session `n` of the folder `recorded`, byte by byte. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { fromHex } from "../../../simulator/acquirer/bytes.ts";
import { SeededRandom } from "../../../simulator/world/random.ts";
import { services } from "../card/desk.ts";
import { playContact, playTap } from "../card/play.ts";
import { RecordedSlot } from "../card/recorded-slot.ts";
import { type Recorded, recorded } from "../recorded/sessions.ts";
import type { Report } from "../runs.ts";

export async function fuzz(request: unknown): Promise<Report> {
  const [first, count] = request as readonly [number, number];
  const report: Report = { tally: {}, failures: [] };
  for (let number = first; number < first + count; number++) {
    const session = recorded[number];
    const ending = session === undefined ? "no such session" : await play(session);
    report.tally[ending] = (report.tally[ending] ?? 0) + 1;
    if (ending !== session?.ending) {
      report.failures.push([number, `${ending}, but it has to be ${session?.ending}`]);
    }
  }
  return report;
}

async function play({ over, amount, alone, answers }: Recorded): Promise<string> {
  const random = new SeededRandom(1, "recorded");
  const slot = new RecordedSlot(answers.map(fromHex));
  const scene = { services: services({ amount, alone, random, now: () => 0 }), slot, amount, pin: "123456" };
  let ending: string;
  try {
    ({ ending } = await (over === "contact" ? playContact(scene) : playTap(scene)));
  } catch (error) {
    if (!(error instanceof CardError || error instanceof FormatError)) {
      throw error;
    }
    ending = error instanceof CardError ? `card error: ${error.problem}` : "format error";
  }
  return slot.heard === answers.length ? ending : `${ending} after ${slot.heard} of ${answers.length} answers`;
}
