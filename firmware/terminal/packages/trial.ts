import type { Device } from "../../../hal/device.ts";
import { noteInForce } from "../../update/in-force.ts";
import { versionText } from "../../update/package.ts";
import { headIn, markFailed } from "../../update/spare.ts";
import { confirm, type Trial, trialOf, tryChosen } from "../../update/trial.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";
import { closeSpare, openSpare } from "./device.ts";

/**
 * At a start, before anything else: what there is of new firmware. Where it did not show yet that it works the device is to be
 * started anew, into it ("again").
 */
export function trialAtStart(device: Device): Trial {
  const { firmware } = device;
  if (firmware === undefined) return "none";
  const spare = openSpare(device);
  try {
    const trial = trialOf(spare.record, () => firmware({}));
    if (trial === "again") tryChosen(spare, firmware({}));
    return trial;
  } catch (error) {
    if (error instanceof RangeError) return "failed"; // the image has decayed since
    throw error;
  } finally {
    closeSpare(spare);
  }
}

/**
 * At the first idle screen: new firmware is here to stay, or the merchant is told that the old one came back.
 * @returns whether another screen was shown
 */
export async function endTrial(services: Services): Promise<boolean> {
  const { device, trial } = services.update;
  const { firmware } = device;
  if (firmware === undefined || trial === "none") return false;
  const record = device.flash({ partition: "update" });
  try {
    const head = headIn(record);
    if (trial === "here") {
      confirm(record, firmware({}));
      if (head !== undefined) noteInForce(device.secure, head);
      return false;
    }
    const detail = head === undefined ? "firmware" : `firmware ${versionText(head.version)}`;
    await showResult(services, { id: "update-failed", reason: "noStart", detail });
    markFailed(record);
    return true;
  } finally {
    record.close();
  }
}
