import type { System } from "../../io.ts";
import { restart } from "./reset.js";

/** The ESP32 itself. */
export class SdkSystem implements System {
  restart(): void {
    restart();
  }

  close(): void {}
}
