import { test } from "uvu";
import * as assert from "uvu/assert";
import { serveTcp } from "../../simulator/acquirer/tcp.ts";
import { live } from "../../simulator/runtime/life.ts";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { LoopbackNetwork } from "../../simulator/world/loopback-network.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { pace, saleOver, when } from "./real-sale.ts";

test("a sale goes over real sockets on loopback as it does in the virtual world", async () => {
  const simulation = new Simulation({ seed: 1, parameters: { language: "en", link: "plain" } });
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
  const simulation = new Simulation({ seed: 1, parameters: { language: "en", link: "plain" } });
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
