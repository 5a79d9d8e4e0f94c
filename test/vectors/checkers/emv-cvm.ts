/** Holds firmware/emv/cvm-list.ts to published cardholder verification lists (kind `emv-cvm`). */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { parseCvmList } from "../../../firmware/emv/cvm-list.ts";
import { asFields, bytes, compareText, firstOf, integer, judge, text, type Verdict } from "./case.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  return judge(
    fields,
    (error) => error instanceof FormatError,
    (): Verdict => {
      if (text(fields, "op") !== "parse") {
        return `unknown operation ${text(fields, "op")}`;
      }
      const list = parseCvmList(bytes(fields, "cvmList_8E"));
      if (fields.valid === false) {
        return undefined;
      }
      const rules = Array.isArray(fields.rules) ? fields.rules.map(asFields) : [];
      return firstOf([
        compareText("amountX", String(integer(fields, "amountX")), String(list.amountX)),
        compareText("amountY", String(integer(fields, "amountY")), String(list.amountY)),
        compareText("rules", String(rules.length), String(list.rules.length)),
        ...rules.flatMap((rule, place) => {
          const actual = list.rules[place];
          const hex = (value = 0): string => bytesToHex(Uint8Array.of(value));
          return [
            compareText("cvm", text(rule, "cvm"), hex(actual?.cvm)),
            compareText("code", text(rule, "code"), hex(actual?.code)),
            compareText("condition", text(rule, "condition"), hex(actual?.condition)),
            compareText("next", String(rule.applyNextIfUnsuccessful), String(actual?.applyNextIfUnsuccessful)),
          ];
        }),
      ]);
    },
  );
}
