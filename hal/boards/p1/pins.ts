import type { KeyName } from "../../keypad.ts";

/** The matrix of p1's keypad, row by row as the TCA8418 numbers it: 5 rows, 5 columns. */
const keys: readonly (readonly KeyName[])[] = [
  ["F1", "F2", "F3", "F4", "MENU"],
  ["1", "2", "3", "UP", "CANCEL"],
  ["4", "5", "6", "DOWN", "CLEAR"],
  ["7", "8", "9", "00", "ENTER"],
  ["0"],
];

/**
 * Pin and bus numbers of the reference board p1 (ESP32-S3: three UARTs, so two more stand behind I2C: `uarts`). The resets of display and
 * camera are pins of that chip, as the lights are.
 */
export const p1Pins = Object.freeze({
  display: { spi: { bus: 2, select: 10, hz: 40_000_000 }, dataCommand: 14, reset: 4, backlight: 45 },
  keypad: { bus: { bus: 0, address: 0x34, hz: 400_000 }, interrupt: 4, keys },
  magstripe: { serial: { port: 0, baud: 9_600 } },
  chip: { serial: { port: 2, baud: 38_400 } },
  contactless: { bus: { bus: 0, address: 0x24, hz: 400_000 }, interrupt: 5 },
  uarts: {
    bus: { bus: 1, address: 0x4d, hz: 400_000 },
    interrupt: 38,
    crystal: 14_745_600,
    /** The cash register's channel has RTS and CTS. */
    handshake: 0b10,
  },
  /** Ports of `uarts`. */
  scanner: { serial: { port: 0, baud: 9_600 } },
  register: { serial: { port: 1, baud: 115_200 } },
  power: { bus: { bus: 1, address: 0x34, hz: 400_000 }, interrupt: 42 },
  camera: { reset: 6 },
  tamper: { pin: 6 },
  buzzer: { pin: 7 },
  printer: { serial: { port: 1, baud: 115_200 } },
} as const);
