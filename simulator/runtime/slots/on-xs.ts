import type { Entry } from "../xs/bundle.ts";
import { moduleFile } from "./program.ts";

/** A program in a slot, on XS: its IO over the bridge, as that of the simulator's own build (xs/entry.ts). */
export function entryOf(program: Uint8Array): Entry {
  const text = `
    import { resource } from "xspos:host";
    import { bridgedDevice } from "./hal/bridge/provider.ts";
    import { hostPipe } from "./simulator/runtime/xs/host-pipe.ts";
    import { start } from ${JSON.stringify(moduleFile(program))};
    export function main() {
      const device = bridgedDevice(hostPipe, resource);
      void start(device.io);
      return () => device.idle();
    }`;
  return { text };
}
