import type { DigitalOptions, FlashOptions, I2cOptions, SerialOptions, SpiOptions, TcpOptions } from "../../hal/io.ts";
import type { Board } from "./board.ts";
import { SimulatedI2c, SimulatedSmBus, SimulatedSpi } from "./buses.ts";
import { SimulatedDigital } from "./digital.ts";
import { SimulatedSerial } from "./serial.ts";
import { SimulatedFlash, SimulatedRandomSource, SimulatedRecorder, SimulatedSecureStorage } from "./storage.ts";
import { SimulatedTcp } from "./tcp.ts";

/** The IO classes of one board, by their ECMA-419 names: what the Node ground injects and the bridge serves. */
export function ioClasses(board: Board) {
  return {
    Serial: class extends SimulatedSerial {
      constructor(options: SerialOptions) {
        super(board, options);
      }
    },
    I2C: class extends SimulatedI2c {
      constructor(options: I2cOptions) {
        super(board, options);
      }
    },
    SMBus: class extends SimulatedSmBus {
      constructor(options: I2cOptions) {
        super(board, options);
      }
    },
    SPI: class extends SimulatedSpi {
      constructor(options: SpiOptions) {
        super(board, options);
      }
    },
    Digital: class extends SimulatedDigital {
      constructor(options: DigitalOptions) {
        super(board, options);
      }
    },
    TCP: class extends SimulatedTcp {
      constructor(options: TcpOptions) {
        super(board, options);
      }
    },
    Flash: class extends SimulatedFlash {
      constructor(options: FlashOptions) {
        super(board, options);
      }
    },
    SecureStorage: class extends SimulatedSecureStorage {
      constructor(options: object) {
        super(board, options);
      }
    },
    RandomSource: class extends SimulatedRandomSource {
      constructor(options: object) {
        super(board, options);
      }
    },
    Recorder: class extends SimulatedRecorder {
      constructor(options: object) {
        super(board, options);
      }
    },
  };
}
