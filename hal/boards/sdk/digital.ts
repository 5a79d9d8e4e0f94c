import Pin from "embedded:io/digital";
import type { Digital, DigitalOptions } from "../../io.ts";
import { opened } from "./opened.ts";

const modes = Object.freeze({ input: "Input", inputPullUp: "InputPullUp", output: "Output" } as const);

/** Digital on a pin of the ESP32. An output starts low; reading an output throws. */
export class SdkDigital implements Digital {
  #pin: Pin | undefined;

  constructor({ pin, mode, edge, onReadable }: DigitalOptions) {
    const common = { pin, mode: Pin[modes[mode]] };
    if (onReadable === undefined) {
      this.#pin = new Pin(common);
      return;
    }
    const rising = edge === "rising" || edge === "both" ? Pin.Rising : 0;
    const falling = edge === "falling" || edge === "both" ? Pin.Falling : 0;
    this.#pin = new Pin({
      ...common,
      edge: rising | falling,
      onReadable: () => {
        if (this.#pin !== undefined) onReadable.call(this);
      },
    });
  }

  read(): 0 | 1 {
    return opened(this.#pin).read();
  }

  write(level: 0 | 1): void {
    opened(this.#pin).write(level);
  }

  close(): void {
    this.#pin?.close();
    this.#pin = undefined;
  }
}
