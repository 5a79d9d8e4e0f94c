import { SimulatedAudioIn, SimulatedAudioOut } from "./audio.ts";
import type { Board } from "./board.ts";
import { SimulatedI2c, SimulatedSmBus, SimulatedSpi } from "./buses.ts";
import { SimulatedDigital } from "./digital.ts";
import { SimulatedImageIn } from "./image.ts";
import { SimulatedListener } from "./listener.ts";
import { SimulatedPwm } from "./pwm.ts";
import { SimulatedSerial } from "./serial.ts";
import {
  SimulatedFirmwareSlots,
  SimulatedFlash,
  SimulatedRandomSource,
  SimulatedRecorder,
  SimulatedSecureStorage,
  SimulatedSystem,
} from "./storage.ts";
import { SimulatedTcp } from "./tcp.ts";
import { SimulatedTls } from "./tls.ts";

/** A class whose instances belong to one board. */
function on<Options, Io>(
  board: Board,
  Class: (new (board: Board, options: Options) => Io) & { readonly prototype: Io },
): new (
  options: Options,
) => Io {
  return Object.defineProperty(Class.bind(null, board), "prototype", { value: Class.prototype });
}

/**
 * The IO classes of one board, by their ECMA-419 names: what the Node ground injects and the bridge serves. They are
 * bound rather than derived: instances on every board then look alike to the engine, which compiles for them once.
 */
export function ioClasses(board: Board) {
  return {
    Serial: on(board, SimulatedSerial),
    I2C: on(board, SimulatedI2c),
    SMBus: on(board, SimulatedSmBus),
    SPI: on(board, SimulatedSpi),
    Digital: on(board, SimulatedDigital),
    PWM: on(board, SimulatedPwm),
    AudioIn: on(board, SimulatedAudioIn),
    AudioOut: on(board, SimulatedAudioOut),
    ImageIn: on(board, SimulatedImageIn),
    TCP: on(board, SimulatedTcp),
    Listener: on(board, SimulatedListener),
    TLS: on(board, SimulatedTls),
    Flash: on(board, SimulatedFlash),
    SecureStorage: on(board, SimulatedSecureStorage),
    RandomSource: on(board, SimulatedRandomSource),
    System: on(board, SimulatedSystem),
    FirmwareSlots: on(board, SimulatedFirmwareSlots),
    Recorder: on(board, SimulatedRecorder),
  };
}
