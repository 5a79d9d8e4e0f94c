import type { World } from "../world/kernel.ts";

/** What the actor waits for: time to pass, or a condition to hold within `timeout` virtual milliseconds. */
export type Wait =
  | { readonly kind: "time"; readonly milliseconds: number }
  | {
      readonly kind: "condition";
      readonly holds: () => boolean;
      readonly timeout: number;
      /** Said when the time is over; without it the script goes on then. */
      readonly otherwise?: () => string;
    };

/** A script of the actor: it yields what it waits for. */
export type Script = Generator<Wait, void, void>;

export const pause = (milliseconds: number): Wait => ({ kind: "time", milliseconds });

/** A promise of the script was not kept. */
export class ScenarioFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ScenarioFailure";
  }
}

/**
 * Acts a script out in virtual time. `poke` says that something has changed, so that a condition may hold now.
 * `finished` is called once, with the error that ended the script or nothing.
 */
export class Actor {
  readonly #world: World;
  readonly #script: Script;
  readonly #finished: (error: unknown) => void;
  #waiting: Extract<Wait, { kind: "condition" }> | undefined;
  #deadline: { cancel(): void } | undefined;
  #poked = false;
  #done = false;

  constructor(world: World, script: Script, finished: (error: unknown) => void) {
    this.#world = world;
    this.#script = script;
    this.#finished = finished;
  }

  start(): void {
    this.#world.after(0, () => this.#advance());
  }

  poke(): void {
    if (this.#waiting === undefined || this.#poked) return;
    this.#poked = true;
    this.#world.after(0, () => {
      this.#poked = false;
      this.#check();
    });
  }

  /** Ends the script from outside: something that must never be was seen. */
  fail(error: unknown): void {
    this.#end(error);
  }

  #check(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || this.#done) return;
    let holds: boolean;
    try {
      holds = waiting.holds();
    } catch (error) {
      this.#end(error);
      return;
    }
    if (holds) this.#goOn();
  }

  #goOn(): void {
    this.#waiting = undefined;
    this.#deadline?.cancel();
    this.#advance();
  }

  #advance(): void {
    if (this.#done) return;
    let next: IteratorResult<Wait, void>;
    try {
      next = this.#script.next();
    } catch (error) {
      this.#end(error);
      return;
    }
    if (next.done === true) {
      this.#end(undefined);
      return;
    }
    const wait = next.value;
    if (wait.kind === "time") {
      this.#world.after(wait.milliseconds, () => this.#advance());
      return;
    }
    this.#waiting = wait;
    this.#deadline = this.#world.after(wait.timeout, () => {
      this.#check();
      if (this.#waiting !== wait) return;
      if (wait.otherwise !== undefined) this.#end(new ScenarioFailure(wait.otherwise()));
      else this.#goOn();
    });
    this.#check();
  }

  #end(error: unknown): void {
    if (this.#done) return;
    this.#done = true;
    this.#waiting = undefined;
    this.#deadline?.cancel();
    this.#finished(error);
  }
}
