import { p1Pins } from "../../hal/boards/p1/pins.ts";
import type { Board } from "../io/board.ts";
import { Axp2101Chip } from "./axp2101.ts";
import { BootLoader } from "./boot-loader.ts";
import { CaseSwitchChip } from "./case-switch.ts";
import { CashRegisterChip } from "./cash-register.ts";
import { EscPosPrinterChip } from "./escpos-printer.ts";
import { Field } from "./field.ts";
import { Gm65Chip } from "./gm65.ts";
import { Ili9341Chip } from "./ili9341.ts";
import { LampsChip } from "./lamps.ts";
import { NorFlash, type Partition } from "./nor-flash.ts";
import { PiezoChip } from "./piezo.ts";
import { Pn532Chip } from "./pn532.ts";
import { Sc16is752Chip } from "./sc16is752.ts";
import { LoudspeakerChip, SensorChip } from "./senses.ts";
import { StripeDecoderChip } from "./stripe-decoder.ts";
import { Tca8418Chip } from "./tca8418.ts";
import { Tda8029Chip } from "./tda8029.ts";

/** The flash partitions that the firmware of p1 uses. */
export const p1Partitions: readonly Partition[] = [
  { name: "journal", size: 128 * 1024 },
  { name: "history", size: 4 * 1024 * 1024 },
  { name: "parameters", size: 16 * 1024 },
  { name: "keys", size: 16 * 1024 },
  { name: "notes", size: 32 * 1024 },
  { name: "operators", size: 16 * 1024 },
  { name: "update", size: 16 * 1024 },
  { name: "fonts", size: 256 * 1024 },
  { name: "messages", size: 16 * 1024 },
  { name: "otadata", size: 8 * 1024 },
  { name: "ota_0", size: 0x380000 },
  { name: "ota_1", size: 0x380000 },
];

/** The wires at the chip with two more UARTs: serial ones, and those of its own pins. */
const BRIDGED = 16;
const BRIDGE_PINS = 64;

/** Percent of the battery, which stands in its dock, before anybody takes it away. */
const FULL = 100;

/** Solders p1's chips to the board's wires: which model on which wire. `seed` rules how a cut flash operation ends. */
export function p1Chips(board: Board, seed = 0) {
  const field = new Field();
  const flash = new NorFlash(board, p1Partitions, seed);
  const power = new Axp2101Chip(board, { ...p1Pins.power.bus, interrupt: p1Pins.power.interrupt }, FULL);
  power.plug();
  const printer = new EscPosPrinterChip(board, { port: p1Pins.printer.serial.port });
  return {
    keypad: new Tca8418Chip(board, { ...p1Pins.keypad.bus, interrupt: p1Pins.keypad.interrupt }),
    display: new Ili9341Chip(board, { ...p1Pins.display, reset: BRIDGE_PINS + p1Pins.display.reset }),
    camera: new SensorChip(board, { reset: BRIDGE_PINS + p1Pins.camera.reset }),
    power,
    printer,
    paper: printer.paper,
    flash,
    bootLoader: new BootLoader(board, flash),
    stripe: new StripeDecoderChip(board, { port: p1Pins.magstripe.serial.port }),
    uarts: new Sc16is752Chip(board, {
      ...p1Pins.uarts,
      ...p1Pins.uarts.bus,
      lines: [BRIDGED, BRIDGED + 1],
      pins: BRIDGE_PINS,
    }),
    lights: new LampsChip(board, { pins: [0, 1, 2, 3].map((pin) => BRIDGE_PINS + pin) }),
    scanner: new Gm65Chip(board, { port: BRIDGED + p1Pins.scanner.serial.port }),
    register: new CashRegisterChip(board, { port: BRIDGED + p1Pins.register.serial.port }),
    speaker: new LoudspeakerChip(board),
    buzzer: new PiezoChip(board, p1Pins.buzzer),
    caseSwitch: new CaseSwitchChip(board, p1Pins.tamper),
    coupler: new Tda8029Chip(board, { port: p1Pins.chip.serial.port }),
    field,
    contactless: new Pn532Chip(board, { ...p1Pins.contactless.bus, interrupt: p1Pins.contactless.interrupt }, field),
  };
}

export type P1Chips = ReturnType<typeof p1Chips>;

/** Where each key of p1 lies in the matrix of its keypad. */
export const KEY_PLACES: Readonly<Record<string, { readonly row: number; readonly column: number }>> =
  Object.fromEntries(p1Pins.keypad.keys.flatMap((keys, row) => keys.map((key, column) => [key, { row, column }])));
