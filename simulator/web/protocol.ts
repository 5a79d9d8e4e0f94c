/**
 * What the page and its server say to each other. Types and constants only: the page takes them as it takes its own.
 * Amounts are integers in minor units, times virtual milliseconds since the world began, pictures base64.
 */

/** Every POST carries the page's token in this header; the token stands in the served page, in a `<meta>` of this name. */
export const TOKEN_NAME = "x-xspos-token";

// --- server to page: server-sent events, the name of each and its data

/** Rows of the LCD from `y` on, 320 pixels each: little-endian RGB565. */
export interface LcdData {
  readonly y: number;
  readonly rows: string;
}

/** Rows of dots that came out of the printer, 48 bytes each. */
export interface PaperData {
  readonly rows: string;
}

/** The paper was cut: what can be read on the piece. */
export interface CutData {
  readonly text: readonly string[];
}

export interface CardData {
  readonly name: string;
  readonly holder: string;
  /** As it is embossed on the card: these are TEST cards. */
  readonly number: string;
  readonly about: string;
  readonly pin: string;
  readonly interfaces: readonly string[];
  /** Made on the page from another card. */
  readonly copyOf?: string;
}

/** A customer's phone that pays by code. */
export interface PhoneData {
  readonly name: string;
  readonly about: string;
  /** It can read codes and pay them. */
  readonly pays: boolean;
  /** What its owner sees. */
  readonly sight: "code" | "asked" | "paid" | "refused" | "returned" | "nothing";
}

export interface HeldData {
  readonly slot: string | null;
  readonly field: readonly string[];
}

