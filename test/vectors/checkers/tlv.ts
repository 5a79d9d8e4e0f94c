/** Holds firmware/codec/tlv.ts to published data objects (kind `tlv`). */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { encodeTlv, parseTlv } from "../../../firmware/codec/tlv.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, judge, text, type Verdict } from "./case.ts";
import { describeTree, readTree } from "./tree.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  return judge(
    fields,
    (error) => error instanceof FormatError,
    () => run(fields),
  );
}

function run(fields: Fields): Verdict {
  const options = { simpleLength: fields.simpleLength === true };
  const operation = text(fields, "op");
  switch (operation) {
    case "decode": {
      const objects = parseTlv(bytes(fields, "bytes"), options);
      return "tree" in fields
        ? compareText("tree", describeTree(readTree(fields.tree)), describeTree(objects))
        : undefined;
    }
    case "encode":
      return compareBytes(fields, "bytes", encodeTlv(readTree(fields.tree), options));
    default:
      return `unknown operation ${operation}`;
  }
}
