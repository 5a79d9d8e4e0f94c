import type { Digital, DigitalConstructor } from "../../io.ts";
import type { Tamper } from "../../tamper.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";

/** Level of the pin while the switch is open, or its wire cut: the pull-up's. */
const OPEN = 1;

export interface CaseSwitchOptions {
  readonly contact: { readonly io: DigitalConstructor; readonly pin: number };
  readonly onTamper?: () => void;
}

/**
 * A switch that the closed case holds closed, between a pin with a pull-up and ground. The first edge counts, whatever
 * the level is by the time it is heard: an opening may be shorter than what the firmware is busy with. Bouncing contacts
 * are one opening. Spikes that are none are kept off the pin by the board (a resistor and a capacitor of 1 ms).
 */
export class CaseSwitch implements Tamper {
  readonly #onTamper: (() => void) | undefined;
  #contact: Digital | undefined;
  #tampered = false;

  constructor(options: CaseSwitchOptions) {
    const { contact, onTamper } = options;
    checkIo("contact.io", contact.io);
    checkInteger("contact.pin", contact.pin, 0, 255);
    checkCallback("onTamper", onTamper);
    this.#onTamper = onTamper;
    try {
      // The edge is watched before the level is read: an opening in between is seen by one of them.
      this.#contact = new contact.io({
        pin: contact.pin,
        mode: "inputPullUp",
        edge: "rising",
        onReadable: () => this.#opened(),
      });
      this.#tampered = this.#contact.read() === OPEN;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get tampered(): boolean {
    if (this.#contact === undefined) throw new Error("closed");
    return this.#tampered;
  }

  close(): void {
    this.#contact?.close();
    this.#contact = undefined;
  }

  #opened(): void {
    if (this.#contact === undefined || this.#tampered) return;
    this.#tampered = true;
    this.#onTamper?.call(this);
  }
}
