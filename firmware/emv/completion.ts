import { asciiToBytes } from "../codec/text.ts";
import { externalAuthenticateCommand } from "./commands.ts";
import { generateCryptogram } from "./cryptogram.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { type IssuerData, parseIssuerData } from "./field55.ts";
import { hasBit, type ResultBit, setStatus, setVerification } from "./results.ts";
import { runScripts } from "./scripts.ts";
import { tags } from "./tags.ts";

/** What the host said, as the card has to hear it. */
export type HostVerdict =
  | {
      readonly kind: "answered";
      readonly approved: boolean;
      readonly responseCode: string;
      readonly chipData?: Uint8Array;
    }
  /** There is no answer, or none that is accepted: nothing may be approved. */
  | { readonly kind: "unable" };

/** Authorisation response code for "unable to go online, declined" (EMV 4.3 Book 4, annex A6). */
const unableDeclined = "Z3";
const supportsIssuerAuthentication: ResultBit = [0, 0x04];

/**
 * What follows the host's answer: issuer authentication, the scripts around the second GENERATE AC, and the card's last
 * word (EMV 4.3 Book 3, 10.9 to 10.11).
 * @returns "TC" when the card agrees, "AAC" when it does not
 */
export async function completeWithCard(
  card: CardChannel,
  data: SessionData,
  verdict: HostVerdict,
): Promise<"TC" | "AAC"> {
  if (verdict.kind === "unable") {
    setResponseCode(data, unableDeclined);
    return lastWord(card, data, "AAC");
  }
  const issuer = parseIssuerData(verdict.chipData);
  if (issuer.responseCode === undefined) {
    setResponseCode(data, verdict.responseCode);
  } else {
    data.set(tags.authorisationResponseCode, issuer.responseCode);
  }
  await authenticateIssuer(card, data, issuer);
  await runScripts(card, data, issuer.scripts, "before");
  const given = await lastWord(card, data, verdict.approved ? "TC" : "AAC");
  try {
    await runScripts(card, data, issuer.scripts, "after");
  } catch (error) {
    if (!(error instanceof CardError)) {
      throw error;
    }
    setVerification(data, "scriptFailedAfter"); // the card has had its last word: a script cannot change it
  }
  return given;
}

/** Issuer authentication (Book 3, 10.9): by its own command, or else inside the second GENERATE AC by CDOL2. */
async function authenticateIssuer(card: CardChannel, data: SessionData, issuer: IssuerData): Promise<void> {
  const { authentication } = issuer;
  if (authentication === undefined) {
    return;
  }
  data.set(tags.issuerAuthenticationData, authentication);
  if (!hasBit(data.fromCard(tags.applicationInterchangeProfile), supportsIssuerAuthentication)) {
    return;
  }
  const fits = authentication.length >= 8 && authentication.length <= 16;
  const accepted =
    fits &&
    (await exchange(card, externalAuthenticateCommand(authentication), "authenticate issuer")).status === 0x9000;
  setStatus(data, "issuerAuthenticationPerformed");
  if (!accepted) {
    setVerification(data, "issuerAuthenticationFailed");
  }
}

async function lastWord(card: CardChannel, data: SessionData, wanted: "TC" | "AAC"): Promise<"TC" | "AAC"> {
  return (await generateCryptogram(card, data, "second", wanted)) === "TC" ? "TC" : "AAC";
}

function setResponseCode(data: SessionData, code: string): void {
  data.set(tags.authorisationResponseCode, asciiToBytes(code.slice(0, 2)));
}
