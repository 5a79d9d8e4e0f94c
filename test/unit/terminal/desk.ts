import type { SettlementHost } from "../../../firmware/acquirer/settlement.ts";
import type { ClaimOutcome, ShopPaymentsOutcome } from "../../../firmware/acquirer/shop-payments.ts";
import type {
  Acquirer,
  AuthorisationOutcome,
  BalanceOutcome,
  CardData,
  PaymentOutcome,
  ReversalOutcome,
  SignInOutcome,
  TellingOutcome,
} from "../../../firmware/acquirer/types.ts";
import { asciiToBytes, bytesToAscii } from "../../../firmware/codec/text.ts";
import { TornLog } from "../../../firmware/emv/contactless/torn.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import { FlowNotes, Notes } from "../../../firmware/journal/notes.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";
import type { PrintResult } from "../../../firmware/receipt/paper.ts";
import type { Screen } from "../../../firmware/screen/screens.ts";
import { BatchNumber } from "../../../firmware/terminal/batch/number.ts";
import type { Parts } from "../../../firmware/terminal/card/capabilities.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import type { Happening, Wishes } from "../../../firmware/terminal/peripherals/peripherals.ts";
import type { Services } from "../../../firmware/terminal/services.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import { ParameterStore } from "../../../firmware/update/store.ts";
import { FlowOperators } from "../../../firmware/vault/flow-operators.ts";
import type { PasswordProof } from "../../../firmware/vault/operators.ts";
import type { KeyName } from "../../../hal/keypad.ts";
import type { Swipe } from "../../../hal/magstripe.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { CountingRandom, MemorySecure } from "../vault/secure.ts";

/** What happens at the desk, in order; a text is keys with spaces between. `wait`: nothing, until time is up. */
export type Event = string | Happening | "wait";

export interface DeskOptions {
  readonly events?: readonly Event[];
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly signedIn?: boolean;
  readonly signIns?: readonly SignInOutcome[];
  readonly outcomes?: readonly AuthorisationOutcome[];
  readonly reversals?: readonly ReversalOutcome[];
  readonly tellings?: readonly TellingOutcome[];
  readonly balances?: readonly BalanceOutcome[];
  readonly payments?: readonly PaymentOutcome[];
  readonly shopPayments?: readonly ShopPaymentsOutcome[];
  readonly claims?: readonly ClaimOutcome[];
  readonly prints?: readonly PrintResult[];
  readonly chip?: CardSlot;
  /** Parts that the board does not have. */
  readonly missing?: Readonly<Partial<Record<keyof Parts, true>>>;
  readonly passwords?: readonly PasswordProof[];
  readonly settlement?: SettlementHost;
}

const emptySlot: CardSlot = {
  activate: () => Promise.reject(new CardError("removed", "desk")),
  transmit: () => Promise.reject(new CardError("removed", "desk")),
  answered: false,
  deactivate: () => {},
};

const unexpected = (): never => {
  throw new Error("no settlement was expected");
};
const noSettlement: SettlementHost = {
  compare: unexpected,
  uploadStripes: unexpected,
  uploadChip: unexpected,
  end: unexpected,
};

/** 2026-11-23 09:00 in Beijing. */
const morning = Date.UTC(2026, 10, 23, 1, 0, 0);

export const approval: AuthorisationOutcome = {
  kind: "approved",
  responseCode: "00",
  authorisationCode: "123456",
  referenceNumber: "112309000001",
  hostDate: "1123",
  hostTime: "090001",
};

/** A stripe as its reader gives it. */
export function swiped(track2 = "6228480000000000=30121010000000000", track1?: string): Happening {
  const swipe: Swipe = {
    track2: asciiToBytes(track2),
    ...(track1 === undefined ? {} : { track1: asciiToBytes(track1) }),
    damaged: false,
  };
  return { kind: "swipe", swipe };
}

/** What the scanner reads. */
export function scanned(text: string): Happening {
  return { kind: "scan", code: asciiToBytes(text) };
}

/** The idle terminal looks at its clock after so long, in milliseconds: nothing else happens any more. */
const nextDuty = 3_600_000;

/** A terminal at which everything is played: people, host, printer and clock; the journal is the real one. */
export class Desk {
  readonly screens: Screen[] = [];
  /** How often typing that began too early was dropped. */
  typingDropped = 0;
  /** What went to the host, PAN and track as text at the time of sending. */
  readonly sent: {
    readonly pan: string;
    readonly entryMode: string;
    readonly pinBlock: string;
    readonly code?: string;
  }[] = [];
  readonly flash = NorFlash.blank(16, 4096);
  readonly journal = new FlashJournal(this.flash);
  readonly notes = new Notes(NorFlash.blank(4, 4096));
  readonly operators = NorFlash.blank(4, 4096);
  readonly services: Services;
  /** PINs that the vault was given. */
  readonly pins: string[] = [];
  printed = 0;
  scriptNotices = 0;
  chipPresent = false;
  /** Monotonic milliseconds, as passwords see them. */
  now = 0;
  /** The same as the flows see them: what was waited for in vain. */
  elapsed = 0;
  /** The host is being asked what became of a payment: whoever waits meanwhile is woken when it has answered. */
  #isAsking = false;
  #wake: (() => void) | undefined;
  readonly #events: (Happening | "wait")[];

