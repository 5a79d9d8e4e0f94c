import type { AcceptedTcpOptions, TcpOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board, NetworkLine, NetworkSession, SecureHandshake } from "./board.ts";
import { takeCall } from "./listener.ts";

const OUTPUT_SIZE = 4096;

/** ECMA-419 TCP over the board's network. */
export class SimulatedTcp extends SimulatedIo {
  readonly #session: NetworkSession | undefined;
  #input: Uint8Array = new Uint8Array(0);
  #announced = false;
  #state: "opening" | "judging" | "accepted" | "open" | "failed" = "opening";

  /** With `secure` the connection is one of TLS: see `SimulatedTls`. */
  constructor(board: Board, options: TcpOptions | AcceptedTcpOptions, secure?: SecureHandshake) {
    const call = "from" in options ? takeCall(board, options.from) : undefined;
    if (!("from" in options || (options.port > 0 && options.port < 65_536))) throw new RangeError("TCP port");
    super(board, options);
    const line: NetworkLine = {
      certificates: (chain: readonly Uint8Array[]): void => {
        if (secure === undefined || this.#state !== "opening") return;
        this.#state = "judging";
        this.signal("onCertificate", chain);
      },
      opened: (): void => {
        if (this.#state !== (secure === undefined ? "opening" : "accepted")) return;
        this.#state = "open";
        this.signal("onWritable", OUTPUT_SIZE);
      },
      deliver: (bytes: Uint8Array): void => {
        if (this.#state !== "open" || this.closed) return;
        const joined = new Uint8Array(this.#input.length + bytes.length);
        joined.set(this.#input);
        joined.set(bytes, this.#input.length);
        this.#input = joined;
        this.#announce();
      },
      failed: (): void => {
        if (this.#state === "failed") return;
        this.#state = "failed";
        this.signal("onError");
      },
    };
    this.#session = call?.take(line) ?? ("from" in options ? undefined : connect(board, line, options, secure));
    if (this.#session === undefined) board.world.after(1, () => line.failed());
  }

  read(byteLength: number = Number.MAX_SAFE_INTEGER): Uint8Array | undefined {
    this.check();
    this.#announced = false;
    if (this.#input.length === 0) return undefined;
    const bytes = this.#input.slice(0, byteLength);
    this.#input = this.#input.slice(bytes.length);
    if (this.#input.length > 0) this.#announce();
    return bytes;
  }

  write(bytes: Uint8Array): void {
    this.check();
    if (this.#state !== "open") throw new Error("not connected");
    if (bytes.length > OUTPUT_SIZE) throw new RangeError("output full");
    this.#session?.receive(bytes.slice());
  }

  /** The server's certificates are taken; throws when they did not come or were taken before. */
  protected takeCertificates(): void {
    this.check();
    if (this.#state !== "judging") throw new Error("no certificates to accept");
    this.#state = "accepted";
    this.#session?.accept();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    this.signal("onReadable", this.#input.length);
  }

  protected release(): void {
    this.#session?.close();
  }
}

function connect(
  board: Board,
  line: NetworkLine,
  { address, port }: TcpOptions,
  secure: SecureHandshake | undefined,
): NetworkSession | undefined {
  return board.network?.connect(line, address, port, secure);
}
