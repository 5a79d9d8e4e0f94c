import type { Ground } from "../runtime/ground.ts";
import { groundOf } from "../runtime/grounds.ts";
import { Recording } from "../scenario/recording.ts";
import { runScenario } from "../scenario/run.ts";
import { Simulation, type SimulationOptions } from "../world/simulation.ts";
import { Course } from "./course.ts";
import { isWorldAction } from "./deeds.ts";
import { drawerCards } from "./drawer.ts";
import { LcdFeed, lcdEvent } from "./lcd-feed.ts";
import { PaperFeed } from "./paper-feed.ts";
import { ADDRESSES, type PageAction, type PageEvent, SPEEDS } from "./protocol.ts";
import { Scene } from "./scene.ts";
import { type Document, PageServer } from "./server.ts";
import { quickState, slowState } from "./state.ts";
import { VoiceFeed } from "./voice-feed.ts";
import { writtenScenario } from "./written-scenario.ts";

/** Real milliseconds from one look at the display to the next, and looks from one to the next at the rest, and at what takes longer. */
const FRAME = 8;
const STATE = 4;
const SLOW = 48;

export interface PageSessionOptions {
  /** Makes the world anew, as it was at the beginning. */
  readonly make?: (options: SimulationOptions) => Simulation;
  /** Why the world cannot be made anew, in words for the person; absent: it can. */
  readonly fixed?: string;
  /** Why no scenario can say what happens here; absent: one can. */
  readonly unwritable?: string;
}

/** The terminal on a page: its world follows real time, and can be begun anew, taken back, and put on another ground. */
export class PageSession {
  readonly #options: PageSessionOptions;
  readonly #server: PageServer;
  #course: Course;
  #lcd = new LcdFeed();
  #paper: PaperFeed;
  #voice: VoiceFeed;
  readonly #scene = new Scene();
  #frame: NodeJS.Timeout | undefined;
  #frames = 0;
  /** Copies of cards that were told of. */
  #cards = 0;
  /** Of the picture that was told last. */
  #version: number | undefined;
  #closed = false;
  #address = "";
  /** The timeline's entries before this one have been told. */
  #told = 1;
  #isChanging = false;
  /** The scenario or recording that was saved last, of how many deeds of which course. */
  #written:
    | { readonly deeds: object; readonly done: number; readonly use: "scenario" | "recording"; readonly text: string }
    | undefined;

