import type { Device } from "../../../hal/device.ts";
import type { Spare } from "../../update/spare.ts";

/** What packages need of the device beside the parameters' store. */
export type PackageDevice = Pick<Device, "board" | "flash" | "secure" | "firmware">;

/** Opens where packages come to: the slot that does not run; without a second slot a place of its own. */
export function openSpare(device: PackageDevice): Spare {
  const record = device.flash({ partition: "update" });
  const isSlot = device.firmware !== undefined;
  const content = isSlot ? device.flash({ partition: "nextota" }) : device.flash({ partition: "incoming" });
  return { record, content };
}

export function closeSpare({ record, content }: Spare): void {
  content.close();
  record.close();
}
