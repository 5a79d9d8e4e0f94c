import type { BookedPayment, BooksData, DifferenceRow, DifferencesData, Words } from "../../protocol.ts";
import { element, make } from "../dom.ts";
import { say, speech, type Word } from "../language.ts";
import { bookedWord } from "../words/booked.ts";

const DIGITS = 2;

/** An amount of minor units as people write it. */
function money(minor: number): string {
  return (minor / 10 ** DIGITS).toLocaleString("en", { minimumFractionDigits: DIGITS, maximumFractionDigits: DIGITS });
}

/** The terminal's journal beside the acquirer's books; where they differ it is red. */
export class Books {
  #books: BooksData = { merchant: "0.00", accounts: [] };
  #differences: DifferencesData = { rows: [], others: [], ledger: [], settlement: [] };

  constructor() {
    speech.whenSpoken(() => this.#draw());
  }

  books(books: BooksData): void {
    this.#books = books;
    this.#draw();
  }

  differences(differences: DifferencesData): void {
    this.#differences = differences;
    this.#draw();
  }

  #draw(): void {
    const { rows, others, ledger, settlement } = this.#differences;
    const wrong = rows.filter(({ differs }) => differs.length > 0).length + others.length;
    element("tab-books").classList.toggle("marked", wrong > 0);
    element("books").replaceChildren(
      make(
        "div",
        { class: "sums" },
        sum(say("merchant"), this.#books.merchant),
        make("p", {
          class: wrong > 0 ? "verdict bad" : "verdict good",
          text: wrong > 0 ? say("differAll", { count: wrong }) : say("agreeAll"),
        }),
      ),
      rows.length === 0 ? make("p", { class: "empty", text: say("booksEmpty") }) : transactions(rows),
      ...others.map((words) =>
        make("p", { class: "bad", text: `${say("otherDifferences")}: ${words[speech.language]}` }),
      ),
      ...this.#settlement(settlement),
      ...this.#ledger(ledger),
    );
  }

  #ledger(ledger: DifferencesData["ledger"]): Node[] {
    const rows =
      ledger.length > 0
        ? ledger.map(({ account, currency, balance }) => [account, `${currency} ${money(balance)}`])
        : this.#books.accounts.map(({ card, balance }) => [card, balance]);
    if (rows.length === 0) return [];
    const body = rows.map(([account = "", balance = ""]) =>
      make("tr", {}, make("th", { scope: "row", text: account }), make("td", { class: "amount", text: balance })),
    );
    return [make("h3", { text: say("accounts") }), table(["account", "balance"], body)];
  }

  #settlement(batches: DifferencesData["settlement"]): Node[] {
    if (batches.length === 0) return [];
    const body = batches.map(({ batch, terminal, agreed }) =>
      make(
        "tr",
        { class: agreed ? "" : "differs" },
        make("th", { scope: "row", text: batch }),
        make("td", { class: "amount", text: String(terminal.count) }),
        make("td", { class: "amount", text: money(terminal.total) }),
        make("td", { text: say(agreed ? "settled" : "unsettled") }),
      ),
    );
    const heads = ["batch", "settlementCount", "settlementTotal", "settlement"] as const;
    return [make("h3", { text: say("settlement") }), table(heads, body)];
  }
}

function sum(name: string, value: string): HTMLElement {
  return make("p", { class: "sum" }, make("span", { text: name }), make("strong", { text: value }));
}

function transactions(rows: readonly DifferenceRow[]): HTMLElement {
  const body = [...rows]
    .reverse()
    .map(({ reference, terminal, acquirer, differs }) =>
      make(
        "tr",
        { class: differs.length > 0 ? "differs" : "" },
        make("th", { scope: "row", text: reference }),
        make("td", {}, ...booked(terminal)),
        make("td", { class: "amount", text: terminal === null ? "" : money(terminal.amount) }),
        make("td", {}, ...booked(acquirer)),
        make("td", { class: "amount", text: acquirer === null ? "" : money(acquirer.amount) }),
        make("td", { class: "difference" }, verdict(differs)),
      ),
    );
  return make(
    "div",
    { class: "scrolls" },
    make(
      "table",
      {},
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          head("reference"),
          make("th", { scope: "colgroup", colspan: 2, text: say("atTerminal") }),
          make("th", { scope: "colgroup", colspan: 2, text: say("atAcquirer") }),
          head("difference"),
        ),
      ),
      make("tbody", {}, ...body),
    ),
  );
}

function verdict(differs: readonly Words[]): HTMLElement {
  if (differs.length > 0) return make("span", { text: differs.map((words) => words[speech.language]).join("; ") });
  return make("span", { class: "good", role: "img", "aria-label": say("agrees"), text: "✓" });
}

const wordFor = (name: string): string => bookedWord(name, speech.language);

function booked(payment: BookedPayment | null): Node[] {
  if (payment === null) return [make("em", { text: say("nothingThere") })];
  const type = payment.type === undefined ? undefined : make("small", { text: wordFor(payment.type) });
  return [make("span", { text: wordFor(payment.state) }), ...(type === undefined ? [] : [type])];
}

/** Columns of numbers stand at the right. */
const NUMBERS: ReadonlySet<Word> = new Set(["balance", "settlementCount", "settlementTotal"]);

function head(word: Word): HTMLElement {
  return make("th", { scope: "col", class: NUMBERS.has(word) ? "amount" : "", text: say(word) });
}

function table(heads: readonly Word[], rows: readonly Node[]): HTMLElement {
  return make("table", {}, make("thead", {}, make("tr", {}, ...heads.map(head))), make("tbody", {}, ...rows));
}
