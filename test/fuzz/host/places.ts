/** Where something can be spoilt: every message of some scenarios, both ways, and every field of it. */
import { decodeMessage, type Fields } from "../../../simulator/acquirer/iso8583/codec.ts";
import { readField60 } from "../../../simulator/acquirer/rules/bank.ts";
import { runScenario } from "../../../simulator/scenario/run.ts";
import { victimOf } from "../../victim.ts";
import { layHandOn } from "./wire.ts";

/** Between them every message that a terminal sends, and every answer. */
export const flows = [
  ...["sale-chip", "sale-tap", "sale-magstripe", "void-sale", "refund-in-parts", "pre-authorisation-void"],
  ...["completion-void", "completion-advice", "tip", "balance-chip", "offline-sale-adjusted", "offline-tap-unionpay"],
  ...["chip-script", "query-in-doubt", "response-lost", "settlement-cut", "settlement-unequal", "settlement-advice"],
  ...["funds", "funds-news", "backup", "restore", "download", "download-keys", "keys-dukpt-aes", "keys-dukpt-tdes"],
];

/** `said`: the host says something else, under a right MAC. `arrived`, `sent`: an answer, a question is spoilt on its way. */
export type Way = "said" | "arrived" | "sent";

export interface Place {
  readonly flow: string;
  readonly way: Way;
  /** Which message of that way, from 0 on. */
  readonly message: number;
  /** 0: any bytes of it. */
  readonly field: number;
  /** Type, transaction type and code of the message, such as "0210 22 " or "0810 00 004". */
  readonly name: string;
}

/** Fields that a message may have although it has none. */
const STRANGE = [2, 4, 38, 39, 48, 55, 60, 62] as const;
/** Two length bytes in front of a message. */
export const LENGTH_BYTES = 2;

export function nameOf(mti: string, fields: Fields): string {
  const { type, code } = readField60(fields);
  return `${mti} ${type} ${code}`.trim();
}

let known: Promise<readonly Place[]> | undefined;

/** All places, found by acting the flows out once. */
export function places(): Promise<readonly Place[]> {
  known ??= Promise.all(flows.map(placesOf)).then((all) => all.flat());
  return known;
}

async function placesOf(flow: string): Promise<Place[]> {
  const found: Place[] = [];
  const counts: Record<Way, number> = { said: 0, arrived: 0, sent: 0 };
  const take = (way: Way, mti: string, fields: Fields): void => {
    const message = counts[way]++;
    const numbers = new Set([...Object.keys(fields).map(Number), ...STRANGE]);
    if (way === "said") numbers.delete(64);
    else numbers.add(0);
    for (const field of numbers) found.push({ flow, way, message, field, name: nameOf(mti, fields) });
  };
  const result = await runScenario({
    ...victimOf(flow),
    prepare: (simulation) => {
      simulation.bank.rewrite((mti, fields) => {
        take("said", mti, fields);
        return fields;
      });
      layHandOn(simulation, (direction, frame) => {
        const { mti, fields } = decodeMessage(frame.subarray(LENGTH_BYTES));
        take(direction, mti, fields);
        return frame;
      });
    },
  });
  if (!result.passed) throw new Error(`${flow} does not hold: ${result.failure?.message}`);
  return found;
}
