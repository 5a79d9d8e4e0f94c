import { FormatError } from "./errors.ts";

/** What XS has beyond ECMAScript: text in and out of UTF-8 at memory speed. */
interface EngineText {
  fromString?: (text: string) => ArrayBuffer;
  fromArrayBuffer?: (buffer: ArrayBufferLike, offset: number, length: number) => string;
}

/** Small enough for the engine's argument stack on the device. */
const charactersAtOnce = 64;

/** One byte a character, code 0 to 255 (ISO 8859-1). Throws `FormatError` for other characters. */
export function latin1ToBytes(text: string, field = "text"): Uint8Array {
  const native = nativeUtf8(text);
  if (native !== undefined && native.length === text.length) {
    return native;
  }
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) {
      throw new FormatError(field, i, "character does not fit one byte");
    }
    bytes[i] = code;
  }
  return bytes;
}

/** One character a byte, code 0 to 255. Loses nothing: `latin1ToBytes` gives the bytes back. */
export function bytesToLatin1(bytes: Uint8Array): string {
  const native = nativeText(bytes);
  if (native !== undefined && native.length === bytes.length) {
    return native;
  }
  let text = "";
  for (let start = 0; start < bytes.length; start += charactersAtOnce) {
    text += String.fromCharCode(...bytes.subarray(start, start + charactersAtOnce));
  }
  return text;
}

/** ASCII text as bytes. Throws `FormatError` at the first character above 7F. */
export function asciiToBytes(text: string, field = "text"): Uint8Array {
  const bytes = latin1ToBytes(text, field);
  checkAscii(bytes, field);
  return bytes;
}

/** ASCII bytes as text. Throws `FormatError` at the first byte above 7F. */
export function bytesToAscii(bytes: Uint8Array, field = "text"): string {
  const native = nativeText(bytes);
  if (native !== undefined && native.length === bytes.length) {
    return native;
  }
  checkAscii(bytes, field);
  return bytesToLatin1(bytes);
}

/** UTF-8 of any text; a lone surrogate becomes U+FFFD. */
export function utf8ToBytes(text: string): Uint8Array {
  const native = nativeUtf8(text);
  if (native !== undefined && native.length === text.length) {
    return native;
  }
  const bytes = new Uint8Array(4 * text.length);
  let length = 0;
  for (const character of text) {
    let code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) {
      code = 0xfffd;
    }
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/** Text of well-formed UTF-8 (RFC 3629). Throws `FormatError` for anything else. */
export function bytesToUtf8(bytes: Uint8Array, field = "text"): string {
  const native = nativeText(bytes);
  if (native !== undefined && native.length === bytes.length) {
    return native;
  }
  let text = "";
  let offset = 0;
  while (offset < bytes.length) {
    const first = bytes[offset]!;
    const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || offset + size > bytes.length) {
      throw new FormatError(field, offset, "not UTF-8");
    }
    let code = size === 1 ? first : first & (0x7f >> size);
    for (let i = 1; i < size; i++) {
      const next = bytes[offset + i]!;
      if ((next & 0xc0) !== 0x80) {
        throw new FormatError(field, offset, "not UTF-8");
      }
      code = (code << 6) | (next & 0x3f);
    }
    const shortest = size < 3 || code >= (size === 3 ? 0x800 : 0x10000);
    if (!shortest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new FormatError(field, offset, "not UTF-8");
    }
    text += String.fromCodePoint(code);
    offset += size;
  }
  return text;
}

function checkAscii(bytes: Uint8Array, field: string): void {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! > 0x7f) {
      throw new FormatError(field, i, "not an ASCII character");
    }
  }
}

/** The engine's UTF-8 of a text; callers trust it only where one byte came out for each character. */
function nativeUtf8(text: string): Uint8Array | undefined {
  const engine: EngineText = ArrayBuffer as EngineText;
  return engine.fromString === undefined ? undefined : new Uint8Array(engine.fromString(text));
}

/** The engine's text of UTF-8 bytes; it stops at a zero byte and throws at a bad one. */
function nativeText(bytes: Uint8Array): string | undefined {
  const engine: EngineText = String as EngineText;
  if (engine.fromArrayBuffer === undefined) {
    return undefined;
  }
  try {
    return engine.fromArrayBuffer(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch {
    return undefined;
  }
}
