/** One scenario with one message spoilt in one place, and what must hold all the same. */
import { decodeMessage, encodeMessage, type Fields } from "../../../simulator/acquirer/iso8583/codec.ts";
import { withTrouble } from "../../../simulator/crash/crash.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import type { Simulation } from "../../../simulator/world/simulation.ts";
import { victimOf } from "../../victim.ts";
import { mutate } from "../mutate.ts";
import type { RunResult } from "../runs.ts";
import { changedField } from "./field-values.ts";
import { LENGTH_BYTES, type Place } from "./places.ts";
import { layHandOn } from "./wire.ts";

/** People watch for so long before they put things right, in virtual milliseconds. */
const WATCHED = 45_000;
/** Another value is looked for so often before a run counts as one that spoilt nothing. */
const TRIES = 8;

/**
 * Acts the place's scenario out, spoils the message there, and lets people go on. Whatever was spoilt, the terminal comes
 * to rest, sells again, and its books are the host's, but for what the host itself has lied about under a right MAC.
 */
export async function spoilt(place: Place, random: SeededRandom): Promise<RunResult> {
  let isSpoilt = false;
  const arm = (simulation: Simulation, begins: () => void): void => {
    let count = 0;
    const strikes = (): boolean => count++ === place.message;
    if (place.way === "said") {
      simulation.bank.rewrite((_mti, fields) => {
        if (!strikes()) return fields;
        begins();
        const changed = changedFields(fields, place.field, random);
        isSpoilt = changed !== undefined;
        return changed ?? fields;
      });
      return;
    }
    layHandOn(simulation, (direction, frame) => {
      if (direction !== place.way || !strikes()) return frame;
      begins();
      const changed = spoiltFrame(frame, place.field, random);
      isSpoilt = changed !== undefined;
      return changed ?? frame;
    });
  };
  const explains = (): boolean => isLie(place);
  const customer = random.below(3);
  const patience = isSignIn(place) ? 2 : 1;
  const { problems } = await withTrouble(victimOf(place.flow), { arm, watched: WATCHED, customer, patience, explains });
  const ending = isSpoilt ? `${place.way} ${place.name}` : "nothing spoilt";
  if (problems.length === 0) return { ending };
  return {
    ending,
    problem: `${place.flow}, ${place.way} ${place.name}, message ${place.message}, field ${place.field}: ${problems.join("; ")}`,
  };
}

/** What nobody at the terminal can know better: the host's own verdict, its own backup, the applications it hands out. */
function isLie({ way, field, name }: Place): boolean {
  return way === "said" && (field === 39 || (field === 62 && /(?:963|380|965)$/.test(name)));
}

/** A sign-in's answer has no MAC; where the batch in it was wrong the host refuses one customer, and then has the terminal sign in again. */
function isSignIn({ way, name }: Place): boolean {
  return way !== "sent" && /^0810 00 00[34]$/.test(name);
}

/** Undefined where no other value is found. */
function changedFields(fields: Fields, field: number, random: SeededRandom): Fields | undefined {
  const before = fields[field];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const value = changedField(field, before ?? "", (below) => random.below(below));
    if (value !== before) return { ...fields, [field]: value };
  }
  return undefined;
}

function spoiltFrame(frame: Uint8Array, field: number, random: SeededRandom): Uint8Array | undefined {
  if (field === 0) return mutate(frame, random);
  const message = decodeMessage(frame.subarray(LENGTH_BYTES));
  const fields = changedFields(message.fields, field, random);
  if (fields === undefined) return undefined;
  const bytes = encodeMessage({ ...message, fields });
  const changed = new Uint8Array(LENGTH_BYTES + bytes.length);
  changed.set([bytes.length >> 8, bytes.length & 0xff]);
  changed.set(bytes, LENGTH_BYTES);
  return changed;
}
