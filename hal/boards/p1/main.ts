/** The module that the Moddable SDK starts on p1: the SDK's IO, the board's wiring, the firmware. */
import { boot } from "../../../firmware/main.ts";
import { joinNetwork } from "../sdk/network.ts";
import { sdkIo } from "../sdk/provider.ts";
import { SdkAudioOut } from "../sdk/senses/audio-out.ts";
import { SdkImageIn } from "../sdk/senses/image.ts";
import { p1Wires } from "./sdk.ts";
import { p1 } from "./wiring.ts";

export default function main(): void {
  joinNetwork();
  void boot(p1({ ...sdkIo(p1Wires), AudioOut: SdkAudioOut, ImageIn: SdkImageIn }));
}
