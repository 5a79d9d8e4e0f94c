import { stringify } from "yaml";
import { maskPansIn } from "../acquirer/mask.ts";
import { openEyes } from "../cards/phone/eyes.ts";
import type { Ground } from "../runtime/ground.ts";
import { live } from "../runtime/life.ts";
import { readSteps } from "../scenario/language.ts";
import type { ReadStep } from "../scenario/steps/step.ts";
import { worldNames } from "../world/names.ts";
import type { Simulation } from "../world/simulation.ts";
import { checkAction, doAction, type WorldAction } from "./deeds.ts";
import { Pacer } from "./pacer.ts";
import type { CardCopy, GaugesData, StepData, Words } from "./protocol.ts";
import { StepRunner } from "./step-runner.ts";
import { Timeline } from "./timeline/timeline.ts";
import { watchFlash, watchPaper, watchPower, watchSound } from "./timeline/watch-device.ts";
import { watchNetwork } from "./timeline/watch-network.ts";
import { watchPerson } from "./timeline/watch-person.ts";
import { Pictures, watchScreens } from "./timeline/watch-screens.ts";
import { watchCardTalk, watchHostTalk } from "./timeline/watch-talk.ts";

/** What a person did, and when: enough to do it again at the same moment of another course. */
export interface Deed {
  readonly turn: number;
  readonly at: number;
  readonly action: WorldAction;
  /** The timeline's next entry when it was done. */
  readonly entry: number;
  /** What the terminal showed then, and whether it held a card. */
  readonly screen: string | undefined;
  readonly held: boolean;
  /** Of a step: when it ended; the world's time. */
  ended?: number;
  /** It could not be done, or did not hold. */
  failed?: true;
}

/** Real milliseconds between two questions for what the firmware's memory holds. */
const SELDOM = 500;

/** Screens at which the terminal works by itself. */
const WORKING: ReadonlySet<string> = new Set([
  ...["boot", "processing", "reversing", "printing", "settlement-status", "sign-in", "updating", "offline", "approved"],
]);

/** One course of a world from its beginning: the world, the firmware in it, what people do, and all that was seen. */
export class Course {
  readonly simulation: Simulation;
  readonly ground: Ground;
  readonly pacer: Pacer;
  readonly timeline: Timeline;
  readonly pictures = new Pictures();
  readonly deeds: Deed[] = [];
  /** What the ground told of its memory last. */
  #memory: Pick<GaugesData, "slots" | "chunks" | "stack"> = {};
  #asked = 0;
  /** Called when a step begins and ends. */
  onStep: ((step: StepData) => void) | undefined;
  readonly #steps: StepRunner;
  #running: Promise<string | undefined> | undefined;
  #stepNumber = 0;

