/** The firmware on XS: the reference board's wiring on bridged IO. Bundled for the host, never run on Node. */
import { resource } from "xspos:host";
import { boot } from "../../../firmware/main.ts";
import { p1 } from "../../../hal/boards/p1/wiring.ts";
import { bridgedDevice } from "../../../hal/bridge/provider.ts";
import { hostPipe } from "./host-pipe.ts";

/** Called by the host; what it returns is called whenever the firmware is idle, until it says false. */
export function main(): () => boolean {
  const device = bridgedDevice(hostPipe, resource);
  // A rejection is the firmware's end: the host aborts with its reason.
  void boot(p1(device.io));
  return () => device.idle();
}
