/** A payment's code, from the amount to the drawn screen: another amount and reference each time. */
import { resource } from "xspos:host";
import { merchantCode } from "../../../firmware/codes/merchant-code.ts";
import { ScreenView } from "../../../firmware/screen/view.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import { glass } from "./glass.ts";

export function work(times: number): void {
  const merchantName = { zh: "老王牛肉面馆", en: "Wang's Beef Noodles" };
  const parameters = checkParameters({ terminalId: "12345678", merchantId: "898310172991001", merchantName });
  const status = { merchant: merchantName.zh, network: "up" } as const;
  const view = new ScreenView({ display: glass, font: resource("font16"), language: "zh", status });
  view.show({ id: "idle" });
  for (let time = 0; time < times; time++) {
    const amount = 123456 + time;
    const payload = merchantCode(parameters, { amount, reference: `123456780000010000${10 + time}` });
    view.show({ id: "show-qr", payload, amount: { minor: amount, currency: "CNY" }, secondsLeft: 120 });
  }
}
