/** TLS of the Moddable SDK, which has no typings of its own, as far as it is used here. */

/** The session of manifest "tls_419.json": it reads from and writes to a socket of ECMA-419. */
declare module "ssl/session" {
  import type { Buffer } from "embedded:io/_common";

  export interface SessionOptions {
    /** The server name that is sent. The session deletes it from the object. */
    serverName: string;
    /** 0x303 is TLS 1.2: both the version that is asked for and the least that is taken. */
    protocolVersion: number;
    /** False: no session is resumed. A resumed one shows no certificate. */
    cache: boolean;
    /** False: no dates are checked either. */
    verify: boolean;
    clientCertificates?: readonly Buffer[];
    /** PKCS #8. */
    clientKey?: Buffer;
  }
  /** What the session reads from and writes to; it counts both numbers down itself. */
  export interface SessionSocket {
    readable: number;
    writable: number;
    read(byteLength: number): ArrayBuffer;
    read(buffer: Uint8Array): void;
    write(buffer: Buffer): void;
  }
  export default class Session {
    constructor(options: SessionOptions);
    certificateManager: import("ssl/cert").default;
    /** Set when either side ended the session. */
    alert?: { readonly level: number; readonly description: number };
    initiateHandshake(): void;
    /** One step: what is owed is sent, or one packet read; true when the session stands or has ended by an alert. */
    handshake(socket: SessionSocket): boolean;
    /** Decrypted bytes of one packet, undefined when there is none, null when the session has ended. */
    read(socket: SessionSocket): Uint8Array | undefined | null;
    write(socket: SessionSocket, data: Uint8Array): number | undefined;
    close(socket: SessionSocket): void;
    /** The message that was last handled; -1: the session waits for the server. */
    handshakeProcess: number;
  }
}

declare module "ssl/cert" {
  import type { SessionOptions } from "ssl/session";

  export default class CertificateManager {
    constructor(options: SessionOptions);
    /** Whether the server's certificates are taken: views of its message, its own first. */
    verify(certificates: readonly Uint8Array[], options: SessionOptions): boolean;
  }
}

declare module "rng" {
  const RNG: {
    /** Starts it again from at most 256 bytes. */
    init(seed: ArrayBufferLike): void;
  };
  export default RNG;
}
