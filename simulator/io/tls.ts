import type { TlsOptions } from "../../hal/io.ts";
import type { Board, SecureHandshake } from "./board.ts";
import { SimulatedTcp } from "./tcp.ts";

/** TLS over the board's network, the client's side. The virtual network carries it as plain text. */
export class SimulatedTls extends SimulatedTcp {
  constructor(board: Board, options: TlsOptions) {
    super(board, options, handshake(board, options));
  }

  accept(): void {
    this.takeCertificates();
  }
}

function handshake(board: Board, options: TlsOptions): SecureHandshake {
  const { serverName, clientCertificates: certificates, clientKey } = options;
  if (typeof serverName !== "string" || serverName === "") throw new RangeError("TLS server name");
  if (typeof options.onCertificate !== "function") throw new RangeError("TLS without a judge of certificates");
  if (certificates === undefined) return { serverName, client: undefined };
  const key = clientKey === undefined ? undefined : board.secure.get(clientKey);
  if (key === undefined) throw new RangeError("TLS client certificate without its key");
  return { serverName, client: { certificates, key } };
}
