/** Other values for the fields of UnionPay's messages. */
import { unionpayFields } from "../../../simulator/acquirer/iso8583/fields.ts";

/** A number from 0 on and below another. */
export type Chance = (below: number) => number;

/** Values of the field's own form: other digits, other lengths, the least and the most, nothing. */
export function changedField(number: number, value: string, chance: Chance): string | undefined {
  const { kind, lengthDigits, length } = unionpayFields.get(number)!;
  const digit = (): string =>
    (kind === "binary" ? "0123456789ABCDEF" : "0123456789")[chance(kind === "binary" ? 16 : 10)]!;
  const fill = (count: number) => Array.from({ length: kind === "binary" ? count * 2 : count }, digit).join("");
  const at = chance(Math.max(1, value.length));
  const other = value === "" ? "" : value.slice(0, at) + digit() + value.slice(at + 1);
  if (lengthDigits === 0 && value === "") return fill(length);
  if (lengthDigits === 0) return [undefined, fill(length), other, "9".repeat(fill(length).length)][chance(4)];
  const shorter = value.slice(0, (kind === "binary" ? 2 : 1) * chance(value.length / (kind === "binary" ? 2 : 1)));
  return [undefined, "", other, other, shorter, fill(chance(length + 1)), fill(length)][chance(7)];
}
