import type { CardCopy, CardData } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { openDialogue } from "../dialogue.ts";
import { button, make } from "../dom.ts";
import { say, type Word } from "../language.ts";

const STATUSES: readonly (readonly [NonNullable<CardCopy["status"]>, Word])[] = [
  ["open", "statusOpen"],
  ["stolen", "statusStolen"],
  ["lost", "statusLost"],
  ["restricted", "statusRestricted"],
  ["closed", "statusClosed"],
];

const FIELDS: readonly {
  readonly name: string;
  readonly word: Word;
  readonly pattern: string;
  readonly mode: string;
}[] = [
  { name: "balance", word: "copyBalance", pattern: "\\d{1,9}(\\.\\d{1,2})?", mode: "decimal" },
  { name: "pin", word: "copyPin", pattern: "\\d{4,12}", mode: "numeric" },
  { name: "expiry", word: "copyExpiry", pattern: "\\d{2}(0[1-9]|1[0-2])", mode: "numeric" },
];

/** A form for a card like that one with another balance, PIN, status or expiry; what is left empty stays as it is. */
export function editCopy(card: CardData, act: Act): void {
  const name = input("name", "copyName", "[a-z0-9\\-]{1,40}", "text");
  name.field.value = `${card.name}-copy`;
  name.field.required = true;
  name.field.title = say("copyNameHint");
  const rest = FIELDS.map((field) => input(field.name, field.word, field.pattern, field.mode));
  const status = make("select", { name: "status" }, new Option(say("unchanged"), ""));
  for (const [value, word] of STATUSES) status.append(new Option(say(word), value));
  const refused = make("p", { class: "bad", role: "alert" });
  const form = make(
    "form",
    { method: "dialog" },
    name.label,
    ...rest.map(({ label }) => label),
    make("label", {}, say("copyStatus"), status),
    refused,
    make("div", { class: "row end" }, button({ type: "submit", class: "main", text: say("copyMake") })),
  );
  const dialogue = openDialogue(say("copyTitle", { card: card.name }), [form]);
  name.field.select();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const refusal = await act({ do: "card", copy: readForm(card.name, new FormData(form)) });
    if (refusal === undefined) dialogue.close();
    else refused.textContent = refusal;
  });
}

function input(
  name: string,
  word: Word,
  pattern: string,
  mode: string,
): { label: HTMLElement; field: HTMLInputElement } {
  const field = make("input", { name, pattern, inputmode: mode, autocomplete: "off", placeholder: say("unchanged") });
  return { label: make("label", {}, say(word), field), field };
}

function readForm(of: string, data: FormData): CardCopy {
  const text = (field: string): string | undefined => String(data.get(field) ?? "").trim() || undefined;
  const balance = text("balance");
  const pin = text("pin");
  const expiry = text("expiry");
  const status = STATUSES.find(([value]) => value === text("status"))?.[0];
  return {
    of,
    name: text("name") ?? "",
    ...(balance === undefined ? {} : { balance: Math.round(Number(balance) * 100) }),
    ...(pin === undefined ? {} : { pin }),
    ...(expiry === undefined ? {} : { expiry }),
    ...(status === undefined ? {} : { status }),
  };
}
