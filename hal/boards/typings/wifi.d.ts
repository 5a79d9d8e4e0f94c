/** ECMA-419 Wi-Fi of the Moddable SDK, which @moddable/typings does not declare yet, as far as it is used here. */

declare module "embedded:network/interface/wifi" {
  class WiFi {
    constructor(options: { onChanged?: (property: "connection" | "address") => void });
    close(): void;
    connect(options: { SSID: string; password?: string; secure?: boolean }): void;
    /** 200 and less: not connected; 500 and more: connected, with an address. */
    readonly connection: number;
  }
  export default WiFi;
}
