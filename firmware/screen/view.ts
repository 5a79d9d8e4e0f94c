import { pack565 } from "#native/raster";
import type { Display } from "../../hal/display.ts";
import type { Recorder } from "../../hal/io.ts";
import type { GlassKeys } from "../../hal/keypad.ts";
import { type FittedCode, fitCode } from "../codes/fit.ts";
import { arrange, arrangeStatus, type Page } from "./arrange.ts";
import { Canvas } from "./canvas.ts";
import { Font } from "./font.ts";
import { arrangeGlass } from "./glass.ts";
import { drawPad } from "./key-pad.ts";
import type { Messages } from "./messages/changed.ts";
import { languages } from "./messages/languages.ts";
import type { Language } from "./messages/words.ts";
import type { KeyName, Panel } from "./panel.ts";
import type { ReaderName } from "./panel-parts.ts";
import { panelOf } from "./panels.ts";
import { recordEntry } from "./record.ts";
import { drawContent, type Region, regionKey } from "./region.ts";
import type { Screen, Status } from "./screens.ts";

/** Bytes of the strip of RGB565 that goes to the display at once: six full rows, one write on the display's bus. */
const STRIP_BYTES = 4096;
/** Bytes of the largest region at one bit a pixel: a title of two lines. */
const REGION_BYTES = 40 * 80;

export interface ScreenViewOptions {
  readonly display: Display;
  /** The packed font (fonts/README.md). */
  readonly font: Uint8Array;
  readonly language: Language;
  readonly status: Status;
  /** What it says; what is built in where it is absent. */
  readonly messages?: Messages;
  /** How cards can be presented to this device; every way where it is absent. */
  readonly readers?: readonly ReaderName[] | undefined;
  /** Where the keys are on the display itself: told which ones are drawn, and where. */
  readonly keys?: GlassKeys | undefined;
  /** Told what every shown screen means; absent in production. */
  readonly recorder?: Pick<Recorder, "write"> | undefined;
}

/**
 * The terminal's screen: turns screens into regions and draws the ones that changed. The buffers are taken once; a shown
 * screen is kept as short texts only.
 */
export class ScreenView {
  readonly #display: Display;
  readonly #font: Font;
  readonly #recorder: Pick<Recorder, "write"> | undefined;
  readonly #readers: readonly ReaderName[] | undefined;
  readonly #canvas: Canvas;
  /** As long as the last strip was, at the beginning of a buffer for the longest: most strips are alike. */
  #strip = new Uint8Array(STRIP_BYTES);
  readonly #keys: GlassKeys | undefined;
  readonly #messages: Messages;
  #language: Language;
  #status: Status;
  #screen: Screen | undefined;
  /** The keys of the regions that were drawn: of the bar at the top, and under it. */
  #drawnBar: readonly string[] = [];
  #drawnPanel: readonly string[] = [];
  /** Of what is shown. */
  #title = "";
  #recordedPin = "";
  /** The code that was drawn last, and in how many rows. */
  #code: FittedCode | undefined;
  #codeRoom = 0;
  /** What F1 and F2 say on the keypad that is on the display; undefined without one. */
  #pad: string | undefined;

  /** Throws `RangeError` for bytes that are no font. */
  constructor(options: ScreenViewOptions) {
    this.#display = options.display;
    this.#font = new Font(options.font);
    this.#canvas = new Canvas(this.#font, REGION_BYTES);
    this.#recorder = options.recorder;
    this.#readers = options.readers;
    this.#keys = options.keys;
    this.#messages = options.messages ?? languages;
    this.#language = options.language;
    this.#status = options.status;
  }

  get language(): Language {
    return this.#language;
  }
  /** The screen that is shown now. */
  get screen(): Screen | undefined {
    return this.#screen;
  }

