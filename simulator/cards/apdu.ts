/** Commands as a card reads them, and the status words it gives (ISO/IEC 7816-4, EMV 4.3 Book 3, 6). */
import { concat } from "../acquirer/bytes.ts";

/** A command; `expected` is Le where it was sent (0 means all there is). */
export interface Command {
  readonly class: number;
  readonly instruction: number;
  readonly parameter1: number;
  readonly parameter2: number;
  readonly data: Uint8Array;
  readonly expected: number | undefined;
  /** The five header bytes with Lc, as a script's MAC covers them. */
  readonly header: Uint8Array;
}

/** Splits an APDU (short form); undefined when its lengths do not fit. */
export function parseCommand(bytes: Uint8Array): Command | undefined {
  if (bytes.length < 4 || bytes.length > 261) return undefined;
  const base = {
    class: bytes[0]!,
    instruction: bytes[1]!,
    parameter1: bytes[2]!,
    parameter2: bytes[3]!,
    header: bytes.slice(0, 5),
  };
  if (bytes.length === 4) return { ...base, data: new Uint8Array(0), expected: undefined };
  if (bytes.length === 5) return { ...base, data: new Uint8Array(0), expected: bytes[4]! };
  const length = bytes[4]!;
  const data = bytes.slice(5, 5 + length);
  if (bytes.length === 5 + length) return { ...base, data, expected: undefined };
  if (bytes.length === 6 + length) return { ...base, data, expected: bytes[5 + length]! };
  return undefined;
}

/** Whether a command has data, and whether an answer with data is expected (EMV 4.3 Book 3, 6.5; ISO/IEC 7816-4, cases 2 to 4). */
interface Shape {
  readonly data: "none" | "some" | "maybe";
  readonly expects: boolean;
}

const shapes: Readonly<Record<number, Shape>> = {
  164: { data: "some", expects: true },
  178: { data: "none", expects: true },
  168: { data: "some", expects: true },
  174: { data: "maybe", expects: true },
  202: { data: "none", expects: true },
  32: { data: "some", expects: false },
  130: { data: "some", expects: false },
  132: { data: "none", expects: true },
  136: { data: "some", expects: true },
  234: { data: "some", expects: true },
  208: { data: "some", expects: true },
};

/** True for a command of the form that its instruction has. `whole`: an expected length would be seen here, as over the air. */
export function isShaped({ instruction, data, expected }: Command, whole: boolean): boolean {
  const shape = shapes[instruction];
  if (!shape) return true;
  const fits = shape.data === "maybe" || (shape.data === "some") === data.length > 0;
  return fits && (!whole || shape.expects === (expected !== undefined));
}

/** Status words by what they mean. */
export const status = {
  ok: 0x9000,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  securityStatus: 0x6982,
  blocked: 0x6983,
  invalidated: 0x6984,
  conditions: 0x6985,
  seePhone: 0x6986,
  messagingData: 0x6988,
  badData: 0x6a80,
  functionUnsupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  badParameters: 0x6a86,
  dataNotFound: 0x6a88,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
} as const;

/** What a command gives: data and a status word. */
export interface Reply {
  readonly data: Uint8Array;
  readonly status: number;
}

/** A status word without data. */
export function refuse(word: number): Reply {
  return { data: new Uint8Array(0), status: word };
}

/** Data with 9000. */
export function reply(data: Uint8Array = new Uint8Array(0)): Reply {
  return { data, status: status.ok };
}

/** The bytes of a reply. */
export function replyBytes({ data, status: word }: Reply): Uint8Array {
  return concat(data, Uint8Array.of(word >> 8, word & 0xff));
}
