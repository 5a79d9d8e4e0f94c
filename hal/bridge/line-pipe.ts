import { lineFrameAt, lineHeader, lineKinds, longestContent, longestLineFrame, sealLineFrame } from "./line-frame.ts";
import type { LinePort } from "./line-port.ts";
import type { FramePipe } from "./protocol.ts";

/** Frames of data on their way without an answer, at most. */
const WINDOW = 8;
/** A payload longer than this is none: the world answers in much less. */
const LONGEST_PAYLOAD = 65_536;
/** A silent line is asked again after this many milliseconds at first, and after twice as many each time, up to the last. */
const LONGEST_PATIENCE = 2_000;

/** How many milliseconds of silence mean that something got lost: what is on its way at most has had time to arrive. */
export function linePatience(baud: number): number {
  return 30 + Math.ceil((WINDOW * longestLineFrame * 10 * 1000) / baud);
}

/**
 * The board's end of a serial line as a pipe of frames (line-frame.ts): what the line spoils is sent again, in both
 * directions. Waits in its calls, as the firmware's end of the bridge does. What went through it may have been a card's:
 * it is overwritten as soon as the other side has it.
 */
export class LinePipe implements FramePipe {
  readonly #port: LinePort;
  readonly #patience: number;
  /** Places for frames of data by their numbers, and how long each frame is. */
  readonly #sent = new Uint8Array(WINDOW * longestLineFrame);
  readonly #lengths = new Uint8Array(WINDOW);
  /** What came in and is not a frame yet. */
  readonly #input = new Uint8Array(2 * longestLineFrame);
  readonly #short = new Uint8Array(longestLineFrame);
  #count = 0;
  #session = 0;
  /** The oldest frame without an answer, the frame that is being filled, and the bytes of content in it. */
  #oldest = 0;
  #filling = 0;
  #filled = 0;
  #expected = 0;
  #askedAgain = false;
  #ended = false;
  /** The payload that comes in: bytes of its length or of itself so far, and what it is when it is whole. */
  #taken = 0;
  #size = 0;
  #payload: Uint8Array | undefined;
  readonly #ready: Uint8Array[] = [];

