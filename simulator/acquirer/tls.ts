/** The host over TLS 1.2 and 1.3: loopback only, the same frames as over TCP. */
import { type KeyObject, X509Certificate } from "node:crypto";
import { createServer, type TlsOptions } from "node:tls";
import { listen, type Receiver, type RunningServer, serveSocket } from "./tcp.ts";

/** What a server shows, and whom it asks for a certificate. */
export interface ServerIdentity {
  /** As DER, its own first. */
  readonly certificates: readonly Uint8Array[];
  readonly key: KeyObject;
  /** Authority (DER) of the clients' certificates; absent: clients are not asked. */
  readonly clientAuthority?: Uint8Array;
  /** Over the versions and ciphers of Node: for tests. */
  readonly settings?: TlsOptions;
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export function serveTls(host: Receiver, identity: ServerIdentity, port = 0): Promise<RunningServer> {
  const { certificates, key, clientAuthority } = identity;
  const asks =
    clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: pem(clientAuthority) };
  const server = createServer(
    {
      minVersion: "TLSv1.2",
      cert: certificates.map(pem).join(""),
      key: key.export({ format: "pem", type: "pkcs8" }).toString(),
      ...asks,
      ...identity.settings,
    },
    (socket) => serveSocket(socket, host),
  );
  server.on("tlsClientError", () => undefined); // a client that does not like us, or is none: it is gone already
  return listen(server, port);
}

function pem(certificate: Uint8Array): string {
  return new X509Certificate(certificate).toString();
}
