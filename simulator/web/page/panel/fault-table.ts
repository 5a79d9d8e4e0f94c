import type { WrongData } from "../../protocol.ts";
import type { IconName } from "../dom.ts";
import type { Word } from "../language.ts";

type Step = Readonly<Record<string, unknown>>;

/** What the person may do: switch something wrong and right again, do it once, or once with a number or a choice. */
export type FaultItem =
  | {
      readonly kind: "toggle";
      readonly word: Word;
      readonly is: keyof WrongData;
      readonly on: Step;
      readonly off: Step;
    }
  | { readonly kind: "once"; readonly word: Word; readonly step: Step }
  | { readonly kind: "pull"; readonly word: Word }
  | {
      readonly kind: "number";
      readonly word: Word;
      readonly unit?: Word;
      readonly first: number;
      readonly least: number;
      readonly most: number;
      readonly step: (value: number) => Step;
    }
  | { readonly kind: "code"; readonly word: Word; readonly step: (code: string) => Step };

export interface FaultGroup {
  readonly word: Word;
  readonly icon: IconName;
  readonly items: readonly FaultItem[];
}

/** Response codes that the list offers, those of UnionPay's table that a cashier meets. */
export const CODES = [
  ...["05", "12", "13", "14", "30", "41", "43", "51", "54", "55"],
  ...["61", "65", "68", "75", "91", "94", "96", "98", "A0"],
] as const;

const HOUR = 3_600_000;

/** Every fault is a step of the scenario language. */
export const FAULTS: readonly FaultGroup[] = [
  {
    word: "network",
    icon: "network",
    items: [
      { kind: "toggle", word: "networkDown", is: "network", on: { network: "down" }, off: { network: "up" } },
      { kind: "once", word: "networkLoseAnswer", step: { network: { lose: "response" } } },
      { kind: "once", word: "networkLoseRequest", step: { network: { lose: "request" } } },
      { kind: "once", word: "networkCorrupt", step: { network: { corrupt: "response" } } },
      {
        kind: "number",
        word: "networkSlow",
        unit: "seconds",
        ...{ first: 5, least: 0, most: 120 },
        step: (seconds) => ({ network: { delay: `${seconds}s` } }),
      },
      {
        kind: "number",
        word: "networkCut",
        unit: "bytes",
        ...{ first: 40, least: 1, most: 1_000 },
        step: (bytes) => ({ network: { cutAfter: bytes } }),
      },
      { kind: "once", word: "networkUp", step: { network: "up" } },
    ],
  },
  {
    word: "host",
    icon: "host",
    items: [
      { kind: "code", word: "hostRespond", step: (code) => ({ host: { respond: code } }) },
      { kind: "once", word: "hostSilent", step: { host: { silent: true } } },
      { kind: "once", word: "hostBadMac", step: { host: { badMac: true } } },
      { kind: "once", word: "hostRestart", step: { host: { restart: true } } },
      { kind: "once", word: "hostNormal", step: { host: "normal" } },
    ],
  },
  {
    word: "power",
    icon: "power",
    items: [
      { kind: "toggle", word: "powerCut", is: "power", on: { power: "cut" }, off: { power: "on" } },
      { kind: "once", word: "powerRestart", step: { restart: true } },
      {
        kind: "number",
        word: "powerCutAt",
        ...{ first: 3, least: 1, most: 10_000 },
        step: (operation) => ({ power: { cutAtFlashOperation: operation } }),
      },
    ],
  },
  {
    word: "batteryGroup",
    icon: "battery",
    items: [
      {
        kind: "toggle",
        word: "batteryLow",
        is: "battery",
        on: { battery: { charge: 12, cable: "out" } },
        off: { battery: { charge: 100, cable: "in" } },
      },
      {
        kind: "toggle",
        word: "cableOut",
        is: "cable",
        on: { battery: { cable: "out" } },
        off: { battery: { cable: "in" } },
      },
      {
        kind: "number",
        word: "batteryCharge",
        unit: "percent",
        ...{ first: 4, least: 0, most: 100 },
        step: (charge) => ({ battery: { charge } }),
      },
    ],
  },
  {
    word: "printer",
    icon: "printer",
    items: [
      {
        kind: "toggle",
        word: "paperOut",
        is: "paper",
        on: { printer: { paper: "out" } },
        off: { printer: { paper: "in" } },
      },
      {
        kind: "toggle",
        word: "coverOpen",
        is: "cover",
        on: { printer: { cover: "open" } },
        off: { printer: { cover: "closed" } },
      },
      { kind: "toggle", word: "headHot", is: "hot", on: { printer: { hot: true } }, off: { printer: { hot: false } } },
    ],
  },
  { word: "cardNow", icon: "card", items: [{ kind: "pull", word: "pullOut" }] },
  {
    word: "caseAndKeys",
    icon: "case",
    items: [
      { kind: "toggle", word: "caseOpen", is: "case", on: { tamper: "open" }, off: { tamper: "closed" } },
      { kind: "once", word: "loadKeys", step: { keys: "load" } },
    ],
  },
  {
    word: "clock",
    icon: "clock",
    items: [
      {
        kind: "number",
        word: "clockForward",
        unit: "hours",
        ...{ first: 3, least: 0.1, most: 100_000 },
        step: (hours) => ({ clock: { forward: duration(hours) } }),
      },
      {
        kind: "number",
        word: "clockBack",
        unit: "hours",
        ...{ first: 3, least: 0.1, most: 100_000 },
        step: (hours) => ({ clock: { back: duration(hours) } }),
      },
    ],
  },
];

function duration(hours: number): string {
  return `${Math.round((hours * HOUR) / 1_000)}s`;
}
