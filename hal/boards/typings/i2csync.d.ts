/** The synchronous I2C of the ESP32: "embedded:io/i2c" answers by callbacks there. The SDK itself has no typing for it. */

declare module "embedded:implementation/i2csync" {
  class I2C {
    constructor(options: { data: number; clock: number; port: number; hz: number; address: number });
    close(): void;
    read(byteLength: number): ArrayBuffer;
    write(buffer: Uint8Array): void;
    /** Writes, then reads after a repeated start. */
    writeRead(buffer: Uint8Array, byteLength: number): ArrayBuffer;
  }
  export default I2C;
}
