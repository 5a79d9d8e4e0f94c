/** The test build of an emulated board: as a board's, with a UART that emulated-board.ts plays over the host's pipe. */
import { read, resource, write } from "xspos:host";
import { boot } from "../../firmware/main.ts";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import { lineLife } from "../../hal/bridge/line-life.ts";
import type { LinePort } from "../../hal/bridge/line-port.ts";
import { uart } from "./uart.ts";

const port: LinePort = Object.freeze({
  read(limit: number, milliseconds: number): Uint8Array | undefined | "gone" {
    write(Uint8Array.of(uart.read, limit, limit >>> 8, milliseconds, milliseconds >>> 8));
    const bytes = read();
    if (bytes === undefined) return "gone";
    return bytes.byteLength === 0 ? undefined : new Uint8Array(bytes);
  },
  write(bytes: Uint8Array): void {
    write(Uint8Array.of(uart.write), bytes);
  },
  restart(): never {
    write(Uint8Array.of(uart.restart));
    for (;;) read();
  },
});

/** Called by the host; what it returns is called whenever the firmware is idle, until it says false. */
export function main(): () => boolean {
  return lineLife(port, 40, resource, (io) => boot(p1(io)));
}
