import type { Chip } from "../../../hal/chip.ts";
import type { Contactless } from "../../../hal/contactless.ts";
import type { Clock, Device } from "../../../hal/device.ts";
import type { KeyName, Keypad } from "../../../hal/keypad.ts";
import type { LightSign } from "../../../hal/light.ts";
import type { MagneticStripe, Swipe } from "../../../hal/magstripe.ts";
import type { Scanner } from "../../../hal/scanner.ts";
import { wipe } from "../../codec/bytes.ts";
import { TamperedError } from "../tamper.ts";
import { type CardSlot, ChipSlot, ContactlessField } from "./card-slots.ts";
import type { Signs } from "./signs.ts";
import { wipeSwipe } from "./swipe.ts";

/**
 * Typing that began while nobody wanted keys is dropped to its end, which is a pause of so many milliseconds: of an
 * amount typed too early none of the digits may count, rather than the last ones alone.
 */
const endOfTyping = 600;

/** What a flow waits for; at least one of them. What is not wanted is not noticed: a key pressed meanwhile is lost. */
export interface Wishes {
  readonly keys?: boolean;
  readonly swipe?: boolean;
  readonly chip?: "inserted" | "removed";
  /** `card`: switches the field on and waits for a card; `empty`: waits until no card is there any more. */
  readonly contactless?: "card" | "empty";
  /** The cash register asks for something. */
  readonly register?: boolean;
  /** Has the scanner look for a code. */
  readonly scan?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** The first of the wishes that came true. The receiver owns a swipe's arrays, and a code: a wallet's is money. */
export type Happening =
  | { readonly kind: "key"; readonly key: KeyName }
  | { readonly kind: "swipe"; readonly swipe: Swipe }
  | { readonly kind: "chipInserted" }
  | { readonly kind: "chipRemoved" }
  | { readonly kind: "tap" }
  | { readonly kind: "collision" }
  | { readonly kind: "fieldEmpty" }
  | { readonly kind: "register" }
  | { readonly kind: "scan"; readonly code: Uint8Array }
  | { readonly kind: "timeout" };

/** `isAsked`: the cash register wants something. */
export interface AskingRegister {
  readonly isAsked: boolean;
}

interface Waiter {
  readonly wishes: Wishes;
  readonly resolve: (happening: Happening) => void;
  readonly reject: (error: TamperedError) => void;
  readonly timer: number | undefined;
}

/**
 * The keypad and the three card readers as promises: one primitive that waits for the first of many things. One flow
 * waits at a time; the wishes that lost are forgotten and the contactless field is switched off unless a card won.
 */
export class Peripherals {
  readonly #clock: Clock;
  readonly #keypad: Keypad;
  readonly #stripe: MagneticStripe | undefined;
  readonly #chip: Chip | undefined;
  readonly #contactless: Contactless | undefined;
  #scanner: Scanner | undefined;
  #isLooking = false;
  #waiter: Waiter | undefined;
  #fieldOn = false;
  #isStopped = false;
  #register: AskingRegister | undefined;
  readonly #signs: Signs | undefined;
  /** When the last key was dropped. */
  #droppedAt = Number.NEGATIVE_INFINITY;
  /** The chip reader as a card that can be talked to; absent when the board has none. */
  readonly chip: CardSlot | undefined;
  /** The card in the contactless field. */
  readonly contactless: CardSlot | undefined;

  /** Opens what the device has. */
  constructor(
    device: Pick<Device, "clock" | "keypad" | "magstripe" | "chip" | "contactless" | "scanner">,
    signs?: Signs,
  ) {
    this.#clock = device.clock;
    this.#signs = signs;
    const notice = (): void => this.notice();
    const [onReadable, onStateChange] = [{ onReadable: notice }, { onStateChange: notice }];
    this.#keypad = device.keypad(onReadable);
    this.#stripe = device.magstripe?.(onReadable);
    this.#chip = device.chip?.(onStateChange);
    this.#contactless = device.contactless?.(onStateChange);
    try {
      this.#scanner = device.scanner?.(onReadable);
    } catch {
      // a scanner that does not answer is none: there are other ways to pay
    }
    this.chip = this.#chip === undefined ? undefined : new ChipSlot(this.#chip);
    this.contactless = this.#contactless === undefined ? undefined : new ContactlessField(this.#contactless);
  }

  /** What says whether the cash register asks; it calls `notice` when it has just done so. */
  attachRegister(register: AskingRegister): void {
    this.#register = register;
  }

  /** True on a board that reads stripes. */
  get hasStripe(): boolean {
    return this.#stripe !== undefined;
  }

  /** True on a board that scans codes. */
  get hasScanner(): boolean {
    return this.#scanner !== undefined;
  }

  /** True while a card is in the chip reader. */
  get chipPresent(): boolean {
    return this.#chip?.present ?? false;
  }

