import type { System } from "../../io.ts";
import { endBootWatch, restart } from "./reset.js";

/** The ESP32 itself. */
export class SdkSystem implements System {
  restart(): void {
    restart();
  }

  alive(): void {
    endBootWatch();
  }

  close(): void {}
}
