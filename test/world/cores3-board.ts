import { expanderPin, coreS3Pins as pins } from "../../hal/boards/m5stack_cores3/pins.ts";
import { coreS3 } from "../../hal/boards/m5stack_cores3/wiring.ts";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import type { Device } from "../../hal/device.ts";
import { railNumber } from "../../hal/drivers/power/axp2101-rails.ts";
import type { IoProvider } from "../../hal/io.ts";
import type { KeyPlace } from "../../hal/keypad.ts";
import { Aw9523Chip } from "../../simulator/chips/aw9523.ts";
import { Aw88298Chip } from "../../simulator/chips/aw88298.ts";
import { Axp2101Chip } from "../../simulator/chips/axp2101.ts";
import { Es7210Chip } from "../../simulator/chips/es7210.ts";
import { Ft6206Chip } from "../../simulator/chips/ft6206.ts";
import { Ili9342Chip } from "../../simulator/chips/ili9342.ts";
import { Pcf8563Chip } from "../../simulator/chips/pcf8563.ts";
import { Pn532Chip } from "../../simulator/chips/pn532.ts";
import { SensorChip } from "../../simulator/chips/senses.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { nodeGroundOn } from "../../simulator/runtime/node.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";

/** Wires of the board that are no pins of the processor: the expander's, and what the backlight's regulator powers. */
const EXPANDER_PINS = 100;
const BACKLIGHT = 120;
const FT6336 = 0x64;
const bcd = (value: number): number => Math.floor(value / 10) * 16 + (value % 10);

/** Solders the CoreS3's chips to the simulation's wires. Keys are fingers on the glass, where the screen says that they are. */
export function solderCoreS3(simulation: Simulation, keysNow: () => readonly KeyPlace[]) {
  const { board, chips } = simulation;
  const expander = new Aw9523Chip(board, {
    ...pins.expander.bus,
    interrupt: pins.expander.interrupt,
    pins: EXPANDER_PINS,
  });
  const power = new Axp2101Chip(
    board,
    { ...pins.power, interrupt: BACKLIGHT + 1, rails: { [railNumber.DLDO1]: BACKLIGHT } },
    80,
  );
  const panel = new Ili9342Chip(board, {
    ...pins.display,
    reset: EXPANDER_PINS + expanderPin.displayReset,
    backlight: BACKLIGHT,
  });
  const touch = new Ft6206Chip(
    board,
    {
      ...pins.touch,
      interrupt: EXPANDER_PINS + expanderPin.touchInterrupt,
      reset: EXPANDER_PINS + expanderPin.touchReset,
    },
    FT6336,
  );
  const contactless = new Pn532Chip(
    board,
    { ...pins.contactless.bus, interrupt: pins.contactless.interrupt },
    chips.field,
  );
  const clock = new Pcf8563Chip(board, pins.clock);
  const amplifier = new Aw88298Chip(board, { ...pins.amplifier, reset: EXPANDER_PINS + expanderPin.amplifierReset });
  const converter = new Es7210Chip(board, pins.converter);
  const sensor = new SensorChip(board);
  const look = board.senses.look!;
  const cameraReset = board.digitalWire(EXPANDER_PINS + expanderPin.cameraReset);
  board.senses.look = (...size) => (cameraReset.level === 0 ? undefined : look(...size));
  const date = new Date(board.wall());
  const time = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCDay()];
  const month = [date.getUTCMonth() + 1, date.getUTCFullYear() - 2000];
  clock.write(Uint8Array.of(0x02, ...[...time, ...month].map(bcd)));
  const pressed = new Map<string, number>();
  simulation.hasKey = (name) => keysNow().some(({ key }) => key === name);
  simulation.key = (name, isDown) => {
    if (!isDown) {
      touch.fingers.lift(pressed.get(name) ?? 9);
      pressed.delete(name);
      return;
    }
    const shown = keysNow();
    // A notice that has one key has that one for everything.
    const only = name === "CANCEL" && shown.length === 1 && shown[0]!.key === "ENTER" ? shown[0] : undefined;
    const place = shown.find(({ key }) => key === name) ?? only;
    if (place === undefined) throw new Error(`the glass shows no key "${name}" now`);
    const id = [0, 1].find((free) => ![...pressed.values()].includes(free)) ?? 9;
    pressed.set(name, id);
    touch.fingers.put({ id, x: place.x + (place.width >> 1), y: place.y + (place.height >> 1) });
  };
  return { expander, power, panel, touch, contactless, clock, amplifier, converter, sensor };
}

/** A CoreS3 with all that p1 has beside keys and display, on p1's wires: what a screen of a shop's counter could be. */
export function counterWiring(io: IoProvider): Device {
  const [counter, desk] = [coreS3(io), p1(io)];
  for (const name of ["chip", "magstripe", "register", "tamper"] as const)
    Object.defineProperty(counter, name, { value: desk[name]!.bind(desk) });
  return counter;
}

/** The firmware in this process on a board with its keys on the glass, and the keys that it shows. */
export function coreS3Ground(
  wiring: (io: IoProvider) => Device = coreS3,
  opened: (device: Device) => void = () => {},
): {
  readonly ground: Ground;
  readonly keysNow: () => readonly KeyPlace[];
} {
  let keys: readonly KeyPlace[] = [];
  const ground = nodeGroundOn((io) => {
    // This ground does not know the date: the board's own clock does.
    const device: Device = wiring({ ...io, clock: { ...io.clock, wall: () => 0 } });
    const { glassKeys } = device;
    const place = (places: readonly KeyPlace[]) => {
      keys = places;
      glassKeys!.place(places);
    };
    Object.defineProperty(device, "glassKeys", { value: { place } });
    opened(device);
    return device;
  });
  return { ground, keysNow: () => keys };
}
