import type { Message } from "../codec/iso8583.ts";
import { askInClear, bytesField, type HostContext, textField } from "./conversation.ts";
import { messageKinds } from "./dialect/transactions.ts";
import { managementMessage } from "./inquiry.ts";
import type { SignInOutcome } from "./types.ts";

/**
 * Signs in and takes the session keys. The answer has no MAC, because there is no key for one yet: what makes it
 * genuine is that its keys have the right check values under the terminal master key.
 */
export async function signIn(context: HostContext, stan: number): Promise<SignInOutcome> {
  const { parameters, vault } = context;
  vault.forgetSessionKeys();
  const needsTrackKey = parameters.encryptTracks || parameters.backup;
  const kind = needsTrackKey ? messageKinds.signInWithTracks : messageKinds.signIn;
  const question = managementMessage(context, kind, stan);
  const operator: [number, string] = [63, `${context.duty?.operator ?? parameters.operator} `];
  const reply = await askInClear(context, { ...question, fields: new Map([...question.fields, operator]) });
  if (reply.kind !== "answer") return reply.kind === "noAnswer" ? { kind: "noAnswer" } : { kind: "mismatch" };
  const responseCode = textField(reply.message, 39);
  if (responseCode === undefined) return { kind: "mismatch" };
  if (responseCode !== "00") return { kind: "refused", responseCode };
  const keys = bytesField(reply.message, 62);
  if (!vault.loadSessionKeys(keys ?? new Uint8Array(0))) return { kind: "mismatch" };
  const batch = batchOf(reply.message);
  return { kind: "signedIn", ...(batch === undefined ? {} : { batch }) };
}

/** The batch that the host has open, of field 60 of its answer to a sign-in. */
function batchOf(answer: Message): number | undefined {
  const number = /^00(\d{6})/.exec(textField(answer, 60) ?? "")?.[1];
  return number === undefined || Number(number) === 0 ? undefined : Number(number);
}

/** Signs out: the session keys are forgotten whatever the host says; true when it agrees. */
export async function signOut(context: HostContext, stan: number): Promise<boolean> {
  context.vault.forgetSessionKeys();
  return isConfirmed(context, managementMessage(context, messageKinds.signOut, stan));
}

/** True when the host is there and answers as itself. */
export async function echo(context: HostContext, stan: number): Promise<boolean> {
  return isConfirmed(context, managementMessage(context, messageKinds.echo, stan));
}

async function isConfirmed(context: HostContext, question: Message): Promise<boolean> {
  const reply = await askInClear(context, question);
  return reply.kind === "answer" && textField(reply.message, 39) === "00";
}
