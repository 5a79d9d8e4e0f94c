import type { Area, Display } from "../../display.ts";
import type { Touch, TouchPoint } from "../../touch.ts";
import { opened } from "../sdk/opened.ts";

/** The SDK's simulated screen, a global of the desktop simulator, as far as it is used here: RGB565, low byte first. */
interface Glass {
  readonly width: number;
  readonly height: number;
  begin(x: number, y: number, width: number, height: number): void;
  send(pixels: ArrayBuffer): void;
  end(): void;
  /** Who is told of fingers. */
  context: GlassContext | undefined;
}
interface GlassContext {
  onTouchBegan(index: number, x: number, y: number): void;
  onTouchMoved(index: number, x: number, y: number): void;
  onTouchEnded(index: number, x: number, y: number): void;
}
declare const screen: Glass;

/** The simulator's screen as a display. */
export class SimulatorDisplay implements Display {
  readonly width: number;
  readonly height: number;
  #screen: Glass | undefined = screen;
  #area: Area | undefined;
  /** Bytes that the area still takes. */
  #left = 0;

  constructor() {
    this.width = screen.width;
    this.height = screen.height;
  }

  begin(area: Area): void {
    const glass = opened(this.#screen);
    if (this.#area !== undefined) throw new Error("begin inside begin");
    const { x, y, width, height } = area;
    if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= this.width && y + height <= this.height))
      throw new RangeError("outside of the screen");
    this.#area = area;
    this.#left = width * height * 2;
    glass.begin(x, y, width, height);
  }

  send(pixels: Uint8Array): void {
    const glass = opened(this.#screen);
    if (this.#area === undefined) throw new Error("send without begin");
    if (pixels.length > this.#left || pixels.length % 2 !== 0) throw new RangeError("not these pixels");
    this.#left -= pixels.length;
    const swapped = new Uint8Array(pixels.length);
    for (let at = 0; at < pixels.length; at += 2) {
      swapped[at] = pixels[at + 1]!;
      swapped[at + 1] = pixels[at]!;
    }
    glass.send(swapped.buffer);
  }

  end(): void {
    const glass = opened(this.#screen);
    if (this.#area === undefined) throw new Error("end without begin");
    this.#area = undefined;
    glass.end();
  }

  /** The simulator's screen has one brightness. */
  configure({ brightness }: { readonly brightness: number }): void {
    opened(this.#screen);
    if (!(brightness >= 0 && brightness <= 1)) throw new RangeError("brightness is not from 0 to 1");
  }

  close(): void {
    this.#screen = undefined;
  }
}

/** The mouse on the simulator's screen as fingers. */
export class SimulatorTouch implements Touch {
  #screen: Glass | undefined = screen;
  #changes: (readonly TouchPoint[])[] = [];
  #fingers: readonly TouchPoint[] = [];

  constructor({ onReadable }: { readonly onReadable: () => void }) {
    const change = (fingers: readonly TouchPoint[]): void => {
      this.#fingers = fingers;
      this.#changes.push(fingers);
      onReadable();
    };
    const others = (index: number): TouchPoint[] => this.#fingers.filter(({ id }) => id !== index);
    screen.context = {
      onTouchBegan: (id, x, y) => change([...others(id), { id, x, y }]),
      onTouchMoved: (id, x, y) => change([...others(id), { id, x, y }]),
      onTouchEnded: (id) => change(others(id)),
    };
  }

  read(): readonly TouchPoint[] | undefined {
    opened(this.#screen);
    return this.#changes.shift();
  }

  close(): void {
    if (this.#screen !== undefined) this.#screen.context = undefined;
    this.#screen = undefined;
    this.#changes = [];
  }
}
