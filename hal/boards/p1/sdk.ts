import type { BoardPins } from "../sdk/provider.ts";

/** Pins of p1's ports and buses. Port 0 only listens: the boot ROM talks on its line. */
export const p1Wires: BoardPins = Object.freeze({
  serial: Object.freeze({
    0: Object.freeze({ receive: 44 }),
    1: Object.freeze({ receive: 18, transmit: 17 }),
    2: Object.freeze({ receive: 16, transmit: 15 }),
  }),
  i2c: Object.freeze({ 0: Object.freeze({ data: 8, clock: 9 }), 1: Object.freeze({ data: 1, clock: 2 }) }),
  spi: Object.freeze({ 2: Object.freeze({ host: 1, out: 11, clock: 12 }) }),
});
