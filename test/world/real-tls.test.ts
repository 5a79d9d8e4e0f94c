/** The link against real TLS peers: what a host that is not ours gets, counted where it arrives. */
import { spawnSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LinkSecurity } from "../../firmware/acquirer/connection.ts";
import { type Identity, issue, purpose, type Wanted } from "../../simulator/acquirer/certificates/issue.ts";
import { listen } from "../../simulator/acquirer/tcp.ts";
import { type ServerIdentity, serveTls } from "../../simulator/acquirer/tls.ts";
import { leftOut } from "../available.ts";
import { ANSWER, ask, freePort, Listener, meddle, opensslServer, REQUEST, START } from "./real-link.ts";

const name = "acquirer.xspos.test";
const validity = { from: new Date("2026-01-01"), to: new Date("2046-01-01") };
const authority = issue({ ...validity, name: "Authority", isAuthority: true });
const host = issue({ ...validity, name, issuer: authority });
const other = issue({ ...validity, name: "Other authority", isAuthority: true, key: host.key });
const client = issue({ ...validity, name: "12345678", issuer: authority, purposes: [purpose.client], key: host.key });
const stranger = issue({ ...validity, name: "12345678", issuer: other, purposes: [purpose.client], key: host.key });

const security: LinkSecurity = {
  serverName: name,
  authorities: [authority.certificate],
  clientCertificates: [],
  denied: undefined,
};
const bad = (wanted: Partial<Wanted>): Identity =>
  issue({ ...validity, name, issuer: authority, key: host.key, ...wanted });
const notSent = { kind: "noAnswer", sent: false } as const;
const answered = { kind: "answer", frame: ANSWER.subarray(2) } as const;

function show(identity: Identity, more: Partial<ServerIdentity> = {}): ServerIdentity {
  return { certificates: [identity.certificate], key: identity.key, ...more };
}

async function withServer<Value>(
  identity: ServerIdentity,
  act: (port: number, listener: Listener) => Promise<Value>,
): Promise<Value> {
  const listener = new Listener(ANSWER.subarray(2));
  const server = await serveTls(listener, identity);
  try {
    return await act(server.port, listener);
  } finally {
    await server.close();
  }
}

test("a host with the right certificate gets the request, once, and its answer is taken", () =>
  withServer(show(host), async (port, listener) => {
    assert.equal(await ask([port], { security }), answered);
    assert.equal(listener.got, [REQUEST.subarray(2)]);
  }));

const selfSigned = issue({ ...validity, name, key: host.key });
const strangers: readonly (readonly [
  what: string,
  refused: string,
  identity: Identity,
  more?: Partial<LinkSecurity>,
])[] = [
  ["expired by the virtual date", "expired", bad({ to: new Date(START - 1000) })],
  ["not yet valid by the virtual date", "not-yet-valid", bad({ from: new Date(START + 3_600_000) })],
  ["for another name", "other-name", bad({ name: "elsewhere.xspos.test" })],
  ["of another authority", "unknown-authority", bad({ issuer: other })],
  ["signed by itself", "unknown-authority", selfSigned],
  ["for clients only", "unfit", client],
  ["revoked by its serial number", "revoked", host, { denied: { version: 1, serials: [host.serial], keys: [] } }],
  [
    "revoked by its key",
    "revoked",
    host,
    {
      denied: {
        version: 1,
        serials: [],
        keys: [new Uint8Array(createHash("sha256").update(host.publicKeyInfo).digest())],
      },
    },
  ],
];

for (const [what, refused, identity, more] of strangers) {
  test(`a host whose certificate is ${what} gets no request (node:tls)`, () =>
    withServer(show(identity), async (port, listener) => {
      assert.equal(await ask([port], { security: { ...security, ...more } }), { ...notSent, refused });
      assert.equal(listener.got, []);
    }));
}

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) leftOut("openssl s_server as a peer", "install openssl");
const withOpenssl = hasOpenssl ? test : test.skip;

