import type { Incoming, ListenerOptions } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board, IncomingCall } from "./board.ts";

/** So many callers may wait to be taken, as in a small TCP stack; more are dropped. */
const BACKLOG = 4;

/** A call as it goes to the firmware, also over the bridge: by its number. */
interface NumberedCall extends Incoming {
  readonly call: number;
}

/** ECMA-419 TCP listener on the board's network. */
export class SimulatedListener extends SimulatedIo {
  readonly #waiting: IncomingCall[] = [];
  readonly #end: (() => void) | undefined;

  constructor(board: Board, options: ListenerOptions) {
    if (!(options.port > 0 && options.port < 65_536)) throw new RangeError("TCP port");
    super(board, options);
    this.#end = board.network?.listen(options.port, (call) => {
      if (this.closed || this.#waiting.length >= BACKLOG) {
        call.drop();
        return;
      }
      this.#waiting.push(call);
      this.signal("onReadable", this.#waiting.length);
    });
  }

  read(): Incoming | undefined {
    this.check();
    const call = this.#waiting.shift();
    if (call === undefined) return undefined;
    const number = Math.max(0, ...this.board.calls.keys()) + 1;
    this.board.calls.set(number, call);
    const numbered: NumberedCall = { call: number, remoteAddress: call.address };
    return numbered;
  }

  protected release(): void {
    this.#end?.();
    for (const call of this.#waiting.splice(0)) call.drop();
  }
}

/** The call that a listener gave, once. */
export function takeCall(board: Board, from: Incoming): IncomingCall {
  const { call: number } = from as Partial<NumberedCall>;
  const call = number === undefined ? undefined : board.calls.get(number);
  if (number === undefined || call === undefined) throw new TypeError("from is not a connection");
  board.calls.delete(number);
  return call;
}
