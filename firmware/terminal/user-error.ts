import type { Screen } from "../screen/screens.ts";

/** A flow that ends before money moved, by something a person did or must do: shown as its screen. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly screen: Screen;

  constructor(screen: Screen) {
    super(screen.id);
    this.screen = screen;
  }
}
