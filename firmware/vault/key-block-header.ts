import { FormatError } from "../codec/errors.ts";

/** Versions of key blocks: A and C by variants, B and D by derivation (ASC X9 TR-31:2018; ANSI X9.143:2021), E of ISO 20038:2017. */
export type KeyBlockVersion = "A" | "B" | "C" | "D" | "E";

/** An optional block: its two characters and what is in it. */
export interface OptionalBlock {
  readonly id: string;
  readonly data: string;
}

/** What a key block says of its key in clear, under its MAC. */
export interface KeyAttributes {
  readonly version: KeyBlockVersion;
  /** Two characters: `P0` PIN encryption, `M3` ISO 9797-1 algorithm 3, `B1` initial DUKPT key ... */
  readonly usage: string;
  /** `T` triple DES, `A` AES, `H` HMAC, `D` DES ... */
  readonly algorithm: string;
  /** `E` encrypt, `D` decrypt, `B` both, `G` generate, `V` verify, `C` both of these, `X` derive, `N` no restriction ... */
  readonly mode: string;
  readonly keyVersion: string;
  /** `E` under a trusted key, `N` never, `S` sensitive. */
  readonly exportability: string;
  readonly keyContext: string;
  readonly optionalBlocks: readonly OptionalBlock[];
}

/** A header as it was read; `length` as its own field says, `headerLength` with all optional blocks. */
export interface KeyBlockHeader extends KeyAttributes {
  readonly length: number;
  readonly headerLength: number;
}

const fixedLength = 16;
const digits = /^[0-9]+$/;
const hexadecimal = /^[0-9A-F]+$/;
const alphanumeric = /^[0-9A-Za-z]+$/;
const printable = /^[ -~]*$/;

/** The padding block, whose data says nothing. */
export const paddingBlock = "PB";

/** Where the fixed fields stand: from, to, and of which characters they are. */
const fields = Object.freeze({
  version: [0, 1, /^[A-E]$/],
  length: [1, 5, digits],
  usage: [5, 7, alphanumeric],
  algorithm: [7, 8, alphanumeric],
  mode: [8, 9, alphanumeric],
  keyVersion: [9, 11, alphanumeric],
  exportability: [11, 12, alphanumeric],
  count: [12, 14, digits],
  keyContext: [14, 16, alphanumeric],
} as const);

/**
 * Reads the header at the beginning of a key block (ANSI X9.143:2021, 6.3). Its length field is not held against the
 * text. Throws `FormatError`.
 */
export function readKeyBlockHeader(text: string): KeyBlockHeader {
  if (text.length < fixedLength) throw problem(0, "16 characters of header expected");
  const version = field(text, "version") as KeyBlockVersion;
  const length = Number(field(text, "length"));
  const optionalBlocks: OptionalBlock[] = [];
  let at = fixedLength;
  for (let left = Number(field(text, "count")); left > 0; left--) {
    const end = readOptionalBlock(text, at, optionalBlocks);
    at = end;
  }
  return {
    version,
    length,
    usage: field(text, "usage"),
    algorithm: field(text, "algorithm"),
    mode: field(text, "mode"),
    keyVersion: field(text, "keyVersion"),
    exportability: field(text, "exportability"),
    keyContext: field(text, "keyContext"),
    optionalBlocks,
    headerLength: at,
  };
}

/** Reads one optional block into the list; gives the place behind it. Two length digits of zero announce a longer length. */
function readOptionalBlock(text: string, start: number, list: OptionalBlock[]): number {
  const id = part(text, start, 2, alphanumeric, "optional block's name");
  let data = start + 4;
  let length = Number.parseInt(part(text, start + 2, 2, hexadecimal, "optional block's length"), 16);
  if (length === 0) {
    const count = Number.parseInt(part(text, data, 2, hexadecimal, "length of an optional block's length"), 16);
    if (count === 0) throw problem(data, "length of an optional block's length is zero");
    length = Number.parseInt(part(text, data + 2, 2 * count, hexadecimal, "optional block's length"), 16);
    data += 2 + 2 * count;
  }
  const end = start + length;
  if (end < data) throw problem(start + 2, "optional block's length does not count its own beginning");
  if (end > text.length) throw problem(start + 2, "optional block is longer than what is left");
  const content = text.slice(data, end);
  if (!printable.test(content)) throw problem(data, "optional block's data is not printable");
  list.push({ id, data: content });
  return end;
}

/**
 * Writes a header, with a padding block where the optional blocks would not end at a multiple of `blockLength` bytes.
 * @param payloadLength characters behind the header
 * Throws `FormatError` for what no header can say.
 */
export function writeKeyBlockHeader(attributes: KeyAttributes, blockLength: number, payloadLength: number): string {
  const blocks = attributes.optionalBlocks.map(writeOptionalBlock);
  const over = blocks.join("").length % blockLength;
  if (over > 0) {
    const missing = blockLength - over;
    blocks.push(
      writeOptionalBlock({ id: paddingBlock, data: "0".repeat((missing < 4 ? missing + blockLength : missing) - 4) }),
    );
  }
  const optional = blocks.join("");
  const length = fixedLength + optional.length + payloadLength;
  const { version, usage, algorithm, mode, keyVersion, exportability, keyContext } = attributes;
  if (length > 9999 || blocks.length > 99) throw problem(1, "too long for a key block");
  const counts = [String(length).padStart(4, "0"), String(blocks.length).padStart(2, "0")] as const;
  const text = version + counts[0] + usage + algorithm + mode + keyVersion + exportability + counts[1] + keyContext;
  if (text.length !== fixedLength) throw problem(0, "a field is of another length");
  for (const name of Object.keys(fields) as (keyof typeof fields)[]) field(text, name);
  return text + optional;
}

function writeOptionalBlock({ id, data }: OptionalBlock): string {
  if (!/^[0-9A-Za-z]{2}$/.test(id) || !printable.test(data)) throw problem(fixedLength, "no optional block");
  const short = 4 + data.length;
  return short <= 0xff ? id + hex(short, 2) + data : `${id}0002${hex(10 + data.length, 4)}${data}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, "0");
}

function field(text: string, name: keyof typeof fields): string {
  const [from, to, pattern] = fields[name];
  return part(text, from, to - from, pattern, name);
}

function part(text: string, at: number, length: number, pattern: RegExp, name: string): string {
  const value = text.slice(at, at + length);
  if (value.length !== length || !pattern.test(value)) throw problem(at, `${name} has another form`);
  return value;
}

function problem(offset: number, what: string): FormatError {
  return new FormatError("key block", offset, what);
}
