/** A receipt that is printed again and again, by a printer that takes every band at once: what drawing it costs, without a line. */
import { resource } from "xspos:host";
import type { ReceiptData } from "../../../firmware/receipt/data.ts";
import { receiptLines } from "../../../firmware/receipt/lines.ts";
import { Paper } from "../../../firmware/receipt/paper.ts";
import { Font } from "../../../firmware/screen/font.ts";
import type { Clock } from "../../../hal/device.ts";
import type { Printer, PrinterState } from "../../../hal/printer.ts";

const LINES = 60;
const state: PrinterState = Object.freeze({ online: true, paper: "present", cover: "closed", head: "normal" });
const printer: Printer = Object.freeze<Printer>({
  width: 384,
  state,
  writable: 1000,
  write() {},
  feed() {},
  cut() {},
  finish(done) {
    done(undefined, state);
  },
  close() {},
});
const clock: Clock = Object.freeze({ monotonic: () => 0, wall: () => 0, setTimer: () => 1, clearTimer() {} });
const sale: ReceiptData = Object.freeze<ReceiptData>({
  operation: "sale",
  entry: "chip",
  verification: "pin",
  merchantName: "老王牛肉面馆（人民路店）",
  merchantNumber: "898440358120001",
  terminalNumber: "10017342",
  operator: "01",
  acquirer: "48020000",
  issuer: "01030000 农业银行",
  pan: "6228 48** **** 1117",
  batch: "000042",
  voucher: "000123",
  authorisationCode: "A12345",
  reference: "210733000123",
  dateTime: "2025/03/14 21:07:33",
  amount: { minor: 123456, currency: "CNY" },
});

/** Sixty lines of slips for a sale, in Chinese. */
export function work(times: number): void {
  const slip = receiptLines(sale, "merchant", "zh");
  const lines = Array.from({ length: LINES }, (_, place) => slip[place % slip.length]!);
  const paper = new Paper({ printer: () => printer }, clock, new Font(resource("font16")));
  for (let time = 0; time < times; time++) void paper.print(lines);
}
