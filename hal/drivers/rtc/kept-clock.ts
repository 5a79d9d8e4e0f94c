import type { ClockSource } from "../../io.ts";
import type { RealTimeClock } from "../../rtc.ts";

/**
 * A ground's clock whose date comes from a real-time clock chip: it is asked once, at the start, and the ground's own
 * milliseconds go on from there. Where the chip does not know the date, or does not answer, the ground's date stands.
 */
export function keptClock(source: ClockSource, chip: Pick<RealTimeClock, "read">): ClockSource {
  const started = dateOf(chip);
  const offset = started === undefined ? undefined : started - source.monotonic();
  return {
    monotonic: () => source.monotonic(),
    wall: () => (offset === undefined ? source.wall() : offset + source.monotonic()),
    setTimer: (callback, milliseconds) => source.setTimer(callback, milliseconds),
    clearTimer: (id) => source.clearTimer(id),
  };
}

function dateOf(chip: Pick<RealTimeClock, "read">): number | undefined {
  try {
    return chip.read();
  } catch {
    return undefined;
  }
}
