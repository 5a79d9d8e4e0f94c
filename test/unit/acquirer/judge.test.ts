import { test } from "uvu";
import * as assert from "uvu/assert";
import { readDenyList } from "../../../firmware/acquirer/deny-list.ts";
import { type CertificateFault, judge, KnownChain, type Trust } from "../../../firmware/acquirer/judge.ts";
import {
  authority,
  type ChainName,
  chain,
  chainNames,
  denyList,
  denyRsaKey,
  serverName,
  today,
} from "./certificates.ts";

const trust: Trust = { serverName, authorities: [authority()], denied: undefined };
const all = [authority(), authority("weak"), authority("old")];

const faults: Readonly<Record<ChainName, CertificateFault | undefined>> = {
  good: undefined,
  "with the authority after it": undefined,
  "through an authority between": undefined,
  wildcard: undefined,
  "an address": "other-name",
  "an extension that does not matter": undefined,
  expired: "expired",
  "not yet valid": "not-yet-valid",
  "another name": "other-name",
  "a name in the subject only": "other-name",
  "a wildcard for a whole domain": "other-name",
  "a name that hides behind a zero": "other-name",
  "another authority": "unknown-authority",
  "another authority of the same name": "unknown-authority",
  "signed by itself": "unknown-authority",
  "signed by a host": "unknown-authority",
  "signed by a host that is shown": "unknown-authority",
  "too many authorities between": "unknown-authority",
  "for clients only": "unfit",
  "an authority itself": "unfit",
  "an extension that nobody understands": "unfit",
  "of a weak authority": "unknown-authority",
  "of an authority that has expired": "expired",
};

for (const name of chainNames) {
  test(`a host's certificate, ${name}: ${faults[name] ?? "trusted"}`, () => {
    assert.is(judge(chain(name), { ...trust, authorities: all }, today), faults[name]);
  });
}

test("a host that is known by its address shows a certificate for the address", () => {
  assert.is(judge(chain("an address"), { ...trust, serverName: "192.0.2.7" }, today), undefined);
});

const oldAuthorityEnds = Date.UTC(2026, 1, 1);
const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2036, 0, 1)];

test("a host that was found good is known by its certificates' bytes, and judged by their dates alone", () => {
  const known = new KnownChain();
  assert.is(judge(chain("good"), trust, today, known), undefined);
  const nobody: Trust = { ...trust, authorities: [] };
  assert.is(judge(chain("good"), nobody, today), "unknown-authority");
  assert.is(judge(chain("good"), nobody, today, known), undefined);
  assert.is(judge(chain("good"), trust, to + 1000, known), "expired");
  assert.is(judge(chain("good"), trust, from - 1000, known), "not-yet-valid");
});

test("a known host is a stranger again when the authority above it has expired", () => {
  const known = new KnownChain();
  const shown = chain("of an authority that has expired");
  const old: Trust = { ...trust, authorities: all };
  assert.is(judge(shown, old, oldAuthorityEnds - 1000, known), undefined);
  assert.is(judge(shown, old, oldAuthorityEnds + 1000, known), "expired");
});

test("one bit of a known host's certificate makes it a stranger", () => {
  const known = new KnownChain();
  judge(chain("good"), trust, today, known);
  const spoilt = chain("good").map((der) => der.slice());
  spoilt[0]![spoilt[0]!.length - 1]! ^= 1;
  assert.is(judge(spoilt, trust, today, known), "unknown-authority");
});

test("a host that was refused is not known", () => {
  const known = new KnownChain();
  for (let time = 0; time < 2; time++) assert.is(judge(chain("another name"), trust, today, known), "other-name");
});

test("a certificate is good for as long as it says, by the terminal's own date", () => {
  const verdicts = [from - 1000, from, to, to + 1000].map((now) => judge(chain("good"), trust, now));
  assert.equal(verdicts, ["not-yet-valid", undefined, undefined, "expired"]);
});

test("who is not pinned is not trusted, and a terminal that pins nobody trusts nobody", () => {
  assert.is(judge(chain("good"), { ...trust, authorities: [authority("weak")] }, today), "unknown-authority");
  assert.is(judge(chain("with the authority after it"), { ...trust, authorities: [] }, today), "unknown-authority");
});

test("a certificate that is denied by serial number, by key, or through its authority is revoked", () => {
  for (const name of ["serial", "key", "authority"] as const) {
    const denied = readDenyList(denyList(name), denyRsaKey);
    assert.is(judge(chain("good"), { ...trust, denied }, today), "revoked", name);
  }
  const denied = readDenyList(denyList("serial"), denyRsaKey);
  assert.is(judge(chain("wildcard"), { ...trust, denied }, today), undefined);
});

test("no certificates, rubbish, and every certificate that is cut are malformed", () => {
  assert.is(judge([], trust, today), "malformed");
  assert.is(judge([new Uint8Array(0)], trust, today), "malformed");
  assert.is(judge([new Uint8Array(9000)], trust, today), "malformed");
  const [good] = chain("good");
  for (let length = 0; length < good!.length; length++) {
    assert.is(judge([good!.subarray(0, length)], trust, today), "malformed", `${length} bytes`);
  }
});

test("a certificate with any of its bits turned is not trusted", () => {
  const [good] = chain("good");
  for (let place = 0; place < good!.length; place += 13) {
    const turned = good!.slice();
    turned[place]! ^= 1 << (place % 8);
    assert.not(judge([turned], trust, today) === undefined, `byte ${place}`);
  }
});

test.run();
