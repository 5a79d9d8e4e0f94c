import type { FieldValue, Message } from "../codec/iso8583.ts";
import { answerMti } from "./dialect/transactions.ts";
import type { Misfit } from "./types.ts";

/** Fields that an answer has to repeat, and what it means when one is different. */
const mustRepeat: readonly (readonly [field: number, misfit: Misfit])[] = Object.freeze([
  [3, "processingCode"],
  [11, "stan"],
  [41, "terminal"],
  [42, "merchant"],
] as const);

/** Fields that an answer may leave out; where it has them, they have to be the same. */
const mayRepeat: readonly (readonly [field: number, misfit: Misfit])[] = Object.freeze([
  [4, "amount"],
  [49, "currency"],
] as const);

/**
 * Does the answer fit the question? Gives the first thing that does not, or undefined. The MAC has been looked at
 * before: what has a wrong one is not read.
 */
export function misfit(question: Message, answer: Message): Misfit | undefined {
  if (answer.mti !== answerMti(question.mti)) return "type";
  for (const [field, kind] of mustRepeat) {
    if (answer.fields.get(field) !== question.fields.get(field)) return kind;
  }
  for (const [field, kind] of mayRepeat) {
    const value: FieldValue | undefined = answer.fields.get(field);
    if (value !== undefined && value !== question.fields.get(field)) return kind;
  }
  return typeof answer.fields.get(39) === "string" ? undefined : "format";
}
