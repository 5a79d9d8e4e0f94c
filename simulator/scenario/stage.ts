import type { KeyBlockFlaw } from "../acquirer/hsm.ts";
import type { Phone } from "../cards/phone/phone.ts";
import type { ScreenRecord } from "../io/board.ts";
import type { NetworkFault } from "../world/network.ts";

/** A piece of paper that came out of the printer, as read off its dots. */
export interface PaperPiece {
  readonly copy: string;
  readonly text: readonly string[];
  readonly at: number;
}

/** One transaction of the terminal's journal, as read off the flash by the world's own reader. */
export interface JournalLine {
  readonly stan: string;
  readonly state: string;
  readonly amount: number;
  readonly type: string;
  /** STAN of the earlier transaction that it takes back, changes or uses up. */
  readonly original?: string;
  /** What a supervisor wrote down about a dispute. */
  readonly cleared?: string;
}

/** A fault of the host, for its next request. */
export type HostFault = Readonly<Record<string, string | number | boolean>>;

/** All that a step can do to the world and see of it. Amounts are in minor units, times in virtual milliseconds. */
export interface Stage {
  readonly now: () => number;
  /** Something has changed that a person could see. */
  changed(): void;
  readonly screens: readonly ScreenRecord[];
  /** Index of the first screen that counts for the next `expect`. */
  mark: number;
  readonly never: Set<string>;
  key(name: string, pressed: boolean): void;
  /** Whether there is such a key now: on glass only those that are shown. */
  hasKey(name: string): boolean;
  insert(card: string): void;
  tap(cards: readonly string[]): void;
  swipe(card: string): void;
  /** Takes the card out of the slot and out of the field; false when there was none. */
  remove(): boolean;
  papers(): readonly PaperPiece[];
  printerBusy(): boolean;
  readonly printer: {
    paper(present: boolean): void;
    cover(open: boolean): void;
    hot(hot: boolean): void;
  };
  /** What lies before the scanner's lens: it is read as soon, and as often, as the scanner looks. */
  readonly scanner: { show(code: string | Uint8Array): void; takeAway(): void };
  /** What a person does with a code: holds it before the scanner until it has been read, or for some seconds. */
  holdBefore(code: string): void;
  /** The codes that a camera finds on the display, or on the last paper. */
  codesOn(what: "display" | "receipt"): readonly string[];
  /** Customers' phones by name. */
  phone(name: string): Phone;
  /** The phone that was taken out last with a code on it. */
  phoneShowing(): Phone | undefined;
  /** What the lights over the antenna showed, `*` lit and `.` dark, and which tones were heard, oldest first. */
  readonly signs: {
    readonly lights: readonly { readonly at: number; readonly lit: string }[];
    readonly tones: readonly { readonly hertz: number; readonly from: number; readonly until: number | undefined }[];
  };
  /** What came out of the loudspeaker so far, without the pauses between: samples of 16 bits. */
  readonly speaker: { readonly heard: readonly number[]; readonly sampleRate: number };
  /** From which on lights, tones and the loudspeaker's samples count for the next step that looks at them. */
  readonly signMark: { lights: number; tones: number; speech: number };
  /** The terminal's battery and the cable that charges it. */
  readonly battery: {
    /** Percent, or whether there is a cable: what is absent stays as it is. */
    set(change: { readonly charge?: number; readonly cable?: boolean }): void;
  };
  /** The switch under the case. */
  readonly caseSwitch: { open(): void; close(): void };
  readonly network: { set(fault: NetworkFault): void };
  readonly host: { fault(fault: HostFault): void; normal(): void };
  readonly ledger: {
    debited(card: string): number;
    balance(card: string): number;
    approved(): { readonly count: number; readonly total: number };
  };
  /** The cash register at the terminal: a line to it, and all lines from it. */
  readonly register: {
    send(line: string): void;
    /** Bytes without the end of a line. */
    sendPart(text: string): void;
    readonly lines: readonly string[];
    /** Only of one on the network. */
    hangUp?(): void;
    /** Only of one on the network: it shares a key with the terminal that has this code. */
    pair?(code: string): void;
    /** Only of one on the network: the same bytes once more. */
    sendAgain?(): void;
    /** Another caller on the network, and what it was told. */
    anotherFrom?(address: string): { readonly lines: readonly string[]; readonly hungUp: boolean };
  };
  journal(): readonly JournalLine[];
  /** What the terminal's journal and the host's books disagree about, or what is in doubt; empty when all is well. */
  audit(): readonly string[];
  readonly power: {
    /** Whether the terminal has power now: what a dark one showed last is not to be seen. */
    given(): boolean;
    cut(): void;
    /** Gives power to a dark terminal; one that has it keeps it: a cut that was to come is called off. */
    on(): void;
    cutAtFlashOperation(n: number): void;
  };
  restart(): void;
  /** Sets the terminal's clock forward, or back where below zero, by so many milliseconds. */
  shiftClock(milliseconds: number): void;
  /** Has the factory's key loader put keys into the terminal, which is off meanwhile. */
  loadKeys(): void;
  /** A terminal as it left its factory: no keys, or the key under which key blocks come. */
  forgetKeys(withTransport: boolean): void;
  /** The terminal's master key as a key block, with what is wrong with it. */
  masterKeyBlock(flaw: KeyBlockFlaw | undefined): string;
  /** Another terminal with the same number and keys takes the place of this one: nothing that this one kept is in it. */
  replaceTerminal(): void;
}
