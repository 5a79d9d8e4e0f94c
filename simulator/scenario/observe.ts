import type { FlashPeer } from "../io/board.ts";
import type { Simulation } from "../world/simulation.ts";
import type { Recording } from "./recording.ts";

/** Writes down everything that leaves the firmware of a run: screens and their pictures, paper, flash, host traffic. */
export function observe(
  simulation: Simulation,
  recording: Recording,
  run: { readonly file: string; readonly text: string; readonly seed: number },
): void {
  const { world, board, chips } = simulation;
  recording.add(world.now, "run", { file: run.file, seed: run.seed }, new TextEncoder().encode(run.text));
  board.recorders.push((record) => {
    recording.add(world.now, "screen", { screen: record.screen, values: record.values });
    world.after(0, () => recording.add(world.now, "picture", {}, bytesOf(chips.display.pixels())));
  });
  chips.paper.onPiece((piece) => recording.add(world.now, "paper", { rows: piece.rows }, piece.bits));
  if (board.flash !== undefined) board.flash = watched(board.flash, simulation, recording);
  simulation.bank.onTraffic((direction, bytes) => recording.add(world.now, direction, {}, bytes));
}

function watched(flash: FlashPeer, { world }: Simulation, recording: Recording): FlashPeer {
  return {
    size: (partition) => flash.size(partition),
    blockLength: flash.blockLength,
    read: (partition, byteLength, offset) => flash.read(partition, byteLength, offset),
    program(partition, bytes, offset) {
      recording.add(world.now, "program", { partition, offset }, bytes);
      flash.program(partition, bytes, offset);
    },
    erase(partition, block) {
      recording.add(world.now, "erase", { partition, block });
      flash.erase(partition, block);
    },
  };
}

function bytesOf(pixels: Uint16Array): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
