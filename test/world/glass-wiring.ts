import { Font } from "../../firmware/screen/font.ts";
import { drawKeyCaps } from "../../firmware/screen/key-caps.ts";
import { P1 } from "../../hal/boards/p1/wiring.ts";
import type { Chip } from "../../hal/chip.ts";
import type { Contactless } from "../../hal/contactless.ts";
import type { ChipCallbacks, ContactlessCallbacks, Device, KeypadCallbacks } from "../../hal/device.ts";
import type { Display } from "../../hal/display.ts";
import { Iso7816 } from "../../hal/drivers/chip/iso7816.ts";
import { Pn5180 } from "../../hal/drivers/contactless/pn5180.ts";
import { DcsDisplay } from "../../hal/drivers/display/dcs-display.ts";
import { st7796 } from "../../hal/drivers/display/st7796.ts";
import { DisplayWindow } from "../../hal/drivers/display/window.ts";
import { keyField } from "../../hal/drivers/keypad/key-field.ts";
import { OnScreenKeys } from "../../hal/drivers/keypad/on-screen.ts";
import { keptClock } from "../../hal/drivers/rtc/kept-clock.ts";
import { Pcf8563 } from "../../hal/drivers/rtc/pcf8563.ts";
import { Gt911 } from "../../hal/drivers/touch/gt911.ts";
import type { IoProvider } from "../../hal/io.ts";
import type { Keypad } from "../../hal/keypad.ts";

/** A board with glass instead of keys: what it has in other chips than p1, and on which pins. */
export const glassPins = {
  display: { spi: { bus: 3, select: 50, hz: 40_000_000 }, dataCommand: 51, reset: 52, backlight: 53 },
  touch: { bus: 1, interrupt: 54, reset: 55 },
  contactless: { bus: 4, select: 60, busy: 61, interrupt: 62, reset: 63 },
  chip: { port: 6, power: 70, reset: 71, present: 72 },
  clock: { bus: 1, address: 0x51 },
};
const screen = { x: 0, y: 0, width: 320, height: 240 };
export const keyPlaces = keyField({ x: 0, y: 240, width: 320, height: 240 });
/** A card's clock of 3.57 MHz: 9,600 bit/s. */
export const CARD_HZ = 3_571_200;

/** The board with glass; what it has in common with p1 is p1's. */
class GlassBoard extends P1 {
  override display(): Display {
    const { io, clock } = this;
    const { spi, dataCommand, reset, backlight } = glassPins.display;
    const lines = { dataCommand: pin(io, dataCommand), reset: pin(io, reset), backlight: pin(io, backlight) };
    const bytes = io.resource("font16");
    const font = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    const panel = new DcsDisplay({ panel: st7796, spi: { io: io.SPI, ...spi }, ...lines, clock });
    drawKeyCaps(panel, new Font(font), keyPlaces);
    return new DisplayWindow(panel, screen);
  }

  override keypad(callbacks: KeypadCallbacks): Keypad {
    const { io, clock } = this;
    return new OnScreenKeys({
      places: keyPlaces,
      touch: (heard) =>
        new Gt911({
          i2c: { io: io.I2C, bus: glassPins.touch.bus, address: 0x14 },
          interrupt: pin(io, glassPins.touch.interrupt),
          reset: pin(io, glassPins.touch.reset),
          glass: { width: 320, height: 480 },
          clock,
          ...heard,
        }),
      ...callbacks,
    });
  }

  override chip(callbacks: ChipCallbacks): Chip {
    const { io, clock } = this;
    return new Iso7816({
      serial: { io: io.Serial, port: glassPins.chip.port },
      power: pin(io, glassPins.chip.power),
      reset: pin(io, glassPins.chip.reset),
      present: pin(io, glassPins.chip.present),
      hz: CARD_HZ,
      clock,
      ...callbacks,
    });
  }

  override contactless(callbacks: ContactlessCallbacks): Contactless {
    const { io, clock } = this;
    const { select, busy, interrupt, reset } = glassPins.contactless;
    return new Pn5180({
      spi: { io: io.SPI, bus: glassPins.contactless.bus, hz: 7_000_000 },
      select: pin(io, select),
      busy: pin(io, busy),
      interrupt: pin(io, interrupt),
      reset: pin(io, reset),
      clock,
      ...callbacks,
    });
  }
}

const pin = (io: IoProvider, number: number) => ({ io: io.Digital, pin: number });

/** The board with glass as the firmware is handed it, given the ground's IO. */
export function glassBoard(io: IoProvider): Device {
  return new GlassBoard(io, keptClock(io.clock, new Pcf8563({ bus: { io: io.SMBus, ...glassPins.clock } })));
}
