/** The firmware on XS as the M5Stack CoreS3 is wired. Bundled for the host, never run on Node. */
import { resource } from "xspos:host";
import { boot } from "../../firmware/main.ts";
import { coreS3 } from "../../hal/boards/m5stack_cores3/wiring.ts";
import { bridgedDevice } from "../../hal/bridge/provider.ts";
import { hostPipe } from "../../simulator/runtime/xs/host-pipe.ts";

/** Called by the host; what it returns is called whenever the firmware is idle, until it says false. */
export function main(): () => boolean {
  const device = bridgedDevice(hostPipe, resource);
  // A rejection is the firmware's end: the host aborts with its reason.
  void boot(coreS3(device.io));
  return () => device.idle();
}
