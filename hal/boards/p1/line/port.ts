import Port from "embedded:io/serial";
import Time from "time";
import Timer from "timer";
import type { LinePort } from "../../../bridge/line-port.ts";
import { restart } from "../../sdk/reset.js";

/** Bytes written at a time: half of what the UART holds. */
const PIECE = 64;

/**
 * The line of p1's test build: UART 0 on its own pins, which the boot ROM's first words leave for it. The UART holds 128
 * bytes each way and is asked, not listened to: whoever reads here waits. The SDK's class wants its callbacks nevertheless.
 */
export function uartLine(baud: number): LinePort {
  const port = new Port({
    ...{ port: 0, receive: 44, transmit: 43, baud, format: "buffer" },
    onReadable() {},
    onWritable() {},
  });
  return {
    read(limit, milliseconds) {
      const began = Time.ticks;
      do {
        const bytes = port.read(limit);
        if (bytes !== undefined) return new Uint8Array(bytes);
        // The system's own tasks, and its watchdog, want their turn.
        Timer.delay(1);
      } while (Time.delta(began, Time.ticks) < milliseconds);
      return undefined;
    },
    write(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.slice(at, at + PIECE);
        while (!taken(port, piece)) Timer.delay(1);
        piece.fill(0);
      }
    },
    restart,
  };
}

/** False when the UART has no room for the bytes yet. */
function taken(port: Port, piece: Uint8Array): boolean {
  try {
    port.write(piece.buffer as ArrayBuffer);
    return true;
  } catch {
    return false;
  }
}