withOpenssl("the same strangers as openssl s_server receive zero bytes, and the right host the request", async () => {
  const folder = mkdtempSync(join(tmpdir(), "xspos-tls-"));
  try {
    const file = (label: string, text: string | Buffer): string => {
      const path = join(folder, label);
      writeFileSync(path, text);
      return path;
    };
    const key = file("key.pem", host.key.export({ format: "pem", type: "pkcs8" }));
    const cases = [...strangers, ["right", undefined, host, {}] as const];
    for (const [place, [what, refused, identity, more]] of cases.entries()) {
      const certificate = file(`${place}.pem`, new X509Certificate(identity.certificate).toString());
      const port = await freePort();
      const server = await opensslServer(port, ["-cert", certificate, "-key", key]);
      const result = await ask([port], { security: { ...security, ...more }, answerTimeoutMs: 300 });
      await server.close();
      // s_server never answers: the right host has seen the request, and that is all.
      assert.equal(result, refused === undefined ? { kind: "noAnswer", sent: true } : { ...notSent, refused }, what);
      assert.equal([...server.received()], refused === undefined ? [...REQUEST] : [], what);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

withOpenssl("TLS 1.0 and 1.1 are refused, and so is a server without TLS", async () => {
  const folder = mkdtempSync(join(tmpdir(), "xspos-tls-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    writeFileSync(key, host.key.export({ format: "pem", type: "pkcs8" }));
    writeFileSync(cert, new X509Certificate(host.certificate).toString());
    for (const version of ["-tls1", "-tls1_1"]) {
      const port = await freePort();
      const server = await opensslServer(port, [version, "-cert", cert, "-key", key, "-cipher", "ALL:@SECLEVEL=0"]);
      assert.ok(await takesOldVersions(port), `${version}: who takes it gets through`);
      assert.equal(await ask([port], { security, connectTimeoutMs: 3_000 }), notSent, version);
      await server.close();
      assert.is(server.received().length, 0, version);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rubbish = await listen(
    createServer((socket) => socket.on("error", () => undefined).end(ANSWER)),
    0,
  );
  assert.equal(await ask([rubbish.port], { security, connectTimeoutMs: 3_000 }), notSent);
  await rubbish.close();
});

/** A client that takes any version. */
function takesOldVersions(port: number): Promise<boolean> {
  const ciphers = "ALL:@SECLEVEL=0";
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, minVersion: "TLSv1", ciphers, rejectUnauthorized: false } as const;
    const socket = connect(options, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

test("a host that asks who we are gets our certificate, and no request without it", () =>
  withServer(show(host, { clientAuthority: authority.certificate }), async (port, listener) => {
    const known = { security: { ...security, clientCertificates: [client.certificate] }, client };
    assert.equal(await ask([port], known), answered);
    assert.is(listener.got.length, 1);
    const unknown = { security: { ...security, clientCertificates: [stranger.certificate] }, client: stranger };
    for (const asking of [{ security }, unknown]) {
      assert.equal(await ask([port], { ...asking, connectTimeoutMs: 3_000 }), notSent);
    }
    assert.is(listener.got.length, 1);
  }));

test("a connection that hands over single bytes is a connection like any other", () =>
  withServer(show(host), async (port, listener) => {
    const middle = await meddle(port, { byteByByte: true });
    assert.equal(await ask([middle.port], { security }), answered);
    assert.is(listener.got.length, 1);
    await middle.close();
  }));

test("a line that is cut at any point never says 'not sent' of what the host has seen, and never asks twice", () =>
  withServer(show(host), async (port, listener) => {
    const whole = await meddle(port, {});
    assert.equal(await ask([whole.port], { security }), answered);
    await whole.close();
    const length = whole.carried();
    for (const from of ["host", "terminal"] as const) {
      for (let bytes = 0; bytes < length; bytes += from === "host" ? 151 : 83) {
        listener.got.length = 0;
        const middle = await meddle(port, { cutAfter: { from, bytes: bytes + 1 } });
        const result = await ask([middle.port], { security, connectTimeoutMs: 700, answerTimeoutMs: 5_000 });
        await middle.close();
        const where = `after ${bytes} bytes of the ${from}`;
        assert.ok(listener.got.length <= 1, where);
        if (listener.got.length > 0 && result.kind === "noAnswer") assert.ok(result.sent, where);
        if (from === "host") assert.not(result.kind === "answer", where);
      }
    }
  }));

test("a host that listens and says nothing was sent nothing; one that stops after the handshake may have been", async () => {
  const mute = await listen(
    createServer((socket) => socket.on("error", () => undefined).on("data", () => undefined)),
    0,
  );
  assert.equal(await ask([mute.port], { security, connectTimeoutMs: 400 }), notSent);
  await mute.close();
  const listener = new Listener();
  const server = await serveTls(listener, show(host));
  assert.equal(await ask([server.port], { security, answerTimeoutMs: 400 }), { kind: "noAnswer", sent: true });
  assert.is(listener.got.length, 1);
  await server.close();
});

test("the second host stands in for one that is away and for one that is a stranger", () =>
  withServer(show(host), (right, listener) =>
    withServer(show(bad({ issuer: other })), async (wrong, fooled) => {
      assert.equal(await ask([wrong, right], { security }), answered);
      assert.equal(await ask([await freePort(), right], { security }), answered);
      assert.is(listener.got.length, 2);
      assert.equal(fooled.got, []);
    }),
  ));

test.run();
