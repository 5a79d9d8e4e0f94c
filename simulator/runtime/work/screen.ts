/** A screen that is drawn anew again and again, on glass that takes everything at once: what drawing costs, without a bus. */
import { resource } from "xspos:host";
import { ScreenView } from "../../../firmware/screen/view.ts";
import { glass } from "./glass.ts";

/** An approved sale and the bar above it, in Chinese. */
export function work(times: number): void {
  const view = new ScreenView({
    display: glass,
    font: resource("font16"),
    language: "zh",
    status: { merchant: "老王牛肉面馆（人民路店）", network: "up", time: "21:07", battery: 80 },
  });
  view.show({
    id: "approved",
    operation: "sale",
    amount: { minor: 123456, currency: "CNY" },
    authorisationCode: "A12345",
  });
  for (let time = 0; time < times; time++) view.redraw();
}
