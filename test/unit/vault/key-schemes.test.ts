import { test } from "uvu";
import * as assert from "uvu/assert";
import { decrypt, load, open } from "#native/vault";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes, bytesToAscii } from "../../../firmware/codec/text.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import { wrapKeyBlock } from "../../../firmware/vault/key-block.ts";
import type { KeyAttributes, OptionalBlock } from "../../../firmware/vault/key-block-header.ts";
import { decipherPinField, decodePinField } from "../../../firmware/vault/pin-block-aes.ts";
import type { VaultOptions } from "../../../firmware/vault/scheme.ts";
import { KeyUsageError, MissingKeyError } from "../../../firmware/vault/types.ts";
import { KeyVault } from "../../../firmware/vault/vault.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { CountingRandom, deviceOf, MemorySecure, masterKey } from "./secure.ts";

const transportKey = hexToBytes("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");
/** ANSI X9.24-1:2009, A.4; ANSI X9.24-3:2017, supplement. */
const tdesInitial = hexToBytes("6AC292FAA1315B4D858AB3A3D7D5933A");
const tdesSerial = "FFFF9876543210E00000";
const aesInitial = hexToBytes("1273671EA26AC29AFA4D1084127652A1");
const aesId = "1234567890123456";

const tdes: VaultOptions = { keyScheme: "dukpt-tdes", pinBlockFormat: 0, encryptTracks: true };
const aes: VaultOptions = { keyScheme: "dukpt-aes", pinBlockFormat: 4, encryptTracks: true };

/** A key as a loading device brings it. */
function block(key: Uint8Array, changes: Partial<KeyAttributes>): string {
  const memory = open(5);
  load(memory, 0, transportKey);
  load(memory, 4, key);
  const attributes: KeyAttributes = {
    version: "D",
    usage: "B1",
    algorithm: "T",
    mode: "X",
    keyVersion: "00",
    exportability: "N",
    keyContext: "00",
    optionalBlocks: [],
    ...changes,
  };
  const bench = { memory, protection: 0, encryption: 1, authentication: 2, payload: 3 };
  return wrapKeyBlock(bench, attributes, 4, new CountingRandom());
}

const serialBlock = (id: string, data: string): OptionalBlock[] => [{ id, data }];
const tdesBlock = block(tdesInitial, { optionalBlocks: serialBlock("KS", tdesSerial) });
const aesBlock = block(aesInitial, { algorithm: "A", optionalBlocks: serialBlock("IK", aesId) });

function brought(...blocks: string[]): MemorySecure {
  const secure = new MemorySecure();
  secure.write("transportKey", transportKey);
  secure.write("keyBlocks", asciiToBytes(blocks.join("\n")));
  return secure;
}

const pin = (vault: KeyVault, pan: string): string =>
  bytesToHex(vault.pinBlock(asciiToBytes("1234"), asciiToBytes(pan)));

test("a terminal with DUKPT of X9.24-1 makes the published PIN blocks, one key a transaction", () => {
  const vault = new KeyVault(deviceOf(brought(tdesBlock)), tdes);
  assert.is(vault.state, "ready");
  const expected = [
    ["FFFF9876543210E00001", "1B9C1845EB993A7A"],
    ["FFFF9876543210E00002", "10A01C8D02C69107"],
    ["FFFF9876543210E00003", "18DC07B94797B466"],
  ] as const;
  for (const [serial, encrypted] of expected) {
    assert.is(pin(vault, "4012345678909"), encrypted);
    assert.is(bytesToHex(vault.openMessage({ withPin: true }).serial!), serial);
  }
});

test("a request and its answer have the published MACs of one transaction", () => {
  const vault = new KeyVault(deviceOf(brought(tdesBlock)), tdes);
  const message = asciiToBytes("4012345678909D987");
  for (let count = 0; count < 2; count++) vault.openMessage({ withPin: false });
  assert.is(bytesToHex(vault.mac(message).subarray(0, 4)), "F608A9BC");
  assert.not(vault.verifyMac(message, vault.mac(message)), "an answer has another key");
});

test("a terminal with DUKPT of X9.24-3 makes PIN blocks of format 4 that open with the published key", () => {
  const vault = new KeyVault(deviceOf(brought(aesBlock)), aes);
  for (let count = 0; count < 2; count++) vault.openMessage({ withPin: false });
  const found = vault.pinBlock(asciiToBytes("1234"), asciiToBytes("4111111111111111"));
  assert.is(bytesToHex(vault.openMessage({ withPin: true }).serial!), "123456789012345600000003");
  const memory = open(1);
  load(memory, 0, hexToBytes("7D69F01F3B45449F62C7816ECE723268"));
  const field = decipherPinField(found, asciiToBytes("4111111111111111"), (one) =>
    decrypt(memory, 0, algorithm.aes, one),
  );
  assert.is(bytesToAscii(decodePinField(field)), "1234");
  assert.is(bytesToHex(vault.mac(asciiToBytes("4012345678909D987"))), "6A18904AA8E966A0");
});

