/** The keys as they lie under the screen, row by row, and what the keyboard's keys mean. */
const ROWS: readonly (readonly string[])[] = [
  ["F1", "F2", "F3", "F4"],
  ["1", "2", "3", "CANCEL"],
  ["4", "5", "6", "CLEAR"],
  ["7", "8", "9", "UP"],
  ["00", "0", "MENU", "DOWN"],
  ["ENTER"],
];

const LABELS: Readonly<Record<string, string>> = {
  CANCEL: "✕",
  CLEAR: "⌫",
  ENTER: "⏎",
  MENU: "☰",
  UP: "▲",
  DOWN: "▼",
};

const KEYBOARD: Readonly<Record<string, string>> = {
  Enter: "ENTER",
  Escape: "CANCEL",
  Backspace: "CLEAR",
  m: "MENU",
  M: "MENU",
  ArrowUp: "UP",
  ArrowDown: "DOWN",
  F1: "F1",
  F2: "F2",
  F3: "F3",
  F4: "F4",
};

/** Lays the keys out; `press` is called with the key's name when it goes down and when it comes up. */
export function layKeys(host: HTMLElement, press: (key: string, pressed: boolean) => void): void {
  for (const key of ROWS.flat()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `key key-${key.toLowerCase()}`;
    button.textContent = LABELS[key] ?? key;
    button.title = key;
    button.setAttribute("aria-label", key);
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      press(key, true);
    });
    button.addEventListener("pointerup", () => press(key, false));
    button.addEventListener("pointercancel", () => press(key, false));
    button.addEventListener("click", (event) => {
      if (event.detail !== 0) return;
      press(key, true);
      press(key, false);
    });
    host.append(button);
  }
  const named = (event: KeyboardEvent): string | undefined =>
    /^\d$/.test(event.key) ? event.key : Object.hasOwn(KEYBOARD, event.key) ? KEYBOARD[event.key] : undefined;
  const onKey = (event: KeyboardEvent): void => {
    const key = named(event);
    const onButton = event.target instanceof HTMLButtonElement && event.key === "Enter";
    if (key === undefined || onButton || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.repeat) press(key, event.type === "keydown");
  };
  addEventListener("keydown", onKey);
  addEventListener("keyup", onKey);
}
