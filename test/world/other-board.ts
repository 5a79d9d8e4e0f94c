import type { Device } from "../../hal/device.ts";
import type { CardManner } from "../../simulator/chips/card-chip.ts";
import { CardFrontEndChip } from "../../simulator/chips/card-front-end.ts";
import type { CardPort } from "../../simulator/chips/card-port.ts";
import { Gt911Chip } from "../../simulator/chips/gt911.ts";
import { Pcf8563Chip } from "../../simulator/chips/pcf8563.ts";
import { Pn5180Chip } from "../../simulator/chips/pn5180.ts";
import { sitronixPanel } from "../../simulator/chips/sitronix-panels.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { nodeGroundOn } from "../../simulator/runtime/node.ts";
import type { Simulation } from "../../simulator/world/simulation.ts";
import { CARD_HZ, glassBoard, glassPins as pins, keyPlaces as places } from "./glass-wiring.ts";

/** A second finger's number follows the first one's. */
const MOST_FINGERS = 5;

/**
 * A card of protocol T=0 as one of T=1: it fetches what GET RESPONSE would and knows its own lengths, and strictly: without an expected
 * length it gives no data.
 */
function wholeAnswers(card: CardPort): CardPort {
  return {
    ...card,
    transmit(apdu) {
      const data = apdu.length > 5 ? apdu[4]! : 0;
      const wants = apdu.length === 5 || apdu.length === 6 + data;
      let afterMs = 0;
      const give = (command: Uint8Array) => {
        const answer = card.transmit(command);
        afterMs += answer?.afterMs ?? 0;
        return answer?.bytes;
      };
      let bytes = give(apdu.length > 5 ? apdu.subarray(0, 5 + data) : apdu);
      if (bytes?.at(-2) === 0x6c) bytes = give(Uint8Array.of(...apdu.subarray(0, 4), bytes.at(-1)!));
      if (bytes?.at(-2) === 0x61)
        bytes = wants ? give(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, bytes.at(-1)!)) : Uint8Array.of(0x90, 0x00);
      return bytes && { bytes, afterMs };
    },
  };
}

/** Solders the other board's chips to the simulation's wires, and turns its keys into fingers on the glass. */
export function solderGlassBoard(simulation: Simulation, manner: CardManner = { protocol: 0 }) {
  const { board, chips } = simulation;
  const panel = sitronixPanel(board, pins.display, "st7796");
  const touch = new Gt911Chip(board, pins.touch);
  const contactless = new Pn5180Chip(board, pins.contactless, chips.field);
  const slot = new CardFrontEndChip(board, pins.chip, CARD_HZ);
  chips.coupler.insert = (card) => slot.insert(manner.protocol === 1 ? wholeAnswers(card) : card, manner);
  chips.coupler.remove = () => slot.remove();
  const clock = new Pcf8563Chip(board, pins.clock);
  const bcd = (value: number) => Math.floor(value / 10) * 16 + (value % 10);
  const date = new Date(board.wall());
  const time = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCDay()];
  const month = [date.getUTCMonth() + 1, date.getUTCFullYear() - 2000];
  clock.write(Uint8Array.of(0x02, ...[...time, ...month].map(bcd)));
  const fingers = new Map<string, number>();
  simulation.key = (name, pressed) => {
    const key = places.find((one) => one.key === name);
    if (key === undefined) throw new Error(`there is no key "${name}"`);
    if (pressed) {
      const taken = [...fingers.values()];
      const id = Array.from({ length: MOST_FINGERS }, (_, index) => index).find((free) => !taken.includes(free))!;
      fingers.set(name, id);
      touch.fingers.put({ id, x: key.x + (key.width >> 1), y: key.y + (key.height >> 1) });
    } else {
      touch.fingers.lift(fingers.get(name) ?? MOST_FINGERS);
      fingers.delete(name);
    }
  };
  return { panel, touch, contactless, slot };
}

/** The firmware in this process on the board with glass, and without what `lacks` names. */
export function glassGround(lacks: readonly (keyof Device)[] = []): Ground {
  // This ground does not know the date: the board's own clock does.
  return nodeGroundOn((io) => without(glassBoard({ ...io, clock: { ...io.clock, wall: () => 0 } }), lacks));
}

/** What a board lacks is not in its provider. */
function without(device: Device, lacks: readonly (keyof Device)[]): Device {
  for (const name of lacks) Object.defineProperty(device, name, { value: undefined });
  return device;
}
