/**
 * Makes certificates.json for the judge's tests, which also run where no certificate can be made:
 * `node --import tsx test/unit/acquirer/make-certificates.ts`. Keys are thrown away.
 */
import { createHash, createPublicKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { encode } from "cbor-x";
import { der, objectId, octets, sequence, yes } from "../../../simulator/acquirer/certificates/der.ts";
import { type Identity, issue, purpose } from "../../../simulator/acquirer/certificates/issue.ts";

const validity = { from: new Date("2026-01-01"), to: new Date("2036-01-01") };
const name = "acquirer.xspos.test";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();
const chain = (...identities: readonly Identity[]): string[] => identities.map((each) => hex(each.certificate));

const authority = issue({ ...validity, name: "Authority", isAuthority: true });
const host = issue({ ...validity, name, issuer: authority });
const { key } = host;
const by = { ...validity, name, issuer: authority, key };
const other = issue({ ...validity, name: "Other authority", isAuthority: true });
const impostor = issue({ ...validity, name: "Authority", isAuthority: true, key: other.key });
const between = issue({
  ...validity,
  name: "Between",
  issuer: authority,
  isAuthority: true,
  pathLength: 0,
  key: other.key,
});
const tooDeep = issue({ ...validity, name: "Too deep", issuer: between, isAuthority: true, key: other.key });
const weak = issue({ ...validity, name: "Weak authority", isAuthority: true, modulusBits: 1024 });
const old = issue({
  ...validity,
  to: new Date("2026-02-01"),
  name: "Old authority",
  isAuthority: true,
  key: other.key,
});
const denyKey = issue({ name: "Deny lists" });
const { n = "", e = "" } = createPublicKey(denyKey.key).export({ format: "jwk" });
const jwkHex = (value: string): string => Buffer.from(value, "base64url").toString("hex").toUpperCase();

function denyList(content: object): { list: string; signature: string } {
  const list = encode(content);
  return { list: hex(list), signature: hex(sign("sha256", list, denyKey.key)) };
}
const kind = "xspos deny list";
const keyHash = createHash("sha256").update(host.publicKeyInfo).digest();

const strange = sequence(objectId("1.2.3.4"), yes(), octets(der(0x05)));
const harmless = sequence(objectId("1.2.3.4"), octets(der(0x05)));

const fixture = {
  authorities: { ours: hex(authority.certificate), weak: hex(weak.certificate), old: hex(old.certificate) },
  chains: {
    good: chain(host),
    "with the authority after it": chain(host, authority),
    "through an authority between": chain(issue({ ...by, issuer: between }), between),
    wildcard: chain(issue({ ...by, hostNames: ["other.test", "*.XSPOS.test"] })),
    "an address": chain(issue({ ...by, hostNames: ["192.0.2.7"] })),
    "an extension that does not matter": chain(issue({ ...by, extensions: [harmless] })),
    expired: chain(issue({ ...by, to: new Date("2026-11-22T23:59:59Z") })),
    "not yet valid": chain(issue({ ...by, from: new Date("2026-11-24") })),
    "another name": chain(issue({ ...by, name: "elsewhere.xspos.test" })),
    "a name in the subject only": chain(issue({ ...by, hostNames: ["192.0.2.9"] })),
    "a wildcard for a whole domain": chain(issue({ ...by, hostNames: ["*.test"] })),
    "a name that hides behind a zero": chain(issue({ ...by, hostNames: [`${name}\0.elsewhere.test`] })),
    "another authority": chain(issue({ ...by, issuer: other }), other),
    "another authority of the same name": chain(issue({ ...by, issuer: impostor }), impostor),
    "signed by itself": chain(issue({ ...validity, name, key })),
    "signed by a host": chain(issue({ ...by, name: name, issuer: host })),
    "signed by a host that is shown": chain(issue({ ...by, issuer: host, key: other.key }), host),
    "too many authorities between": chain(issue({ ...by, issuer: tooDeep }), tooDeep, between),
    "for clients only": chain(issue({ ...by, purposes: [purpose.client] })),
    "an authority itself": chain(issue({ ...by, isAuthority: true, hostNames: [name], purposes: [purpose.server] })),
    "an extension that nobody understands": chain(issue({ ...by, extensions: [strange] })),
    "of a weak authority": chain(issue({ ...by, issuer: weak })),
    "of an authority that has expired": chain(issue({ ...by, issuer: old })),
  },
  denyKey: { modulus: jwkHex(n), exponent: jwkHex(e) },
  denyLists: {
    empty: denyList({ kind, version: 1, serials: [], keys: [] }),
    serial: denyList({ kind, version: 2, serials: [Buffer.from(host.serial)], keys: [] }),
    key: denyList({ kind, version: 3, serials: [], keys: [keyHash] }),
    authority: denyList({ kind, version: 4, serials: [Buffer.from(authority.serial)], keys: [] }),
    "another kind": denyList({ kind: "xspos update", version: 9, serials: [], keys: [] }),
    "no version": denyList({ kind, version: 0, serials: [], keys: [] }),
    "wrong entries": denyList({ kind, version: 9, serials: ["01"], keys: [] }),
    "no map": denyList([1, 2]),
  },
};
writeFileSync(new URL("certificates.json", import.meta.url), `${JSON.stringify(fixture, null, 2)}\n`);
