/** Holds firmware/codec/tlv.ts to published data objects (kind `tlv`). */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { encodeTlv, parseTlv, type Tlv, type TlvInput, tagBytes } from "../../../firmware/codec/tlv.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, judge, text, type Verdict } from "./case.ts";

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
      return "tree" in fields ? compareText("tree", describe(readTree(fields.tree)), describe(objects)) : undefined;
    }
    case "encode":
      return compareBytes(fields, "bytes", encodeTlv(readTree(fields.tree), options));
    default:
      return `unknown operation ${operation}`;
  }
}

/** A case's tree as data objects; a tag or value that is not hexadecimal is refused as bytes would be. */
function readTree(tree: unknown): TlvInput[] {
  if (!Array.isArray(tree)) {
    throw new FormatError("tlv", 0, "data objects expected");
  }
  return tree.map((node: unknown): TlvInput => {
    const fields = asFields(node);
    let tag = 0;
    for (const byte of bytes(fields, "tag")) {
      tag = tag * 256 + byte;
    }
    return "children" in fields
      ? { tag, children: readTree(fields.children) }
      : { tag, value: typeof fields.value === "string" ? bytes(fields, "value") : noBytes() };
  });
}

function noBytes(): never {
  throw new FormatError("tlv value", 0, "bytes expected");
}

function describe(objects: readonly (Tlv | TlvInput)[]): string {
  return objects
    .map((object) => {
      const tag = bytesToHex(tagBytes(object.tag));
      if ("children" in object && object.children !== undefined) {
        return `${tag}(${describe(object.children)})`;
      }
      return "value" in object ? `${tag}=${bytesToHex(object.value)}` : tag;
    })
    .join(" ");
}
