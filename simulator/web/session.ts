import { readFileSync } from "node:fs";
import { allCards } from "../cards/cards.ts";
import type { Ground } from "../runtime/ground.ts";
import { live } from "../runtime/life.ts";
import type { Pace } from "../world/kernel.ts";
import { worldNames } from "../world/names.ts";
import type { Simulation } from "../world/simulation.ts";
import { base64, type FeedEvent, LcdFeed, lcdEvent } from "./feed.ts";
import { type Action, PageServer } from "./server.ts";

const FRAME = 40;
const BYTES_PER_ROW = 48;

/** The terminal on a page: real time drives the world, the page's actions are injected into it. */
export class PageSession {
  readonly #simulation: Simulation;
  readonly #ground: Ground;
  readonly #server: PageServer;
  readonly #lcd = new LcdFeed();
  #paperRows = 0;
  #pieces = 0;
  #frame: NodeJS.Timeout | undefined;

  constructor(simulation: Simulation, ground: Ground, port: number) {
    this.#simulation = simulation;
    this.#ground = ground;
    this.#server = new PageServer({
      port,
      snapshot: () => this.#snapshot(),
      act: (action) => this.#act(action),
      offer: (bytes) => simulation.bank.offerPackage(bytes),
    });
  }

  /** Serves the page; gives its address. */
  async open(): Promise<string> {
    const address = await this.#server.start();
    this.#frame = setInterval(() => this.#publish(), FRAME);
    return address;
  }

  /** Lets the firmware live until `close`; the reason when it crashed. */
  async run(): Promise<string | undefined> {
    const end = await live(this.#ground, this.#simulation.board, realTime());
    this.#publish();
    return end.crashed;
  }

  async close(): Promise<void> {
    clearInterval(this.#frame);
    this.#simulation.world.stop();
    await this.#server.stop();
  }

  // --- what the page does

  #act(action: Action): void {
    const act = ACTIONS[String(action.do)];
    if (act === undefined) throw new Error("unknown action");
    act(this.#simulation, action);
  }

  // --- what the page sees

  #publish(): void {
    const lcd = this.#lcd.next(this.#simulation.chips.display.pixels());
    if (lcd !== undefined) this.#server.publish(lcd);
    for (const event of this.#paper()) this.#server.publish(event);
    for (const event of this.#state()) if (this.#isNews(event)) this.#server.publish(event);
  }

  readonly #told = new Map<string, string>();

  #isNews(event: FeedEvent): boolean {
    const text = JSON.stringify(event.data);
    if (this.#told.get(event.name) === text) return false;
    this.#told.set(event.name, text);
    return true;
  }

  #state(): FeedEvent[] {
    const { slot, field, screens, bank, chips, network, power } = this.#simulation;
    const shown = screens.at(-1);
    const text = shown === undefined ? "" : [shown.screen, ...Object.values(shown.values)].join(", ");
    return [
      { name: "held", data: { slot: slot ?? null, field } },
      { name: "screen", data: { text } },
      { name: "books", data: bank.summary() },
      {
        name: "wrong",
        data: {
          network: network.isDown,
          paper: chips.paper.left === 0,
          power: !power.given(),
          case: chips.caseSwitch.isOpen,
        },
      },
    ];
  }

  /** The rows that came out since the last time, and the cuts between them. */
  #paper(): FeedEvent[] {
    const { paper } = this.#simulation.chips;
    const events: FeedEvent[] = [];
    const pieces = paper.pieces();
    for (; this.#pieces < pieces.length; this.#pieces++) {
      const piece = pieces[this.#pieces]!;
      events.push(rowsEvent(piece.bits.subarray(this.#paperRows * BYTES_PER_ROW)));
      events.push(this.#cut(this.#pieces));
      this.#paperRows = 0;
    }
    const hanging = paper.hanging();
    if (hanging.rows > this.#paperRows) {
      events.push(rowsEvent(hanging.bits.subarray(this.#paperRows * BYTES_PER_ROW)));
      this.#paperRows = hanging.rows;
    }
    return events;
  }

  /** The end of that piece, with what can be read on it. */
  #cut(piece: number): FeedEvent {
    return { name: "cut", data: { text: this.#simulation.papers()[piece]?.text ?? [] } };
  }

  /** All that a new page needs. */
  #snapshot(): FeedEvent[] {
    const { paper, display } = this.#simulation.chips;
    const old = paper.pieces().slice(0, this.#pieces);
    return [
      lcdEvent(display.pixels()),
      { name: "cards", data: drawerCards() },
      ...old.flatMap((piece, place) => [rowsEvent(piece.bits), this.#cut(place)]),
      rowsEvent(paper.hanging().bits.subarray(0, this.#paperRows * BYTES_PER_ROW)),
      ...this.#state(),
    ];
  }
}

function rowsEvent(rows: Uint8Array): FeedEvent {
  return { name: "paper", data: { rows: base64(rows) } };
}

type Act = (simulation: Simulation, action: Action) => void;

const ACTIONS: Readonly<Record<string, Act>> = {
  key: (simulation, { key, pressed }) => {
    if (typeof key !== "string" || !worldNames.isKey(key)) throw new Error("unknown key");
    simulation.world.inject(() => simulation.key(key, pressed === true));
  },
  insert: withCard((simulation, card) => simulation.insert(card)),
  tap: withCard((simulation, card) => simulation.tap([card])),
  swipe: withCard((simulation, card) => simulation.swipe(card)),
  remove: (simulation) => simulation.world.inject(() => simulation.remove()),
  network: (simulation, { wrong }) =>
    simulation.world.inject(() => simulation.network.set({ kind: wrong === true ? "down" : "up" })),
  paper: (simulation, { wrong }) => simulation.world.inject(() => simulation.printer.paper(wrong !== true)),
  power: (simulation, { wrong }) =>
    simulation.world.inject(() => (wrong === true ? simulation.power.cut() : simulation.power.on())),
  case: (simulation, { wrong }) =>
    simulation.world.inject(() => (wrong === true ? simulation.caseSwitch.open() : simulation.caseSwitch.close())),
  keys: (simulation) => simulation.world.inject(() => simulation.loadKeys()),
};

function withCard(act: (simulation: Simulation, card: string) => void): Act {
  return (simulation, { card }) => {
    if (typeof card !== "string" || !worldNames.isCard(card)) throw new Error("unknown card");
    const { slot, field } = simulation;
    if (slot !== undefined || field.length > 0) throw new Error(`${slot ?? field.join(", ")} is still in the terminal`);
    simulation.world.inject(() => act(simulation, card));
  };
}

/** The cards that lie on top. */
const EVERYDAY = [
  "unionpay-chip-credit",
  "unionpay-tap",
  "magstripe-credit",
  "visa-chip",
  "visa-tap",
  "mastercard-chip",
];

/** The cards of the drawer with the line that tells what each is for: the comment that opens its file. */
function drawerCards(): object[] {
  const place = (name: string): number => EVERYDAY.indexOf(name) + 1 || EVERYDAY.length + 1;
  const cards = [...allCards().values()].sort((one, other) => place(one.name) - place(other.name));
  return cards.map((card) => ({
    name: card.name,
    holder: card.holder,
    number: card.pan.replace(/(\d{4})(?=\d)/g, "$1 "),
    about: aboutCard(card.name),
    pin: card.account.pin,
    interfaces: card.interfaces,
  }));
}

/** The first line of a card's file says what the card is. */
function aboutCard(name: string): string {
  const text = readFileSync(new URL(`../cards/${name}.yaml`, import.meta.url), "utf8");
  return /^# (.*)$/m.exec(text)?.[1] ?? "";
}

/** Virtual milliseconds that run as fast as real ones from now on. */
function realTime(): Pace {
  const start = performance.now();
  return {
    virtualNow: () => performance.now() - start,
    realDelay: (virtual) => Math.max(0, virtual - (performance.now() - start)),
  };
}
