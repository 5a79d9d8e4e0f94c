import { ADDRESSES, TOKEN_NAME } from "../protocol.ts";
import { Drawer, type DrawerCard } from "./drawer.ts";
import { layKeys } from "./keys.ts";
import { drawLcd } from "./lcd.ts";
import { Paper } from "./paper.ts";
import { words } from "./words.ts";

function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks #${id}`);
  return found as Kind;
}

let language: "zh" | "en" = navigator.language.startsWith("zh") ? "zh" : "en";
const paper = new Paper(element("paper"));
const lcd = element<HTMLCanvasElement>("lcd");
const message = element("message");

const token = document.querySelector<HTMLMetaElement>(`meta[name="${TOKEN_NAME}"]`)?.content ?? "";

/** Sends what the person did; a refusal is shown. Actions go one after the other, as fingers do. */
let sending: Promise<void> = Promise.resolve();
function act(action: Readonly<Record<string, unknown>>): void {
  sending = sending.then(async () => {
    const headers = { [TOKEN_NAME]: token };
    const sent = fetch(ADDRESSES.act, { method: "POST", headers, body: JSON.stringify(action) });
    const answer = await sent.catch(() => undefined);
    message.textContent = answer === undefined ? words[language].gone : answer.ok ? "" : await answer.text();
  });
}

layKeys(element("keys"), (key, pressed) => act({ do: "key", key, pressed }));
const drawer = new Drawer(element("cards"), element("in-hand"), act);
element("paper-save").addEventListener("click", () => paper.save());
element("paper-clear").addEventListener("click", () => paper.clear());
element("page-language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  speak();
});

/** A button that was clicked gives the keyboard back to the terminal; one reached by the Tab key keeps it. */
addEventListener("click", (event) => {
  if (event.detail > 0 && event.target instanceof Element) event.target.closest("button")?.blur();
});

const FAULTS = [
  ["networkDown", "network"],
  ["paperOut", "paper"],
  ["powerCut", "power"],
  ["caseOpen", "case"],
] as const;
const faultButtons = FAULTS.map(([word, what]) => {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    act({ do: what, wrong: button.getAttribute("aria-pressed") !== "true" });
  });
  element("world").append(button);
  return { button, word, what };
});

const keyLoader = document.createElement("button");
keyLoader.type = "button";
keyLoader.addEventListener("click", () => act({ do: "keys" }));
element("world").append(keyLoader);

function speak(): void {
  const say = words[language];
  document.documentElement.lang = language;
  const texts: Readonly<Record<string, string>> = {
    banner: say.banner,
    "page-language": say.otherLanguage,
    "device-title": say.device,
    "paper-title": say.paper,
    "paper-save": say.save,
    "paper-clear": say.clear,
    "drawer-title": say.drawer,
    "drawer-hint": say.drawerHint,
    "world-title": say.world,
    "books-title": say.books,
    hint: say.hint,
    passwords: say.passwords,
  };
  for (const [id, text] of Object.entries(texts)) element(id).textContent = text;
  keyLoader.textContent = say.loadKeys;
  for (const { button, word } of faultButtons) button.textContent = say[word];
  drawer.speak(language);
}

interface Books {
  readonly merchant: string;
  readonly accounts: readonly { readonly card: string; readonly balance: string }[];
}

const handlers: Readonly<Record<string, (data: never) => void>> = {
  lcd: (data: { y: number; rows: string }) => drawLcd(lcd, data),
  screen: (data: { text: string }) => lcd.setAttribute("aria-label", data.text),
  paper: (data: { rows: string }) => paper.print(data.rows),
  cut: (data: { text: readonly string[] }) => paper.cut(data.text),
  cards: (data: readonly DrawerCard[]) => drawer.fill(data),
  held: (data: { slot: string | null; field: readonly string[] }) => {
    drawer.held(data.slot, data.field);
    element("slot-card").textContent = data.slot ?? "";
  },
  wrong: (data: Readonly<Record<(typeof FAULTS)[number][1], boolean>>) => {
    for (const { button, what } of faultButtons) button.setAttribute("aria-pressed", String(data[what]));
  },
  books: (data: Books) => {
    const say = words[language];
    const lines = [`${say.merchant}: ${data.merchant}`];
    for (const { card, balance } of data.accounts) lines.push(`${card}: ${say.balance} ${balance}`);
    element("books").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })),
    );
  },
};

const events = new EventSource("/events");
events.addEventListener("error", () => {
  message.textContent = words[language].gone;
});
events.addEventListener("open", () => {
  message.textContent = "";
  paper.clear();
});
for (const [name, handle] of Object.entries(handlers)) {
  events.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data) as never));
}
speak();
