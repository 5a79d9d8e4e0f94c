import { ADDRESSES, ENTRY_KINDS, type EntryKind, type TimelineData, type TimelineEntry } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { ask } from "../dialogue.ts";
import { button, element, icon } from "../dom.ts";
import { say, speech } from "../language.ts";
import { Axis } from "./axis.ts";
import { fits, KIND_ICONS, kindName } from "./moment.ts";
import { entryRow } from "./row.ts";

/** Entries that the page keeps, and rows that it shows of them. */
const KEPT = 4_000;
const ROWS = 400;
/** At first the single writes to flash are not shown: there are many, and the journal says what they mean. */
const NOT_AT_FIRST: ReadonlySet<EntryKind> = new Set(["flash"]);

/** Every event in one list and on one axis, to be filtered, searched and opened. */
export class Timeline {
  readonly #act: Act;
  readonly #list = element("entries");
  readonly #find = element<HTMLInputElement>("find-entry");
  readonly #older = element<HTMLButtonElement>("older");
  readonly #axis = new Axis((id) => this.#goTo(id));
  readonly #shown = new Set<EntryKind>(ENTRY_KINDS.filter((kind) => !NOT_AT_FIRST.has(kind)));
  #entries: TimelineEntry[] = [];
  #visible = false;
  #follows = true;

  constructor(act: Act) {
    this.#act = act;
    this.#find.addEventListener("input", () => this.#draw());
    this.#older.addEventListener("click", () => void this.#fetchOlder());
    this.#list.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#list;
      this.#follows = scrollHeight - scrollTop - clientHeight < 30;
    });
    addEventListener("resize", () => this.#drawAxis());
    speech.whenSpoken(() => this.#speak());
  }

  /** The panel came up or went away: what cannot be seen is not drawn. */
  visible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#draw();
  }

  tell({ entries, start, older }: TimelineData): void {
    if (start === true) this.#entries = [];
    const last = this.#entries.at(-1)?.id ?? -1;
    const fresh = entries.filter(({ id }) => id > last);
    this.#entries.push(...fresh);
    this.#entries.splice(0, this.#entries.length - KEPT);
    if (older !== undefined) this.#older.hidden = !older;
    if (!this.#visible) return;
    if (start === true) this.#draw();
    else this.#append(fresh);
  }

  clear(): void {
    this.#entries = [];
    this.#draw();
  }

  #append(fresh: readonly TimelineEntry[]): void {
    const rows = this.#fitting(fresh).map((entry) => entryRow(entry, this.#goBack));
    this.#list.append(...rows);
    while (this.#list.children.length > ROWS) this.#list.firstElementChild?.remove();
    if (this.#follows) this.#list.scrollTop = this.#list.scrollHeight;
    this.#drawEmpty();
    this.#drawAxis();
  }

  #fitting(entries: readonly TimelineEntry[]): TimelineEntry[] {
    const words = this.#find.value.toLowerCase().split(/\s+/).filter(Boolean);
    return entries.filter((entry) => this.#shown.has(entry.kind) && fits(entry, words));
  }

  #draw(): void {
    if (!this.#visible) return;
    this.#list.replaceChildren();
    this.#follows = true;
    this.#append(this.#entries.slice(-KEPT));
  }

  #drawEmpty(): void {
    const sign = element("no-entry");
    sign.hidden = this.#list.children.length > 0;
    sign.textContent = say(this.#entries.length === 0 ? "timelineEmpty" : "timelineNone");
  }

  #drawAxis(): void {
    if (this.#visible) this.#axis.draw(this.#fitting(this.#entries));
  }

  #speak(): void {
    element("entry-kinds").replaceChildren(
      ...ENTRY_KINDS.map((kind) =>
        button(
          {
            class: `kind-${kind}`,
            "aria-pressed": String(this.#shown.has(kind)),
            onclick: (event: MouseEvent) => {
              if (!this.#shown.delete(kind)) this.#shown.add(kind);
              (event.currentTarget as HTMLElement).setAttribute("aria-pressed", String(this.#shown.has(kind)));
              this.#draw();
            },
          },
          icon(KIND_ICONS[kind]),
          kindName(kind),
        ),
      ),
    );
    this.#draw();
  }

  #goTo(id: number): void {
    const row = this.#list.querySelector<HTMLElement>(`[data-id="${id}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.querySelector("summary")?.focus();
  }

  readonly #goBack = async ({ id }: TimelineEntry): Promise<void> => {
    if (await ask(say("goBack"), say("goBackSure"))) void this.#act({ do: "back", to: id });
  };

  async #fetchOlder(): Promise<void> {
    const first = this.#entries[0]?.id;
    if (first === undefined) return;
    const answer = await fetch(`${ADDRESSES.timeline}?before=${first}`);
    if (!answer.ok) return;
    const { entries, older } = (await answer.json()) as TimelineData;
    this.#entries.unshift(...entries.filter(({ id }) => id < first));
    this.#older.hidden = older !== true;
    this.#draw();
    this.#list.scrollTop = 0;
  }
}
