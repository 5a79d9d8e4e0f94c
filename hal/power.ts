import type { Closable } from "./io.ts";

export interface PowerState {
  /** Whether a cable or dock gives power. */
  readonly external: boolean;
  /** `absent` where there is no battery to speak of. */
  readonly battery: "absent" | "discharging" | "charging" | "full";
  /** Percent, 0 to 100, where the battery is there and its gauge knows. */
  readonly charge: number | undefined;
  /** What is wrong, while it is. */
  readonly fault: "hot" | "cold" | "charger" | undefined;
}

/** Battery and charger. `onStateChange` (given at opening) says that `state` is another one. */
export interface Power extends Closable {
  readonly state: PowerState;
  /** Takes the power from the device; with a cable in it, it may start anew. Nothing after the call may count on being run. */
  switchOff(): void;
}
