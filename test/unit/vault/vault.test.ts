import { test } from "uvu";
import * as assert from "uvu/assert";
import { decrypt, load, open } from "#native/vault";
import { concat } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes, bytesToAscii } from "../../../firmware/codec/text.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import { MissingKeyError } from "../../../firmware/vault/types.ts";
import { KeyVault } from "../../../firmware/vault/vault.ts";
import {
  checkValue,
  deviceOf,
  encryptUnder,
  field62,
  MemorySecure,
  macKey,
  masterKey,
  pinKey,
  provisioned,
  trackKey,
  wrapped,
} from "./secure.ts";

const message = hexToBytes(
  "02003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C023031",
);
const publishedMac = hexToBytes("4233413039324145");

const isFormat = (error: unknown): boolean => error instanceof FormatError;
const isMissingKey = (error: unknown): boolean => error instanceof MissingKeyError;

function vaultOf(secure = provisioned()): KeyVault {
  return new KeyVault(deviceOf(secure));
}

function inSession(): KeyVault {
  const vault = vaultOf();
  assert.ok(vault.loadSessionKeys(field62()));
  return vault;
}

test("the published message has the published MAC, and no other message has it", () => {
  const vault = inSession();
  assert.equal(vault.mac(message), publishedMac);
  assert.ok(vault.verifyMac(message, publishedMac));
  const other = message.slice();
  other[14]! ^= 1;
  assert.not.ok(vault.verifyMac(other, publishedMac));
  assert.not.ok(vault.verifyMac(message, publishedMac.subarray(0, 7)));
  assert.not.ok(vault.verifyMac(message, new Uint8Array(0)));
});

test("every layout of session keys is taken: 24, 40 and 60 bytes, both places of the check value", () => {
  const single = hexToBytes("0123456789ABCDEF");
  const double = hexToBytes("A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8");
  const macPlace = (behind: boolean): Uint8Array =>
    concat([
      encryptUnder(masterKey, macKey),
      ...(behind ? [checkValue(macKey), new Uint8Array(8)] : [new Uint8Array(8), checkValue(macKey)]),
    ]);
  const layouts: readonly (readonly [Uint8Array, Uint8Array])[] = [
    [concat([wrapped(single), wrapped(macKey)]), macKey],
    [concat([wrapped(pinKey), macPlace(false)]), macKey],
    [concat([wrapped(pinKey), macPlace(true)]), macKey],
    [concat([wrapped(pinKey), macPlace(true), wrapped(trackKey)]), macKey],
    [concat([wrapped(pinKey), wrapped(double)]), double],
    [concat([wrapped(pinKey), wrapped(double), wrapped(trackKey)]), double],
  ];
  for (const [field, key] of layouts) {
    const vault = vaultOf();
    assert.ok(vault.loadSessionKeys(field), `${field.length} bytes`);
    const reference = vaultOf();
    assert.ok(reference.loadSessionKeys(concat([wrapped(pinKey), key.length === 8 ? macPlace(false) : wrapped(key)])));
    assert.equal(vault.mac(message), reference.mac(message));
  }
});

test("a wrong check value leaves no session key at all", () => {
  for (const place of [16, 20, 36, 56]) {
    const vault = inSession();
    const field = field62();
    field[place]! ^= 0x80;
    assert.not.ok(vault.loadSessionKeys(field), `byte ${place}`);
    assert.not.ok(vault.inSession);
    assert.throws(() => vault.mac(message), isMissingKey);
    assert.throws(() => vault.pinBlock(asciiToBytes("123456"), asciiToBytes("6228480402564890018")), isMissingKey);
    assert.not.ok(vault.verifyMac(message, publishedMac));
  }
});

test("field 62 of any other length is refused", () => {
  for (let length = 0; length < 100; length++) {
    if ([24, 40, 56, 60, 84].includes(length)) continue;
    assert.not.ok(vaultOf().loadSessionKeys(new Uint8Array(length)), `${length} bytes`);
  }
});

