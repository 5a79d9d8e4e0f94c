/** Network management: sign-in hands out session keys, sign-out takes them away, echo answers, downloads. */
import { concat, hex } from "../bytes.ts";
import type { WrappedKey, WrappedSession } from "../hsm.ts";
import type { Fields } from "../iso8583/codec.ts";
import { type AnswerFields, type Bank, batchText, readField60, type TerminalState } from "./bank.ts";
import { answerDownload, isDownload } from "./downloads.ts";

/** Which keys a sign-in asks for, by the network management code (field 60, third part). */
const signIns: Record<string, { readonly double: boolean; readonly track: boolean }> = {
  "001": { double: false, track: false },
  "003": { double: true, track: false },
  "004": { double: true, track: true },
};

const UNSUPPORTED = "40";

function part({ wrapped, check }: WrappedKey): Uint8Array {
  return concat(wrapped, check);
}

/** The MAC key's part of field 62: a single-length key is filled up, and its check value has two possible places. */
function macPart({ wrapped, check }: WrappedKey, double: boolean, checkAt: 8 | 16): Uint8Array {
  if (!double || wrapped.length === 16) return concat(wrapped, check);
  const filler = new Uint8Array(8);
  return checkAt === 16 ? concat(wrapped, filler, check) : concat(wrapped, check, filler);
}

/** Field 62 of the answer: 24, 40 or 60 bytes, as hex. */
function keyField(session: WrappedSession, shape: { double: boolean; track: boolean }, checkAt: 8 | 16): string {
  const keys = [part(session.pin), macPart(session.mac, shape.double, checkAt)];
  if (shape.track) keys.push(part(session.track));
  return hex(concat(...keys));
}

function signIn(bank: Bank, terminal: TerminalState, code: string): AnswerFields {
  const shape = signIns[code]!;
  const { entry } = terminal;
  const session = bank.hsm.startSession(entry.terminal, {
    pinKey: shape.double ? 16 : 8,
    macKey: shape.double ? entry.makLength : 8,
  });
  if (!session) return { 39: "97" };
  return { 39: "00", 60: `00${batchText(terminal.batch)}${code}`, 62: keyField(session, shape, entry.makCheckAt) };
}

/** Answers 0800 and 0820. Before sign-in there is no key for a MAC; downloads come with one. */
export function manageNetwork(bank: Bank, terminal: TerminalState, fields: Fields): AnswerFields {
  const { code } = readField60(fields);
  const base = bank.stamp();
  if (code in signIns) return { ...base, ...signIn(bank, terminal, code) };
  if (isDownload(code)) return { ...base, ...answerDownload(code, fields[62], bank.downloads) };
  if (code === "002") bank.hsm.endSession(terminal.entry.terminal);
  return { ...base, 39: code === "002" || code === "301" ? "00" : UNSUPPORTED };
}
