import { en } from "./words/en.ts";
import { type PageWords, zh } from "./words/zh.ts";

export type Language = "zh" | "en";
export type Word = keyof PageWords;

const WORDS: Readonly<Record<Language, PageWords>> = { zh, en };
const KEPT = "xspos.language";

/** The page's language: the one chosen here before, else the browser's; views are told when it changes. */
class Speech {
  #language: Language = kept() ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  readonly #listeners: (() => void)[] = [];

  get language(): Language {
    return this.#language;
  }

  /** Calls `view` now and after every change. */
  whenSpoken(view: () => void): void {
    this.#listeners.push(view);
    view();
  }

  toggle(): void {
    this.#language = this.#language === "zh" ? "en" : "zh";
    localStorage.setItem(KEPT, this.#language);
    this.#tell();
  }

  /** Sets the words of index.html (`data-say`, `data-name` for screen readers) and tells the views. */
  #tell(): void {
    speakIn(document.body);
    for (const listener of this.#listeners) listener();
  }

  start(): void {
    this.#tell();
  }
}

export const speech = new Speech();

/** That word in the page's language; `{name}` is replaced by the value of that name. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return WORDS[speech.language][word].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The word of that name, when there is one. */
export function isWord(name: string): name is Word {
  return Object.hasOwn(zh, name);
}

function speakIn(root: HTMLElement): void {
  document.documentElement.lang = speech.language === "zh" ? "zh-CN" : "en";
  for (const part of root.querySelectorAll<HTMLElement>("[data-say]")) {
    const word = part.dataset.say ?? "";
    if (isWord(word)) part.textContent = say(word);
  }
  for (const part of root.querySelectorAll<HTMLElement>("[data-name]")) {
    const word = part.dataset.name ?? "";
    if (!isWord(word)) continue;
    part.setAttribute("aria-label", say(word));
    if (part instanceof HTMLButtonElement) part.title = say(word);
    if (part instanceof HTMLInputElement && part.placeholder !== "") part.placeholder = say(word);
  }
}

function kept(): Language | undefined {
  const word = localStorage.getItem(KEPT);
  return word === "zh" || word === "en" ? word : undefined;
}
