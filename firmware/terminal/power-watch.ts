import type { Device } from "../../hal/device.ts";
import type { Power } from "../../hal/power.ts";
import { batteryEmpty, batteryLow } from "../screen/battery.ts";
import type { Screen, Status } from "../screen/screens.ts";

/** The battery, where the device has one: what the bar says of it, when it is warned of, and when nothing may begin any more. */
export class PowerWatch {
  #power: Power | undefined;
  /** Whoever waits while nothing goes on. */
  #idle: (() => void) | undefined;
  /** The last that was warned of. */
  #warned: Screen["id"] | undefined;

  constructor(device: Pick<Device, "power">) {
    try {
      this.#power = device.power?.({
        onStateChange: () => this.#idle?.(),
        onError: () => {
          this.#power = undefined;
        },
      });
    } catch {
      // a chip that is not there tells of no battery
    }
  }

  /** Called when anything changes until it is told otherwise. */
  whileIdle(tell: (() => void) | undefined): void {
    this.#idle = tell;
  }

  /** What the bar shows; nothing without a battery. */
  get sign(): Pick<Status, "battery" | "charging"> {
    const state = this.#power?.state;
    return state?.charge === undefined ? {} : { battery: state.charge, charging: state.battery === "charging" };
  }

  /** What the cashier has to know of the battery now; undefined while it is well, or a cable gives power. */
  get trouble(): Extract<Screen, { id: "battery-low" | "battery-empty" }> | undefined {
    const state = this.#power?.state;
    if (state?.charge === undefined || state.external || state.charge > batteryLow) return undefined;
    return { id: state.charge > batteryEmpty ? "battery-low" : "battery-empty", charge: state.charge };
  }

  /** The same, once each time that it gets worse. */
  warning(): Screen | undefined {
    const trouble = this.trouble;
    const isNews = trouble !== undefined && trouble.id !== this.#warned;
    this.#warned = trouble?.id;
    return isNews ? trouble : undefined;
  }
}
