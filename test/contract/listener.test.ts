import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { LoopbackNetwork } from "../../simulator/world/loopback-network.ts";
import { VirtualNetwork } from "../../simulator/world/network.ts";
import { type Caller, listenerContract } from "./listener.contract.ts";
import { Bench } from "./pump.ts";

const PORT = 8100;

listenerContract("the simulated board's", async () => {
  const bench = new Bench();
  const network = new VirtualNetwork(bench.world);
  bench.board.network = network;
  return {
    Listener: bench.io.Listener,
    TCP: bench.io.TCP,
    port: PORT,
    address: "10.0.0.2",
    call: () => {
      const got: number[] = [];
      const fate = { isHungUpOn: false };
      const closed = (): void => {
        fate.isHungUpOn = true;
      };
      const call = network.dial(PORT, { address: "10.0.0.2", receive: (bytes) => got.push(...bytes), closed });
      return Object.assign(fate, { got, ...call }) satisfies Caller;
    },
    run: (milliseconds) => bench.run(milliseconds),
    delivering: () => bench.delivering,
  };
});

listenerContract("the loopback network's", async () => {
  const bench = new Bench();
  bench.board.network = new LoopbackNetwork(bench.world, 1);
  const port = await freePort();
  return {
    Listener: bench.io.Listener,
    TCP: bench.io.TCP,
    port,
    address: "127.0.0.1",
    call: () => {
      const got: number[] = [];
      const fate = { isHungUpOn: false };
      const socket = connect(port, "127.0.0.1");
      socket.on("data", (bytes: Uint8Array) => got.push(...bytes));
      socket.on("error", () => {});
      socket.on("close", () => {
        fate.isHungUpOn = true;
      });
      const send = (bytes: Uint8Array): void => void socket.write(bytes);
      return Object.assign(fate, { got, send, hangUp: () => void socket.end() }) satisfies Caller;
    },
    run: async (milliseconds) => {
      for (let passed = 0; passed < milliseconds; passed += 10) {
        await pause(10);
        await bench.run(10);
      }
    },
    delivering: () => bench.delivering,
  };
});

/** A port that nobody has at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
