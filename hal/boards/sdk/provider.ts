import type { I2cOptions, IoProvider, SerialOptions, SpiOptions } from "../../io.ts";
import { sdkClock } from "./clock.ts";
import { SdkDigital } from "./digital.ts";
import { type I2cPins, SdkI2c, SdkSmBus } from "./i2c.ts";
import { resource } from "./linked-file.ts";
import { SdkListener } from "./listener.ts";
import { mapped } from "./mapped.js";
import { SdkPwm } from "./pwm.ts";
import { SdkRandomSource } from "./random.ts";
import { SdkSerial, type SerialPins } from "./serial.ts";
import { SdkSpi, type SpiPins } from "./spi.ts";
import { SdkFlash, SdkSecureStorage } from "./storage.ts";
import { SdkSystem } from "./system.ts";
import { SdkTcp } from "./tcp.ts";
import { SdkTls } from "./tls.ts";
import { SdkFirmwareSlots } from "./update.ts";

/** Where a board's ports and buses are, by the numbers that its pins.ts uses. */
export interface BoardPins {
  readonly serial: Readonly<Record<number, SerialPins>>;
  readonly i2c: Readonly<Record<number, I2cPins>>;
  readonly spi: Readonly<Record<number, SpiPins>>;
}

/** A board's IO by the Moddable SDK. */
export function sdkIo(pins: BoardPins): IoProvider {
  return {
    Serial: class extends SdkSerial {
      constructor(options: SerialOptions) {
        super(pins.serial, options);
      }
    },
    I2C: class extends SdkI2c {
      constructor(options: I2cOptions) {
        super(pins.i2c, options);
      }
    },
    SMBus: class extends SdkSmBus {
      constructor(options: I2cOptions) {
        super(pins.i2c, options);
      }
    },
    SPI: class extends SdkSpi {
      constructor(options: SpiOptions) {
        super(pins.spi, options);
      }
    },
    Digital: SdkDigital,
    PWM: SdkPwm,
    TCP: SdkTcp,
    Listener: SdkListener,
    TLS: SdkTls,
    Flash: SdkFlash,
    SecureStorage: SdkSecureStorage,
    RandomSource: SdkRandomSource,
    System: SdkSystem,
    FirmwareSlots: SdkFirmwareSlots,
    clock: sdkClock(),
    resource,
    mapped,
  };
}
