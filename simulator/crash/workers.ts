import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PowerCut } from "../io/board.ts";
import { type GroundName, groundOf } from "../runtime/grounds.ts";
import { type Cut, type Victim, withCut } from "./crash.ts";

const COMMAND = fileURLToPath(new URL("../xspos.mjs", import.meta.url));

/** Cuts of one scenario for one worker. */
export interface Job extends Pick<Victim, "file" | "text" | "seed" | "disputes"> {
  readonly ground: GroundName;
  readonly cuts: readonly Cut[];
}

/** What one cut came to. */
export interface Verdict {
  readonly cut: Cut;
  readonly problems: readonly string[];
  /** Flash operations from the first cut until the terminal was idle again. */
  readonly operations: number;
}

/** Makes the cuts of a job, one after the other. */
export async function make({ ground: name, cuts, ...scenario }: Job): Promise<Verdict[]> {
  const victim = { ...scenario, ground: await groundOf(name) };
  const verdicts: Verdict[] = [];
  for (const cut of cuts) {
    const { problems, operations } = await withCut(victim, cut);
    verdicts.push({ cut, problems, operations });
  }
  return verdicts;
}

/** A call of the firmware that nobody waits for may hear of the power's end as well: that alone is no fault. */
function passOver(error: unknown): void {
  if (!(error instanceof PowerCut)) throw error;
}

/** What a worker process does: each message is a job, each answer its verdicts. Ends when its parent lets go of it. */
export function work(): Promise<void> {
  process.on("unhandledRejection", passOver);
  return new Promise((resolve) => {
    process.on("message", (job: Job) => {
      make(job).then(
        (verdicts) => process.send?.(verdicts),
        (error: unknown) =>
          process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
    });
    process.once("disconnect", resolve);
  });
}

/** Up to so many processes that make cuts side by side, each begun when there is work for it. */
export class Workers {
  readonly #free: ChildProcess[] = [];
  readonly #all: ChildProcess[] = [];
  readonly #waiting: ((worker: ChildProcess) => void)[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Gives the job to the next worker that is free. Throws `Error` when the worker fails. */
  async run(job: Job): Promise<readonly Verdict[]> {
    const worker =
      this.#free.shift() ??
      this.#another() ??
      (await new Promise<ChildProcess>((resolve) => this.#waiting.push(resolve)));
    try {
      return await ask(worker, job);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(worker);
      else next(worker);
    }
  }

  /** Undefined when there are as many as there may be. */
  #another(): ChildProcess | undefined {
    if (this.#all.length >= this.#most) return undefined;
    const worker = fork(COMMAND, ["crash", "--worker"]);
    this.#all.push(worker);
    return worker;
  }

  close(): void {
    for (const worker of this.#all) if (worker.connected) worker.disconnect();
  }
}

function ask(worker: ChildProcess, job: Job): Promise<readonly Verdict[]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a worker ended with ${code}`));
    worker.once("exit", ended);
    worker.once("message", (answer: readonly Verdict[] | { readonly error: string }) => {
      worker.off("exit", ended);
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer);
    });
    worker.send(job);
  });
}
