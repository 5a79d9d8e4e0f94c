import type { FieldValue, Message } from "../codec/iso8583.ts";
import { encodeTlv } from "../codec/tlv.ts";
import type { Parameters } from "../update/parameters.ts";
import type { Vault } from "../vault/types.ts";

/** Objects of field 57, which is a private one: the key serial number, and a PIN block that field 52 has no room for. */
const tags = Object.freeze({ serial: 0xdf01, pinBlock: 0xdf02 });
const desBlock = 8;

/** What a message's protection is chosen by. */
export type ProtectionParameters = Pick<Parameters, "pinBlockFormat" | "encryptTracks">;

/**
 * A question as it goes out under the terminal's keys: DUKPT's key serial number and PIN blocks of 16 bytes in field
 * 57, tracks enciphered where the parameters say so, and field 53 telling of both. Throws `MissingKeyError`.
 */
export function protect(vault: Vault, parameters: ProtectionParameters, question: Message): Message {
  const fields = new Map<number, FieldValue>(question.fields);
  const pinBlock = fields.get(52);
  const { serial } = vault.openMessage({ withPin: pinBlock !== undefined });
  const objects: { tag: number; value: Uint8Array }[] =
    serial === undefined ? [] : [{ tag: tags.serial, value: serial }];
  if (pinBlock instanceof Uint8Array && pinBlock.length > desBlock) {
    objects.push({ tag: tags.pinBlock, value: pinBlock });
    fields.delete(52);
  }
  if (objects.length > 0) fields.set(57, encodeTlv(objects));
  const hasTracks = parameters.encryptTracks && hideTracks(vault, fields);
  if (pinBlock !== undefined || hasTracks) {
    fields.set(53, securityControl(parameters, pinBlock !== undefined, hasTracks));
  }
  return { mti: question.mti, fields };
}

/** Tracks 2 and 3 become enciphered copies; the caller's own stay his to wipe. */
function hideTracks(vault: Vault, fields: Map<number, FieldValue>): boolean {
  let hidden = false;
  for (const number of [35, 36]) {
    const track = fields.get(number);
    if (!(track instanceof Uint8Array)) continue;
    fields.set(number, vault.encryptTrack(track.slice()));
    hidden = true;
  }
  return hidden;
}

/**
 * Field 53: the PIN block without (1) or with (2) the PAN in it, 0 without a PIN; keys of double length (6); 1 where tracks
 * are enciphered.
 */
function securityControl({ pinBlockFormat }: ProtectionParameters, hasPin: boolean, hasTracks: boolean): string {
  const binding = hasPin ? (pinBlockFormat === 1 ? "1" : "2") : "0";
  return `${binding}6${hasTracks ? "1" : "0"}`.padEnd(16, "0");
}
