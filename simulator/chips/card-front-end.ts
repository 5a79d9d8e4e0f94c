import type { Board } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import type { SerialPeer, SerialWire } from "../io/serial-wire.ts";
import { CardChip, type CardManner } from "./card-chip.ts";
import type { CardPort } from "./card-port.ts";

/** How far apart two speeds may be for bytes to be understood. */
const TOLERANCE = 0.02;

export interface FrontEndWires {
  readonly port: number;
  readonly power: number;
  readonly reset: number;
  readonly present: number;
}

/**
 * An analogue front end for cards, such as the TDA8035: it switches supply and clock, passes RST and the card's line on, and says whether
 * a card is there. The device's two lines are both on the card's one: what it sends comes back.
 */
export class CardFrontEndChip implements SerialPeer {
  readonly #board: Board;
  readonly #wire: SerialWire;
  readonly #power: DigitalWire;
  readonly #reset: DigitalWire;
  readonly #present: DigitalWire;
  readonly #hz: number;
  #card: CardChip | undefined;
  /** Changes what goes over the line; `undefined` swallows it. */
  disturb: (direction: "to card" | "from card", bytes: Uint8Array) => Uint8Array | undefined = (_, bytes) => bytes;
  /** Bytes that came while the card had no power, or at another speed than its own. */
  protocolErrors = 0;

  constructor(board: Board, wires: FrontEndWires, hz: number) {
    this.#board = board;
    this.#hz = hz;
    this.#wire = board.serialWire(wires.port);
    this.#wire.attach(this);
    this.#power = board.digitalWire(wires.power);
    this.#reset = board.digitalWire(wires.reset);
    this.#present = board.digitalWire(wires.present);
    this.#present.drive(0);
    this.#power.watch((level) => {
      if (level === 1) this.#card?.powerOff();
    });
    this.#reset.watch((level) => {
      if (level === 1 && this.#power.level === 0) this.#card?.reset();
      if (level === 0) this.#card?.powerOff();
    });
    board.onPowerCut.push(() => {
      this.#card?.powerOff();
      this.#power.drive(1);
      this.#reset.drive(0);
    });
  }

  /** Puts a card into the slot; throws when there is one. */
  insert(card: CardPort, manner: CardManner = { protocol: 0 }): void {
    if (this.#card !== undefined) throw new Error("there is a card in the slot");
    this.#card = new CardChip(this.#board.world, card, manner, (bytes) => this.#say(Uint8Array.from(bytes)));
    this.#present.drive(1);
  }

  /** Pulls the card out; false when there was none. */
  remove(): boolean {
    if (this.#card === undefined) return false;
    this.#card.powerOff();
    this.#card = undefined;
    this.#present.drive(0);
    return true;
  }

  receive(bytes: Uint8Array): void {
    this.#wire.send(bytes);
    if (this.#power.level === 1 || !this.#inStep) {
      this.protocolErrors++;
      return;
    }
    const arriving = this.disturb("to card", bytes);
    if (arriving !== undefined) this.#card?.hear(arriving);
  }

  get #inStep(): boolean {
    const own = this.#hz / (this.#card?.unit ?? 372);
    return Math.abs(this.#wire.baud / own - 1) < TOLERANCE;
  }

  #say(bytes: Uint8Array): void {
    if (!this.#board.powered || this.#power.level === 1) return;
    const leaving = this.disturb("from card", bytes);
    if (leaving === undefined) return;
    this.#wire.send(this.#inStep ? leaving : leaving.map((byte) => byte ^ 0x5a));
  }
}
