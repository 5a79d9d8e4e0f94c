import type { FieldValue, Message } from "../codec/iso8583.ts";
import { answerMti, reversalMti } from "./dialect/transactions.ts";
import { approvals } from "./dialect/values.ts";
import type { Misfit } from "./types.ts";

/** Fields that an answer has to repeat, and what it means when one is different. */
const mustRepeat: readonly (readonly [field: number, misfit: Misfit])[] = Object.freeze([
  [3, "processingCode"],
  [11, "stan"],
  [41, "terminal"],
  [42, "merchant"],
] as const);

/** What the money is. Only an approval has to repeat them; where another answer has them, they have to be the same. */
const money: readonly (readonly [field: number, misfit: Misfit])[] = Object.freeze([
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
  const responseCode = answer.fields.get(39);
  if (typeof responseCode !== "string") return "format";
  const isApproval = question.mti !== reversalMti && approvals.includes(responseCode);
  for (const [field, kind] of money) {
    const value: FieldValue | undefined = answer.fields.get(field);
    if (value === undefined ? isApproval && question.fields.has(field) : value !== question.fields.get(field))
      return kind;
  }
  return undefined;
}
