import { readFileSync } from "node:fs";
import type { KeyBlockFlaw } from "../acquirer/hsm.ts";
import { allCards, makeCard, takeCard, type VirtualCard } from "../cards/cards.ts";
import type { CardDefinition } from "../cards/definition.ts";
import { consumerCode } from "../cards/phone/consumer-code.ts";
import { allPhones } from "../cards/phone/definition.ts";
import { grayOfDisplay, grayOfPaper, readCodes } from "../cards/phone/eyes.ts";
import { Phone, type Sight } from "../cards/phone/phone.ts";
import { type CardPort, contactlessPort, contactPort } from "../chips/card-port.ts";
import type { P1Chips } from "../chips/p1.ts";
import { KEY_PLACES, p1Chips, p1Partitions } from "../chips/p1.ts";
import { Board, type ScreenRecord } from "../io/board.ts";
import type { KeptWorld } from "../profile/kept-world.ts";
import type { HostFault, JournalLine, PaperPiece, Stage } from "../scenario/stage.ts";
import { auditBooks, auditOpen } from "./audit.ts";
import { Bank } from "./bank.ts";
import { type CardWork, CardWorkCounter } from "./card-work.ts";
import { auditFees } from "./fee-audit.ts";
import { readJournal } from "./journal-reader.ts";
import { World } from "./kernel.ts";
import { VirtualNetwork } from "./network.ts";
import { NetworkRegister } from "./network-register.ts";
import { copyOf, readPaper } from "./paper-reader.ts";
import { DEFAULT_PARAMETERS, parametersImage } from "./profile.ts";

/** The morning of a working day in Beijing: 2026-11-23, 09:00. */
const START_WALL = Date.UTC(2026, 10, 23, 1, 0, 0);
const FONT = new URL("../../firmware/screen/fonts/font16.bin", import.meta.url);
const CLIPS = new URL("../../firmware/voice/clips.bin", import.meta.url);
const HEAD_WIDTH = 384;
/** Screens at which a customer who tapped still holds the card to the reader. */
const HOLDING: ReadonlySet<string> = new Set(["boot", "idle", "enter-amount", "present-card", "insert-card"]);
const TAKE_AWAY_AFTER = 500;
const RESTART_TIME = 1_000;
/** How long somebody holds a code before a scanner that does not read it, and one that beeped. */
const HOLD_BEFORE = 10_000;
const AFTER_BEEP = 300;

export interface SimulationOptions {
  readonly seed: number;
  /** Over the default profile. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What an earlier run left (`NOTHING_KEPT` where there was none), so that this one's can be kept too. */
  readonly kept?: KeptWorld;
}

/** One terminal in its world: board, chips, cards, network, the bank. What scenarios and the page act upon. */
export class Simulation implements Stage {
  readonly world = new World();
  readonly board: Board;
  readonly chips: P1Chips;
  readonly bank: Bank;
  readonly network: VirtualNetwork;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly screens: ScreenRecord[] = [];
  readonly never = new Set<string>();
  readonly options: SimulationOptions;
  /** Called with every key that goes down or up. */
  readonly onKey: ((name: string, pressed: boolean) => void)[] = [];
  /** Called with what is done with cards, by name; none where what was there is taken away. */
  readonly onCard: ((what: "insert" | "tap" | "swipe" | "remove", cards: readonly string[]) => void)[] = [];
  /** Called after anything that a person could see has changed. */
  readonly onChange: (() => void)[] = [];
  mark = 0;
  readonly #networkRegister: NetworkRegister | undefined;
  readonly #cards = new Map<string, VirtualCard>();
  readonly #issued = new Map<string, CardDefinition>();
  readonly #papers: PaperPiece[] = [];
  /** By name; the one that was used last stands last. */
  readonly #phones = new Map<string, Phone>();
  /** What somebody holds before the scanner. */
  #held: string | undefined;
  #slot: string | undefined;
  #field: readonly string[] = [];
  #cardExchanges = 0;
  readonly #cardWork = new CardWorkCounter(() => this.board.instructions?.());

