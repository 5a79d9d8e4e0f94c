import Time from "time";
import Timer from "timer";
import type { ClockSource } from "../../io.ts";

/** Time of the ESP32. The SDK's tick count wraps after 49 days: it is read often enough to be added up. */
export function sdkClock(): ClockSource {
  const timers = new Map<number, Timer>();
  let ids = 0;
  let ticks = Time.ticks;
  let elapsed = ticks;
  return {
    monotonic() {
      const now = Time.ticks;
      elapsed += Time.delta(ticks, now);
      ticks = now;
      return elapsed;
    },
    wall: () => Date.now(),
    setTimer(callback, milliseconds) {
      const id = ++ids;
      const timer = Timer.set(() => {
        timers.delete(id);
        callback();
      }, milliseconds);
      timers.set(id, timer);
      return id;
    },
    clearTimer(id) {
      const timer = timers.get(id);
      if (timer === undefined) return;
      timers.delete(id);
      Timer.clear(timer);
    },
  };
}
