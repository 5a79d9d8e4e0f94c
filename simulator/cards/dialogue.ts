/** Faults in what a chip says: at which command, how often, and what becomes of the answer. */
import { concat, fromHex } from "../acquirer/bytes.ts";
import type { Command } from "./apdu.ts";
import { Mapping } from "./mapping.ts";

/** Commands by class-free instruction byte. */
const INSTRUCTIONS = {
  select: 0xa4,
  readRecord: 0xb2,
  getProcessingOptions: 0xa8,
  generateCryptogram: 0xae,
  getData: 0xca,
  verify: 0x20,
  externalAuthenticate: 0x82,
  internalAuthenticate: 0x88,
  getChallenge: 0x84,
  getResponse: 0xc0,
  exchangeRelayResistance: 0xea,
  recoverCryptogram: 0xd0,
} as const;

type CommandName = keyof typeof INSTRUCTIONS;
const COMMAND_NAMES = Object.keys(INSTRUCTIONS) as CommandName[];

/** The bytes that the chip is about to send, status included, and how long it thinks. */
export interface Speech {
  readonly bytes: Uint8Array;
  readonly afterMs: number;
}

interface Effect {
  /** What the file's `with` must look like. */
  readonly wants: RegExp;
  readonly apply: (speech: Speech, argument: string) => Speech | undefined;
}

const NOTHING = /^$/;
const HEX = /^([0-9A-F]{2})+$/;
const NUMBER = /^\d{1,6}$/;
const WORD = /^[0-9A-F]{4}$/;

function withData({ bytes, afterMs }: Speech, change: (data: Uint8Array) => Uint8Array): Speech {
  return bytes.length === 2
    ? { bytes, afterMs }
    : { bytes: concat(change(bytes.slice(0, -2)), bytes.slice(-2)), afterMs };
}

/** What can become of an answer. Over contacts, data is sent at READ RECORD's second try or at GET RESPONSE. */
const effects = {
  /** Nothing comes. */
  silence: { wants: NOTHING, apply: () => undefined },
  /** Milliseconds of thinking. */
  slow: { wants: NUMBER, apply: ({ bytes }, argument) => ({ bytes, afterMs: Number(argument) }) },
  /** A status word alone. */
  status: { wants: WORD, apply: ({ afterMs }, argument) => ({ bytes: fromHex(argument), afterMs }) },
  /** Other data, with 9000, where there was data. */
  data: { wants: HEX, apply: (speech, argument) => withData(speech, () => fromHex(argument)) },
  /** More data after the right one. */
  append: { wants: HEX, apply: (speech, argument) => withData(speech, (data) => concat(data, fromHex(argument))) },
  /** The last bytes of the data are missing. */
  cut: { wants: NUMBER, apply: (speech, argument) => withData(speech, (data) => data.slice(0, -Number(argument))) },
  /** That many bytes more than there are. */
  swell: {
    wants: NUMBER,
    apply: (speech, argument) => withData(speech, (data) => concat(data, new Uint8Array(Number(argument)).fill(0xff))),
  },
  /** One bit of the last data byte is wrong. */
  flip: {
    wants: NOTHING,
    apply: (speech) => withData(speech, (data) => data.map((byte, at) => (at === data.length - 1 ? byte ^ 1 : byte))),
  },
} as const satisfies Record<string, Effect>;

type EffectName = keyof typeof effects;
const EFFECT_NAMES = Object.keys(effects) as EffectName[];

/** One fault of the dialogue. */
export interface DialogueFault {
  readonly at: CommandName | "any";
  /** The first occurrence since reset that is concerned, from 1. */
  readonly from: number;
  /** How many occurrences are concerned. */
  readonly times: number;
  readonly effect: EffectName;
  readonly argument: string;
}

const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Reads the list of faults; throws `Error` with the place and the key. */
export function readDialogue(where: string, list: readonly unknown[]): DialogueFault[] {
  return list.map((item, index) => {
    const mapping = new Mapping(`${where}[${index}]`, item);
    const effect = mapping.oneOf("effect", EFFECT_NAMES);
    const fault = {
      at: mapping.oneOf("at", [...COMMAND_NAMES, "any"]),
      from: mapping.count("from", 1),
      times: mapping.count("times", FOR_EVER),
      effect,
      argument: mapping.text("with", effects[effect].wants, ""),
    };
    mapping.refuseOthers();
    return fault;
  });
}

/** Counts commands since reset and spoils the answers that the card's file says. */
export class Dialogue {
  readonly #faults: readonly DialogueFault[];
  readonly #seen = new Map<number, number>();
  #all = 0;

  constructor(faults: readonly DialogueFault[]) {
    this.#faults = faults;
  }

  /** The answer as the chip gives it; undefined when it gives none. */
  speak(command: Command, right: Speech): Speech | undefined {
    const seen = (this.#seen.get(command.instruction) ?? 0) + 1;
    this.#seen.set(command.instruction, seen);
    this.#all += 1;
    let speech: Speech | undefined = right;
    for (const fault of this.#faults) {
      const count = fault.at === "any" ? this.#all : seen;
      const concerned = fault.at === "any" || INSTRUCTIONS[fault.at] === command.instruction;
      if (!concerned || count < fault.from || count - fault.from >= fault.times || !speech) continue;
      const effect: Effect = effects[fault.effect];
      speech = effect.apply(speech, fault.argument);
    }
    return speech;
  }
}
