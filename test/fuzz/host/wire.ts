/** A hand on the line between terminal and host. */
import type { NetworkPeer } from "../../../simulator/io/board.ts";
import type { Simulation } from "../../../simulator/world/simulation.ts";

export type Direction = "sent" | "arrived";

/** What becomes of a frame (its two length bytes in front) on its way. */
export type Hand = (direction: Direction, frame: Uint8Array) => Uint8Array;

/** Lets the hand at every frame that the terminal sends, and at every one that arrives there. */
export function layHandOn({ board }: Simulation, hand: Hand): void {
  const peer = board.network;
  if (peer === undefined) throw new Error("a terminal without a network");
  const handled: NetworkPeer = {
    listen: (port, incoming) => peer.listen(port, incoming),
    connect: (line, address, port, secure) => {
      const session = peer.connect(
        {
          certificates: (chain) => line.certificates(chain),
          opened: () => line.opened(),
          deliver: (bytes) => line.deliver(isFrame(bytes) ? hand("arrived", bytes.slice()) : bytes),
          failed: () => line.failed(),
        },
        address,
        port,
        secure,
      );
      return {
        receive: (bytes) => session.receive(isFrame(bytes) ? hand("sent", bytes.slice()) : bytes),
        accept: () => session.accept(),
        close: () => session.close(),
      };
    },
  };
  board.network = handled;
}

function isFrame(bytes: Uint8Array): boolean {
  return bytes.length > 2 && ((bytes[0]! << 8) | bytes[1]!) === bytes.length - 2;
}
