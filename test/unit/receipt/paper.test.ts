import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Line } from "../../../firmware/receipt/lines.ts";
import { Paper } from "../../../firmware/receipt/paper.ts";
import { Font } from "../../../firmware/screen/font.ts";
import type { Clock, PrinterCallbacks } from "../../../hal/device.ts";
import type { Printer, PrinterState } from "../../../hal/printer.ts";
import { tinyFont } from "../screen/tiny-font.ts";

const READY: PrinterState = { online: true, paper: "present", cover: "closed", head: "normal" };

/** A printer that takes `room` rows until it is asked to go on. */
class SlowPrinter implements Printer {
  readonly width = 384;
  state: PrinterState = READY;
  writable = 0;
  rows = 0;
  largest = 0;
  cuts = 0;
  asked: ((error: "offline" | undefined, state?: PrinterState) => void) | undefined;
  readonly #callbacks: PrinterCallbacks;

  constructor(callbacks: PrinterCallbacks) {
    this.#callbacks = callbacks;
  }
  write(rows: Uint8Array): void {
    const count = rows.length / 48;
    if (count > this.writable || !Number.isInteger(count)) throw new RangeError("printer full");
    this.writable -= count;
    this.rows += count;
    this.largest = Math.max(this.largest, count);
  }
  feed(rows: number): void {
    this.rows += rows;
  }
  cut(): void {
    this.cuts++;
  }
  finish(done: (error: "offline" | undefined, state?: PrinterState) => void): void {
    this.asked = done;
  }
  take(rows: number): void {
    this.writable = rows;
    this.#callbacks.onWritable();
  }
  become(change: Partial<PrinterState>): void {
    this.state = { ...this.state, ...change };
    this.#callbacks.onStateChange?.();
  }
  fail(): void {
    this.#callbacks.onError?.();
  }
  close(): void {}
}

class StillClock implements Clock {
  readonly timers = new Map<number, () => void>();
  #next = 1;
  monotonic(): number {
    return 0;
  }
  wall(): number {
    return 0;
  }
  setTimer(callback: () => void): number {
    this.timers.set(this.#next, callback);
    return this.#next++;
  }
  clearTimer(id: number): void {
    this.timers.delete(id);
  }
  /** Lets all timers run out. */
  ring(): void {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const callback of due) callback();
  }
}

const LINES: readonly Line[] = [
  { kind: "text", text: "TOTAL", scale: 3, align: "centre" },
  { kind: "pair", label: "Amount", value: "12.34", scale: 2 },
  { kind: "rule" },
  { kind: "text", text: "Thank you", scale: 1, align: "left" },
  { kind: "space", rows: 30 },
];

function open() {
  const clock = new StillClock();
  const printers: SlowPrinter[] = [];
  const paper = new Paper(
    {
      printer: (callbacks) => {
        const printer = new SlowPrinter(callbacks);
        printers.push(printer);
        return printer;
      },
    },
    clock,
    new Font(tinyFont()),
  );
  return { clock, paper, printers, printer: printers[0] as SlowPrinter };
}

test("a receipt goes out in small bands, at the printer's pace, and counts only when it is on paper", async () => {
  const { clock, paper, printer } = open();
  const result = paper.print(LINES);
  assert.is(printer.rows, 0);
  while (printer.asked === undefined) printer.take(10);
  assert.ok(printer.largest <= 10);
  assert.is(printer.cuts, 1);
  printer.asked(undefined, READY);
  assert.equal(await result, { ok: true });
  assert.is(clock.timers.size, 0);
});

test("paper that runs out in the middle ends the print, and the whole can be printed again", async () => {
  const { clock, paper, printer } = open();
  const first = paper.print(LINES);
  printer.take(40);
  printer.become({ paper: "out", online: false });
  assert.equal(await first, { ok: false, error: "paper-out" });
  const again = paper.print(LINES);
  clock.ring();
  assert.equal(await again, { ok: false, error: "paper-out" });

  printer.become({ paper: "present", online: true });
  printer.rows = 0;
  const second = paper.print(LINES);
  printer.take(1000);
  const whole = printer.rows;
  printer.asked?.(undefined, READY);
  assert.equal(await second, { ok: true });
  assert.ok(whole > 150);
});

test("an open cover, a hot head and paper that ran out under the last line are each told", async () => {
  for (const [change, error] of [
    [{ cover: "open" }, "cover-open"],
    [{ head: "hot" }, "hot"],
    [{ paper: "out" }, "paper-out"],
  ] as const) {
    const { paper, printer } = open();
    const result = paper.print(LINES);
    printer.take(1000);
    printer.asked?.(undefined, { ...READY, ...change });
    assert.equal(await result, { ok: false, error });
  }
});

test("a printer that does not answer is offline, also when it says nothing at all", async () => {
  const one = open();
  const asked = one.paper.print(LINES);
  one.printer.take(1000);
  one.printer.asked?.("offline");
  assert.equal(await asked, { ok: false, error: "offline" });

  const other = open();
  const silent = other.paper.print(LINES);
  other.clock.ring();
  assert.equal(await silent, { ok: false, error: "offline" });
});

test("a late answer to an earlier print does not end the next one", async () => {
  const { paper, printer } = open();
  const first = paper.print(LINES);
  printer.take(1000);
  const late = printer.asked;
  printer.become({ paper: "out" });
  assert.equal(await first, { ok: false, error: "paper-out" });
  printer.become({ paper: "present" });
  const second = paper.print(LINES);
  late?.(undefined, READY);
  printer.take(1000);
  printer.asked?.(undefined, READY);
  assert.equal(await second, { ok: true });
});

test("a print waits for a printer that is starting, or that has just been given paper", async () => {
  for (const state of [{ online: false }, { online: false, paper: "out" }] as const) {
    const { paper, printer } = open();
    printer.become(state);
    const result = paper.print(LINES);
    printer.become(READY);
    printer.take(1000);
    printer.asked?.(undefined, READY);
    assert.equal(await result, { ok: true });
  }
});

test("a printer whose port fails is offline, and is opened again for the next print", async () => {
  const { paper, printers, printer } = open();
  const first = paper.print(LINES);
  printer.fail();
  assert.equal(await first, { ok: false, error: "offline" });
  assert.is(paper.trouble, "offline");
  const second = paper.print(LINES);
  assert.is(printers.length, 2);
  printers[1]?.take(1000);
  printers[1]?.asked?.(undefined, READY);
  assert.equal(await second, { ok: true });
});

test("two prints at once are a mistake of the caller", () => {
  const { paper } = open();
  paper.print(LINES);
  assert.throws(() => paper.print(LINES), /busy/);
});

test.run();