  constructor(simulation: Simulation, ground: Ground, port: number, options: PageSessionOptions = {}) {
    this.#options = options;
    this.#course = this.#watched(new Course(simulation, ground));
    this.#paper = new PaperFeed(simulation);
    this.#voice = new VoiceFeed(simulation);
    this.#server = new PageServer({
      port,
      snapshot: () => this.#snapshot(),
      act: (action) => this.act(action as PageAction),
      offer: (bytes) => this.#course.do({ do: "package", bytes }),
      documents: {
        [ADDRESSES.scenario]: () => ({ ...scenarioFile, bytes: this.#scenario("scenario") }),
        [ADDRESSES.recording]: async () => ({
          ...recordingFile,
          bytes: await recordingOf(this.#scenario("recording")),
        }),
        [ADDRESSES.timeline]: (query) => json(this.#older(Number(query.get("before") ?? Number.NaN))),
        [ADDRESSES.picture]: (query) => png(this.#course.pictures.file(Number(query.get("id")))),
      },
    });
  }

  /** The course that is shown now. */
  get course(): Course {
    return this.#course;
  }

  /** Where the page is served. */
  get address(): string {
    return this.#address;
  }

  /** Serves the page; gives its address. */
  async open(): Promise<string> {
    this.#address = await this.#server.start();
    this.#frame = setInterval(() => this.#publish(), FRAME);
    return this.#address;
  }

  /** Lets the firmware live until `close`; the reason when it crashed. */
  async run(): Promise<string | undefined> {
    for (;;) {
      const course = this.#course;
      const crashed = await course.run();
      if (course !== this.#course) continue;
      this.#publish();
      if (crashed !== undefined || this.#closed) return crashed;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#frame);
    await this.#course.end();
    await this.#server.stop();
  }

  // --- what the page does

  /** Does what the page asks for. Throws to refuse, with a sentence for the person; what takes time is begun. */
  act(action: PageAction): void | Promise<void> {
    if (this.#isChanging) throw new Error("the world is being made anew");
    if (isWorldAction(action)) return this.#course.do(action);
    switch (action.do) {
      case "speed":
        if (!SPEEDS.includes(action.speed)) throw new Error(`speed: ${SPEEDS.join(", ")}`);
        this.#course.pacer.speed = action.speed;
        return;
      case "advance":
        if (this.#course.pacer.speed !== "paused") throw new Error("it goes on by itself: pause it first");
        return this.#course.pacer.advance();
      case "look":
        this.#scene.show(action.pixels, this.#course.simulation);
        return this.#server.publish(this.#scene.event);
      case "back":
        return this.#back(Number(action.to));
      case "ground":
        return this.#anew(async () => new Course(this.#make(), await pageGround(action.ground)));
      case "restart":
        return this.#anew(async () => new Course(this.#make(), this.#course.ground));
      default:
        throw new Error("unknown action");
    }
  }

  /** Takes the world back to where that entry of the timeline was made: what was done until then is done again. */
  async #back(to: number): Promise<void> {
    const moment = this.#course.timeline.momentOf(to);
    if (moment === undefined) throw new Error("there is no such entry");
    const deeds = this.#course.deeds.filter(({ entry }) => entry <= to);
    await this.#anew(async () => new Course(this.#make(), this.#course.ground, deeds), moment.at);
  }

  /** Begins another course, which leaps to `moment` first; speed stays as it was. */
  async #anew(begin: () => Promise<Course>, moment?: number): Promise<void> {
    if (this.#options.fixed !== undefined) throw new Error(this.#options.fixed);
    this.#isChanging = true;
    try {
      const old = this.#course;
      const course = this.#watched(await begin());
      course.pacer.speed = old.pacer.speed;
      const arrived = moment === undefined ? undefined : course.pacer.leapTo(moment);
      this.#course = course;
      this.#lcd = new LcdFeed();
      this.#version = undefined;
      this.#paper = new PaperFeed(course.simulation);
      await old.end();
      const running = course.run();
      await Promise.race([arrived, running]);
      const { toRepeat } = course.simulation.world;
      if (toRepeat > 0) throw new Error(`${toRepeat} things that were done could not be repeated`);
    } finally {
      this.#isChanging = false;
      this.#beginAnew();
    }
  }

  #make(): Simulation {
    const { make = (options) => new Simulation(options) } = this.#options;
    return make(this.#course.simulation.options);
  }

  #watched(course: Course): Course {
    this.#scene.standBefore(course.simulation);
    course.onStep = (data) => this.#server?.publish({ name: "step", data });
    course.timeline.onEntry = () => {
      const { pacer, simulation } = course;
      if (pacer.speed === "paused") pacer.stopAdvancing(simulation.world.now);
    };
    return course;
  }

  // --- what the page sees

  #publish(): void {
    if (this.#isChanging) return;
    this.#publishPicture();
    if (this.#frames++ % STATE !== 0) return;
    for (const event of [...this.#paper.next(), ...this.#voice.next()]) this.#server.publish(event);
    const entries = this.#course.timeline.since(this.#told);
    if (entries.length > 0) {
      this.#told = entries.at(-1)!.id + 1;
      this.#server.publish({ name: "timeline", data: { entries } });
    }
    const state = quickState(this.#course);
    if (this.#frames % SLOW === 1) state.push(...this.#slowState());
    if (this.#course.simulation.issued().length !== this.#cards) state.push(this.#drawer());
    for (const event of state) if (this.#isNews(event)) this.#server.publish(event);
  }

  /** The display is looked at oftener than all else, and only when something was written to it. */
  #publishPicture(): void {
    const { display } = this.#course.simulation.chips;
    if (display.version === this.#version) return;
    this.#version = display.version;
    const lcd = this.#lcd.next(display.pixels());
    if (lcd !== undefined) this.#server.publish(lcd);
  }

  readonly #last = new Map<string, string>();

  #isNews(event: PageEvent): boolean {
    const text = JSON.stringify(event.data);
    if (this.#last.get(event.name) === text) return false;
    this.#last.set(event.name, text);
    return true;
  }

  #drawer(): PageEvent {
    this.#cards = this.#course.simulation.issued().length;
    return { name: "cards", data: drawerCards(this.#course) };
  }

  #slowState(): PageEvent[] {
    return slowState(this.#course, this.#course.pacer.now);
  }

  /** Tells every page that all it knows is over, and all that there is now. */
  #beginAnew(): void {
    this.#last.clear();
    this.#server.publish({ name: "start", data: {} });
    this.#paper.next();
    this.#voice = new VoiceFeed(this.#course.simulation);
    this.#told = this.#course.timeline.next;
    for (const event of this.#snapshot()) this.#server.publish(event);
  }

  /** All that a new page needs. */
  #snapshot(): PageEvent[] {
    const { display } = this.#course.simulation.chips;
    const { entries, older } = this.#course.timeline.before(this.#told);
    return [
      lcdEvent(display.pixels()),
      { name: "cards", data: drawerCards(this.#course) },
      ...this.#paper.all(),
      this.#scene.event,
      { name: "timeline", data: { entries, older, start: true } },
      ...quickState(this.#course),
      ...this.#slowState(),
    ];
  }

  /**
   * What was done so far as a scenario. A scenario and a recording that are saved one after the other belong together: the
   * second is of what the first says, unless something was done since. Throws where it is not to be written as one.
   */
  #scenario(use: "scenario" | "recording"): string {
    const { unwritable } = this.#options;
    if (unwritable !== undefined) throw new Error(unwritable);
    const { deeds } = this.#course;
    const last = this.#written;
    if (last?.deeds === deeds && last.done === deeds.length && last.use !== use) {
      this.#written = undefined;
      return last.text;
    }
    const text = writtenScenario(this.#course);
    this.#written = { deeds, done: deeds.length, use, text };
    return text;
  }

  #older(before: number): object {
    return this.#course.timeline.before(Number.isNaN(before) ? undefined : before);
  }
}

const PAGE_GROUNDS: readonly string[] = ["node", "xs"];

function pageGround(name: string): Promise<Ground> {
  if (!PAGE_GROUNDS.includes(name)) throw new Error(`ground: ${PAGE_GROUNDS.join(", ")}`);
  return groundOf(name as "node" | "xs");
}

const scenarioFile = { type: "text/yaml; charset=utf-8", name: "scenario.yaml" } as const;
const recordingFile = { type: "application/jsonl; charset=utf-8", name: "scenario.recording" } as const;

/** That scenario's recording, made by acting it out: for `xspos replay`, with `scenario.yaml` beside it. */
async function recordingOf(text: string): Promise<string> {
  const recording = new Recording();
  await runScenario({ file: scenarioFile.name, text, ground: await groundOf("node"), recording });
  return recording.toString();
}

function json(value: object): Document {
  return { type: "application/json", bytes: JSON.stringify(value) };
}

function png(file: Buffer | undefined): Document | undefined {
  return file && { type: "image/png", bytes: file };
}
