import Socket from "embedded:io/socket/tcp";
import RNG from "rng";
import CertificateManager from "ssl/cert";
import Session, { type SessionOptions, type SessionSocket } from "ssl/session";
import Timer from "timer";
import type { Tls, TlsOptions } from "../../io.ts";
import { fill } from "./entropy.js";
import { Input } from "./input.ts";
import { opened } from "./opened.ts";
import { SdkSecureStorage } from "./storage.ts";

/** TLS 1.2: what the session asks for, and the least that it takes. */
const TLS_1_2 = 0x303;
/** What a record adds to what is in it, rounded up: head, nonce or vector, tag or MAC and padding. */
const RECORD_OVERHEAD = 96;
const SEED_LENGTH = 256;
/** Steps of the session that need nothing from the server: hello, and what answers "hello done" and "finished". */
const OWED_STEPS: readonly number[] = Object.freeze([0, 14, 20]);

/** Keeps what the server shows. The SDK's own judgement would take any of the roots that it brings along. */
class Witness extends CertificateManager {
  readonly #tell: (chain: readonly Uint8Array[]) => void;

  constructor(options: SessionOptions, tell: (chain: readonly Uint8Array[]) => void) {
    super(options);
    this.#tell = tell;
  }

  override verify(certificates: readonly Uint8Array[]): boolean {
    this.#tell(certificates.map((certificate) => certificate.slice()));
    return certificates.length > 0;
  }
}

/**
 * TLS of the SDK over TCP of the ESP32. `address` is an IP address: names are not looked up. The handshake stands still
 * from the server's certificates until `accept`; the SDK checks that the server has the key of the first of them.
 */
export class SdkTls implements Tls {
  readonly #options: TlsOptions;
  readonly #session: Session;
  readonly #input: Input;
  readonly #carrier: SessionSocket;
  #socket: Socket | undefined;
  #state: "handshake" | "judging" | "accepted" | "open" | "failed" = "handshake";
  #fresh: Uint8Array = new Uint8Array(0);

  constructor(options: TlsOptions) {
    const { address, port, serverName } = options;
    this.#options = options;
    this.#input = new Input((bytes) => this.#readable(bytes));
    const settings: SessionOptions = {
      serverName,
      protocolVersion: TLS_1_2,
      cache: false,
      verify: false,
      ...clientIdentity(options),
    };
    seedGenerator();
    this.#session = new Session(settings);
    this.#session.certificateManager = new Witness(settings, (chain) => this.#judge(chain));
    this.#session.initiateHandshake();
    const socket = new Socket({
      address,
      port,
      nodelay: true,
      format: "buffer",
      onReadable: (bytes) => this.#step(() => this.#received(bytes)),
      onWritable: (bytes) => this.#step(() => this.#drained(bytes)),
      onError: () => this.#fail(),
    });
    this.#socket = socket;
    this.#carrier = carrierOf(socket);
  }

  accept(): void {
    opened(this.#socket);
    if (this.#state !== "judging") throw new Error("no certificates to accept");
    this.#state = "accepted";
    Timer.set(() => this.#step(() => this.#advance()), 0);
  }

  read(byteLength?: number): Uint8Array | undefined {
    opened(this.#socket);
    const fresh = this.#fresh;
    this.#fresh = new Uint8Array(0);
    return this.#input.take(fresh.length === 0 ? undefined : (fresh.buffer as ArrayBuffer), byteLength);
  }

  write(bytes: Uint8Array): void {
    opened(this.#socket);
    if (this.#state !== "open") throw new Error("not connected");
    if (bytes.length > this.#carrier.writable - RECORD_OVERHEAD) throw new RangeError("output full");
    this.#session.write(this.#carrier, bytes);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#input.clear();
    this.#fresh.fill(0);
  }

  #judge(chain: readonly Uint8Array[]): void {
    // Shown twice is no handshake that we know.
    if (this.#state !== "handshake") throw new Error("certificates again");
    this.#state = "judging";
    Timer.set(() => {
      if (this.#socket !== undefined && this.#state === "judging") this.#options.onCertificate.call(this, chain);
    }, 0);
  }

  #received(bytes: number): void {
    this.#carrier.readable = bytes;
    this.#advance();
  }

  #drained(bytes: number): void {
    this.#carrier.writable = bytes;
    if (this.#state !== "open") this.#advance();
    else if (bytes > RECORD_OVERHEAD) this.#options.onWritable?.call(this, bytes - RECORD_OVERHEAD);
  }

  /** As far as the session goes with what is there. */
  #advance(): void {
    while (this.#state === "handshake" || this.#state === "accepted") {
      const owed = OWED_STEPS.includes(this.#session.handshakeProcess);
      const before = this.#carrier.readable;
      if ((before === 0 && !owed) || this.#carrier.writable === 0) return;
      if (this.#session.handshake(this.#carrier)) this.#stand();
      else if (!owed && this.#carrier.readable === before) return;
    }
    if (this.#state === "open") this.#decrypt();
  }

  /** The session says that it stands: only after certificates that were accepted, and without an alert. */
  #stand(): void {
    if (this.#state !== "accepted" || this.#session.alert !== undefined) throw new Error("no handshake");
    this.#state = "open";
    const room = this.#carrier.writable - RECORD_OVERHEAD;
    if (room > 0) Timer.set(() => this.#step(() => this.#options.onWritable?.call(this, room)), 0);
  }

  #decrypt(): void {
    const before = this.#fresh.length;
    while (this.#carrier.readable > 0) {
      const bytes = this.#session.read(this.#carrier);
      if (bytes === null) throw new Error("the session has ended");
      if (bytes === undefined) break;
      const joined = new Uint8Array(this.#fresh.length + bytes.length);
      joined.set(this.#fresh);
      joined.set(bytes, this.#fresh.length);
      this.#fresh.fill(0);
      bytes.fill(0);
      this.#fresh = joined;
    }
    if (this.#fresh.length > before) this.#readable(this.#fresh.length + this.#input.length);
  }

  #readable(bytes: number): void {
    if (this.#socket !== undefined) this.#options.onReadable?.call(this, bytes);
  }

  /** What the session throws is a connection that failed. */
  #step(action: () => void): void {
    if (this.#socket === undefined || this.#state === "failed") return;
    try {
      action();
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    if (this.#socket === undefined || this.#state === "failed") return;
    this.#state = "failed";
    this.#options.onError?.call(this);
  }
}

/** The socket as the session uses it: `read` in both of its forms, and room that is counted by the session. */
function carrierOf(socket: Socket): SessionSocket {
  return {
    readable: 0,
    writable: 0,
    read: (what: number | Uint8Array) =>
      (typeof what === "number" ? socket.read(what) : socket.read(what)) as ArrayBuffer,
    write: (buffer) => socket.write(buffer),
  };
}

function clientIdentity({ clientCertificates, clientKey }: TlsOptions): Partial<SessionOptions> {
  if (clientCertificates === undefined) return {};
  const storage = new SdkSecureStorage();
  try {
    const key = clientKey === undefined ? undefined : storage.read(clientKey);
    if (key === undefined) throw new RangeError("TLS client certificate without its key");
    return { clientCertificates, clientKey: key };
  } finally {
    storage.close();
  }
}

/** The SDK's generator, which repeats itself, starts every connection from the hardware's. */
function seedGenerator(): void {
  const seed = new Uint8Array(SEED_LENGTH);
  fill(seed);
  RNG.init(seed.buffer);
  seed.fill(0);
}
