import flashStorage from "embedded:storage/flash";
import updater from "embedded:update";
import type { FirmwareSlots } from "../../update.ts";
import { keepRunning, runningSlot } from "./slots.js";

/**
 * The ESP32's two app partitions. The boot loader's rollback (CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE) starts a new one once, and
 * goes back unless it was kept. The image's first block is written by the SDK's update class, which erases no more than that
 * in its sequential mode, has ESP-IDF verify the whole image and then sets what is started.
 */
export class SdkFirmwareSlots implements FirmwareSlots {
  running(): 0 | 1 {
    return runningSlot() === 0 ? 0 : 1;
  }

  start(firstBlock: Uint8Array): void {
    const partition = flashStorage.open({ path: "nextota", mode: "r+" });
    try {
      const update = updater.open({ partition, mode: "a" });
      try {
        update.write(firstBlock);
        update.complete();
      } finally {
        update.close();
      }
    } catch {
      // ESP-IDF says no more than that it does not start this: no image, a spoilt one, or of another chip.
      throw new RangeError("no image");
    } finally {
      partition.close();
    }
  }

  keep(): void {
    keepRunning();
  }

  close(): void {}
}
