import { element } from "../dom.ts";

export const TABS = ["terminal", "cards", "faults", "timeline", "books", "gauges"] as const;
export type Tab = (typeof TABS)[number];

const NARROW = matchMedia("(max-width: 960px)");

/** The panels, one at a time, by tabs as ARIA has them. On a narrow page the terminal itself is one of them. */
export class Tabs {
  readonly #shown: ((tab: Tab) => void)[] = [];
  #now: Tab = "cards";

  constructor() {
    for (const [place, tab] of TABS.entries()) {
      const handle = element(`tab-${tab}`);
      handle.addEventListener("click", () => this.show(tab));
      handle.addEventListener("keydown", (event) => this.#walk(event, place));
    }
    NARROW.addEventListener("change", () => this.#fit());
    this.#fit();
  }

  get now(): Tab {
    return this.#now;
  }

  /** Calls `view` whenever a panel has come up. */
  whenShown(view: (tab: Tab) => void): void {
    this.#shown.push(view);
  }

  show(tab: Tab): void {
    this.#now = tab;
    document.body.dataset.tab = tab;
    for (const name of TABS) {
      const handle = element(`tab-${name}`);
      handle.setAttribute("aria-selected", String(name === tab));
      handle.tabIndex = name === tab ? 0 : -1;
      if (name !== "terminal") element(`panel-${name}`).hidden = name !== tab;
    }
    for (const view of this.#shown) view(tab);
  }

  /** Where the page is narrow a card that was chosen is used at the terminal. */
  toTerminal(): void {
    if (NARROW.matches) this.show("terminal");
  }

  #fit(): void {
    if (NARROW.matches) this.show("terminal");
    else if (this.#now === "terminal") this.show("cards");
    else this.show(this.#now);
  }

  #walk(event: KeyboardEvent, place: number): void {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const first = NARROW.matches ? 0 : 1;
    const count = TABS.length - first;
    const next = TABS[first + ((place - first + by + count) % count)];
    if (next === undefined) return;
    this.show(next);
    element(`tab-${next}`).focus();
  }
}