test("a restart goes on with the next key, and what was loaded is not loaded again", () => {
  const secure = brought(tdesBlock);
  assert.is(pin(new KeyVault(deviceOf(secure), tdes), "4012345678909"), "1B9C1845EB993A7A");
  assert.is(secure.read("keyBlocks"), undefined);
  assert.is(secure.read("transportKey"), undefined);
  const again = new KeyVault(deviceOf(secure), tdes);
  assert.equal(again.loadKeyBlock(tdesBlock), { kind: "refused", why: "serial" });
  assert.is(pin(again, "4012345678909"), "10A01C8D02C69107");
});

test("wherever the power goes while a key is taken, no key number comes twice and the keys stay right", () => {
  const secure = brought(aesBlock);
  const vault = new KeyVault(deviceOf(secure), aes);
  for (let count = 0; count < 5; count++) vault.openMessage({ withPin: false });
  const states: Uint8Array[] = [];
  const flash = secure.keys;
  for (let count = 0; count < 4; count++) {
    flash.onOperation = ({ before }) => states.push(before);
    const used = bytesToHex(vault.openMessage({ withPin: false }).serial!);
    flash.onOperation = undefined;
    states.push(flash.bytes.slice());
    for (const state of states.splice(0)) {
      const other = new MemorySecure();
      other.write("deviceKey", secure.read("deviceKey")!);
      const cut = { ...deviceOf(other), flash: () => new NorFlash(state, 4096) };
      const again = new KeyVault(cut, aes);
      const next = bytesToHex(again.openMessage({ withPin: false }).serial!);
      assert.ok(next >= used, `${next} after ${used}`);
      const reference = new KeyVault(deviceOf(brought(aesBlock)), aes);
      let serial = "";
      while (serial !== next) serial = bytesToHex(reference.openMessage({ withPin: false }).serial!);
      const message = asciiToBytes("message");
      assert.equal(again.mac(message), reference.mac(message));
    }
    const afterUse = new MemorySecure();
    afterUse.write("deviceKey", secure.read("deviceKey")!);
    const later = new KeyVault({ ...deviceOf(afterUse), flash: () => new NorFlash(flash.bytes.slice(), 4096) }, aes);
    assert.ok(bytesToHex(later.openMessage({ withPin: false }).serial!) > used, "a used key does not come again");
  }
});

test("a PIN block's key is that of the message which carries it, and of no other", () => {
  const vault = new KeyVault(deviceOf(brought(tdesBlock)), tdes);
  assert.throws(
    () => vault.openMessage({ withPin: true }),
    (error: Error) => error instanceof MissingKeyError,
  );
  pin(vault, "4012345678909");
  vault.openMessage({ withPin: false });
  assert.throws(
    () => vault.openMessage({ withPin: true }),
    (error: Error) => error instanceof MissingKeyError,
  );
});

test("key blocks that do not serve a terminal are refused by what is wrong with them", () => {
  const vault = new KeyVault(deviceOf(brought()), tdes);
  const key = new Uint8Array(16).fill(5);
  const cases = [
    [block(key, { usage: "P0", mode: "D" }), "usage"],
    [block(key, { usage: "P1", mode: "E" }), "usage"],
    [block(key, { usage: "K0", mode: "E" }), "usage"],
    [block(key, { usage: "M3", mode: "X" }), "usage"],
    [block(key, { usage: "B0", mode: "X" }), "usage"],
    [block(key, { usage: "D0", mode: "D" }), "usage"],
    [block(key, { usage: "P0", mode: "E", algorithm: "R" }), "length"],
    [block(key.subarray(0, 8), { usage: "P0", mode: "E" }), "length"],
    [block(new Uint8Array(20), { usage: "P0", mode: "E", algorithm: "A" }), "length"],
    [block(tdesInitial, {}), "serial"],
    [block(tdesInitial, { optionalBlocks: serialBlock("KS", "FFFF98765432") }), "serial"],
    [aesBlock, "scheme"],
    [tdesBlock.slice(0, -1) + (tdesBlock.endsWith("0") ? "1" : "0"), "block"],
    ["", "block"],
  ] as const;
  for (const [text, why] of cases) assert.equal(vault.loadKeyBlock(text), { kind: "refused", why }, why);
  assert.is(vault.state, "empty");
  assert.equal(vault.loadKeyBlock(tdesBlock), { kind: "loaded", place: "dukpt" });
  assert.is(vault.state, "ready");
});

test("a MAC key that may only verify does not generate, and one that may only generate does not verify", () => {
  const session: VaultOptions = {
    keyScheme: "master-session",
    pinBlockFormat: 0,
    macMethod: "retail-2",
    encryptTracks: false,
  };
  const vault = new KeyVault(deviceOf(brought()), session);
  const message = asciiToBytes("message");
  const key = new Uint8Array(16).fill(5);
  assert.is(vault.loadKeyBlock(block(key, { usage: "M3", mode: "G" })).kind, "loaded");
  const mac = vault.mac(message);
  assert.throws(
    () => vault.verifyMac(message, mac),
    (error: Error) => error instanceof KeyUsageError,
  );
  assert.is(vault.loadKeyBlock(block(key, { usage: "M3", mode: "V" })).kind, "loaded");
  assert.ok(vault.verifyMac(message, mac));
  assert.throws(
    () => vault.mac(message),
    (error: Error) => error instanceof KeyUsageError,
  );
  assert.throws(() => vault.pinBlock(asciiToBytes("1234"), asciiToBytes("4012345678909")));
});