  constructor(options: DeskOptions = {}) {
    this.#events = (options.events ?? []).flatMap(happenings);
    const parameters = checkParameters({
      terminalId: "12345678",
      merchantId: "898310172991001",
      merchantName: { zh: "店", en: "Shop" },
      language: "en",
      saleLimit: 500_000,
      aids: [
        {
          aid: "A0000003330101",
          kernel: 7,
          tacDefault: "0000000000",
          tacDenial: "0000000000",
          tacOnline: "0000000000",
          applicationVersion: "0030",
          floorLimit: 0,
          contactlessLimit: 100_000,
          contactlessCvmLimit: 30_000,
        },
      ],
      ...options.parameters,
    });
    const prints = [...(options.prints ?? [])];
    this.services = {
      clock: { monotonic: () => this.elapsed, wall: () => morning },
      random: { read: (length) => new Uint8Array(length).fill(7) },
      parameters,
      currency: "CNY",
      screen: {
        language: "en",
        show: (screen) => {
          this.screens.push(screen);
          return Promise.resolve();
        },
        setLanguage: () => Promise.resolve(),
      },
      peripherals: this.#peripherals(options),
      paper:
        options.missing?.printer === true
          ? undefined
          : {
              print: () => {
                this.printed++;
                return Promise.resolve(prints.shift() ?? { ok: true });
              },
            },
      journal: new FlowJournal(this.journal),
      vault: {
        pinBlock: (digits) => {
          this.pins.push(bytesToAscii(digits));
          return new Uint8Array(8).fill(0xb1);
        },
        protectPan: () => new Uint8Array(16),
        revealPan: () => asciiToBytes("6228480000000000"),
      },
      keys: noKeys,
      operators: new FlowOperators(
        {
          secure: new MemorySecure(),
          random: new CountingRandom(),
          clock: { monotonic: () => this.now },
          flash: () => this.operators,
        },
        { passwords: options.passwords ?? [], initialPasswords: "keep" },
      ),
      duty: { operator: undefined, inMenu: undefined },
      acquirer: this.#acquirer(options),
      settlement: options.settlement ?? noSettlement,
      batch: new BatchNumber(this.journal),
      notes: new FlowNotes(this.notes),
      update: {
        store: new ParameterStore(NorFlash.blank(4, 4096)),
        problemOf: () => undefined,
        restart: () => {
          throw new Error("no restart was expected");
        },
        newLine: () => {
          throw new Error("no line was expected");
        },
        device: {
          board: "p1",
          flash: () => NorFlash.blank(4, 4096),
          secure: { read: () => undefined, write: () => {}, erase: () => {}, close: () => {} },
        },
        trial: "none",
      },
      torn: new TornLog(),
      register: { next: () => undefined, takeCancel: () => false, tell: () => {}, pair: () => undefined },
    };
  }

  /** Ids of the screens, one after another, repetitions left out. */
  get story(): string {
    return this.screens
      .map((screen) => screen.id)
      .filter((id, place, all) => id !== all[place - 1])
      .join(" ");
  }

  /** States in the journal, oldest first. */
  get books(): string {
    return [...this.journal.transactions()].map((transaction: Transaction) => transaction.state).join(" ");
  }

  get eventsLeft(): number {
    return this.#events.length;
  }

