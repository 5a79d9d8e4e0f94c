/**
 * Frames on a serial line, where bytes get lost, come twice and flip. All numbers have their low byte first.
 *
 * | byte | |
 * | --- | --- |
 * | 0 | the mark, A5 |
 * | 1 | what it is (`lineKinds`) |
 * | 2 | the number of this frame of data, from 0 to 255 and round again; 0 in frames without data |
 * | 3 | the number of the frame of data that its sender expects next |
 * | 4 | bytes of content, at most 240 |
 * | 5 | the content |
 * | last four | CRC-32 (IEEE 802.3) of all from byte 1 on, begun with the session's number as zlib's `crc32(bytes, session)` is |
 *
 * A frame of another session is noise, because its CRC is. Only `start` is begun with 0: it tells the session's number.
 * The contents of frames of data, one after the other, are a stream of payloads, four bytes of length before each.
 *
 * | kind | from | content | |
 * | --- | --- | --- | --- |
 * | start | laptop | session, 4 bytes | repeated until answered; a board that lives in another session restarts |
 * | started | board | | |
 * | data | both | 1 to 240 bytes of the stream; to the board at most 96, one frame at a time: its UART holds 128 | |
 * | acknowledge | both | | says only what is expected next |
 * | again | both | | what came was spoilt or left something out: send on from what is expected |
 * | end | laptop | | the laptop hangs up; repeated until answered |
 * | ended | board | | |
 * | failed | board | text, UTF-8 | why the firmware ended by itself; no answer |
 */
export const lineKinds = Object.freeze({
  start: 1,
  started: 2,
  data: 3,
  acknowledge: 4,
  again: 5,
  end: 6,
  ended: 7,
  failed: 8,
});

export const lineMark = 0xa5;
/** Bytes before the content, after it, and of content at most. */
export const lineHeader = 5;
export const lineTrailer = 4;
export const longestContent = 240;
export const longestLineFrame = lineHeader + longestContent + lineTrailer;

/** The remainders of all bytes by the reflected polynomial EDB88320, as signed numbers: XS keeps them as integers. */
const remainders: readonly number[] = Object.freeze(Array.from({ length: 256 }, (_, byte) => remainder(byte)));

function remainder(byte: number): number {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest | 0;
}

/** CRC-32 of a part of the bytes, as a signed number, begun with that of what went before. */
export function lineCheck(bytes: Uint8Array, from: number, to: number, begun: number): number {
  const table = remainders;
  let rest = ~begun;
  for (let at = from; at < to; at++) rest = (table[(rest ^ bytes[at]!) & 0xff] as number) ^ (rest >>> 8);
  return ~rest;
}

/** What a frame says beside its content. */
export interface LineHead {
  readonly kind: number;
  readonly number: number;
  readonly expected: number;
}

/** Completes a frame whose content of `length` bytes is already in its place, at `at`; gives the frame's bytes. */
export function sealLineFrame(bytes: Uint8Array, at: number, length: number, head: LineHead, session: number): number {
  const end = at + lineHeader + length;
  bytes[at] = lineMark;
  bytes[at + 1] = head.kind;
  bytes[at + 2] = head.number;
  bytes[at + 3] = head.expected;
  bytes[at + 4] = length;
  const check = lineCheck(bytes, at + 1, end, session);
  for (let place = 0; place < lineTrailer; place++) bytes[end + place] = check >>> (8 * place);
  return lineHeader + length + lineTrailer;
}

/**
 * The bytes of the whole and right frame at `at`; 0 when the bytes from there to `to` are the beginning of one, -1 when they
 * cannot be one.
 */
export function lineFrameAt(bytes: Uint8Array, at: number, to: number, session: number): number {
  if (bytes[at] !== lineMark) return -1;
  if (to - at < lineHeader) return 0;
  const length = bytes[at + 4]!;
  if (length > longestContent) return -1;
  const end = at + lineHeader + length;
  if (to < end + lineTrailer) return 0;
  const begun = bytes[at + 1] === lineKinds.start ? 0 : session;
  const check = lineCheck(bytes, at + 1, end, begun);
  for (let place = 0; place < lineTrailer; place++) {
    if (bytes[end + place] !== ((check >>> (8 * place)) & 0xff)) return -1;
  }
  return lineHeader + length + lineTrailer;
}
