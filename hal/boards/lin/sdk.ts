import type { IoProvider } from "../../io.ts";
import { sdkClock } from "../sdk/clock.ts";
import { resource } from "../sdk/linked-file.ts";
import { SdkListener } from "../sdk/listener.ts";
import { SdkRandomSource } from "../sdk/random.ts";
import { SdkFlash, SdkSecureStorage } from "../sdk/storage.ts";
import { SdkSystem } from "../sdk/system.ts";
import { SdkTcp } from "../sdk/tcp.ts";
import { SdkTls } from "../sdk/tls.ts";

/** Wires that a desktop has not. */
class Absent {
  constructor() {
    throw new Error("the desktop simulator has no pins and no buses");
  }
  read(): never {
    throw new Error("closed");
  }
  readonly write = this.read;
  readonly transfer = this.read;
  readonly readUint8 = this.read;
  readonly writeUint8 = this.read;
  readonly readBuffer = this.read;
  readonly writeBuffer = this.read;
  flushInput(): void {}
  close(): void {}
}

/** The desktop's IO by the Moddable SDK: network, time and chance as on the ESP32, flash and secrets in files. */
export function linIo(): IoProvider {
  return {
    Serial: Absent,
    I2C: Absent,
    SMBus: Absent,
    SPI: Absent,
    Digital: Absent,
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