  /** `again`: deeds of an earlier course of the same world that are done again, each in its turn. */
  constructor(simulation: Simulation, ground: Ground, again: readonly Deed[] = []) {
    const { world } = simulation;
    this.simulation = simulation;
    this.ground = ground;
    this.timeline = new Timeline(() => ({ at: world.now, turn: world.turn }));
    this.#steps = new StepRunner(simulation);
    this.pacer = new Pacer({
      clock: () => performance.now(),
      isBusy: () => this.#steps.isBusy || WORKING.has(simulation.screens.at(-1)?.screen ?? "boot"),
      changed: () => world.paceChanged(),
    });
    watchPerson(simulation, this.timeline);
    watchCardTalk(simulation, this.timeline);
    watchHostTalk(simulation, this.timeline);
    watchFlash(simulation, this.timeline);
    watchPaper(simulation, this.timeline);
    watchSound(simulation, this.timeline);
    watchPower(simulation, this.timeline);
    watchNetwork(simulation, this.timeline);
    watchScreens(simulation, this.timeline, this.pictures);
    world.repeat(again.map(({ turn, at, action }) => ({ turn, at, action: this.#within(action) })));
  }

  /** Lets the firmware live until `end`; the reason when it crashed. */
  run(): Promise<string | undefined> {
    this.#running ??= this.#live();
    return this.#running;
  }

  async #live(): Promise<string | undefined> {
    await openEyes(); // somebody may have a phone read the display
    const { crashed, metrics } = await live(this.ground, this.simulation.board, this.pacer);
    const { peakSlots: slots, peakChunkBytes: chunks, peakStackSlots: stack } = metrics;
    if (slots !== undefined && chunks !== undefined && stack !== undefined) this.#memory = { slots, chunks, stack };
    return crashed;
  }

  /** What is alive in the firmware's memory; it collects its garbage to tell, and so is asked seldom. */
  memory(): Pick<GaugesData, "slots" | "chunks" | "stack"> {
    const now = performance.now();
    if (now - this.#asked < SELDOM) return this.#memory;
    this.#asked = now;
    this.#memory = this.simulation.board.memory?.() ?? this.#memory;
    return this.#memory;
  }

  async end(): Promise<void> {
    this.simulation.world.stop();
    await this.#running;
  }

  /** Does what a person did, as soon as the firmware is idle. Throws to refuse. */
  do(action: WorldAction): void {
    if (this.pacer.isLeaping && this.simulation.world.toRepeat > 0) throw new Error("what was done is being repeated");
    if (action.do !== "step") checkAction(this.simulation, action);
    this.simulation.world.inject(this.#within(action));
  }

  /** What an action does from within the world: it is noted, and a failure is an entry of the timeline. */
  #within(action: WorldAction): () => void {
    const steps = action.do === "step" ? this.#read(action.step) : [];
    return () => {
      const deed = this.#deed(action);
      this.deeds.push(deed);
      if (action.do === "step") for (const step of steps) this.#take(step, action.step, deed);
      else this.#attempt(action, deed);
    };
  }

  #deed(action: WorldAction): Deed {
    const { world, screens, slot, field } = this.simulation;
    const shown = screens.at(-1)?.screen;
    const held = slot !== undefined || field.length > 0;
    return { turn: world.turn, at: world.now, action, entry: this.timeline.next, screen: shown, held };
  }

  #attempt(action: Exclude<WorldAction, { do: "step" }>, deed: Deed): void {
    const title = FAULT_TITLES[action.do];
    if (title !== undefined && "wrong" in action) this.timeline.add("fault", title(action.wrong === true));
    if (action.do === "card") this.timeline.add("card", copyTitle(action.copy));
    try {
      doAction(this.simulation, action);
    } catch (error) {
      deed.failed = true;
      this.timeline.add("fault", error instanceof Error ? error.message : String(error));
    }
  }

  #read(step: Readonly<Record<string, unknown>>): readonly ReadStep[] {
    const { simulation } = this;
    const isCard = (name: string): boolean => simulation.hasCard(name);
    const isAccount = (name: string): boolean => worldNames.isAccount(name) || isCard(name);
    return readSteps(stringify([step]), { ...worldNames, isCard, isAccount }, simulation.parameters.currency);
  }

  #take(step: ReadStep, asked: Readonly<Record<string, unknown>>, deed: Deed): void {
    const id = ++this.#stepNumber;
    const title = stepTitle(asked);
    this.timeline.add("step", title);
    this.onStep?.({ id, state: "running" });
    this.#steps.take({
      step,
      ended: (message) => {
        deed.ended = this.simulation.world.now;
        if (message !== undefined)
          this.timeline.add("step", { en: `${title}: failed`, zh: `${title}:未成` }, { lines: [message] });
        this.onStep?.(message === undefined ? { id, state: "done" } : { id, state: "failed", message });
      },
    });
  }
}

const FAULT_TITLES: Readonly<Record<string, (wrong: boolean) => Words>> = {
  network: (wrong) => (wrong ? { en: "network down", zh: "断网" } : { en: "network up", zh: "网络恢复" }),
  paper: (wrong) => (wrong ? { en: "paper out", zh: "缺纸" } : { en: "paper in", zh: "装纸" }),
  case: (wrong) => (wrong ? { en: "case opened", zh: "开壳" } : { en: "case closed", zh: "合壳" }),
};

function copyTitle({ name, of }: CardCopy): Words {
  return { en: `${name}: a copy of ${of}`, zh: `${name}：${of} 的副本` };
}

/** Steps whose value is a secret. */
const SECRET_STEPS: readonly string[] = ["pin", "hex", "press", "retype"];

/** `network: down`; of steps that type secrets only the name. */
function stepTitle(step: Readonly<Record<string, unknown>>): string {
  const [name = "", value] = Object.entries(step)[0] ?? [];
  if (SECRET_STEPS.includes(name) || name === "repeat") return name;
  return maskPansIn(stringify({ [name]: value }, { collectionStyle: "flow", lineWidth: 0 }).trim());
}
