import type { Closable } from "./io.ts";

/**
 * What watches over the case. It remembers while it has power: once the case was open it says so until the power goes,
 * and `onTamper` (given at opening) comes once, however often it is opened and closed. An opening before it was made is
 * not called but told by `tampered`, where the case is still open.
 */
export interface Tamper extends Closable {
  /** True from the first opening on. */
  readonly tampered: boolean;
}
