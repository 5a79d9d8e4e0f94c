import { VirtualNetwork } from "../../simulator/world/network.ts";
import { clockContract } from "./clock.contract.ts";
import { networkContract } from "./network.contract.ts";
import { Bench } from "./pump.ts";
import { randomContract, secureStorageContract } from "./random.contract.ts";

clockContract("the simulated board's", () => {
  const bench = new Bench();
  return { clock: bench.clock, run: (milliseconds) => bench.run(milliseconds) };
});

randomContract("the simulated board's", () => {
  const { io } = new Bench();
  return new io.RandomSource({});
});

const shared = new Bench();
secureStorageContract("the simulated board's", () => new shared.io.SecureStorage({}));

networkContract("the simulated board's", () => {
  const bench = new Bench();
  const network = new VirtualNetwork(bench.world);
  network.serve(7, { accept: (send) => ({ receive: (bytes) => send(bytes), closed: () => {} }) });
  network.serve(9, {
    accept: (_send, hangUp) => {
      bench.world.after(1, hangUp);
      return { receive: () => {}, closed: () => {} };
    },
  });
  bench.board.network = network;
  return {
    TCP: bench.io.TCP,
    echoPort: 7,
    closingPort: 9,
    deadPort: 11,
    run: (milliseconds) => bench.run(milliseconds),
    delivering: () => bench.delivering,
  };
});
