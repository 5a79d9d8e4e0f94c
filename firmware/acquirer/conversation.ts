import type { Clock } from "../../hal/device.ts";
import { wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { hexToBytes } from "../codec/hex.ts";
import { decodeMessage, encodeMessage, type Message, wipeSecrets } from "../codec/iso8583.ts";
import type { JournalPort } from "../journal/types.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import type { Parameters } from "../update/parameters.ts";
import type { Vault } from "../vault/types.ts";
import { unionpayPackager } from "./dialect/packager.ts";
import { macRefused, signInAgain } from "./dialect/values.ts";
import { misfit } from "./fit.ts";
import { encodeFrame, messageOf } from "./frame.ts";
import type { Link } from "./link.ts";
import { protect } from "./protection.ts";
import type { Misfit } from "./types.ts";

/** What every message to the host needs. */
export interface HostContext {
  readonly parameters: Parameters;
  readonly vault: Vault;
  readonly link: Pick<Link, "exchange"> & Partial<Pick<Link, "giveUp" | "refused">>;
  readonly clock: Pick<Clock, "wall">;
  /** The batch that is open. */
  readonly batch: { readonly number: number };
  /** Who is signed on at the terminal, two digits; undefined: the parameters' operator counts. */
  readonly duty?: { readonly operator: string | undefined };
  /** Told after every request whether an answer came. */
  readonly bar?: { reached(yes: boolean): void } | undefined;
}

/** What the acquirer's side is made of. */
export interface AcquirerOptions extends HostContext {
  /** Gives a STAN for a message that is no transaction. */
  readonly journal: Pick<JournalPort, "nextStan">;
}

/** What came of a question. `answer` has been checked: its MAC (where one belongs), then that it fits. */
export type Reply =
  | { readonly kind: "answer"; readonly message: Message }
  /** `answeredAmount`: field 4 where it is another than was asked for, in minor units. */
  | { readonly kind: "mismatch"; readonly field: Misfit; readonly answeredAmount?: number }
  /** `unsendable`: the dialect has no room for what the question says; asking again would not help. */
  | { readonly kind: "noAnswer"; readonly sent: boolean; readonly unsendable?: boolean };

const unsendable = Object.freeze<Reply>({ kind: "noAnswer", sent: false, unsendable: true });

const macLength = 8;
/** In a message: the bitmap's last byte, whose lowest bit is field 64. */
const lastBitmapByte = 9;

/**
 * Asks the host under the session's MAC key. Throws `MissingKeyError` when not signed in, before anything is sent.
 * When one side finds the other's MAC wrong, or the host wants a new sign-in (it has another batch open), the session is
 * over: the keys are forgotten, and the next step is sign-in.
 */
export async function ask(context: HostContext, question: Message): Promise<Reply> {
  const message = await sealed(context, question);
  if (message === undefined) return unsendable;
  const reply = await talk(context, question, message, (answer) => hasRightMac(context.vault, answer));
  const responseCode = reply.kind === "answer" ? textField(reply.message, 39) : undefined;
  const isOver =
    responseCode === macRefused || responseCode === signInAgain || (reply.kind === "mismatch" && reply.field === "mac");
  if (isOver) context.vault.forgetSessionKeys();
  return reply;
}

/** True of a question that no repetition gets to the host. */
export function isUnsendable(reply: Reply): boolean {
  return reply.kind === "noAnswer" && reply.unsendable === true;
}

/**
 * The question's bytes with their MAC; undefined where a field has no room for what stands in it. What they are made of is
 * gone before the host is waited for: memory is short then.
 */
async function sealed({ vault, parameters }: HostContext, question: Message): Promise<Uint8Array | undefined> {
  try {
    const hidden = await inTurnOfItsOwn(() => protect(vault, parameters, question));
    return encodeWithMac(vault, { mti: question.mti, fields: hidden.fields });
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Asks the host without MACs: sign-in, when there is no key for one yet, sign-out and echo. */
export async function askInClear(context: HostContext, question: Message): Promise<Reply> {
  return talk(context, question, encodeMessage(unionpayPackager, question), () => true);
}

async function talk(
  context: HostContext,
  question: Message,
  message: Uint8Array,
  isGenuine: (answer: Uint8Array) => boolean,
): Promise<Reply> {
  const { parameters, link } = context;
  const frame = encodeFrame(hexToBytes(parameters.tpdu), hexToBytes(parameters.header), message);
  wipe(message);
  const result = await link.exchange(frame);
  wipe(frame);
  context.bar?.reached(result.kind !== "noAnswer");
  if (result.kind === "noAnswer") return result;
  if (result.kind === "badFrame") return { kind: "mismatch", field: "format" };
  return judge(question, result.frame, isGenuine);
}

function judge(question: Message, frame: Uint8Array, isGenuine: (answer: Uint8Array) => boolean): Reply {
  try {
    const bytes = messageOf(frame);
    if (!isGenuine(bytes)) return { kind: "mismatch", field: "mac" };
    const message = decodeMessage(unionpayPackager, bytes);
    wipeSecrets(unionpayPackager, message); // nobody asks an answer for the card's number
    const field = misfit(question, message);
    if (field === undefined) return { kind: "answer", message };
    const answeredAmount = field === "amount" ? amountField(message) : undefined;
    return { kind: "mismatch", field, ...(answeredAmount === undefined ? {} : { answeredAmount }) };
  } catch (error) {
    if (error instanceof FormatError) return { kind: "mismatch", field: "format" };
    throw error;
  } finally {
    wipe(frame);
  }
}

/** A message as it goes into a frame, with field 64 under the session's key. Throws `MissingKeyError` without one. */
export function encodeWithMac(vault: Vault, { mti, fields }: Message): Uint8Array {
  const message = encodeMessage(unionpayPackager, { mti, fields: new Map(fields).set(64, new Uint8Array(macLength)) });
  const covered = message.subarray(0, message.length - macLength);
  message.set(vault.mac(covered), covered.length);
  return message;
}

/** Field 64 is the last of a message; one without it has no MAC. */
export function hasRightMac(vault: Vault, message: Uint8Array): boolean {
  if ((message[lastBitmapByte]! & 1) === 0) return false;
  const end = message.length - macLength;
  return vault.verifyMac(message.subarray(0, end), message.subarray(end));
}

/** Text of a field of a checked answer without the spaces that fill it; undefined where there is none. */
export function textField(message: Message, field: number): string | undefined {
  const value = message.fields.get(field);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** Field 4 in minor units. */
function amountField(message: Message): number | undefined {
  const text = textField(message, 4);
  return text === undefined ? undefined : Number(text);
}

/** Bytes of a field of a checked answer. */
export function bytesField(message: Message, field: number): Uint8Array | undefined {
  const value = message.fields.get(field);
  return value instanceof Uint8Array ? value : undefined;
}

/** The identification that every message carries, and field 60. */
export function commonFields(parameters: Parameters, stan: string, field60: string): [number, string | Uint8Array][] {
  return [
    [11, stan],
    [41, parameters.terminalId],
    [42, parameters.merchantId],
    [60, field60],
  ];
}
