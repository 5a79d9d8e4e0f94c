import { test } from "uvu";
import * as assert from "uvu/assert";
import { readDenyList, takeDenyList } from "../../../firmware/acquirer/deny-list.ts";
import { hostsOf, securityOf } from "../../../firmware/acquirer/security.ts";
import type { CborValue } from "../../../firmware/codec/cbor.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import type { SecureStorage } from "../../../hal/io.ts";
import { authority, denyKey, denyList, denyListNames, denyRsaKey, serverName } from "./certificates.ts";

function storage(): SecureStorage {
  const values = new Map<string, Uint8Array>();
  return {
    read: (name) => values.get(name)?.slice(),
    write: (name, value) => void values.set(name, value.slice()),
    erase: (name) => void values.delete(name),
    close: () => undefined,
  };
}

const good: readonly string[] = ["empty", "serial", "key", "authority"];

test("a list of ours is read, and whatever else our key has signed is not taken for one", () => {
  for (const name of denyListNames) {
    if (good.includes(name)) assert.ok(readDenyList(denyList(name), denyRsaKey).version >= 1, name);
    else
      assert.throws(
        () => readDenyList(denyList(name), denyRsaKey),
        (error: unknown) => error instanceof FormatError,
      );
  }
});

test("a list with a bit turned, in itself or in its signature, is no list", () => {
  const { list, signature } = denyList("serial");
  const turned = (bytes: Uint8Array, place: number): Uint8Array =>
    bytes.map((byte, at) => (at === place ? byte ^ 1 : byte));
  const refuses = (signed: { list: Uint8Array; signature: Uint8Array }): void =>
    assert.throws(
      () => readDenyList(signed, denyRsaKey),
      (error: unknown) => error instanceof FormatError,
    );
  for (let place = 0; place < list.length; place += 7) refuses({ list: turned(list, place), signature });
  for (let place = 0; place < signature.length; place += 31) refuses({ list, signature: turned(signature, place) });
  refuses({ list, signature: signature.subarray(1) });
});

test("a list replaces an older one for good: the older one is refused, and so is none at all", () => {
  const secure = storage();
  assert.equal(takeDenyList(undefined, denyRsaKey, secure), { denied: undefined });
  const take = (name: "empty" | "serial" | "key"): unknown => takeDenyList(denyList(name), denyRsaKey, secure);
  assert.not.equal(take("serial"), "refused");
  assert.not.equal(take("serial"), "refused");
  assert.is(take("empty"), "refused");
  assert.not.equal(take("key"), "refused");
  assert.is(take("serial"), "refused");
  assert.is(takeDenyList(undefined, denyRsaKey, secure), "refused");
  assert.is(takeDenyList(denyList("key"), undefined, secure), "refused");
});

function outcomeOf(changes: Readonly<Record<string, CborValue>>): unknown {
  const parameters = checkParameters({
    terminalId: "12345678",
    merchantId: "898310172991001",
    merchantName: { zh: "体验店", en: "Demo Store" },
    serverName,
    hostAuthorities: [authority()],
    ...changes,
  });
  const outcome = securityOf(parameters, storage());
  return outcome.kind === "missing" ? outcome.problem : (outcome.security?.denied?.version ?? outcome.security);
}

test("a terminal whose link cannot be made safe has none, and says what is missing", () => {
  assert.is(outcomeOf({ hostAuthorities: [] }), "host authority");
  assert.is(outcomeOf({ hostAuthorities: [Uint8Array.of(0x30, 0)] }), "host authority");
  assert.is(outcomeOf({ denyList: denyList("key"), denyListKey: denyKey }), 3);
  assert.is(outcomeOf({ denyList: denyList("key") }), "deny list");
  assert.is(outcomeOf({ denyList: denyList("another kind"), denyListKey: denyKey }), "deny list");
  assert.is(outcomeOf({ link: "plain", hostAuthorities: [] }), undefined);
});

test("the second host has the first one's port where it says none of its own", () => {
  const hosts = (changes: Readonly<Record<string, CborValue>>): unknown =>
    hostsOf(
      checkParameters({
        terminalId: "12345678",
        merchantId: "898310172991001",
        merchantName: { zh: "体验店", en: "Demo Store" },
        hostAddress: "one",
        hostPort: 1,
        ...changes,
      }),
    );
  const first = { address: "one", port: 1 };
  assert.equal(hosts({}), [first]);
  assert.equal(hosts({ secondHostAddress: "two" }), [first, { address: "two", port: 1 }]);
  assert.equal(hosts({ secondHostAddress: "two", secondHostPort: 2 }), [first, { address: "two", port: 2 }]);
});

test.run();
