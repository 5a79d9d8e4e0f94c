import type { Swipe } from "../../../hal/magstripe.ts";
import { wipe } from "../../codec/bytes.ts";

/** Overwrites the tracks of a swipe. */
export function wipeSwipe(swipe: Swipe): void {
  if (swipe.track1 !== undefined) {
    wipe(swipe.track1);
  }
  if (swipe.track2 !== undefined) {
    wipe(swipe.track2);
  }
}
