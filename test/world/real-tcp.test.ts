import { test } from "uvu";
import * as assert from "uvu/assert";
import { serveTcp } from "../../simulator/acquirer/tcp.ts";
import { live } from "../../simulator/runtime/life.ts";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { LoopbackNetwork } from "../../simulator/world/loopback-network.ts";
import { Simulation } from "../../simulator/world/simulation.ts";

const SPEED = 10;

/** Virtual time at ten times the pace of the real one. */
function pace() {
  const start = performance.now();
  const virtualNow = (): number => (performance.now() - start) * SPEED;
  return { virtualNow, realDelay: (virtual: number): number => Math.max(0, (virtual - virtualNow()) / SPEED) };
}

/** Waits, in real time, until the terminal shows the screen; does something once then. */
function when(simulation: Simulation, screen: string, act: () => void): void {
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

function saleOver(simulation: Simulation): void {
  when(simulation, "idle", () => type(simulation, ["1", "2", "3", "4", "ENTER"]));
  when(simulation, "present-card", () => simulation.swipe("magstripe-credit"));
  when(simulation, "enter-pin", () => type(simulation, [..."123456", "ENTER"]));
}

test("a sale goes over real sockets on loopback as it does in the virtual world", async () => {
  const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
  const server = await serveTcp(simulation.bank);
  simulation.board.network = new LoopbackNetwork(simulation.world, server.port);
  saleOver(simulation);
  when(simulation, "approved", () => simulation.world.stop());
  const end = await live(nodeGround, simulation.board, pace());
  await server.close();
  assert.is(end.crashed, undefined);
  assert.is(simulation.ledger.debited("magstripe-credit"), 1234);
  assert.equal(simulation.audit(), []);
});

test("a host whose port is closed is a terminal that is offline", async () => {
  const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
  const server = await serveTcp(simulation.bank);
  simulation.board.network = new LoopbackNetwork(simulation.world, server.port);
  await server.close();
  saleOver(simulation);
  when(simulation, "offline", () => simulation.world.stop());
  const end = await live(nodeGround, simulation.board, pace());
  assert.is(end.crashed, undefined);
  assert.is(simulation.ledger.debited("magstripe-credit"), 0);
  assert.equal(simulation.audit(), []);
});

test.run();
