import type { Area } from "./display.ts";
import type { Closable } from "./io.ts";

/** The keys of a terminal, by name. */
export type KeyName =
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | "00"
  | "ENTER"
  | "CANCEL"
  | "CLEAR"
  | "MENU"
  | "UP"
  | "DOWN"
  | "F1"
  | "F2"
  | "F3"
  | "F4";

export interface KeyEvent {
  readonly key: KeyName;
  readonly pressed: boolean;
}

/** A key on a display under glass: where it is drawn, and where a finger means it. */
export interface KeyPlace extends Area {
  readonly key: KeyName;
}

/** Of a device whose only keys are on the display under its glass: the screen draws those that it wants, and says where. */
export interface GlassKeys {
  /** From now on these are the keys, and no others; a finger that is down already keeps its key. */
  place(keys: readonly KeyPlace[]): void;
}

/** A keypad: `onReadable` (given at opening) says that `read` has something. */
export interface Keypad extends Closable {
  /** The next key event in the order of the fingers, or `undefined`. */
  read(): KeyEvent | undefined;
}
