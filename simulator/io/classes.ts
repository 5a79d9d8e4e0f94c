import type { Board } from "./board.ts";
import { SimulatedI2c, SimulatedSmBus, SimulatedSpi } from "./buses.ts";
import { SimulatedDigital } from "./digital.ts";
import { SimulatedSerial } from "./serial.ts";
import { SimulatedFlash, SimulatedRandomSource, SimulatedRecorder, SimulatedSecureStorage } from "./storage.ts";
import { SimulatedTcp } from "./tcp.ts";

/**
 * The IO classes of one board, by their ECMA-419 names: what the Node ground injects and the bridge serves. They are
 * bound rather than derived: instances on every board then look alike to the engine, which compiles for them once.
 */
export function ioClasses(board: Board) {
  return {
    Serial: SimulatedSerial.bind(null, board),
    I2C: SimulatedI2c.bind(null, board),
    SMBus: SimulatedSmBus.bind(null, board),
    SPI: SimulatedSpi.bind(null, board),
    Digital: SimulatedDigital.bind(null, board),
    TCP: SimulatedTcp.bind(null, board),
    Flash: SimulatedFlash.bind(null, board),
    SecureStorage: SimulatedSecureStorage.bind(null, board),
    RandomSource: SimulatedRandomSource.bind(null, board),
    Recorder: SimulatedRecorder.bind(null, board),
  };
}
