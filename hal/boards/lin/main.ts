/** The module that the Moddable SDK starts in its desktop simulator: the SDK's IO, the screen, the firmware. */
import { boot } from "../../../firmware/main.ts";
import { linIo } from "./sdk.ts";
import { Lin } from "./wiring.ts";

export default function main(): void {
  void boot(new Lin(linIo()));
}
