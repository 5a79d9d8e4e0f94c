import type { Clock } from "../../../hal/device.ts";
import type { Language } from "../../screen/messages/words.ts";
import type { Status } from "../../screen/screens.ts";
import type { LocalText, Parameters } from "../../update/parameters.ts";
import { localTime } from "../local-time.ts";
import type { PowerWatch } from "../power-watch.ts";

const minute = 60_000;

export interface StatusBarOptions {
  readonly clock: Clock;
  readonly merchantName: LocalText;
  readonly utcOffsetMinutes: number;
  readonly link: Parameters["link"];
}

/** What the bar at the top of every screen says: the shop, the time of day, and whether the host was reached last. */
export class StatusBar {
  readonly #options: StatusBarOptions;
  #network: Status["network"] = "up";
  #unsaved = 0;
  #power: Pick<PowerWatch, "sign"> | undefined;

  constructor(options: StatusBarOptions) {
    this.#options = options;
  }

  /** The last attempt at the host: whether any answer came. */
  reached(yes: boolean): void {
    this.#network = yes ? "up" : "down";
  }

  /** So many journal records wait for their backup. */
  unsaved(count: number): void {
    this.#unsaved = count;
  }

  /** What tells of the battery. */
  attachPower(power: Pick<PowerWatch, "sign">): void {
    this.#power = power;
  }

  status(language: Language): Status {
    const { clock, merchantName, utcOffsetMinutes, link } = this.#options;
    const { time } = localTime(clock.wall(), utcOffsetMinutes);
    return {
      merchant: merchantName[language],
      time: `${time.slice(0, 2)}:${time.slice(2, 4)}`,
      network: this.#network,
      plain: link === "plain",
      ...(this.#unsaved === 0 ? {} : { unsaved: this.#unsaved }),
      ...this.#power?.sign,
    };
  }

  /** Calls back at the beginning of every minute, for ever. */
  everyMinute(tell: () => void): void {
    const { clock } = this.#options;
    clock.setTimer(
      () => {
        this.everyMinute(tell);
        tell();
      },
      minute - (clock.wall() % minute),
    );
  }
}
