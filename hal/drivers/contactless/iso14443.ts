import type { CardAbilities } from "./iso-dep.ts";
import type { AirAnswer } from "./pn5180-link.ts";

/** Short frames and commands of ISO/IEC 14443-3 (6.4 and 7.7) and the request for the answer to select of ISO/IEC 14443-4 (5.1). */
const WAKE_UP_A = 0x52;
const HALT_A: readonly number[] = Object.freeze([0x50, 0x00]);
const WAKE_UP_B: readonly number[] = Object.freeze([0x05, 0x00, 0x08]);
const selectCodes: readonly number[] = Object.freeze([0x93, 0x95, 0x97]);
const ANTICOLLISION = 0x20;
const SELECT = 0x70;
/** Frames of 256 bytes, no card identifier. */
const REQUEST_ANSWER_TO_SELECT: readonly number[] = Object.freeze([0xe0, 0x80]);
const ATTRIBUTES_B = 0x1d;
/** ATTRIB: default times, frames of 256 bytes at 106 kbit/s, ISO/IEC 14443-4. */
const parametersB: readonly number[] = Object.freeze([0x00, 0x08, 0x01, 0x00]);

/** SAK: the identifier goes on in the next level; the card speaks ISO/IEC 14443-4. */
const CASCADE = 0x04;
const BLOCKS = 0x20;
const ATQB_LENGTH = 12;
const ATQB_CODE = 0x50;

/** Milliseconds for an answer of the card's own circuit, and for one that its processor makes (activation, 71,680 / fc and more). */
const SHORT = 5;
const ACTIVATION = 10;
/** A halted card says nothing within 1 ms. */
const HALT = 2;

/** Frame sizes by their code (ISO/IEC 14443-4, table 1); higher codes are 256 too. */
const frameSizes: readonly number[] = Object.freeze([16, 24, 32, 40, 48, 64, 96, 128, 256]);
const DEFAULT_WAITING = 4;
const MOST_WAITING = 14;
/** 256 * 16 / 13.56 MHz, in milliseconds. */
const WAITING_UNIT = 0.302;

/** Whoever sends frames and hears what comes back. */
export interface Air {
  exchange(
    frame: Uint8Array,
    how: { readonly bits: number; readonly crc: boolean },
    milliseconds: number,
    then: (answer: AirAnswer) => void,
  ): void;
}

/** What answered a call: nobody, somebody, or more than one. */
export type Call = "nobody" | "one" | "several";

/** How bringing a card to work ended. */
export type Activation =
  /** `pause`: milliseconds that it wants before its first command. */
  | { readonly kind: "card"; readonly abilities: CardAbilities; readonly pause: number }
  | { readonly kind: "several" }
  /** It went away, said something impossible, or is none for payment. */
  | { readonly kind: "none" };

const whole = Object.freeze({ bits: 0, crc: true });
const bare = Object.freeze({ bits: 0, crc: false });
const short = Object.freeze({ bits: 7, crc: false });

/** Wakes every card of type A in the field, halted ones too. */
export function callA(air: Air, then: (call: Call) => void): void {
  air.exchange(Uint8Array.of(WAKE_UP_A), short, SHORT, (answer) => {
    then(answer.kind === "silence" ? "nobody" : answer.kind === "frame" ? "one" : "several");
  });
}

/** Sends a card of type A to rest: it stays silent until it is woken. */
export function haltA(air: Air, then: () => void): void {
  air.exchange(Uint8Array.from(HALT_A), whole, HALT, then);
}

/** Wakes every card of type B: `answer` is the one's, its identifier and what it can do. */
export function callB(air: Air, then: (call: Call, answer: Uint8Array) => void): void {
  air.exchange(Uint8Array.from(WAKE_UP_B), whole, SHORT, (answer) => {
    const none = new Uint8Array(0);
    if (answer.kind !== "frame") then(answer.kind === "silence" ? "nobody" : "several", none);
    else if (answer.bytes.length < ATQB_LENGTH || answer.bytes[0] !== ATQB_CODE) then("several", none);
    else then("one", answer.bytes);
  });
}

