/** What the page shows of the world as it stands, each as an event of its own. */

import { firmwareLimits } from "../runtime/budget.ts";
import { GROUND_NAMES } from "../runtime/grounds.ts";
import type { Simulation } from "../world/simulation.ts";
import { differencesOf } from "./books.ts";
import type { Course } from "./course.ts";
import { drawerPhones } from "./drawer.ts";
import type { GaugesData, PageEvent, SensesData } from "./protocol.ts";

/** What a screen's values are read out, and in which order: names of choices and of states are for scenarios. */
const SPOKEN =
  `title amount total ordered asked answered fee net value charge text choices pan holder code order voucher
  authorisationCode wallet payer secondsLeft triesLeft limit paid batch operator checkValue version percent`.split(
    /\s+/,
  );

/** What is cheap to tell: looked at with every picture. */
export function quickState({ simulation }: Course): PageEvent[] {
  const { slot, field, screens, bank, chips, network, power } = simulation;
  const { screen = "", values = {} } = screens.at(-1) ?? {};
  const text = SPOKEN.flatMap((name) => values[name] ?? [])
    .join(", ")
    .replaceAll("\n", ", ");
  return [
    { name: "held", data: { slot: slot ?? null, field } },
    { name: "screen", data: { text, screen, values } },
    { name: "books", data: bank.summary() },
    {
      name: "wrong",
      data: {
        network: network.isDown,
        paper: chips.paper.left === 0,
        cover: chips.printer.cover === "open",
        hot: chips.printer.isHot,
        power: !power.given(),
        battery: !chips.power.hasCable && (chips.power.charge ?? 100) <= LOW,
        cable: !chips.power.hasCable,
        case: chips.caseSwitch.isOpen,
      },
    },
    { name: "senses", data: sensesOf(simulation) },
    { name: "phones", data: drawerPhones(simulation) },
  ];
}

/** What takes longer to find out: looked at now and then. */
export function slowState(course: Course, now: number): PageEvent[] {
  const { simulation, pacer } = course;
  return [
    { name: "clock", data: { now: Math.round(now), speed: pacer.speed, wall: wallAt(simulation, now) } },
    { name: "gauges", data: gaugesOf(course) },
    { name: "differences", data: differencesOf(simulation) },
  ];
}

function wallAt({ board, world }: Simulation, now: number): number {
  return Math.round(board.wall() + now - world.now);
}

/** Percent of a battery that runs low. */
const LOW = 15;

function sensesOf({ chips, network }: Simulation): SensesData {
  const { hertz } = chips.buzzer;
  return {
    lights: [...chips.lights.lit].map((lamp) => lamp === "*"),
    buzzer: hertz === 0 ? null : { hz: hertz },
    battery:
      chips.power.charge === undefined
        ? null
        : { percent: chips.power.charge, charging: chips.power.hasCable && chips.power.charge < 100 },
    signal: SIGNAL[network.fault.kind] ?? 4,
  };
}

/** Bars of the network by what is wrong with it. */
const SIGNAL: Readonly<Record<string, number>> = { down: 0, away: 2, delay: 1, lose: 3, cutAfter: 3, corrupt: 3 };

function gaugesOf(course: Course): GaugesData {
  const { simulation, ground } = course;
  const { flash } = simulation.chips;
  const memory = course.memory();
  const { all, worst } = flash.erases;
  const instructions = simulation.board.instructions?.();
  return {
    ground: ground.name,
    grounds: GROUND_NAMES.filter((name) => name === "node" || name === "xs"),
    ...memory,
    ...(memory.slots === undefined
      ? {}
      : { slotsLimit: firmwareLimits.slots, chunksLimit: firmwareLimits.chunks, stackLimit: firmwareLimits.stack }),
    ...(instructions === undefined ? {} : { instructions }),
    flashWrites: flash.operations - all,
    flashErases: all,
    worstSector: worst,
  };
}