test("a track goes out with the sixteen characters before its last enciphered, and is as long as before", () => {
  const vault = new KeyVault(deviceOf(brought(tdesBlock)), tdes);
  vault.openMessage({ withPin: false });
  const track = asciiToBytes("6228480402564890018=49122010000012345678");
  const text = bytesToAscii(vault.encryptTrack(track));
  assert.is(text.length, 40);
  assert.is(text.slice(0, 23), "6228480402564890018=491");
  assert.is(text.slice(39), "8");
  assert.match(text.slice(23, 39), /^[0-9A-F]{16}$/);
  assert.ok(track.every((byte) => byte === 0));
});

test("an opened case takes the device key first and everything with it, whatever happens meanwhile", () => {
  const secure = brought(tdesBlock);
  const vault = new KeyVault(deviceOf(secure), tdes);
  const token = vault.protectPan(asciiToBytes("6228480402564890018"));
  const steps: string[] = [];
  secure.erase = (name) => {
    steps.push(name);
    secure.values.delete(name);
  };
  secure.keys.onOperation = () => steps.push("flash");
  vault.destroy();
  assert.is(steps[0], "deviceKey");
  assert.ok(steps.includes("flash"));
  assert.is(vault.state, "tampered");
  assert.not(vault.inSession);
  assert.throws(() => pin(vault, "4012345678909"));
  assert.throws(() => vault.mac(token));
  assert.throws(() => vault.revealPan(token));
  assert.ok(secure.keys.bytes.every((byte) => byte === 0xff));
  secure.keys.onOperation = undefined;
  const again = new KeyVault(deviceOf(secure), tdes);
  assert.is(again.state, "tampered");
  assert.not(again.ready);
});

test("a tamper that the power cuts short is finished at the next start", () => {
  const secure = brought(tdesBlock);
  const vault = new KeyVault(deviceOf(secure), tdes);
  assert.ok(vault.ready);
  secure.erase("deviceKey");
  const again = new KeyVault(deviceOf(secure), tdes);
  assert.is(again.state, "tampered");
  assert.ok(secure.keys.bytes.every((byte) => byte === 0xff));
  assert.is(new KeyVault(deviceOf(secure), tdes).state, "tampered");
});

test("only a key loading brings a tampered terminal back", () => {
  const secure = brought(tdesBlock);
  new KeyVault(deviceOf(secure), tdes).destroy();
  secure.write("transportKey", transportKey);
  assert.is(new KeyVault(deviceOf(secure), tdes).state, "tampered");
  secure.write("keyBlocks", asciiToBytes(tdesBlock));
  assert.is(new KeyVault(deviceOf(secure), tdes).state, "ready");
  assert.is(new KeyVault(deviceOf(secure), tdes).state, "ready");
});

test("keys that an older firmware kept in secure storage move into the store, and stay what they were", () => {
  const secure = new MemorySecure();
  secure.write("terminalMasterKey", masterKey);
  secure.write("journalKey", new Uint8Array(16).fill(9));
  const token = new KeyVault(deviceOf(secure)).protectPan(asciiToBytes("6228480402564890018"));
  assert.equal([...secure.values.keys()], ["deviceKey"]);
  const again = new KeyVault(deviceOf(secure));
  assert.is(again.state, "ready");
  assert.is(bytesToAscii(again.revealPan(token)), "6228480402564890018");
});

test("stored keys say nothing without their device key, and nothing in another place", () => {
  const secure = brought(tdesBlock);
  assert.ok(new KeyVault(deviceOf(secure), tdes).ready);
  const thief = new MemorySecure();
  thief.write("deviceKey", new Uint8Array(32).fill(1));
  const other = new KeyVault({ ...deviceOf(thief), flash: () => new NorFlash(secure.keys.bytes.slice(), 4096) }, tdes);
  assert.not(other.ready);
  assert.throws(() => pin(other, "4012345678909"));
});

test("a block whose key has not the check value that it says is refused, by either way to compute it", () => {
  const vault = new KeyVault(deviceOf(brought()), tdes);
  const saying = (data: string): string =>
    block(hexToBytes("0123456789ABCDEFFEDCBA9876543210"), {
      usage: "K0",
      mode: "D",
      optionalBlocks: serialBlock("KC", data),
    });
  for (const wrong of ["0008D7B5", "0108D7B4", "0208D7B4", "00", "0008", "0008d7b4"]) {
    assert.equal(vault.loadKeyBlock(saying(wrong)), { kind: "refused", why: "checkValue" }, wrong);
  }
  assert.equal(vault.loadKeyBlock(saying("0008D7B4")), { kind: "loaded", place: "terminalMaster" });
  assert.is(vault.keyStates().find(({ place }) => place === "terminalMaster")?.checkValue, "08D7B4");
});

test.run();
