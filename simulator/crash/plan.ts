import { SeededRandom } from "../world/random.ts";
import type { Cut } from "./crash.ts";

/** So many second cuts a scenario are tried where nobody says otherwise; beyond that they are sampled. */
const SECOND_CUTS = 1_000;

/** Cuts at every operation of a scenario: one in each of so many ways (ways.ts). */
export function firstCuts(operations: number, ways = 1): Cut[] {
  return Array.from({ length: operations * ways }, (_, index) => {
    const way = 1 + (index % ways);
    return { first: 1 + Math.floor(index / ways), ...(way === 1 ? {} : { way }) };
  });
}

export interface SecondCuts {
  readonly cuts: readonly Cut[];
  /** How many there are; more than `cuts` when they are a sample. */
  readonly all: number;
}

/**
 * A second cut at the operations of the recoveries from first cuts: at each of them, or where that is too many at as many
 * of each recovery as there is room for, picked by the seed.
 *
 * @param recoveries first cuts with the operations of the recovery from each
 * @param room for so many of them
 */
export function secondCuts(
  recoveries: readonly { first: number; operations: number }[],
  seed: number,
  room = SECOND_CUTS,
): SecondCuts {
  const all = recoveries.reduce((sum, { operations }) => sum + operations, 0);
  const most = all <= room ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(room / recoveries.length));
  const random = new SeededRandom(seed, "second cuts");
  const cuts = recoveries.flatMap(({ first, operations }) =>
    pick(operations, most, random).map((second) => ({ first, second })),
  );
  return { cuts, all };
}

/** At most so many of the numbers 1 to `count`, in order. */
function pick(count: number, most: number, random: SeededRandom): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  while (numbers.length > most) numbers.splice(random.below(numbers.length), 1);
  return numbers;
}
