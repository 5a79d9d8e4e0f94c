/** How an issuer's master keys become a card's keys and a transaction's keys (EMV 4.3 Book 2, annex A1). */
import { createHash } from "node:crypto";
import { concat, fromHex, hex, xor } from "../bytes.ts";
import { decimalise, encryptEcb, needDoubleLength, oddParity } from "./des.ts";

const INVERT = new Uint8Array(8).fill(0xff);

function needLength(value: Uint8Array, length: number, name: string): void {
  if (value.length !== length) throw new RangeError(`${name} must have ${length} bytes`);
}

function fromBlock(issuerKey: Uint8Array, block: Uint8Array): Uint8Array {
  return oddParity(encryptEcb(issuerKey, concat(block, xor(block, INVERT))));
}

/** Option A (annex A1.4.1): the rightmost 16 digits of PAN and PAN sequence number; `sequence` has two digits. */
export function cardMasterKeyA(issuerKey: Uint8Array, pan: string, sequence: string): Uint8Array {
  needDoubleLength(issuerKey);
  return fromBlock(issuerKey, fromHex(`${pan}${sequence}`.slice(-16).padStart(16, "0")));
}

/** Option B (annex A1.4.2): for PANs over 16 digits the digits come out of SHA-1. */
export function cardMasterKeyB(issuerKey: Uint8Array, pan: string, sequence: string): Uint8Array {
  if (pan.length <= 16) return cardMasterKeyA(issuerKey, pan, sequence);
  needDoubleLength(issuerKey);
  const text = `${pan}${sequence}`;
  const digest = hex(
    createHash("sha1")
      .update(fromHex(text.length % 2 === 0 ? text : `0${text}`))
      .digest(),
  );
  return fromBlock(issuerKey, fromHex(decimalise(digest, 16)));
}

/** Common session key derivation (annex A1.3.1): `diversifier` has 8 bytes; its third becomes F0 and 0F. */
export function commonSessionKey(cardKey: Uint8Array, diversifier: Uint8Array): Uint8Array {
  needDoubleLength(cardKey);
  needLength(diversifier, 8, "the diversification value");
  const left = Uint8Array.from(diversifier);
  const right = Uint8Array.from(diversifier);
  left[2] = 0xf0;
  right[2] = 0x0f;
  return oddParity(encryptEcb(cardKey, concat(left, right)));
}

/** Common session key from the ATC alone: ATC and six zero bytes. */
export function commonSessionKeyByAtc(cardKey: Uint8Array, atc: Uint8Array): Uint8Array {
  needLength(atc, 2, "the ATC");
  return commonSessionKey(cardKey, concat(atc, new Uint8Array(6)));
}

/** Mastercard's session key: common derivation over ATC, two zero bytes and the unpredictable number. */
export function mastercardSessionKey(cardKey: Uint8Array, atc: Uint8Array, unpredictable: Uint8Array): Uint8Array {
  needLength(atc, 2, "the ATC");
  needLength(unpredictable, 4, "the unpredictable number");
  return commonSessionKey(cardKey, concat(atc, new Uint8Array(2), unpredictable));
}

/** Visa's secure messaging key: the card key with ATC and inverted ATC folded into its halves. */
export function visaMessagingKey(cardKey: Uint8Array, atc: Uint8Array): Uint8Array {
  needDoubleLength(cardKey);
  needLength(atc, 2, "the ATC");
  const zeros = new Uint8Array(6);
  return oddParity(xor(cardKey, concat(zeros, atc, zeros, xor(atc, INVERT.subarray(0, 2)))));
}

/** UnionPay's (PBOC) session key: six zero bytes with ATC, and with inverted ATC, under the card key. */
export function unionpaySessionKey(cardKey: Uint8Array, atc: Uint8Array): Uint8Array {
  needDoubleLength(cardKey);
  needLength(atc, 2, "the ATC");
  const zeros = new Uint8Array(6);
  return oddParity(encryptEcb(cardKey, concat(zeros, atc, zeros, xor(atc, INVERT.subarray(0, 2)))));
}

/** The shape of an EMV2000 key tree. */
export interface TreeShape {
  readonly height: number;
  readonly branchFactor: number;
  readonly iv: Uint8Array;
}

/** EMV2000 session key tree (EMV 4.1 Book 2, annex A1.3.2). */
export function treeSessionKey(cardKey: Uint8Array, atc: Uint8Array, shape: TreeShape): Uint8Array {
  needDoubleLength(cardKey);
  needLength(atc, 2, "the ATC");
  needLength(shape.iv, 16, "the initial value");
  const { height, branchFactor, iv } = shape;
  if (!Number.isInteger(height) || !Number.isInteger(branchFactor) || height < 1 || height > 16 || branchFactor < 2) {
    throw new RangeError("the tree's shape makes no sense");
  }
  if (branchFactor ** height < 0xffff) throw new RangeError("the tree has fewer keys than there are ATC values");

  const child = (parent: Uint8Array, grandparent: Uint8Array, position: number): Uint8Array => {
    const branch = new Uint8Array(8);
    branch[7] = position % branchFactor;
    const other = Uint8Array.from(branch);
    other[7]! ^= 0xf0;
    return encryptEcb(parent, xor(grandparent, concat(branch, other)));
  };
  const counter = (atc[0]! << 8) | atc[1]!;
  let grandparent = iv;
  let parent = cardKey;
  for (let level = height - 1; level >= 0; level -= 1) {
    const position = Math.floor(counter / branchFactor ** level);
    const next = child(parent, grandparent, position);
    if (level === 0) return oddParity(xor(next, grandparent));
    grandparent = parent;
    parent = next;
  }
  throw new RangeError("the tree has no leaves");
}
