import type { Board } from "../io/board.ts";
import type { Pace } from "../world/kernel.ts";

/** Figures a ground can tell about the firmware it ran: names with units, such as `peakChunkBytes`. */
export type Metrics = Readonly<Record<string, number>>;

/** How a life of the firmware ended: the run is over, the power went, or it failed by itself. */
export type LifeEnd =
  | { readonly kind: "stopped" | "powerless"; readonly metrics: Metrics }
  | { readonly kind: "crashed"; readonly reason: string; readonly metrics: Metrics };

/** Something firmware runs on. */
export interface Ground {
  readonly name: string;
  /** Boots the firmware on the board and lets it live until something ends it. Without `pace` time is virtual. */
  live(board: Board, pace?: Pace): Promise<LifeEnd>;
}

/** A ground that cannot be had here: one sentence that says what to install. */
export class GroundUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = "GroundUnavailable";
  }
}
