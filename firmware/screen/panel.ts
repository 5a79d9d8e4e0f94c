import type { IconName } from "./icons.ts";
import type { MessageKey } from "./messages/words.ts";

/** The mood of a screen, which is its colours. */
export type Tone = "calm" | "waiting" | "good" | "bad" | "warning";

export type KeyName = "ENTER" | "CANCEL" | "CLEAR" | "MENU" | "UP/DOWN" | "F1" | "F2" | "F3" | "0";

/** A key and what it does now. */
export interface KeyHint {
  readonly key: KeyName;
  readonly hint: MessageKey;
}

/** One thing in the middle of a screen, from the top. */
export type Item =
  /** An amount: as large as fits the width. */
  | { readonly kind: "amount"; readonly text: string }
  /** A short sentence, in double size on up to two lines. */
  | { readonly kind: "headline"; readonly text: string }
  /** A note in plain size on up to two lines. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "icons"; readonly icons: readonly IconName[] }
  | { readonly kind: "dots"; readonly count: number }
  /** Whom one waits for, between marks that seem to move with the seconds. */
  | { readonly kind: "beat"; readonly icon: IconName; readonly seconds: number }
  | { readonly kind: "pair"; readonly label: string; readonly text: string };

/** A screen ready to be arranged: a title, what is under it, and what the keys do. */
export interface MessagePanel {
  readonly tone: Tone;
  readonly title: string;
  readonly items: readonly Item[];
  /** The text of a code: as large as fits, and the rest of the screen beside it. */
  readonly code?: string;
  readonly keys: readonly KeyHint[];
}
/** A screen of lines to choose from. */
export interface ListPanel {
  readonly tone: Tone;
  readonly title: string;
  readonly rows: readonly string[];
  readonly selected: number;
  readonly keys: readonly KeyHint[];
}
export type Panel = MessagePanel | ListPanel;
