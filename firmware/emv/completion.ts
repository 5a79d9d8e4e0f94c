import { asciiToBytes } from "../codec/text.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { type ActionCodes, analyseWithoutHost } from "./analysis.ts";
import { externalAuthenticateCommand } from "./commands.ts";
import { generateCryptogram } from "./cryptogram.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { type IssuerData, parseIssuerData } from "./field55.ts";
import { asksForSignature, type CombinedMode, type CryptogramMoment } from "./oda/combined.ts";
import { clearVerification, hasBit, type ResultBit, setStatus, setVerification, verificationBits } from "./results.ts";
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
  | { readonly kind: "unable" }
  /** Nothing was ever sent: the action codes for this case say what the card is asked for (Book 3, 10.7). */
  | { readonly kind: "unreachable" };

/** What the second cryptogram needs beside the session's data. */
export interface CompletionContext {
  readonly actionCodes?: ActionCodes;
  /** Asks for a combined signature with an approval, to be verified with the card's key. */
  readonly cardKey?: RsaPublicKey | undefined;
  /** When it is asked for (Book 2, 6.6); 1 where it is not said. */
  readonly combinedMode?: CombinedMode;
}

/** Authorisation response codes for "unable to go online", approved and declined (EMV 4.3 Book 4, annex A6). */
const unableCodes = { TC: "Y3", AAC: "Z3" } as const;
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
  context: CompletionContext = {},
): Promise<"TC" | "AAC"> {
  if (verdict.kind !== "answered") {
    const { actionCodes, cardKey } = context;
    const mayApprove = verdict.kind === "unreachable" && actionCodes !== undefined;
    const wanted = mayApprove ? wantedWithoutHost(data, actionCodes, cardKey !== undefined) : "AAC";
    setResponseCode(data, unableCodes[wanted]);
    return lastWord(card, data, wanted, "secondUnable", context);
  }
  const issuer = parseIssuerData(verdict.chipData);
  if (issuer.responseCode === undefined) {
    setResponseCode(data, verdict.responseCode);
  } else {
    data.set(tags.authorisationResponseCode, issuer.responseCode);
  }
  await authenticateIssuer(card, data, issuer);
  await runScripts(card, data, issuer.scripts, "before");
  const given = await lastWord(card, data, verdict.approved ? "TC" : "AAC", "secondOnline", context);
  try {
    await runScripts(card, data, issuer.scripts, "after");
  } catch (error) {
    if (!(error instanceof CardError)) {
      throw error; // the card has had its last word: that it did not answer a script does not change it
    }
  }
  return given;
}

/**
 * What the terminal wants of the card without its host. An approval of its own is always signed, so that a request that
 * was not does not speak against it; a refusal leaves the card as unauthenticated as it was (Book 2, 6.6). A PIN that the
 * host was to check and nobody has is no verification, whatever the action codes say of it: stricter than 10.7.
 */
function wantedWithoutHost(data: SessionData, actionCodes: ActionCodes, signs: boolean): "TC" | "AAC" {
  const wasUnsigned =
    signs && hasBit(data.get(tags.terminalVerificationResults), verificationBits.offlineAuthenticationNotPerformed);
  if (wasUnsigned) {
    clearVerification(data, "offlineAuthenticationNotPerformed");
  }
  const isUnchecked = hasBit(data.get(tags.terminalVerificationResults), verificationBits.onlinePinEntered);
  const wanted = isUnchecked ? "AAC" : analyseWithoutHost(data, actionCodes);
  if (wasUnsigned && wanted === "AAC") {
    setVerification(data, "offlineAuthenticationNotPerformed");
  }
  return wanted;
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
  if (authentication.length < 8 || authentication.length > 16) {
    setVerification(data, "issuerAuthenticationFailed");
    return;
  }
  const answer = await exchange(card, externalAuthenticateCommand(authentication), "authenticate issuer");
  setStatus(data, "issuerAuthenticationPerformed");
  if (answer.status !== 0x9000) {
    setVerification(data, "issuerAuthenticationFailed");
  }
}

/** The second GENERATE AC. An approval that the card does not sign as it was asked to is none (Book 2, 6.6.2). */
async function lastWord(
  card: CardChannel,
  data: SessionData,
  wanted: "TC" | "AAC",
  moment: CryptogramMoment,
  { cardKey, combinedMode = 1 }: CompletionContext,
): Promise<"TC" | "AAC"> {
  const isSigned = cardKey !== undefined && asksForSignature(combinedMode, moment, wanted);
  if (isSigned) {
    clearVerification(data, "offlineAuthenticationNotPerformed");
  }
  const given = await generateCryptogram(card, data, "second", wanted, isSigned ? cardKey : undefined);
  return given.type === "TC" && given.isGenuine ? "TC" : "AAC";
}

function setResponseCode(data: SessionData, code: string): void {
  data.set(tags.authorisationResponseCode, asciiToBytes(code.slice(0, 2)));
}
