/** The SDK's TCP listener; `@moddable/typings` leaves `close` out. */
declare module "embedded:io/socket/listener" {
  import type TCP from "embedded:io/socket/tcp";

  export default class Listener {
    constructor(options: { port?: number; address?: string; onReadable?: (requests: number) => void });
    read(): TCP | undefined;
    close(): void;
    readonly port: number;
  }
}