  #peripherals({ chip = emptySlot, missing = {} }: DeskOptions): Services["peripherals"] {
    const desk = this;
    const wait = (wishes: Wishes): Promise<Happening> => desk.#next(wishes);
    return {
      wait,
      wake: () => this.#wake?.(),
      sign: () => {},
      key: async (timeout) => {
        const happening = await wait(timeout === undefined ? { keys: true } : { keys: true, timeout });
        return happening.kind === "key" ? happening.key : undefined;
      },
      dropTyping: () => {
        this.typingDropped++;
      },
      pause: async (timeout) => {
        await wait({ timeout });
      },
      get chipPresent() {
        return desk.chipPresent;
      },
      hasStripe: missing.stripe !== true,
      hasScanner: true,
      chip: missing.chip === true ? undefined : chip,
      contactless: missing.contactless === true ? undefined : emptySlot,
      endContactless: () => {},
    };
  }

  /** What is not waited for stays to come; where nothing fits, time passes. */
  #next(wishes: Wishes): Promise<Happening> {
    const event = this.#events[0];
    if (event !== undefined && event !== "wait" && isWished(event, wishes)) {
      this.#events.shift();
      if (event.kind === "chipInserted" || event.kind === "chipRemoved") {
        this.chipPresent = event.kind === "chipInserted";
      }
      return Promise.resolve(event);
    }
    if (wishes.timeout === undefined && this.#isAsking) {
      return new Promise((resolve) => {
        this.#wake = () => resolve({ kind: "timeout" });
      });
    }
    if (wishes.timeout === undefined || wishes.timeout >= nextDuty) {
      return Promise.reject(new Error(`nothing happens at ${this.screens.at(-1)?.id}, for ever`));
    }
    if (event === "wait") {
      this.#events.shift();
    }
    this.elapsed += wishes.timeout;
    return Promise.resolve({ kind: "timeout" });
  }

  #acquirer(options: DeskOptions): Acquirer {
    let signedIn = options.signedIn ?? true;
    const outcomes = [...(options.outcomes ?? [])];
    const reversals = [...(options.reversals ?? [])];
    const tellings = [...(options.tellings ?? [])];
    const balances = [...(options.balances ?? [])];
    const payments = [...(options.payments ?? [])];
    const signIns = [...(options.signIns ?? [])];
    const shopPayments = [...(options.shopPayments ?? [])];
    const claims = [...(options.claims ?? [])];
    const next = <Outcome>(all: Outcome[], what: string): Promise<Outcome> => {
      const outcome = all.shift();
      return outcome === undefined ? Promise.reject(new Error(`no ${what} was expected`)) : Promise.resolve(outcome);
    };
    return {
      get signedIn() {
        return signedIn;
      },
      refused: undefined,
      signIn: async () => {
        const outcome = await next(signIns, "sign-in");
        signedIn = outcome.kind === "signedIn";
        return outcome;
      },
      signOut: () => {
        signedIn = false;
        return Promise.resolve(true);
      },
      authorise: (_transaction, card: CardData, pinBlock) => {
        const { pan = new Uint8Array(0), entryMode, codeData } = card;
        const code = codeData === undefined ? {} : { code: bytesToAscii(codeData) };
        this.sent.push({ pan: bytesToAscii(pan), entryMode, pinBlock: pinText(pinBlock), ...code });
        return next(outcomes, "sale");
      },
      askBalance: (_stan, card, pinBlock) => {
        const { pan = new Uint8Array(0), entryMode } = card;
        this.sent.push({ pan: bytesToAscii(pan), entryMode, pinBlock: pinText(pinBlock) });
        return next(balances, "balance");
      },
      askOutcome: async () => {
        this.#isAsking = true;
        try {
          return await next(payments, "question");
        } finally {
          this.#isAsking = false;
        }
      },
      askShopPayments: () => next(shopPayments, "question for payments"),
      claim: () => next(claims, "claim"),
      reverse: () => next(reversals, "reversal"),
      tell: () => next(tellings, "telling"),
      tellScripts: () => {
        this.scriptNotices++;
        return Promise.resolve(true);
      },
      askFunds: () => Promise.resolve({ kind: "unsupported" }),
      askParameters: () => Promise.resolve({ kind: "unsupported" }),
      askPackage: () => Promise.resolve({ kind: "unsupported" }),
      askChipNames: () => Promise.resolve({ kind: "unsupported" }),
      askChipItem: () => Promise.resolve({ kind: "unsupported" }),
      endChipList: () => Promise.resolve(true),
      askSpending: () => Promise.resolve({ kind: "unsupported" }),
      giveUp: () => {},
      echo: () => Promise.resolve(true),
    };
  }
}

const pinText = (block: Uint8Array | undefined): string => (block === undefined ? "" : `${block.length} bytes`);

const wishOf: Readonly<Record<Happening["kind"], (wishes: Wishes) => boolean>> = {
  key: (wishes) => wishes.keys === true,
  swipe: (wishes) => wishes.swipe === true,
  chipInserted: (wishes) => wishes.chip === "inserted",
  chipRemoved: (wishes) => wishes.chip === "removed",
  tap: (wishes) => wishes.contactless === "card",
  collision: (wishes) => wishes.contactless === "card",
  fieldEmpty: (wishes) => wishes.contactless === "empty",
  register: (wishes) => wishes.register === true,
  scan: (wishes) => wishes.scan === true,
  timeout: (wishes) => wishes.timeout !== undefined,
};

function isWished(happening: Happening, wishes: Wishes): boolean {
  return wishOf[happening.kind](wishes);
}

function happenings(event: Event): (Happening | "wait")[] {
  if (typeof event !== "string" || event === "wait") {
    return [event];
  }
  return event.split(" ").map((key) => ({ kind: "key", key: key as KeyName }));
}

const noKeyIsExpected = (): never => {
  throw new Error("no key was expected");
};

const noKeys: Services["keys"] = {
  keyStates: () => [],
  loadKeyBlock: noKeyIsExpected,
  takePart: noKeyIsExpected,
  judgeParts: noKeyIsExpected,
  keepParts: noKeyIsExpected,
  dropParts: () => {},
};
