import type { Language } from "../../screen/messages/words.ts";
import type { Screen } from "../../screen/screens.ts";
import type { ScreenView } from "../../screen/view.ts";
import { inTurnOfItsOwn } from "../../turn.ts";
import { TamperedError } from "../tamper.ts";
import type { StatusBar } from "./status-bar.ts";

type View = Pick<ScreenView, "language" | "show" | "setLanguage" | "setStatus">;

/**
 * The screen as flows see it. Drawing goes deep, and so do flows that call flows: on the device's small stack a screen is
 * drawn from a turn of its own, with nothing of the flow below it. The bar at the top is kept up to date on the way.
 */
export class FlowScreen {
  readonly #view: View;
  readonly #bar: StatusBar | undefined;
  /** What the bar says now. */
  #shown = "";
  #isSealed = false;

  /** Without a bar, of a terminal that does not know whose it is, the top of the screen stays as it was made. */
  constructor(view: View, bar: StatusBar | undefined) {
    this.#view = view;
    this.#bar = bar;
    bar?.everyMinute(() => this.#update());
  }

  get language(): Language {
    return this.#view.language;
  }

  /** Rejects with `TamperedError` when the screen was sealed. */
  async show(screen: Screen): Promise<void> {
    await inTurnOfItsOwn(() => this.#update());
    if (this.#isSealed) {
      throw new TamperedError();
    }
    await inTurnOfItsOwn(() => this.#view.show(screen));
  }

  /** Shows a screen now, whatever flow is about to show something, and none after it. */
  seal(screen: Screen): Promise<void> {
    this.#isSealed = true;
    return inTurnOfItsOwn(() => this.#view.show(screen));
  }

  async setLanguage(language: Language): Promise<void> {
    await inTurnOfItsOwn(() => this.#view.setLanguage(language));
    await inTurnOfItsOwn(() => this.#update());
  }

  #update(): void {
    const { language } = this.#view;
    const status = this.#bar?.status(language);
    if (status === undefined) {
      return;
    }
    const { merchant, time = "", network, unsaved = 0, battery = "", charging = "" } = status;
    const words = `${language} ${merchant} ${time} ${network} ${unsaved} ${battery} ${charging}`;
    if (words !== this.#shown) {
      this.#shown = words;
      this.#view.setStatus(status);
    }
  }
}