  /**
   * Waits for the first of the wishes. Throws `Error` while another flow waits: a programming error. Rejects with
   * `TamperedError` from `stop` on.
   */
  wait(wishes: Wishes): Promise<Happening> {
    if (this.#isStopped) {
      return Promise.reject(new TamperedError());
    }
    if (this.#waiter !== undefined) {
      throw new Error("two flows wait for the same peripherals");
    }
    if (wishes.contactless !== undefined && !this.#fieldOn) {
      this.#fieldOn = true;
      this.#contactless?.start();
    }
    if (wishes.scan === true && this.#scanner !== undefined) {
      this.#isLooking = true;
      this.#scanner.start();
    }
    if (wishes.contactless === "card") this.#signs?.show("ready");
    return this.#first(wishes).then((happening) => {
      this.#settleField(happening); // here, because a driver's callback is deep in the stack already
      this.#endScan();
      return happening;
    });
  }

  #first(wishes: Wishes): Promise<Happening> {
    const already = this.#look(wishes);
    if (already !== undefined) {
      return Promise.resolve(already);
    }
    return new Promise((resolve, reject) => {
      const { timeout } = wishes;
      const timer =
        timeout === undefined ? undefined : this.#clock.setTimer(() => this.#end({ kind: "timeout" }), timeout);
      this.#waiter = { wishes, resolve, reject, timer };
    });
  }

  /** Ends the wait that stands, if any, as its timeout does: what it waited beside has happened. */
  wake(): void {
    this.#end({ kind: "timeout" });
  }

  /** Nobody gets a key or a card any more: who waits for one is told, and wipes what it has. */
  stop(): void {
    this.#isStopped = true;
    this.#release()?.reject(new TamperedError());
    this.endContactless();
    this.#endScan();
    this.sign("off");
  }

  /** What is to be seen over the antenna, and heard; `ready` and its end come with waiting for a card. */
  sign(sign: LightSign): void {
    this.#signs?.show(sign);
  }

  /** Waits for a key, at most so many milliseconds; `undefined` when none came. */
  async key(timeout?: number): Promise<KeyName | undefined> {
    const happening = await this.wait(timeout === undefined ? { keys: true } : { keys: true, timeout });
    return happening.kind === "key" ? happening.key : undefined;
  }

  /** Drops what is being typed to its end: its first key was meant for something else. */
  dropTyping(): void {
    this.#droppedAt = this.#clock.monotonic();
  }

  /** Waits without looking at anything. */
  async pause(milliseconds: number): Promise<void> {
    await this.wait({ timeout: milliseconds });
  }

  /** Switches the contactless field off after a card was used. */
  endContactless(): void {
    if (this.#fieldOn) {
      this.#fieldOn = false;
      this.#contactless?.stop();
      this.#signs?.end();
    }
  }

  #endScan(): void {
    if (this.#isLooking) {
      this.#isLooking = false;
      this.#scanner?.stop();
    }
  }

  /** Something may have happened. */
  notice(): void {
    const waiter = this.#waiter;
    const happening = this.#look(waiter?.wishes ?? {});
    if (happening !== undefined) {
      this.#end(happening);
    }
  }

  #end(happening: Happening): void {
    this.#release()?.resolve(happening);
  }

  /** Who waits, who then waits no more. */
  #release(): Waiter | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter?.timer !== undefined) {
      this.#clock.clearTimer(waiter.timer);
    }
    return waiter;
  }

  #settleField(happening: Happening): void {
    if (happening.kind !== "tap" && happening.kind !== "collision") {
      this.endContactless();
    }
  }

  /** What has already happened of the wishes, in a fixed order. Keys and swipes that nobody wants are dropped. */
  #look(wishes: Wishes): Happening | undefined {
    const happening =
      this.#key(wishes) ??
      this.#swipe(wishes) ??
      this.#chipChange(wishes) ??
      this.#fieldChange(wishes) ??
      this.#scan(wishes);
    return (
      happening ?? (wishes.register === true && this.#register?.isAsked === true ? { kind: "register" } : undefined)
    );
  }

  #key(wishes: Wishes): Happening | undefined {
    for (let event = this.#keypad.read(); event !== undefined; event = this.#keypad.read()) {
      if (!event.pressed) {
        continue;
      }
      if (wishes.keys === true && this.#clock.monotonic() - this.#droppedAt >= endOfTyping) {
        return { kind: "key", key: event.key };
      }
      this.dropTyping();
    }
    return undefined;
  }

  #swipe(wishes: Wishes): Happening | undefined {
    for (let swipe = this.#stripe?.read(); swipe !== undefined; swipe = this.#stripe?.read()) {
      if (wishes.swipe === true) {
        return { kind: "swipe", swipe };
      }
      wipeSwipe(swipe);
    }
    return undefined;
  }

  #scan(wishes: Wishes): Happening | undefined {
    for (let code = this.#scanner?.read(); code !== undefined; code = this.#scanner?.read()) {
      if (wishes.scan === true) {
        return { kind: "scan", code };
      }
      wipe(code);
    }
    return undefined;
  }

  #chipChange(wishes: Wishes): Happening | undefined {
    if (wishes.chip === "inserted" && this.chipPresent) {
      return { kind: "chipInserted" };
    }
    return wishes.chip === "removed" && !this.chipPresent ? { kind: "chipRemoved" } : undefined;
  }

  #fieldChange(wishes: Wishes): Happening | undefined {
    const state = this.#contactless?.state ?? "none";
    if (wishes.contactless === "card" && state !== "none") {
      return { kind: state === "card" ? "tap" : "collision" };
    }
    return wishes.contactless === "empty" && state === "none" ? { kind: "fieldEmpty" } : undefined;
  }
}
