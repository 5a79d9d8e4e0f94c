import type { Buzzer, Note } from "../../../hal/buzzer.ts";
import type { Device } from "../../../hal/device.ts";
import type { ContactlessLights, LightSign } from "../../../hal/light.ts";

/** EMV Contactless Book A, user interface, audio: the card was read; try again, or use another way. */
const tones: Readonly<Partial<Record<LightSign, readonly Note[]>>> = Object.freeze({
  read: Object.freeze([Object.freeze({ hertz: 1_500, milliseconds: 500 } as const)]),
  alert: Object.freeze([
    Object.freeze({ hertz: 750, milliseconds: 200 } as const),
    Object.freeze({ hertz: 0, milliseconds: 200 } as const),
    Object.freeze({ hertz: 750, milliseconds: 200 } as const),
  ]),
});

/**
 * What a customer sees over the antenna and hears (EMV Contactless Book A, user interface): the signs of the lights, `read` and
 * `alert` with their tones. What the board lacks, or cannot open, shows and sounds nothing.
 */
export class Signs {
  readonly #lights: ContactlessLights | undefined;
  readonly #buzzer: Buzzer | undefined;
  #sign: LightSign = "off";

  /** @param beeps false: lights alone */
  constructor(device: Pick<Device, "lights" | "buzzer">, beeps: boolean) {
    this.#buzzer = beeps ? device.buzzer?.({}) : undefined;
    try {
      this.#lights = device.lights?.({});
    } catch {
      // no light is a reason not to sell
    }
  }

  /** Shows a sign in place of the one before; one that stands already goes on. */
  show(sign: LightSign): void {
    const tone = tones[sign];
    if (sign === this.#sign && tone === undefined) return;
    this.#sign = sign;
    this.#lights?.show(sign);
    if (tone !== undefined) this.#buzzer?.play(tone);
  }

  /** Nobody waits for a card any more. */
  end(): void {
    if (this.#sign === "ready") this.show("off");
  }
}
