/** What frames on a serial line are (the table is in hal/bridge/line-frame.ts; this is the laptop's own code for it). */
export const KINDS = { start: 1, started: 2, data: 3, acknowledge: 4, again: 5, end: 6, ended: 7, failed: 8 } as const;

export interface LineFrame {
  readonly kind: number;
  readonly number: number;
  readonly expected: number;
  readonly content: Buffer;
}

const MARK = 0xa5;
const HEADER = 5;
const TRAILER = 4;
const LONGEST_CONTENT = 240;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** CRC-32 (IEEE 802.3), begun with the check of what went before. */
export function crc32(bytes: Uint8Array, begun = 0): number {
  let rest = (begun ^ 0xffffffff) >>> 0;
  for (const byte of bytes) rest = TABLE[(rest ^ byte) & 0xff]! ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/** One frame as it goes over the line. */
export function encodeLine(frame: LineFrame, session: number): Buffer {
  const { kind, number, expected, content } = frame;
  const bytes = Buffer.alloc(HEADER + content.length + TRAILER);
  bytes.set([MARK, kind, number, expected, content.length]);
  content.copy(bytes, HEADER);
  const check = crc32(bytes.subarray(1, HEADER + content.length), kind === KINDS.start ? 0 : session);
  bytes.writeUInt32LE(check, HEADER + content.length);
  return bytes;
}

/** Finds the right frames of one session in what a line gives. */
export class LineDecoder {
  readonly #session: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(session: number) {
    this.#session = session;
  }

  /** Whether a frame has begun whose end has not come. */
  get unfinished(): boolean {
    return this.#bytes.length > 0;
  }

  /** The frames that are whole now, and whether bytes were left out that are none. */
  push(chunk: Uint8Array): { readonly frames: readonly LineFrame[]; readonly spoilt: boolean } {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    return this.#scan(0);
  }

  /** What has begun is not going to end: looks for frames behind its mark. */
  giveUp(): { readonly frames: readonly LineFrame[]; readonly spoilt: boolean } {
    return this.#scan(Math.min(1, this.#bytes.length));
  }

  #scan(from: number): { frames: LineFrame[]; spoilt: boolean } {
    const bytes = this.#bytes;
    const frames: LineFrame[] = [];
    let at = from;
    let spoilt = from > 0;
    while (at < bytes.length) {
      const next = bytes.indexOf(MARK, at);
      if (next !== at) spoilt = true;
      at = next === -1 ? bytes.length : next;
      const size = this.#sizeAt(at);
      if (size === undefined) break;
      if (size > 0) frames.push(frameAt(bytes, at));
      else spoilt = true;
      at += Math.max(size, 1);
    }
    this.#bytes = bytes.subarray(at);
    return { frames, spoilt };
  }

  /** Bytes of the right frame at a mark; 0 when it is none, undefined when it is not whole yet. */
  #sizeAt(at: number): number | undefined {
    const bytes = this.#bytes;
    if (bytes.length - at < HEADER) return undefined;
    const length = bytes[at + 4]!;
    if (length > LONGEST_CONTENT) return 0;
    const end = at + HEADER + length;
    if (bytes.length < end + TRAILER) return undefined;
    const right = crc32(bytes.subarray(at + 1, end), this.#session) === bytes.readUInt32LE(end);
    return right ? HEADER + length + TRAILER : 0;
  }
}

function frameAt(bytes: Buffer, at: number): LineFrame {
  const [, kind = 0, number = 0, expected = 0, length = 0] = bytes.subarray(at, at + HEADER);
  return { kind, number, expected, content: Buffer.from(bytes.subarray(at + HEADER, at + HEADER + length)) };
}
