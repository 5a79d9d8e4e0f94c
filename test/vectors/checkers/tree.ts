/** Reads and compares trees of data objects in published cases. Runs on Node and on XS. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { type Tlv, type TlvInput, tagBytes } from "../../../firmware/codec/tlv.ts";
import { asFields, bytes } from "./case.ts";

/** A case's tree as data objects; a tag or value that is not hexadecimal is refused as bytes would be. */
export function readTree(tree: unknown): TlvInput[] {
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

/** A tree as one line of text: tags, with their values or what is inside them. */
export function describeTree(objects: readonly (Tlv | TlvInput)[]): string {
  return objects
    .map((object) => {
      const tag = bytesToHex(tagBytes(object.tag));
      if ("children" in object && object.children !== undefined) {
        return `${tag}(${describeTree(object.children)})`;
      }
      return "value" in object ? `${tag}=${bytesToHex(object.value)}` : tag;
    })
    .join(" ");
}
