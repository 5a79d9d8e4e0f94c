/** A terminal around the firmware's card code: no screen, no printer, no host, and keys that say yes. */
import type { AuthorisationOutcome } from "../../../firmware/acquirer/types.ts";
import type { CborValue } from "../../../firmware/codec/cbor.ts";
import { TornLog } from "../../../firmware/emv/contactless/torn.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import type { Services } from "../../../firmware/terminal/services.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import type { Parameters } from "../../../firmware/update/parameters.ts";
import type { KeyName } from "../../../hal/keypad.ts";
import { DEFAULT_PARAMETERS } from "../../../simulator/world/profile.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";

/** 2026-11-23 09:00 in Beijing. */
const morning = Date.UTC(2026, 10, 23, 1, 0, 0);

/** Amount in minor units up to which a terminal that may do without the host does. */
export const aloneLimit = 20_000;

/** Amount in minor units from which a tap needs its holder's verification, in the simulator's parameters. */
export const verificationLimit = 100_000;

const onlineOnly = parametersWith({});
const mayApproveAlone = parametersWith({ terminalType: "22", floorLimit: aloneLimit });

/** The simulator's parameters with something else said of every application; what is undefined is not loaded. */
function parametersWith(said: Readonly<Record<string, CborValue>>): Parameters {
  const known = Object.entries(DEFAULT_PARAMETERS).filter(([, value]) => value !== undefined);
  const copy = structuredClone(Object.fromEntries(known)) as Record<string, CborValue>;
  const aids = copy.aids as Record<string, CborValue>[];
  return checkParameters({ ...copy, aids: aids.map((application) => ({ ...application, ...said })) });
}

/** What no card code may use. */
function absent(): never {
  throw new Error("used by card code");
}

/** A reader that says to issuers that it is there. */
const idle: CardSlot = {
  activate: () => Promise.reject(new Error("cards come from elsewhere")),
  transmit: () => Promise.reject(new Error("cards come from elsewhere")),
  answered: false,
  deactivate: () => {},
};

const unused = {
  paper: { print: absent },
  journal: {
    hasRoom: absent,
    room: absent,
    batch: absent,
    totals: absent,
    closeBatch: absent,
    unsaved: absent,
    nextUnsaved: absent,
    saved: absent,
    restoring: absent,
    putBack: absent,
    restored: absent,
    open: absent,
    advance: absent,
    note: absent,
    inDoubt: absent,
    owed: absent,
    // No card paid here before.
    find: () => Promise.resolve(undefined),
    each: absent,
    last: absent,
    unreadable: absent,
    nextStan: absent,
  },
  vault: { pinBlock: absent, protectPan: absent, revealPan: absent },
  operators: { use: absent },
  duty: { operator: undefined, inMenu: undefined },
  keys: {
    keyStates: absent,
    loadKeyBlock: absent,
    takePart: absent,
    judgeParts: absent,
    keepParts: absent,
    dropParts: absent,
  },
  acquirer: {
    signedIn: true,
    refused: undefined,
    signIn: absent,
    signOut: absent,
    authorise: (): Promise<AuthorisationOutcome> => absent(),
    reverse: absent,
    tell: absent,
    tellScripts: absent,
    askBalance: absent,
    askOutcome: absent,
    echo: absent,
    askFunds: absent,
    askPackage: absent,
    askParameters: absent,
    askChipNames: absent,
    askChipItem: absent,
    endChipList: absent,
    askSpending: absent,
    askShopPayments: absent,
    claim: absent,
    giveUp: absent,
  },
  settlement: { compare: absent, uploadStripes: absent, uploadChip: absent, end: absent },
  batch: { number: 1, text: "000001", adopt: absent },
  register: { next: absent, takeCancel: absent, tell: absent, pair: absent },
  update: {
    store: { version: "", room: 0, read: absent, clear: absent, write: absent, loaded: absent, use: absent },
    problemOf: absent,
    restart: absent,
    newLine: absent,
    device: { board: "p1", flash: absent, secure: { read: absent, write: absent, erase: absent, close: absent } },
    trial: "none",
  },
  notes: { read: absent, write: absent, erase: absent },
} as const;

/** What a session's terminal is given. */
export interface DeskOptions {
  /** Minor units. */
  readonly amount: number;
  /** The terminal may approve without the host (terminal type 22) up to `aloneLimit`. */
  readonly alone: boolean;
  readonly random: SeededRandom;
  readonly now: () => number;
}

/** Services for one session; the amount's digits are typed first, then every question is answered with ENTER or a tap. */
export function services({ amount, alone, random, now }: DeskOptions): Services {
  const keys = [...String(amount)] as KeyName[];
  return {
    ...unused,
    torn: new TornLog(),
    clock: { monotonic: now, wall: () => morning },
    random: { read: (length) => random.bytes(length) },
    parameters: alone ? mayApproveAlone : onlineOnly,
    currency: "CNY",
    screen: { language: "en", show: () => Promise.resolve(), setLanguage: () => Promise.resolve() },
    peripherals: {
      wait: (wishes) =>
        Promise.resolve(
          wishes.contactless === "card" ? { kind: "tap" } : { kind: "key", key: keys.shift() ?? "ENTER" },
        ),
      key: () => Promise.resolve(keys.shift() ?? "ENTER"),
      wake: () => {},
      sign: () => {},
      pause: () => Promise.resolve(),
      dropTyping: () => {},
      hasStripe: true,
      hasScanner: false,
      chip: idle,
      contactless: idle,
      chipPresent: true,
      endContactless: () => {},
    },
  };
}

/** A transaction as the journal would have opened it. */
export function opened(amount: number): Transaction {
  return {
    id: 1,
    stan: 1,
    state: "opened",
    type: "sale",
    batch: 1,
    amount,
    currency: "CNY",
    entryMode: "chip",
    maskedPan: "",
    panToken: new Uint8Array(16),
    startedAt: morning,
    operator: "01",
  };
}
