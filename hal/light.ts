import type { Closable } from "./io.ts";

/**
 * What a row of four lights over the antenna says (EMV Contactless Book A, user interface): `off`; `idle`, the terminal lives;
 * `ready` for a card; `read`, the card may be taken away; `alert`, none of them, whatever was before.
 */
export type LightSign = "off" | "idle" | "ready" | "read" | "alert";

/** The lights over the antenna. */
export interface ContactlessLights extends Closable {
  /** Shows a sign in place of the one before; `read` and `alert` end by themselves and leave the row dark. */
  show(sign: LightSign): void;
}
