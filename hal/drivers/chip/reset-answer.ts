/** What an answer to reset says of how to speak with the card (ISO/IEC 7816-3:2006, 8.2 and 8.3). */
export interface ResetAnswer {
  /** The protocol that is spoken first. */
  readonly protocol: 0 | 1;
  /** TA1: clock rate conversion and baud rate adjustment, as PPS1 takes them. */
  readonly speed: number;
  /** TA2 is there: protocol and speed hold at once, and nothing is negotiated. */
  readonly specific: boolean;
  /** Work waiting time of T=0, in steps of 960 * D elementary time units. */
  readonly waitingInteger: number;
  /** T=1: bytes of information that the card takes in a block; block and character waiting times by their code. */
  readonly informationSize: number;
  readonly blockWaiting: number;
  readonly characterWaiting: number;
}

export const DEFAULT_SPEED = 0x11;
const DIRECT = 0x3b;
const LONGEST = 33;
const DEFAULT_WAITING = 10;
const DEFAULT_INFORMATION = 32;

/** F and D by their codes (ISO/IEC 7816-3, tables 7 and 8); 0 is reserved. */
const clockRates: readonly number[] = Object.freeze([
  372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048,
]);
const adjustments: readonly number[] = Object.freeze([0, 1, 2, 4, 8, 16, 32, 64, 12, 20]);

/** Clock cycles of one elementary time unit; `undefined` for a reserved code. */
export function cyclesOf(speed: number): number | undefined {
  const [rate = 0, adjustment = 0] = [clockRates[speed >> 4], adjustments[speed & 0x0f]];
  return rate === 0 || adjustment === 0 ? undefined : rate / adjustment;
}

/** Clock cycles of one elementary time unit before its adjustment: F. */
export function rateOf(speed: number): number {
  return clockRates[speed >> 4] || 372;
}

/** How many bytes the answer has as far as it is here: more of them may ask for more. */
export function resetAnswerLength(bytes: Uint8Array): number {
  if (bytes.length < 2) return 2;
  let length = 2 + (bytes[1]! & 0x0f);
  let at = 2;
  let check = false;
  for (let formats = bytes[1]!; ; ) {
    const following = [0x10, 0x20, 0x40, 0x80].filter((bit) => (formats & bit) !== 0).length;
    length += following;
    at += following;
    if ((formats & 0x80) === 0) return length + (check ? 1 : 0);
    const next = bytes[at - 1];
    if (next === undefined) return length;
    check ||= (next & 0x0f) !== 0;
    formats = next;
  }
}

/**
 * Takes a whole answer apart; `undefined` where it cannot be, or asks for what this coupler does not do: the inverse
 * convention, protocols beside T=0 and T=1, a CRC in place of the check byte.
 */
export function readResetAnswer(bytes: Uint8Array): ResetAnswer | undefined {
  if (bytes[0] !== DIRECT || bytes.length > LONGEST || bytes.length !== resetAnswerLength(bytes)) return undefined;
  const groups = groupsOf(bytes);
  const [first = {}, second = {}] = groups;
  const offered = groups.map(({ d }) => d).filter((d) => d !== undefined && (d & 0x0f) !== 0x0f);
  const checked = groups.some(({ d }) => d !== undefined && (d & 0x0f) !== 0);
  if (checked && bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0) !== 0) return undefined;
  const protocol = second.a === undefined ? (offered[0] ?? 0) & 0x0f : second.a & 0x0f;
  // The first group that the answer gives to T=1, from the third on.
  const block = groups.slice(2).find((_, index) => (groups[index + 1]!.d! & 0x0f) === 1) ?? {};
  if (protocol > 1 || ((block.c ?? 0) & 1) !== 0) return undefined;
  const informationSize = block.a ?? DEFAULT_INFORMATION;
  const waiting = block.b ?? 0x4d;
  if (informationSize === 0 || informationSize === 0xff || waiting >> 4 > 9) return undefined;
  return {
    protocol: protocol as 0 | 1,
    speed: first.a ?? DEFAULT_SPEED,
    specific: second.a !== undefined,
    waitingInteger: second.c ?? DEFAULT_WAITING,
    informationSize,
    blockWaiting: waiting >> 4,
    characterWaiting: waiting & 0x0f,
  };
}

interface Group {
  readonly a?: number | undefined;
  readonly b?: number | undefined;
  readonly c?: number | undefined;
  readonly d?: number | undefined;
}

/** The interface bytes, each group by the bits of the one before. */
function groupsOf(bytes: Uint8Array): readonly Group[] {
  const groups: Group[] = [];
  let at = 2;
  const take = (present: boolean) => (present ? bytes[at++] : undefined);
  for (let formats: number | undefined = bytes[1]!; formats !== undefined; ) {
    const bits: number = formats;
    const group: Group = {
      a: take((bits & 0x10) !== 0),
      b: take((bits & 0x20) !== 0),
      c: take((bits & 0x40) !== 0),
      d: take((bits & 0x80) !== 0),
    };
    groups.push(group);
    formats = group.d;
  }
  return groups;
}
