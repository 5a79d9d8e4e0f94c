import { type Board, PowerCut } from "./board.ts";

/** What every simulated IO instance shares: its board, `close`, and callbacks that go through the world. */
export abstract class SimulatedIo {
  protected readonly board: Board;
  #closed = false;
  readonly #callbacks: Readonly<Record<string, unknown>>;

  constructor(board: Board, options: object) {
    if (!board.powered) throw new PowerCut();
    this.board = board;
    this.#callbacks = options as Readonly<Record<string, unknown>>;
    board.open.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Frees what the instance holds; may be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.board.open.delete(this);
    this.release();
  }

  /** Calls the callback of that name when the firmware is idle, where one was given. */
  protected signal(callback: string, ...args: readonly unknown[]): void {
    this.signalWith(callback, () => args);
  }

  /** As `signal`, with arguments as they are when it is delivered: another callback may have changed them meanwhile. */
  protected signalWith(callback: string, args: () => readonly unknown[]): void {
    if (this.#closed || typeof this.#callbacks[callback] !== "function") return;
    this.board.world.signal({
      io: this,
      callback,
      get args() {
        return args();
      },
    });
  }

  /** The callback to call with `this` the instance; used by the ground that delivers a signal in process. */
  deliver(callback: string, args: readonly unknown[]): void {
    const call = this.#callbacks[callback];
    if (!this.#closed && typeof call === "function") call.apply(this, args);
  }

  protected check(): void {
    if (!this.board.powered) throw new PowerCut();
    if (this.#closed) throw new Error("closed");
  }

  protected abstract release(): void;
}
