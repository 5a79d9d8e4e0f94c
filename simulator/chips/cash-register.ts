import type { Board } from "../io/board.ts";
import type { SerialWire } from "../io/serial-wire.ts";

/** A cash register at the far end of a serial line: sends lines of JSON and keeps those that it gets. */
export class CashRegisterChip {
  readonly #wire: SerialWire;
  readonly #onLine: () => void;
  #pending = "";
  /** Every line so far, as it came. */
  readonly lines: string[] = [];

  constructor(board: Board, wires: { readonly port: number }, onLine: () => void = () => {}) {
    this.#onLine = onLine;
    this.#wire = board.serialWire(wires.port);
    this.#wire.attach({ receive: (bytes) => this.#receive(bytes) });
  }

  /** Sends a line, whatever is in it. */
  send(line: string): void {
    this.sendPart(`${line}\n`);
  }

  /** Sends bytes without the end of a line. */
  sendPart(text: string): void {
    this.#wire.send(Buffer.from(text, "utf8"));
  }

  #receive(bytes: Uint8Array): void {
    this.#pending += Buffer.from(bytes).toString("utf8");
    for (let end = this.#pending.indexOf("\n"); end >= 0; end = this.#pending.indexOf("\n")) {
      this.lines.push(this.#pending.slice(0, end));
      this.#pending = this.#pending.slice(end + 1);
      this.#onLine();
    }
  }
}
