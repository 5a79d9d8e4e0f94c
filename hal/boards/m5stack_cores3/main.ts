/** The module that the Moddable SDK starts on the CoreS3: the SDK's IO, the board's wiring, the firmware. */
import { boot } from "../../../firmware/main.ts";
import { joinNetwork } from "../sdk/network.ts";
import { sdkIo } from "../sdk/provider.ts";
import { sdkSenses } from "../sdk/senses/senses.ts";
import { coreS3Wires } from "./sdk.ts";
import { coreS3 } from "./wiring.ts";

export default function main(): void {
  joinNetwork();
  void boot(coreS3({ ...sdkIo(coreS3Wires), ...sdkSenses }));
}
