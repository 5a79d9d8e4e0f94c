import { concat, wipe } from "../codec/bytes.ts";
import { type RsaPublicKey, rsaPublic } from "../crypto/rsa.ts";
import { encodePinBlock } from "../vault/pin-block.ts";
import { challengeCommand, verifyCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { setVerification } from "./results.ts";
import { getElement } from "./risk.ts";
import { tags } from "./tags.ts";

/** What a cardholder is told when the card is to check the PIN. */
export interface OfflinePinPrompt {
  /** How many wrong PINs the card still takes, where it says so. */
  readonly triesLeft: number | undefined;
  /** The PIN before this one was wrong. */
  readonly isRetry: boolean;
}

/** A PIN for the card: 4 to 12 ASCII digits, which whoever gets them wipes. */
export type OfflinePinAnswer = Uint8Array | "bypassed" | "cancelled";

/** What checking a PIN by the card needs. */
export interface OfflinePin {
  readonly card: CardChannel;
  readonly ask: (prompt: OfflinePinPrompt) => Promise<OfflinePinAnswer>;
  /** Unpredictable bytes. */
  readonly random: (count: number) => Uint8Array;
  /** The card's key for enciphered PINs; undefined when it has none that is certified. */
  readonly pinKey: () => RsaPublicKey | undefined;
}

export type OfflinePinResult = "verified" | "failed" | "bypassed" | "cancelled";

const step = "verify PIN";
const statusTriesLeft = 0x63c0;
const statusesBlocked: readonly number[] = [0x6983, 0x6984];

/** As many as a card can count; one that never counts down is stopped here. */
const mostTries = 15;

const pinHeader = 0x7f;
const pinBlockLength = 8;
const challengeLength = 8;
const leastKeyLength = 1 + pinBlockLength + challengeLength;

/**
 * Offline PIN (EMV 4.3 Book 3, 10.5.1; Book 4, 6.3.4.1): asks until the card accepts a PIN, none is given, or the card
 * takes no more. Sets "PIN try limit exceeded" and "PIN was not entered" of the TVR.
 * Throws `CardError("refusal")` for an answer that VERIFY does not have.
 */
export async function verifyOfflinePin(
  offline: OfflinePin,
  data: SessionData,
  form: "plain" | "enciphered",
): Promise<OfflinePinResult> {
  const key = form === "enciphered" ? offline.pinKey() : undefined;
  if (form === "enciphered" && (key === undefined || key.modulus.length <= leastKeyLength)) {
    return "failed";
  }
  let triesLeft = (await getElement(offline.card, tags.pinTryCounter))?.[0];
  let isRetry = false;
  for (let count = 0; count < mostTries && triesLeft !== 0; count++) {
    const pin = await offline.ask({ triesLeft, isRetry });
    if (pin === "cancelled") {
      return pin;
    }
    if (pin === "bypassed") {
      setVerification(data, "pinNotEntered");
      return pin;
    }
    const status = await present(offline, pin, key);
    if (status === undefined) {
      return "failed";
    }
    if (status === 0x9000) {
      return "verified";
    }
    triesLeft = triesLeftBy(status);
    isRetry = true;
  }
  setVerification(data, "pinTriesExceeded");
  return "failed";
}

/** How many tries a card's status leaves (Book 3, 6.5.12.5). */
function triesLeftBy(status: number): number {
  if (statusesBlocked.includes(status)) {
    return 0;
  }
  if ((status & 0xfff0) !== statusTriesLeft) {
    throw new CardError("refusal", step);
  }
  return status & 0x000f;
}

/** One VERIFY; its status, or undefined when the card gave no challenge to encipher the PIN with. Wipes the PIN. */
async function present(
  offline: OfflinePin,
  pin: Uint8Array,
  key: RsaPublicKey | undefined,
): Promise<number | undefined> {
  const block = encodePinBlock(2, pin);
  wipe(pin);
  let command: Uint8Array | undefined;
  try {
    if (key === undefined) {
      command = verifyCommand("plain", block);
    } else {
      const enciphered = await encipherPin(offline, block, key);
      if (enciphered === undefined) {
        return undefined;
      }
      command = verifyCommand("enciphered", enciphered);
    }
    return (await exchange(offline.card, command, step)).status;
  } finally {
    wipe(block);
    if (command !== undefined) {
      wipe(command);
    }
  }
}

/** PIN encipherment (Book 2, 7.2): header, PIN block, the card's challenge, and chance up to the key's length. */
async function encipherPin(offline: OfflinePin, block: Uint8Array, key: RsaPublicKey): Promise<Uint8Array | undefined> {
  const challenge = await exchange(offline.card, challengeCommand(), "get challenge");
  if (challenge.status !== 0x9000 || challenge.data.length !== challengeLength) {
    return undefined;
  }
  const padding = offline.random(key.modulus.length - leastKeyLength);
  const plain = concat([Uint8Array.of(pinHeader), block, challenge.data, padding]);
  await Promise.resolve(); // the key's arithmetic starts on a stack of its own
  const enciphered = rsaPublic(key, plain);
  wipe(plain);
  return enciphered;
}
