import type { TerminalApplication } from "../application.ts";

/** How the holder of a tapped card is verified; `device`: the phone or watch has done it. */
export type TapVerification = "onlinePin" | "signature" | "device" | "none";

/** What a tap came to (EMV contactless Book A, 6.2). */
export type TapOutcome =
  | {
      readonly kind: "online";
      readonly application: TerminalApplication;
      readonly verification: TapVerification;
      /** The card takes its issuer's answer in a second tap (Book C-3, issuer update processing). */
      readonly issuerUpdate: boolean;
    }
  /** The card's word without its issuer's, with a good signature. A terminal that is online only never gets it. */
  | { readonly kind: "approved"; readonly application: TerminalApplication; readonly verification: TapVerification }
  | { readonly kind: "declined"; readonly application: TerminalApplication }
  /** Try again: the phone wants its owner first. */
  | { readonly kind: "seePhone" }
  /** Try another interface: the chip or the stripe has to be used instead. */
  | { readonly kind: "otherInterface" };

/** What one kernel came to: as above, or that the card's next application is to be tried (Book B, start C). */
export type KernelOutcome = TapOutcome | { readonly kind: "selectNext" };