test("without a terminal master key nothing is taken and the vault says that it is not ready", () => {
  const vault = vaultOf(new MemorySecure());
  assert.not.ok(vault.ready);
  assert.not.ok(vault.loadSessionKeys(field62()));
});

test("a PIN block is format 0 under the PIN key, and the digits are gone", () => {
  const digits = asciiToBytes("123456");
  const block = inSession().pinBlock(digits, asciiToBytes("6228480402564890018"));
  assert.equal(digits, new Uint8Array(6));
  // 06123456FFFFFFFF xor 0000040256489001, under the PIN key.
  assert.equal(bytesToHex(block), bytesToHex(encryptUnder(pinKey, hexToBytes("06123054A9B76FFE"))));
});

test("a PIN of three or thirteen digits makes no block and is wiped all the same", () => {
  const pan = asciiToBytes("6228480402564890018");
  for (const text of ["123", "1234567890123", "12A4"]) {
    const digits = asciiToBytes(text);
    const vault = inSession();
    assert.throws(
      () => vault.pinBlock(digits, pan),
      (error: unknown) => {
        return error instanceof FormatError && !error.message.includes(text);
      },
    );
    assert.equal(digits, new Uint8Array(text.length));
  }
  assert.throws(() => inSession().pinBlock(asciiToBytes("1234"), asciiToBytes("123456789012")), isFormat);
});

test("a card number comes back from its token on this terminal only, and tokens tell nothing", () => {
  const secure = provisioned();
  const vault = vaultOf(secure);
  for (const pan of ["62284804", "6228480402564890", "6228480402564890018"]) {
    const first = vault.protectPan(asciiToBytes(pan));
    assert.is(first.length, 16);
    assert.not.equal(first, vault.protectPan(asciiToBytes(pan)));
    assert.is(bytesToAscii(vaultOf(secure).revealPan(first)), pan);
    const stranger = new KeyVault(deviceOf(new MemorySecure(), { read: (n) => new Uint8Array(n).fill(7) }));
    assert.throws(() => stranger.revealPan(first), isFormat);
  }
  assert.throws(() => vault.protectPan(asciiToBytes("6228480")), isFormat);
  assert.throws(() => vault.revealPan(new Uint8Array(15)), isFormat);
});

test("after sign-out the session keys are gone and the journal's key is not", () => {
  const vault = inSession();
  const token = vault.protectPan(asciiToBytes("6228480402564890018"));
  vault.forgetSessionKeys();
  assert.not.ok(vault.inSession);
  assert.throws(() => vault.mac(message), isMissingKey);
  assert.is(bytesToAscii(vault.revealPan(token)), "6228480402564890018");
});

test("a card number goes to the host under the session's track key, and comes back as a token of this terminal", () => {
  const vault = inSession();
  const token = vault.protectPan(asciiToBytes("6228480402564890018"));
  const exported = vault.exportPan(token);
  assert.is(exported.length, 16);
  assert.not.equal(exported, token);
  assert.is(bytesToAscii(vault.revealPan(vault.importPan(exported))), "6228480402564890018");
  assert.throws(() => vault.importPan(exported.subarray(1)), isFormat);
  assert.throws(() => vault.importPan(exported.map((byte) => byte ^ 1)), isFormat);
  vault.forgetSessionKeys();
  assert.throws(() => vault.exportPan(token), isMissingKey);
});

test("what goes to the host is chained: zeros, then the first block, are combined with what is enciphered", () => {
  const vault = inSession();
  const token = vault.protectPan(asciiToBytes("6228480402564890018"));
  const exported = vault.exportPan(token);
  const memory = open(1);
  load(memory, 0, trackKey);
  const clear = decrypt(memory, 0, algorithm.tdes, exported);
  for (let i = 0; i < 8; i++) clear[8 + i]! ^= exported[i]!;
  assert.equal(clear.subarray(0, 11), hexToBytes("136228480402564890018F"));
});

test("nothing that a vault shows holds a key", () => {
  const vault = inSession();
  assert.equal(Object.keys(vault), []);
  assert.is(JSON.stringify(vault), "{}");
});

test.run();
