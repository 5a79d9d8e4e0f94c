/**
 * Pin and bus numbers of the M5Stack CoreS3 (README.md says where they are from). Bus 1 is the I2C inside, bus 0 the one of port A;
 * the printer is on port C, the NFC chip on port A with its interrupt on port B.
 */
const inside = Object.freeze({ bus: 1, hz: 400_000 } as const);

/** Pins of the port expander: P0_0 is 0, P1_0 is 8. */
export const expanderPin = Object.freeze({
  touchReset: 0,
  portPower: 1,
  amplifierReset: 2,
  cameraReset: 8,
  displayReset: 9,
  touchInterrupt: 10,
  boost: 15,
} as const);

export const coreS3Pins = Object.freeze({
  display: Object.freeze({
    spi: Object.freeze({ bus: 3, select: 3, hz: 40_000_000 } as const),
    dataCommand: 35,
  } as const),
  expander: Object.freeze({
    bus: Object.freeze({ ...inside, address: 0x58 } as const),
    interrupt: 21,
    /** P0_3 and P0_4 (microphone, SD card), P1_2 (touch) and P1_3 (amplifier) speak to us. */
    inputs: 0x0c18,
    /** 5 V on the ports. All else is low: touch and display wait in reset for their drivers, camera and amplifier stay in it. */
    levels: (1 << expanderPin.portPower) | (1 << expanderPin.boost),
  } as const),
  touch: Object.freeze({ ...inside, address: 0x38 } as const),
  power: Object.freeze({ ...inside, address: 0x34 } as const),
  clock: Object.freeze({ ...inside, address: 0x51 } as const),
  amplifier: Object.freeze({ ...inside, address: 0x36 } as const),
  converter: Object.freeze({ ...inside, address: 0x40 } as const),
  contactless: Object.freeze({
    bus: Object.freeze({ bus: 0, address: 0x24, hz: 400_000 } as const),
    interrupt: 8,
  } as const),
  printer: Object.freeze({ port: 1, baud: 115_200 } as const),
  register: Object.freeze({ port: 0, baud: 115_200 } as const),
} as const);
