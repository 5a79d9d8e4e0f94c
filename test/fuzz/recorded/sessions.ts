/** Sessions that once went wrong, answer by answer, so that they stay what they are when cards and seeds change. */
import type { ChipInterface } from "../../../simulator/cards/emv-card.ts";
import longCryptogram from "./kernel-2-long-cryptogram.json" with { type: "json" };

export interface Recorded {
  /** What the terminal does now. */
  readonly promise: string;
  readonly over: ChipInterface;
  /** Minor units. */
  readonly amount: number;
  /** The terminal may approve without the host. */
  readonly alone: boolean;
  readonly ending: string;
  /** The card's answers as the terminal heard them, with status words, in hexadecimal. */
  readonly answers: readonly string[];
}

export const recorded: readonly Recorded[] = [longCryptogram as Recorded];
