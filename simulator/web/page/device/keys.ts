import { button, element } from "../dom.ts";
import { speech } from "../language.ts";

/** The keys as they lie under the screen; `place` is the grid's area in device.css. */
const KEYS: readonly (readonly [key: string, label: string])[] = [
  ["F1", "F1"],
  ["F2", "F2"],
  ["F3", "F3"],
  ["F4", "F4"],
  ["1", "1"],
  ["2", "2"],
  ["3", "3"],
  ["MENU", "☰"],
  ["CANCEL", "✕"],
  ["4", "4"],
  ["5", "5"],
  ["6", "6"],
  ["UP", "▲"],
  ["CLEAR", "⌫"],
  ["7", "7"],
  ["8", "8"],
  ["9", "9"],
  ["DOWN", "▼"],
  ["ENTER", "⏎"],
  ["0", "0"],
  ["00", "00"],
];

/** What stands under the sign of a key that has one. */
const NAMES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  MENU: ["菜单", "MENU"],
  CANCEL: ["取消", "CANCEL"],
  CLEAR: ["更正", "CLEAR"],
  ENTER: ["确认", "ENTER"],
};

const KEYBOARD: Readonly<Record<string, string>> = {
  Enter: "ENTER",
  Escape: "CANCEL",
  Backspace: "CLEAR",
  ".": "00",
  m: "MENU",
  M: "MENU",
  ArrowUp: "UP",
  ArrowDown: "DOWN",
  F1: "F1",
  F2: "F2",
  F3: "F3",
  F4: "F4",
};

/** Called with the key's name when it goes down and when it comes up. */
type Press = (key: string, pressed: boolean) => void;

/** Lays the keys out, for fingers and for the keyboard. */
export class Keys {
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #press: Press;

  constructor(press: Press) {
    this.#press = press;
    element("keys").append(...KEYS.map(([key, label]) => this.#lay(key, label)));
    addEventListener("keydown", (event) => this.#typed(event));
    addEventListener("keyup", (event) => this.#typed(event));
    speech.whenSpoken(() => {
      for (const [key, [zh, en]] of Object.entries(NAMES)) {
        this.#buttons.get(key)?.setAttribute("data-under", speech.language === "zh" ? zh : en);
      }
    });
  }

  #lay(key: string, label: string): HTMLButtonElement {
    const press = (pressed: boolean) => (event: Event) => {
      if (event instanceof PointerEvent && pressed) {
        event.preventDefault();
        laid.setPointerCapture(event.pointerId);
      }
      this.#set(key, pressed);
    };
    const laid = button({
      text: label,
      class: `key key-${key.toLowerCase()}`,
      "aria-label": key,
      style: `grid-area:k${key}`,
      onpointerdown: press(true),
      onpointerup: press(false),
      onpointercancel: press(false),
      onclick: (event: MouseEvent) => {
        if (event.detail !== 0) return;
        this.#set(key, true);
        this.#set(key, false);
      },
    });
    this.#buttons.set(key, laid);
    return laid;
  }

  #set(key: string, pressed: boolean): void {
    this.#buttons.get(key)?.classList.toggle("down", pressed);
    this.#press(key, pressed);
  }

  #typed(event: KeyboardEvent): void {
    const key = /^\d$/.test(event.key) ? event.key : KEYBOARD[event.key];
    if (key === undefined || event.defaultPrevented || isForTheBrowser(event) || isTakenElsewhere(event)) return;
    event.preventDefault();
    if (!event.repeat) this.#set(key, event.type === "keydown");
  }
}

export function isForTheBrowser(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** Whether the key means something to the control that has the focus, or to an open dialogue. */
export function isTakenElsewhere({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return target.type !== "checkbox";
  return key === "Enter" && target instanceof HTMLElement && target.matches("button, a, summary");
}
