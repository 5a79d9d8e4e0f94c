import type { Board } from "../io/board.ts";
import type { Pace } from "../world/kernel.ts";
import type { Ground, Metrics } from "./ground.ts";

/** What the lives of the firmware in one run came to; `crashed` says why the last one failed by itself. */
export interface RunEnd {
  readonly crashed?: string;
  /** The highest of each figure over all lives. */
  readonly metrics: Metrics;
}

/**
 * Boots the firmware, and again after each power cut when the power is back, until the run is over or it crashes. New firmware
 * that crashes before it has shown that it works is started anew, as on a device.
 */
export async function live(ground: Ground, board: Board, pace?: Pace): Promise<RunEnd> {
  const metrics: Record<string, number> = {};
  for (;;) {
    const end = await ground.live(board, pace);
    for (const [name, value] of Object.entries(end.metrics)) metrics[name] = Math.max(metrics[name] ?? 0, value);
    if (end.kind === "crashed" && board.firmware?.isOnTrial) {
      process.stderr.write(`new firmware crashed: ${end.reason.split("\n")[0]}\n`);
      board.restart();
    } else if (end.kind === "crashed") return { crashed: end.reason, metrics };
    if (end.kind === "stopped") return { metrics };
    await board.world.withoutFirmware(pace);
    if (board.world.stopped) return { metrics };
  }
}
