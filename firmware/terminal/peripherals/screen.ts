import type { Language } from "../../screen/messages/words.ts";
import type { Screen } from "../../screen/screens.ts";
import type { ScreenView } from "../../screen/view.ts";
import { inTurnOfItsOwn } from "../../turn.ts";

/**
 * The screen as flows see it. Drawing goes deep, and so do flows that call flows: on the device's small stack a screen is
 * drawn from a turn of its own, with nothing of the flow below it.
 */
export class FlowScreen {
  readonly #view: Pick<ScreenView, "language" | "show" | "setLanguage">;

  constructor(view: Pick<ScreenView, "language" | "show" | "setLanguage">) {
    this.#view = view;
  }

  get language(): Language {
    return this.#view.language;
  }

  show(screen: Screen): Promise<void> {
    return inTurnOfItsOwn(() => this.#view.show(screen));
  }

  setLanguage(language: Language): Promise<void> {
    return inTurnOfItsOwn(() => this.#view.setLanguage(language));
  }
}
