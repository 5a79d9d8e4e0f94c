import type { IoProvider } from "../../../io.ts";
import { SdkAudioIn } from "./audio-in.ts";
import { SdkAudioOut } from "./audio-out.ts";
import { SdkImageIn } from "./image.ts";

/** What boards with microphone, loudspeaker and camera take from the SDK beside `sdkIo`; their manifests say on which pins. */
export const sdkSenses: Pick<IoProvider, "AudioIn" | "AudioOut" | "ImageIn"> = Object.freeze({
  AudioIn: SdkAudioIn,
  AudioOut: SdkAudioOut,
  ImageIn: SdkImageIn,
});