/** Brings the woken card of type A to work, level by level of its identifier; a bit that collides tells of a second card. */
export function activateA(air: Air, then: (result: Activation) => void, level = 0): void {
  const code = selectCodes[level];
  if (code === undefined) {
    then({ kind: "none" });
    return;
  }
  air.exchange(Uint8Array.of(code, ANTICOLLISION), bare, SHORT, (answer) => {
    if (answer.kind === "collision") then({ kind: "several" });
    else if (answer.kind !== "frame" || !isIdentifier(answer.bytes)) then({ kind: "none" });
    else select(air, level, Uint8Array.of(code, SELECT, ...answer.bytes), then);
  });
}

function select(air: Air, level: number, frame: Uint8Array, then: (result: Activation) => void): void {
  air.exchange(frame, whole, SHORT, (answer) => {
    const acknowledge = answer.kind === "frame" && answer.bytes.length === 1 ? answer.bytes[0]! : 0;
    if ((acknowledge & CASCADE) !== 0) activateA(air, then, level + 1);
    else if ((acknowledge & BLOCKS) === 0) then({ kind: "none" });
    else
      air.exchange(Uint8Array.from(REQUEST_ANSWER_TO_SELECT), whole, ACTIVATION, (ats) => {
        then(ats.kind === "frame" ? abilitiesA(ats.bytes) : { kind: "none" });
      });
  });
}

/** Brings the card of type B to work whose answer to the call this is. */
export function activateB(air: Air, call: Uint8Array, then: (result: Activation) => void): void {
  const protocol = call.subarray(9, 12);
  if ((protocol[1]! & 0x01) === 0) {
    then({ kind: "none" });
    return;
  }
  const frame = Uint8Array.of(ATTRIBUTES_B, ...call.subarray(1, 5), ...parametersB);
  air.exchange(frame, whole, ACTIVATION, (answer) => {
    const fine = answer.kind === "frame" && answer.bytes.length >= 1 && (answer.bytes[0]! & 0x0f) === 0;
    const abilities = { frameSize: frameSize(protocol[1]! >> 4), waitingTime: waitingTime(protocol[2]! >> 4) };
    then(fine ? { kind: "card", abilities, pause: 0 } : { kind: "none" });
  });
}

/** Four bytes and their XOR (ISO/IEC 14443-3, 6.5.3). */
function isIdentifier(bytes: Uint8Array): boolean {
  return bytes.length === 5 && bytes.reduce((sum, byte) => sum ^ byte, 0) === 0;
}

/** The answer to select (ISO/IEC 14443-4, 5.2): its length, which of TA, TB, TC follow and the frame size, and these. */
function abilitiesA(ats: Uint8Array): Activation {
  if (ats.length === 0 || ats[0] !== ats.length) return { kind: "none" };
  const format = ats[1] ?? 0x02;
  const place = (format & 0x10) === 0 ? 2 : 3;
  const timing = (format & 0x20) === 0 ? undefined : ats[place];
  if ((format & 0x20) !== 0 && timing === undefined) return { kind: "none" };
  const pause = (timing ?? 0) & 0x0f;
  return {
    kind: "card",
    abilities: {
      frameSize: frameSize(format & 0x0f),
      waitingTime: waitingTime(timing === undefined ? DEFAULT_WAITING : timing >> 4),
    },
    pause: pause === 0 || pause > MOST_WAITING ? 0 : waitingTime(pause),
  };
}

function frameSize(code: number): number {
  return frameSizes[code] ?? 256;
}

/** Milliseconds; 15 is reserved and stands for the default. */
function waitingTime(code: number): number {
  return WAITING_UNIT * 2 ** (code > MOST_WAITING ? DEFAULT_WAITING : code);
}
