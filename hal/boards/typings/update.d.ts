/** The update class of the Moddable SDK (modules/io/update), as far as it is used here. */

declare module "embedded:update" {
  import type { Flash } from "embedded:storage/flash";

  export interface Updater {
    close(): void;
    /** Verifies the image and has the next start go there. */
    complete(): void;
    write(bytes: Uint8Array): void;
  }
  const update: { open(options: { partition: Flash; mode?: "a" | "w"; byteLength?: number }): Updater };
  export default update;
}
