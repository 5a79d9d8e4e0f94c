/** Faults in what a chip says: at which command, how often, and what becomes of the answer. */
import { concat, fromHex } from "../acquirer/bytes.ts";
import type { Command, Reply } from "./apdu.ts";
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

/** What a file's `with` must look like. */
const NOTHING = /^$/;
const HEX = /^([0-9A-F]{2})+$/;
const NUMBER = /^\d{1,6}$/;
const WORD = /^[0-9A-F]{4}$/;

/** A lie in the data of an answer, told before the transport cuts it into pieces. */
interface DataEffect {
  readonly wants: RegExp;
  readonly data: (right: Uint8Array, argument: string) => Uint8Array;
}

/** A fault on the wire, in whatever is sent: over contacts also the pieces (61xx, 6Cxx, GET RESPONSE). */
interface WireEffect {
  readonly wants: RegExp;
  readonly wire: (right: Speech, argument: string) => Speech | undefined;
}

const effects = {
  /** Other data. */
  data: { wants: HEX, data: (_right, argument) => fromHex(argument) },
  /** The last bytes of the data are missing. */
  cut: { wants: NUMBER, data: (right, argument) => right.slice(0, -Number(argument)) },
  /** More data after the right one. */
  append: { wants: HEX, data: (right, argument) => concat(right, fromHex(argument)) },
  /** Nothing comes. */
  silence: { wants: NOTHING, wire: () => undefined },
  /** Milliseconds of thinking. */
  slow: { wants: NUMBER, wire: ({ bytes }, argument) => ({ bytes, afterMs: Number(argument) }) },
  /** A status word alone. */
  status: { wants: WORD, wire: ({ afterMs }, argument) => ({ bytes: fromHex(argument), afterMs }) },
  /** That many bytes more than there should be. */
  swell: {
    wants: NUMBER,
    wire: ({ bytes, afterMs }, argument) => {
      const more = new Uint8Array(Number(argument)).fill(0xff);
      return { bytes: concat(bytes.slice(0, -2), more, bytes.slice(-2)), afterMs };
    },
  },
} as const satisfies Record<string, DataEffect | WireEffect>;

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

/** How often each command came, for one of the two places where faults are made. */
class Counts {
  readonly #seen = new Map<number, number>();
  #all = 0;

  add(instruction: number): void {
    this.#all += 1;
    this.#seen.set(instruction, (this.#seen.get(instruction) ?? 0) + 1);
  }

  concerns(fault: DialogueFault, instruction: number): boolean {
    if (fault.at !== "any" && INSTRUCTIONS[fault.at] !== instruction) return false;
    const count = fault.at === "any" ? this.#all : (this.#seen.get(instruction) ?? 0);
    return count >= fault.from && count - fault.from < fault.times;
  }
}

/** Counts commands since reset and spoils the answers that the card's file says. */
export class Dialogue {
  readonly #faults: readonly DialogueFault[];
  readonly #answers = new Counts();
  readonly #sent = new Counts();

  constructor(faults: readonly DialogueFault[]) {
    this.#faults = faults;
  }

  /** What the chip believes to be the answer. */
  answer({ instruction }: Command, right: Reply): Reply {
    this.#answers.add(instruction);
    let { data } = right;
    for (const fault of this.#faults) {
      const effect: DataEffect | WireEffect = effects[fault.effect];
      if (data.length > 0 && "data" in effect && this.#answers.concerns(fault, instruction)) {
        data = effect.data(data, fault.argument);
      }
    }
    return { data, status: right.status };
  }

  /** What comes out of the chip; undefined when nothing does. */
  send({ instruction }: Command, right: Speech): Speech | undefined {
    this.#sent.add(instruction);
    let speech: Speech | undefined = right;
    for (const fault of this.#faults) {
      const effect: DataEffect | WireEffect = effects[fault.effect];
      if (speech && "wire" in effect && this.#sent.concerns(fault, instruction)) {
        speech = effect.wire(speech, fault.argument);
      }
    }
    return speech;
  }
}