/** The screen in words: its id and the values it shows. */
export interface ScreenData {
  readonly text: string;
  readonly screen: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface BooksData {
  readonly merchant: string;
  readonly accounts: readonly { readonly card: string; readonly balance: string }[];
}

/** What is wrong at the moment. */
export interface WrongData {
  /** The network is down. */
  readonly network: boolean;
  /** The printer has no paper. */
  readonly paper: boolean;
  readonly cover: boolean;
  readonly hot: boolean;
  /** The terminal has no power. */
  readonly power: boolean;
  /** The battery runs low, and no cable charges it. */
  readonly battery: boolean;
  readonly cable: boolean;
  /** The case is open. */
  readonly case: boolean;
}

/** A line of page text that is the simulator's own. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export const ENTRY_KINDS = [
  "key",
  "card",
  "apdu",
  "host",
  "screen",
  "journal",
  "flash",
  "network",
  "printer",
  "sound",
  "power",
  "fault",
  "step",
] as const;

export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One event on the timeline. */
export interface TimelineEntry {
  /** Grows by one from entry to entry. */
  readonly id: number;
  readonly at: number;
  readonly kind: EntryKind;
  readonly title: Words;
  /** The bytes explained: tag and field names, secrets masked. */
  readonly lines?: readonly string[];
  /** In hexadecimal, two stars for a byte that may not be shown. */
  readonly bytes?: string;
  /** The LCD as it stood: GET `/picture?id=` this number (a PNG of 160 by 120). */
  readonly picture?: number;
}

/** New entries, oldest first; at first the latest ones. `start`: the page drops what it has (the world began anew). */
export interface TimelineData {
  readonly entries: readonly TimelineEntry[];
  readonly start?: true;
  /** Whether GET `/timeline?before=` the first entry's id gives older ones. */
  readonly older?: boolean;
}

export const SPEEDS = [1, 10, "fast", "paused"] as const;

/**
 * How virtual time follows real time. `fast` leaps while the terminal works by itself or a step waits, and goes as real
 * time does while a person is asked for something.
 */
export type Speed = (typeof SPEEDS)[number];

export interface ClockData {
  readonly now: number;
  readonly speed: Speed;
  /** What the terminal's own clock shows: milliseconds since 1970, UTC. */
  readonly wall: number;
}

/** The budgets of the device; what the ground cannot tell is absent. */
export interface GaugesData {
  readonly ground: string;
  /** Grounds that may be switched to. */
  readonly grounds: readonly string[];
  readonly slots?: number;
  readonly slotsLimit?: number;
  /** Bytes. */
  readonly chunks?: number;
  readonly chunksLimit?: number;
  readonly stack?: number;
  readonly stackLimit?: number;
  readonly instructions?: number;
  /** Programs and erases since the chip was made. */
  readonly flashWrites: number;
  readonly flashErases: number;
  /** Erases of the block that was erased most often, and which it is. */
  readonly worstSector: { readonly partition: string; readonly block: number; readonly erases: number };
}

export interface SensesData {
  /** The four lights of the contactless reader; none where the device has none. */
  readonly lights: readonly boolean[];
  readonly buzzer: { readonly hz: number } | null;
  /** null where the device has none. */
  readonly battery: { readonly percent: number; readonly charging: boolean } | null;
  /** Bars of the network, 0 to 4. */
  readonly signal: number;
}

/** A picture before the camera's lens. */
export const SCENE = { width: 160, height: 120 } as const;

/** Its pixels row by row, little-endian RGB565 in base64; null: the lens is covered. */
export interface SceneData {
  readonly pixels: string | null;
}

/** What came out of the loudspeaker: 16 bits a sample, low byte first, in base64. */
export interface VoiceData {
  readonly sampleRate: number;
  readonly samples: string;
}

/** One transaction in the terminal's journal or in the acquirer's books. */
export interface BookedPayment {
  readonly state: string;
  readonly amount: number;
  readonly type?: string;
}

/** A transaction in both books, by its STAN. */
export interface DifferenceRow {
  readonly reference: string;
  readonly terminal: BookedPayment | null;
  readonly acquirer: BookedPayment | null;
  /** In words; none when both agree. */
  readonly differs: readonly Words[];
}

export interface DifferencesData {
  readonly rows: readonly DifferenceRow[];
  /** Differences that belong to no single transaction. */
  readonly others: readonly Words[];
  /** The ledger's accounts that moved or are not the cards'. */
  readonly ledger: readonly { readonly account: string; readonly currency: string; readonly balance: number }[];
  readonly settlement: readonly {
    readonly batch: string;
    readonly terminal: { readonly count: number; readonly total: number };
    readonly agreed: boolean;
  }[];
}

/** How a step that was asked for ended. */
export interface StepData {
  readonly id: number;
  readonly state: "running" | "done" | "failed";
  readonly message?: string;
}

export interface PageEvents {
  readonly lcd: LcdData;
  readonly paper: PaperData;
  readonly cut: CutData;
  readonly cards: readonly CardData[];
  readonly phones: readonly PhoneData[];
  readonly held: HeldData;
  readonly screen: ScreenData;
  readonly books: BooksData;
  readonly wrong: WrongData;
  readonly timeline: TimelineData;
  readonly clock: ClockData;
  readonly gauges: GaugesData;
  readonly senses: SensesData;
  readonly voice: VoiceData;
  readonly scene: SceneData;
  readonly differences: DifferencesData;
  readonly step: StepData;
  /** The world begins anew (another ground, back to a moment): forget the paper and the timeline. */
  readonly start: Record<string, never>;
}

export type PageEvent = {
  readonly [Name in keyof PageEvents]: { readonly name: Name; readonly data: PageEvents[Name] };
}[keyof PageEvents];

// --- page to server: POST /act, one JSON object; answered 204, or 400 with a sentence

export type PageAction =
  | { readonly do: "key"; readonly key: string; readonly pressed: boolean }
  | { readonly do: "insert" | "tap" | "swipe"; readonly card: string }
  | { readonly do: "remove" }
  | { readonly do: "network" | "paper" | "power" | "case"; readonly wrong: boolean }
  | { readonly do: "keys" }
  /** Any step that a scenario may hold, as JSON: `{ network: "down" }`, `{ host: { respond: "51" } }`. */
  | { readonly do: "step"; readonly step: Readonly<Record<string, unknown>> }
  | { readonly do: "speed"; readonly speed: Speed }
  /** While paused: goes on until the timeline has another entry, at most a virtual minute. */
  | { readonly do: "advance" }
  /** Begins anew and repeats what was done up to that entry of the timeline; what came later is forgotten. */
  | { readonly do: "back"; readonly to: number }
  | { readonly do: "ground"; readonly ground: string }
  /** A fresh world. */
  | { readonly do: "restart" }
  /** Holds a picture before the camera's lens, or covers it. */
  | { readonly do: "look"; readonly pixels: string | null }
  /** A card for the drawer: as that one, but for what is given. */
  | { readonly do: "card"; readonly copy: CardCopy };

export interface CardCopy {
  readonly of: string;
  readonly name: string;
  readonly balance?: number;
  readonly pin?: string;
  readonly status?: "open" | "stolen" | "lost" | "restricted" | "closed";
  /** YYMM. */
  readonly expiry?: string;
}

/**
 * Further addresses: GET `/timeline?before=ID` (a `TimelineData`), `/picture?id=N` (PNG), `/scenario.yaml` (what was done so
 * far, for `xspos run`), `/recording` (what `xspos run --record` would have written of it).
 */
export const ADDRESSES = {
  events: "/events",
  act: "/act",
  package: "/package",
  timeline: "/timeline",
  picture: "/picture",
  scenario: "/scenario.yaml",
  recording: "/recording",
} as const;