  /** Shows a screen and records what it means. */
  show(screen: Screen): void {
    const first = this.#screen === undefined;
    this.#screen = screen;
    if (first) this.#drawBar();
    this.#drawPanel();
    if (this.#recorder !== undefined) this.#note(screen, this.#recorder);
  }

  /** Changes the language of everything that is shown, at once. */
  setLanguage(language: Language): void {
    this.#language = language;
    this.#drawPanel();
  }

  /** Changes what the bar at the top shows. */
  setStatus(status: Status): void {
    this.#status = status;
    this.#drawBar();
  }

  /** Draws everything again, after the display was off. */
  redraw(): void {
    this.#drawnBar = [];
    this.#drawnPanel = [];
    this.#pad = undefined;
    this.#drawBar();
    this.#drawPanel();
  }

  #note(screen: Screen, recorder: Pick<Recorder, "write">): void {
    const entry = recordEntry(screen, this.#title);
    // While a PIN is typed only the dots change; an entry a digit would tell how long it is.
    const pin = "digits" in screen ? `${entry.screen}\n${Object.values(entry.values).join("\n")}` : "";
    if (pin === "" || pin !== this.#recordedPin) recorder.write(entry);
    this.#recordedPin = pin;
  }

  #page(): Page {
    const { width, height } = this.#display;
    return { width, height, font: this.#font, words: this.#messages[this.#language], fit: this.#fit };
  }

  readonly #fit = (text: string, room: number, most: number): FittedCode | undefined => {
    if (this.#code?.text !== text || this.#codeRoom !== room) {
      this.#code = fitCode(text, room, most);
      this.#codeRoom = room;
    }
    return this.#code;
  };

  #drawBar(): void {
    // A keypad leaves no room for the bar.
    if (this.#screen === undefined || this.#pad !== undefined) return;
    this.#drawnBar = this.#update(this.#drawnBar, arrangeStatus(this.#page(), this.#status));
  }

  #drawPanel(): void {
    if (this.#screen === undefined) return;
    const page = this.#page();
    const panel = panelOf(this.#screen, page.words, this.#language, this.#readers);
    this.#title = panel.title;
    if (this.#keys === undefined) this.#drawnPanel = this.#update(this.#drawnPanel, arrange(page, panel));
    else this.#drawWithKeys(page, this.#screen, panel, this.#keys);
  }

  /** Draws a screen and the keys that it wants; between keypad and bar everything changes its place. */
  #drawWithKeys(page: Page, screen: Screen, panel: Panel, keys: GlassKeys): void {
    const layout = arrangeGlass(page, screen, panel);
    const hintOf = (name: KeyName): string | undefined => {
      const hint = panel.keys.find(({ key }) => key === name)?.hint;
      return hint === undefined ? undefined : page.words[hint];
    };
    const hints = { F1: hintOf("F1"), F2: hintOf("F2") };
    const pad = layout.pad ? `${hints.F1}\n${hints.F2}` : undefined;
    const before = this.#pad;
    this.#pad = pad;
    if ((before === undefined) !== (pad === undefined)) {
      this.#drawnBar = [];
      this.#drawnPanel = [];
      this.#drawBar();
    }
    this.#drawnPanel = this.#update(this.#drawnPanel, layout.regions);
    if (pad !== undefined && pad !== before)
      drawPad(
        { display: this.#display, canvas: this.#canvas, strip: this.#stripOf(STRIP_BYTES) },
        hints,
        before === undefined,
      );
    keys.place(layout.keys);
  }

  /**
   * Sends the regions that are not among those drawn, those that lie one under the other as one rectangle of the display;
   * gives the keys of what is on the display now.
   */
  #update(drawn: readonly string[], regions: readonly Region[]): readonly string[] {
    const keys = regions.map(regionKey);
    for (let first = 0; first < regions.length; first++) {
      if (drawn.includes(keys[first]!)) continue;
      let last = first;
      while (
        last + 1 < regions.length &&
        isUnder(regions[last]!, regions[last + 1]!) &&
        !drawn.includes(keys[last + 1]!)
      )
        last++;
      const { x, y, width } = regions[first]!;
      this.#display.begin({ x, y, width, height: regions[last]!.y + regions[last]!.height - y });
      for (let place = first; place <= last; place++) this.#send(regions[place]!);
      this.#display.end();
      first = last;
    }
    return keys;
  }

  /** Draws one region with one bit a pixel and sends it in strips. */
  #send(region: Region): void {
    const { width, height, foreground, background, content } = region;
    const display = this.#display;
    const canvas = this.#canvas;
    const stride = width >> 3;
    const rowsAtOnce = Math.floor(STRIP_BYTES / (width * 2));
    const empty = content.kind === "blank";
    canvas.reset(width, empty && height > rowsAtOnce ? rowsAtOnce : height);
    drawContent(canvas, content);
    const { bits } = canvas;
    let strip: Uint8Array = this.#strip;
    for (let row = 0; row < height; row += rowsAtOnce) {
      let rows = rowsAtOnce;
      if (row + rows > height) rows = height - row;
      const length = rows * width * 2;
      if (strip.length !== length) strip = this.#stripOf(length);
      if (!empty || row === 0) pack565(bits, stride, empty ? 0 : row, rows, strip, foreground, background);
      display.send(strip);
    }
  }

  #stripOf(length: number): Uint8Array {
    if (this.#strip.length !== length) this.#strip = new Uint8Array(this.#strip.buffer, 0, length);
    return this.#strip;
  }
}

/** Whether the second region goes on where the first one ends. */
function isUnder(upper: Region, lower: Region): boolean {
  return lower.y === upper.y + upper.height && lower.x === upper.x && lower.width === upper.width;
}
