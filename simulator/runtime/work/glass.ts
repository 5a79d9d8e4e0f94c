import type { Display } from "../../../hal/display.ts";

/** Glass of 320 x 240 that takes everything at once: what drawing costs, without a bus. */
export const glass: Display = Object.freeze<Display>({
  width: 320,
  height: 240,
  begin() {},
  send() {},
  end() {},
  configure() {},
  close() {},
});
