/** Holds firmware/codes/emv-qr.ts to published codes (kind `qr`): what is valid is read as published and written again to the letter. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { buildEmvQr, parseEmvQr, type QrObject, qrCheck } from "../../../firmware/codes/emv-qr.ts";
import { asFields, compareText, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const payload = text(fields, "payload");
  const use = "profile" in fields ? "transfer" : "purchase";
  const sum = fields.crcValid === (payload.slice(-4) === qrCheck(payload.slice(0, -4)));
  return firstOf([
    sum ? undefined : "the check is another",
    judge(
      fields,
      (error) => error instanceof FormatError,
      () => read(fields, payload, use),
    ),
  ]);
}

function read(fields: Fields, payload: string, use: "purchase" | "transfer"): Verdict {
  const objects = parseEmvQr(payload, use);
  const inside = objects.slice(1, -1);
  return firstOf([
    compareText("fields", describe(fields.fields), JSON.stringify(objects.map(plain))),
    compareText("written again", payload, buildEmvQr(inside, use)),
  ]);
}

interface Plain {
  readonly id: string;
  readonly value: string;
  readonly sub?: readonly Plain[];
}

function plain({ id, value, objects }: QrObject): Plain {
  return { id, value, ...(objects === undefined ? {} : { sub: objects.map(plain) }) };
}

/** The published objects, member by member, so that their order does not count. */
function describe(value: unknown): string {
  if (!Array.isArray(value)) throw new TypeError("fields expected");
  const ordered = (one: unknown): unknown => {
    const { id, value: content, sub } = asFields(one);
    return { id, value: content, ...(Array.isArray(sub) ? { sub: sub.map(ordered) } : {}) };
  };
  return JSON.stringify(value.map(ordered));
}
