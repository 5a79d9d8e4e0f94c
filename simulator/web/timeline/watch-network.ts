/** Entries of the terminal's connections. */
import type { NetworkPeer } from "../../io/board.ts";
import type { Simulation } from "../../world/simulation.ts";
import type { Timeline } from "./timeline.ts";

export function watchNetwork({ board }: Simulation, timeline: Timeline): void {
  const { network } = board;
  if (network === undefined) throw new Error("a board without a network");
  const watched: NetworkPeer = {
    listen: (port, incoming) => network.listen(port, incoming),
    connect(line, address, port, secure) {
      const place = `${address}:${port}`;
      timeline.add("network", { en: `connects to ${place}`, zh: `连接 ${place}` });
      const session = network.connect(
        {
          ...{ certificates: (chain) => line.certificates(chain), deliver: (bytes) => line.deliver(bytes) },
          opened() {
            timeline.add("network", { en: `connected with ${place}`, zh: `已连接 ${place}` });
            line.opened();
          },
          failed() {
            timeline.add("network", { en: `${place} is lost`, zh: `${place} 已断开` });
            line.failed();
          },
        },
        address,
        port,
        secure,
      );
      return {
        receive: (bytes) => session.receive(bytes),
        accept: () => session.accept(),
        close() {
          timeline.add("network", { en: `hangs up on ${place}`, zh: `挂断 ${place}` });
          session.close();
        },
      };
    },
  };
  board.network = watched;
}