  constructor(options: SimulationOptions) {
    this.options = options;
    const { kept } = options;
    const seed = options.seed + (kept?.runs ?? 0);
    this.board = new Board(this.world, seed, START_WALL + (kept?.elapsed ?? 0));
    this.chips = p1Chips(this.board, seed);
    this.parameters = { ...DEFAULT_PARAMETERS, ...options.parameters };
    this.network = new VirtualNetwork(this.world);
    this.bank = new Bank({
      ...{ board: this.board, network: this.network, parameters: this.parameters, seed },
      ...(kept === undefined ? {} : { kept }),
    });
    this.board.network = this.network;
    const { registerPort: port, registerAddress: address } = this.parameters;
    if (typeof port === "number" && typeof address === "string") {
      this.#networkRegister = new NetworkRegister(this.network, { port, address }, () => this.changed());
    }
    this.board.flash = this.chips.flash;
    this.board.resources.set("font16", font());
    this.board.resources.set("clips", clips());
    this.chips.flash.manufacture("parameters", parametersImage(this.parameters));
    this.#bringKeys();
    if (kept !== undefined && kept.runs > 0) this.#putBack(kept);
    this.board.recorders.push((record) => this.#recorded(record));
    this.bank.onWork.push(() => {
      for (const phone of this.#phones.values()) phone.look();
    });
    this.chips.scanner.onRead.push(() => {
      const held = this.#held;
      if (held !== undefined) this.world.after(AFTER_BEEP, () => this.#takeFromScanner(held));
    });
    this.chips.paper.onPiece((piece) => {
      const text = readPaper(piece.bits, HEAD_WIDTH, piece.rows);
      this.#papers.push({ copy: copyOf(text) ?? "unknown", text, at: this.world.now });
      this.changed();
    });
  }

  now = (): number => this.world.now;

  #putBack({ flash, secure, clockOffset }: KeptWorld): void {
    this.chips.flash.putBack(flash.operations, flash.blocks);
    this.board.secure.clear();
    for (const [name, bytes] of secure) this.board.secure.set(name, bytes.slice());
    this.board.shiftWall(clockOffset);
  }

  /** What is to outlive this run, of a world that was made for it. */
  keep(): KeptWorld {
    const { kept, parameters } = this.options;
    if (kept === undefined) throw new Error("nothing of this world is kept");
    const cards = new Map(kept.cards);
    for (const [name, { chip }] of this.#cards) if (chip !== undefined) cards.set(name, chip.kept());
    return {
      runs: kept.runs + 1,
      elapsed: kept.elapsed + Math.round(this.world.now),
      clockOffset: this.board.clockOffset,
      parameters,
      flash: { operations: this.chips.flash.operations, blocks: this.chips.flash.kept() },
      secure: new Map(this.board.secure),
      cards,
      books: this.bank.keptBooks(),
    };
  }

  changed(): void {
    for (const listener of [...this.onChange]) listener();
  }

  // --- keys

  key(name: string, pressed: boolean): void {
    const place = KEY_PLACES[name];
    if (place === undefined) throw new Error(`there is no key "${name}"`);
    if (pressed) this.chips.keypad.press(place.row, place.column);
    else this.chips.keypad.release(place.row, place.column);
    for (const listener of this.onKey) listener(name, pressed);
  }

  hasKey(name: string): boolean {
    return KEY_PLACES[name] !== undefined;
  }

  // --- cards

  get slot(): string | undefined {
    return this.#slot;
  }

  get field(): readonly string[] {
    return this.#field;
  }

  /** Commands that cards have answered so far, GET RESPONSE among them. */
  get cardExchanges(): number {
    return this.#cardExchanges;
  }

  /** What the firmware did for the last card, in instructions; undefined on a ground that cannot tell. */
  get cardWork(): CardWork | undefined {
    return this.#cardWork.last;
  }

  /** Called with every command that a card got, and its answer; undefined where it stayed silent. */
  readonly onCardExchange: ((command: Uint8Array, answer: Uint8Array | undefined) => void)[] = [];

  /** A card's port whose commands are counted and heard. */
  #counted(port: CardPort): CardPort {
    return {
      ...port,
      transmit: (apdu) => {
        this.#cardExchanges += 1;
        this.#cardWork.talked();
        const answer = port.transmit(apdu);
        for (const listener of this.onCardExchange) listener(apdu, answer?.bytes);
        return answer;
      },
    };
  }

  insert(name: string): void {
    const { chip } = this.#card(name);
    if (this.#slot !== undefined) throw new Error(`the slot already holds ${this.#slot}`);
    if (chip === undefined || !chip.interfaces.includes("contact")) throw new Error(`${name} has no chip to insert`);
    this.#slot = name;
    this.#tellCard("insert", [name]);
    this.#cardWork.arrived();
    this.chips.coupler.insert(this.#counted(contactPort(chip)));
    this.changed();
  }

  tap(names: readonly string[]): void {
    if (this.#field.length > 0) throw new Error(`${this.#field.join(", ")} is already at the reader`);
    const ports = names.map((name) => {
      const { chip, radio } = this.#card(name);
      if (chip === undefined || radio === undefined) throw new Error(`${name} cannot be tapped`);
      return this.#counted(contactlessPort(chip, radio));
    });
    this.#field = names;
    this.#tellCard("tap", names);
    this.#cardWork.arrived();
    this.chips.field.present(ports);
    this.changed();
  }

  swipe(name: string): void {
    const { stripe } = this.#card(name);
    if (stripe === undefined) throw new Error(`${name} has no stripe`);
    this.#tellCard("swipe", [name]);
    this.chips.stripe.swipe(stripe);
  }

  remove(): boolean {
    const held = this.#slot !== undefined || this.#field.length > 0;
    if (held) this.#tellCard("remove", this.#slot === undefined ? this.#field : [this.#slot]);
    if (this.#slot !== undefined) this.chips.coupler.remove();
    if (this.#field.length > 0) this.chips.field.remove();
    this.#slot = undefined;
    this.#field = [];
    if (held) this.changed();
    return held || this.#tookAwayAt !== undefined;
  }

  /** When the customer took a tapped card away without being told. */
  #tookAwayAt: number | undefined;

  #recorded(record: ScreenRecord): void {
    this.screens.push(record);
    this.#cardWork.shown(record, this.#mayGo(record));
    if (this.#field.length > 0 && !HOLDING.has(record.screen)) {
      const held = this.#field;
      this.world.after(TAKE_AWAY_AFTER, () => {
        if (this.#field !== held) return;
        this.#tellCard("remove", held);
        this.chips.field.remove();
        this.#field = [];
        this.#tookAwayAt = this.world.now;
        this.changed();
      });
    }
    this.changed();
  }

  /** A card in the slot may go when the screen says so, a tapped one when the terminal has turned to something else. */
  #mayGo({ screen, values }: ScreenRecord): boolean {
    if (this.#slot !== undefined) return screen === "remove-card" || values.takeCard === "true";
    return !HOLDING.has(screen) && !(screen === "processing" && values.stage === "card");
  }

  #tellCard(what: "insert" | "tap" | "swipe" | "remove", cards: readonly string[]): void {
    for (const listener of this.onCard) listener(what, cards);
  }

  hasCard(name: string): boolean {
    return this.#issued.has(name) || allCards().has(name);
  }

  /** Cards that were issued in this world, the newest last. */
  issued(): readonly CardDefinition[] {
    return [...this.#issued.values()];
  }

  /** Puts another card into this world; its bank opens an account for it. Throws where there is such a one. */
  issue(card: CardDefinition): void {
    if (this.options.kept !== undefined) throw new Error("a profile keeps no cards but those that ship");
    if (this.hasCard(card.name)) throw new Error(`there is a card ${card.name} already`);
    this.bank.issue(card);
    this.#issued.set(card.name, card);
  }

  #card(name: string): VirtualCard {
    let card = this.#cards.get(name);
    if (card === undefined) {
      const issued = this.#issued.get(name);
      const { cardRandom } = this.bank;
      card = issued === undefined ? takeCard(name, cardRandom) : makeCard(issued, cardRandom);
      const kept = this.options.kept?.cards.get(name);
      if (kept !== undefined) card.chip?.putBack(kept);
      this.#cards.set(name, card);
    }
    return card;
  }

  // --- paper

  papers(): readonly PaperPiece[] {
    return this.#papers;
  }

  printerBusy(): boolean {
    return this.chips.printer.busy;
  }

  readonly printer = {
    paper: (present: boolean): void => this.chips.printer.setPaper(present ? "in" : "out"),
    cover: (open: boolean): void => this.chips.printer.setCover(open ? "open" : "closed"),
    hot: (hot: boolean): void => this.chips.printer.setHot(hot),
  };

  // --- lights and tones

  get signs(): Stage["signs"] {
    return { lights: this.chips.lights.history, tones: this.chips.buzzer.tones };
  }

  get speaker(): Stage["speaker"] {
    return this.chips.speaker;
  }

  readonly signMark = { lights: 0, tones: 0, speech: 0 };

  // --- the scanner

  get scanner(): Stage["scanner"] {
    return this.chips.scanner;
  }

  holdBefore(code: string): void {
    this.chips.scanner.show(code);
    this.#held = code;
    this.world.after(HOLD_BEFORE, () => this.#takeFromScanner(code));
  }

  #takeFromScanner(code: string): void {
    if (this.#held !== code) return;
    this.#held = undefined;
    this.chips.scanner.takeAway();
  }

  // --- phones

  codesOn(what: "display" | "receipt"): readonly string[] {
    if (what === "display") {
      const { width, height } = this.chips.display;
      return readCodes(grayOfDisplay(width, height, this.chips.display.pixels()));
    }
    const piece = this.chips.paper.pieces().at(-1);
    return piece === undefined ? [] : readCodes(grayOfPaper(piece.bits, this.chips.paper.bytesPerRow, piece.rows));
  }

  phone(name: string): Phone {
    let phone = this.#phones.get(name);
    if (phone === undefined) {
      const definition = allPhones().get(name);
      if (definition === undefined) throw new Error(`there is no phone ${name}`);
      phone = new Phone(definition, {
        desk: this.bank.desk,
        cardCode: (counter) => consumerCode(definition.card!, counter, this.bank.cardRandom),
        after: (milliseconds, action) =>
          this.world.after(milliseconds, () => {
            action();
            this.changed();
          }),
      });
    }
    this.#phones.delete(name);
    this.#phones.set(name, phone);
    return phone;
  }

  /** What a phone shows its owner; nothing while it is in the pocket. */
  sightOf(name: string): Sight {
    return this.#phones.get(name)?.sight ?? "nothing";
  }

  phoneShowing(): Phone | undefined {
    return [...this.#phones.values()].findLast(({ shown }) => shown !== undefined);
  }

  // --- the battery

  readonly battery = {
    set: ({ charge, cable }: { readonly charge?: number; readonly cable?: boolean }): void => {
      const { power } = this.chips;
      if (cable === false) power.unplug();
      if (charge !== undefined) power.setBattery(charge);
      if (cable === true) power.plug();
    },
  };

  // --- the case

  get caseSwitch(): Stage["caseSwitch"] {
    return this.chips.caseSwitch;
  }

  // --- the cash register

  /** On the network where the parameters say so, else on its serial line. */
  get register(): Stage["register"] {
    return this.#networkRegister ?? this.chips.register;
  }

  // --- the books

  get host(): { fault(fault: HostFault): void; normal(): void } {
    return this.bank;
  }

  get ledger(): Stage["ledger"] {
    return this.bank;
  }

  journal(): readonly JournalLine[] {
    const { flash } = this.chips;
    return readJournal(flash.blocks("journal"), flash.blocks("history"));
  }

  audit(): readonly string[] {
    const books = auditBooks(this.journal(), this.bank.payments());
    return [
      ...books,
      ...auditOpen(this.bank.openPayments()),
      ...auditFees(this.bank.fees(), this.papers(), this.screens),
    ];
  }

  // --- power

  readonly power = {
    given: (): boolean => this.board.powered,
    cut: (): void => this.board.cutPower(),
    on: (): void => {
      if (this.board.powered) this.chips.flash.cutAtOperation(0);
      this.board.restorePower();
    },
    cutAtFlashOperation: (operation: number): void => this.chips.flash.cutAtOperation(operation),
  };

  restart(): void {
    this.board.restart();
  }

  shiftClock(milliseconds: number): void {
    this.board.shiftWall(milliseconds);
  }

  loadKeys(): void {
    this.board.cutPower();
    this.#bringKeys();
    this.world.after(RESTART_TIME, () => this.board.restorePower());
  }

  forgetKeys(withTransport: boolean): void {
    this.board.cutPower();
    this.board.secure.clear();
    this.chips.flash.manufacture("keys", new Uint8Array(0));
    if (withTransport) this.board.secure.set("transportKey", this.bank.transportKey());
    this.world.after(RESTART_TIME, () => this.board.restorePower());
  }

  masterKeyBlock(flaw: KeyBlockFlaw | undefined): string {
    return this.bank.masterKeyBlock(flaw);
  }

  /** What the factory's key loader leaves for the terminal's next start. */
  #bringKeys(): void {
    for (const [name, key] of this.bank.loadedKeys(this.parameters.keyScheme)) this.board.secure.set(name, key.slice());
  }

  replaceTerminal(): void {
    this.board.cutPower();
    for (const { name } of p1Partitions) {
      if (name !== "parameters") this.chips.flash.manufacture(name, new Uint8Array(0));
    }
    this.board.secure.clear();
    this.#bringKeys();
    this.world.after(RESTART_TIME, () => this.board.restorePower());
  }
}

let fontBytes: Uint8Array | undefined;

/** The font's file, read once. */
let clipBytes: Uint8Array | undefined;
function clips(): Uint8Array {
  clipBytes ??= new Uint8Array(readFileSync(CLIPS));
  return clipBytes;
}

function font(): Uint8Array {
  fontBytes ??= new Uint8Array(readFileSync(FONT));
  return fontBytes;
}