  /** Waits until a laptop starts a session. `patience` is `linePatience` of the line's speed. */
  constructor(port: LinePort, patience: number) {
    this.#port = port;
    this.#patience = patience;
    while (this.#session === 0 && !this.#ended) this.#listen(patience);
  }

  read(): Uint8Array | undefined {
    this.#send();
    let patience = this.#patience;
    while (this.#ready.length === 0 && !this.#ended) {
      patience = this.#listen(patience) ? this.#patience : Math.min(patience * 2, LONGEST_PATIENCE);
    }
    return this.#ready.shift();
  }

  write(...parts: readonly Uint8Array[]): void {
    let size = 0;
    for (const part of parts) size += part.length;
    this.#append(Uint8Array.of(size, size >>> 8, size >>> 16, size >>> 24));
    for (const part of parts) this.#append(part);
  }

  /** Says why the firmware ended by itself. More than once, because nobody answers. */
  fail(reason: Uint8Array): void {
    const text = reason.subarray(0, longestContent);
    for (let times = 0; times < 3; times++) {
      this.#short.set(text, lineHeader);
      this.#say(lineKinds.failed, text.length);
    }
  }

  #append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const part = Math.min(bytes.length - from, longestContent - this.#filled);
      const start = (this.#filling % WINDOW) * longestLineFrame + lineHeader + this.#filled;
      this.#sent.set(bytes.subarray(from, from + part), start);
      this.#filled += part;
      from += part;
      if (this.#filled === longestContent) this.#send();
    }
  }

  /** Sends the frame that is being filled, and waits until there is a place for the next one. */
  #send(): void {
    if (this.#filled === 0) return;
    const place = this.#filling % WINDOW;
    const at = place * longestLineFrame;
    const head = { kind: lineKinds.data, number: this.#filling, expected: this.#expected };
    const length = sealLineFrame(this.#sent, at, this.#filled, head, this.#session);
    this.#lengths[place] = length;
    this.#port.write(this.#sent.subarray(at, at + length));
    this.#filling = (this.#filling + 1) & 0xff;
    this.#filled = 0;
    let patience = this.#patience;
    while (((this.#filling - this.#oldest) & 0xff) === WINDOW && !this.#ended) {
      patience = this.#listen(patience) ? this.#patience : Math.min(patience * 2, LONGEST_PATIENCE);
    }
  }

  /** Takes what comes in; false when nothing came in time, and what has no answer was sent again. */
  #listen(patience: number): boolean {
    const bytes = this.#port.read(this.#input.length - this.#count, patience);
    if (bytes === "gone") {
      this.#ended = true;
      return false;
    }
    if (bytes !== undefined) {
      this.#input.set(bytes, this.#count);
      this.#count += bytes.length;
      bytes.fill(0);
      this.#scan(0);
      return true;
    }
    this.#askedAgain = false;
    // The rest of what has begun is not going to come.
    if (this.#count > 0) this.#scan(1);
    this.#repeat();
    return false;
  }

  /** Finds frames in what came in, from an offset on. */
  #scan(from: number): void {
    let at = from;
    let spoilt = from > 0;
    while (at < this.#count) {
      const size = lineFrameAt(this.#input, at, this.#count, this.#session);
      if (size === 0) break;
      if (size > 0) this.#take(at);
      else spoilt = true;
      at += Math.max(size, 1);
    }
    this.#input.copyWithin(0, at, this.#count);
    this.#input.fill(0, this.#count - at, this.#count);
    this.#count -= at;
    if (spoilt && this.#session !== 0) this.#askAgain();
  }

  /** A right frame. */
  #take(at: number): void {
    const input = this.#input;
    const kind = input[at + 1];
    if (kind === lineKinds.start) {
      this.#start(at);
      return;
    }
    if (this.#session === 0) return;
    this.#confirm(input[at + 3]!);
    if (kind === lineKinds.data) this.#takeData(at);
    else if (kind === lineKinds.again) this.#repeat();
    else if (kind === lineKinds.end) {
      this.#say(lineKinds.ended, 0);
      this.#ended = true;
    }
  }

  #start(at: number): void {
    const [low = 0, second = 0, third = 0, high = 0] = this.#input.subarray(at + lineHeader, at + lineHeader + 4);
    const session = low | (second << 8) | (third << 16) | (high << 24);
    if (this.#session !== 0 && this.#session !== session) this.#port.restart();
    this.#session = session;
    this.#say(lineKinds.started, 0);
  }

  /** The laptop has everything before this number. */
  #confirm(expected: number): void {
    if (((expected - this.#oldest) & 0xff) > ((this.#filling - this.#oldest) & 0xff)) return;
    while (this.#oldest !== expected) {
      const at = (this.#oldest % WINDOW) * longestLineFrame;
      this.#sent.fill(0, at, at + longestLineFrame);
      this.#oldest = (this.#oldest + 1) & 0xff;
    }
  }

  #takeData(at: number): void {
    const ahead = (this.#input[at + 2]! - this.#expected) & 0xff;
    if (ahead === 0) {
      this.#expected = (this.#expected + 1) & 0xff;
      this.#askedAgain = false;
      this.#takeContent(at + lineHeader, at + lineHeader + this.#input[at + 4]!);
    } else if (ahead < 128) {
      this.#askAgain();
      return;
    }
    this.#say(lineKinds.acknowledge, 0);
  }

  #takeContent(from: number, to: number): void {
    for (let at = from; at < to; ) {
      const payload = this.#payload;
      if (payload === undefined) {
        this.#size |= this.#input[at++]! << (8 * this.#taken++);
        if (this.#taken < 4) continue;
        if (this.#size < 0 || this.#size > LONGEST_PAYLOAD) throw new RangeError("a payload is too long");
        this.#payload = new Uint8Array(this.#size);
      } else {
        const filled = this.#taken - 4;
        const part = Math.min(to - at, this.#size - filled);
        payload.set(this.#input.subarray(at, at + part), filled);
        this.#taken += part;
        at += part;
      }
      this.#finish();
    }
  }

  #finish(): void {
    if (this.#payload === undefined || this.#taken - 4 < this.#size) return;
    this.#ready.push(this.#payload);
    this.#payload = undefined;
    this.#taken = 0;
    this.#size = 0;
  }

  /** Asks the laptop to send on from what is expected: once, until something right or silence comes. */
  #askAgain(): void {
    if (this.#askedAgain) return;
    this.#askedAgain = true;
    this.#say(lineKinds.again, 0);
  }

  /** Sends again what has no answer. */
  #repeat(): void {
    for (let number = this.#oldest; number !== this.#filling; number = (number + 1) & 0xff) {
      const place = number % WINDOW;
      const at = place * longestLineFrame;
      this.#port.write(this.#sent.subarray(at, at + this.#lengths[place]!));
    }
  }

  /** A frame that has no number. */
  #say(kind: number, length: number): void {
    const size = sealLineFrame(this.#short, 0, length, { kind, number: 0, expected: this.#expected }, this.#session);
    this.#port.write(this.#short.subarray(0, size));
  }
}
