import type { TerminalApplication } from "../application.ts";

/** How the holder of a tapped card is verified; `device`: the phone or watch has done it. */
export type TapVerification = "onlinePin" | "signature" | "device" | "none";

/** What a tap came to (EMV contactless Book A, 6.2). */
export type TapOutcome =
  | {
      readonly kind: "online";
      readonly application: TerminalApplication;
      readonly verification: TapVerification;
    }
  | { readonly kind: "declined"; readonly application: TerminalApplication }
  /** The phone wants its owner first; the card is tapped again afterwards. */
  | { readonly kind: "seePhone" }
  /** The chip or the stripe has to be used instead. */
  | { readonly kind: "otherInterface" };
