/** A sale on real sockets: virtual time at a pace, and a person who does the next thing when the screen asks for it. */
import type { Pace } from "../../simulator/world/kernel.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";

const SPEED = 10;
/** So long a sale may take, in virtual milliseconds: on a busy machine the terminal can tire of its person before it is over. */
const PATIENCE = 600_000;

/** Virtual time at ten times the pace of the real one. */
export function pace(speed = SPEED): Pace {
  const start = performance.now();
  const virtualNow = (): number => (performance.now() - start) * speed;
  return { virtualNow, realDelay: (virtual: number): number => Math.max(0, (virtual - virtualNow()) / speed) };
}

/** Waits, in real time, until the terminal shows the screen; does something once then. */
export function when(simulation: Simulation, screen: string, act: () => void): void {
  let done = false;
  simulation.onChange.push(() => {
    if (done || simulation.screens.at(-1)?.screen !== screen) return;
    done = true;
    simulation.world.after(500, act);
  });
}

function type(simulation: Simulation, keys: readonly string[]): void {
  for (const [place, key] of keys.entries()) {
    simulation.world.after(place * 200, () => simulation.key(key, true));
    simulation.world.after(place * 200 + 80, () => simulation.key(key, false));
  }
}

/** A person who sells; the world ends when nothing has come of it. */
export function saleOver(simulation: Simulation): void {
  simulation.world.after(PATIENCE, () => simulation.world.stop());
  when(simulation, "idle", () => type(simulation, ["1", "2", "3", "4", "ENTER"]));
  when(simulation, "present-card", () => simulation.swipe("magstripe-credit"));
  when(simulation, "enter-pin", () => type(simulation, [..."123456", "ENTER"]));
}
