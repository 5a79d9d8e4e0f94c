import type { BoardPins } from "../sdk/provider.ts";

/** Pins of the CoreS3's ports and buses. The display is never read: its data line out is the one that says what is a command. */
export const coreS3Wires: BoardPins = Object.freeze({
  serial: Object.freeze({
    0: Object.freeze({ receive: 44, transmit: 43 }),
    1: Object.freeze({ receive: 18, transmit: 17 }),
  }),
  i2c: Object.freeze({ 0: Object.freeze({ data: 2, clock: 1 }), 1: Object.freeze({ data: 12, clock: 11 }) }),
  spi: Object.freeze({ 3: Object.freeze({ host: 2, out: 37, clock: 36 }) }),
});
