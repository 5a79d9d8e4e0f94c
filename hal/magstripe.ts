import type { Closable } from "./io.ts";

/** One swipe, tracks as ASCII without start and end sentinels and check character (ISO/IEC 7811, 7813). */
export interface Swipe {
  /** Track 1, up to 76 characters. */
  readonly track1?: Uint8Array;
  /** Track 2, up to 37 characters. */
  readonly track2?: Uint8Array;
  /** True where a track was there but its parity or check character was wrong. */
  readonly damaged: boolean;
}

/** A magnetic stripe reader. The caller owns the arrays of a swipe and wipes them. */
export interface MagneticStripe extends Closable {
  read(): Swipe | undefined;
}
