import Resource from "Resource";
import type { I2cOptions, IoProvider, SerialOptions, SpiOptions } from "../../io.ts";
import { sdkClock } from "../sdk/clock.ts";
import { SdkDigital } from "../sdk/digital.ts";
import { SdkI2c, SdkSmBus } from "../sdk/i2c.ts";
import { SdkListener } from "../sdk/listener.ts";
import { SdkRandomSource } from "../sdk/random.ts";
import { SdkSerial } from "../sdk/serial.ts";
import { SdkSpi } from "../sdk/spi.ts";
import { SdkFlash, SdkSecureStorage } from "../sdk/storage.ts";
import { SdkSystem } from "../sdk/system.ts";
import { SdkTcp } from "../sdk/tcp.ts";
import { SdkTls } from "../sdk/tls.ts";

/** Pins of p1's ports and buses, by the numbers that pins.ts uses. Port 0 only listens: the boot ROM talks on its line. */
const serialPins = Object.freeze({
  0: Object.freeze({ receive: 44 }),
  1: Object.freeze({ receive: 18, transmit: 17 }),
  2: Object.freeze({ receive: 16, transmit: 15 }),
});
const i2cPins = Object.freeze({ 0: Object.freeze({ data: 8, clock: 9 }) });
const spiPins = Object.freeze({ 2: Object.freeze({ host: 1, out: 11, in: 13, clock: 12 }) });

/** p1's IO by the Moddable SDK. */
export function sdkIo(): IoProvider {
  return {
    Serial: class extends SdkSerial {
      constructor(options: SerialOptions) {
        super(serialPins, options);
      }
    },
    I2C: class extends SdkI2c {
      constructor(options: I2cOptions) {
        super(i2cPins, options);
      }
    },
    SMBus: class extends SdkSmBus {
      constructor(options: I2cOptions) {
        super(i2cPins, options);
      }
    },
    SPI: class extends SdkSpi {
      constructor(options: SpiOptions) {
        super(spiPins, options);
      }
    },
    Digital: SdkDigital,
    TCP: SdkTcp,
    Listener: SdkListener,
    TLS: SdkTls,
    Flash: SdkFlash,
    SecureStorage: SdkSecureStorage,
    RandomSource: SdkRandomSource,
    System: SdkSystem,
    clock: sdkClock(),
    resource,
  };
}

/** A file linked into flash. XS takes a host buffer wherever it takes an ArrayBuffer, and reads it in place. */
function resource(name: string): ArrayBufferLike {
  const path = `${name}.bin`;
  if (!Resource.exists(path)) throw new RangeError(`no resource ${name}`);
  const file: unknown = new Resource(path);
  return file as ArrayBuffer;
}
