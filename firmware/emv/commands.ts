import { concat } from "../codec/bytes.ts";
import { tagBytes } from "../codec/tlv.ts";

/** Which of several applications with the same beginning SELECT gives (EMV 4.3 Book 1, 11.3.2). */
export type Occurrence = "first" | "next";

/** SELECT by name: a payment system environment, or an application identifier of 5 to 16 bytes. */
export function selectCommand(name: Uint8Array, occurrence: Occurrence = "first"): Uint8Array {
  return command(0x00, 0xa4, 0x04, occurrence === "first" ? 0x00 : 0x02, name);
}

/** READ RECORD (Book 3, 6.5.11): file 1 to 30, record 1 to 255. */
export function readRecordCommand(file: number, record: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, record, (file << 3) | 0x04, 0x00);
}

/** GET PROCESSING OPTIONS (Book 3, 6.5.8) with the data of the list, at most 252 bytes. */
export function processingOptionsCommand(data: Uint8Array): Uint8Array {
  const header = data.length < 0x80 ? Uint8Array.of(0x83, data.length) : Uint8Array.of(0x83, 0x81, data.length);
  return command(0x80, 0xa8, 0x00, 0x00, concat([header, data]));
}

/** Which cryptogram the terminal asks for (Book 3, 6.5.5.2). */
export const cryptogramTypes = Object.freeze({ AAC: 0x00, TC: 0x40, ARQC: 0x80 } as const);
export type CryptogramType = keyof typeof cryptogramTypes;

const combinedSignature = 0x10;

/**
 * GENERATE AC (Book 3, 6.5.5). A card may have empty lists: there is no data then.
 * @param isSigned asks for a combined signature with the cryptogram
 */
export function generateCryptogramCommand(type: CryptogramType, data: Uint8Array, isSigned = false): Uint8Array {
  const reference = cryptogramTypes[type] | (isSigned ? combinedSignature : 0);
  return data.length === 0
    ? Uint8Array.of(0x80, 0xae, reference, 0x00, 0x00)
    : command(0x80, 0xae, reference, 0x00, data);
}

/** EXTERNAL AUTHENTICATE (Book 3, 6.5.4): no data comes back, so no length is expected. */
export function externalAuthenticateCommand(issuerAuthenticationData: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0x00, 0x82, 0x00, 0x00, issuerAuthenticationData.length), issuerAuthenticationData]);
}

/** VERIFY (Book 3, 6.5.12) with a PIN block of 8 bytes, or with one that is enciphered. */
export function verifyCommand(form: "plain" | "enciphered", data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0x00, 0x20, 0x00, form === "plain" ? 0x80 : 0x88, data.length), data]);
}

/** GET CHALLENGE (Book 3, 6.5.6). */
export function challengeCommand(): Uint8Array {
  return Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x00);
}

/** GET DATA (Book 3, 6.5.7) of one primitive element. */
export function getDataCommand(tag: number): Uint8Array {
  const [high, low] = tag > 0xff ? tagBytes(tag) : [0x00, tag];
  return Uint8Array.of(0x80, 0xca, high!, low!, 0x00);
}

function command(cla: number, ins: number, p1: number, p2: number, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length > 0xff) {
    throw new RangeError("command data has 1 to 255 bytes");
  }
  return concat([Uint8Array.of(cla, ins, p1, p2, data.length), data, Uint8Array.of(0x00)]);
}
