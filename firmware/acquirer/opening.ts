import type { Tcp } from "../../hal/io.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { type ConnectionOptions, clientKeyName, type HostPlace } from "./connection.ts";
import { type CertificateFault, judge } from "./judge.ts";

/** What a connection tells whoever opened it. A device call that throws in one of them is a connection that failed. */
export interface ConnectionEvents {
  /** So many bytes may be sent: the host is who it should be, or there is no asking. */
  onWritable(count: number): void;
  onReadable(): void;
  onError(): void;
  /** The host's certificates are not good; nothing was sent. */
  onRefused(fault: CertificateFault): void;
  /** Nobody waits for this connection any more. */
  readonly isEnded: boolean;
}

/** Opens a connection. Over TLS the host's certificates are judged first. Throws what the device throws. */
export function openConnection(options: ConnectionOptions, host: HostPlace, events: ConnectionEvents): Tcp {
  const { device, security, known, clock } = options;
  const guard = (step: () => void): void => {
    try {
      step();
    } catch {
      events.onError();
    }
  };
  let isTrusted = security === undefined;
  const tcp = {
    ...host,
    onWritable: (count: number) => {
      if (isTrusted) guard(() => events.onWritable(count));
    },
    onReadable: () => guard(() => events.onReadable()),
    onError: () => events.onError(),
  };
  if (security === undefined) return device.network(tcp);
  const { serverName, clientCertificates } = security;
  const client = clientCertificates.length === 0 ? {} : { clientCertificates, clientKey: clientKeyName };
  const judged = (chain: readonly Uint8Array[]): void => {
    if (events.isEnded) return;
    const fault = judge(chain, security, clock.wall(), known);
    if (fault !== undefined) {
      events.onRefused(fault);
      return;
    }
    isTrusted = true;
    connection.accept();
  };
  const onCertificate = (chain: readonly Uint8Array[]): void => {
    void inTurnOfItsOwn(() => guard(() => judged(chain)));
  };
  const connection = device.secureNetwork({ ...tcp, ...client, serverName, onCertificate });
  return connection;
}
