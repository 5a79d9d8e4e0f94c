import type { HeldData, StepData, WrongData } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { button, element, icon, make } from "../dom.ts";
import { isWord, say, speech } from "../language.ts";
import { CODES, FAULTS, type FaultItem } from "./fault-table.ts";
import { readStepText } from "./step-text.ts";

type Of<Kind extends FaultItem["kind"]> = Extract<FaultItem, { kind: Kind }>;

/** What can go wrong, as buttons; each is a step of a scenario. */
export class Faults {
  readonly #act: Act;
  readonly #toggles: { readonly item: Of<"toggle">; readonly button: HTMLButtonElement }[] = [];
  #pull: HTMLButtonElement | undefined;
  #wrong: Partial<WrongData> = {};
  #held: HeldData = { slot: null, field: [] };
  #step: StepData | undefined;

  constructor(act: Act) {
    this.#act = act;
    element("own-step-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#doOwn(element<HTMLInputElement>("own-step").value);
    });
    speech.whenSpoken(() => this.#draw());
  }

  wrong(wrong: WrongData): void {
    this.#wrong = wrong;
    this.#press();
  }

  held(held: HeldData): void {
    this.#held = held;
    this.#press();
  }

  /** How the last step goes. */
  step(step: StepData): void {
    this.#step = step;
    this.#tellStep();
  }

  #do(step: Readonly<Record<string, unknown>>): void {
    void this.#act({ do: "step", step });
  }

  #doOwn(text: string): void {
    const step = readStepText(text);
    if (step === undefined) element("own-step-state").textContent = say("ownStepBad");
    else this.#do(step);
  }

  #draw(): void {
    this.#toggles.length = 0;
    element("fault-groups").replaceChildren(
      ...FAULTS.map((group) =>
        make(
          "fieldset",
          { class: "faults" },
          make("legend", {}, icon(group.icon), say(group.word)),
          ...group.items.map((item) => this.#item(item)),
        ),
      ),
    );
    this.#press();
    this.#tellStep();
  }

  #item(item: FaultItem): HTMLElement {
    switch (item.kind) {
      case "toggle":
        return this.#toggle(item);
      case "once":
        return button({ text: say(item.word), onclick: () => this.#do(item.step) });
      case "pull":
        this.#pull = button({ text: say(item.word), onclick: () => void this.#act({ do: "remove" }) });
        return this.#pull;
      case "number":
        return this.#number(item);
      case "code":
        return this.#code(item);
    }
  }

  #toggle(item: Of<"toggle">): HTMLElement {
    const made = button({
      class: "toggle",
      text: say(item.word),
      onclick: () => this.#do(this.#wrong[item.is] === true ? item.off : item.on),
    });
    this.#toggles.push({ item, button: made });
    return made;
  }

  #number(item: Of<"number">): HTMLElement {
    const field = make("input", {
      type: "number",
      value: item.first,
      min: item.least,
      max: item.most,
      step: "any",
      "aria-label": item.unit === undefined ? say(item.word) : `${say(item.word)}: ${say(item.unit)}`,
    });
    const use = (): void => {
      if (field.reportValidity() && field.value !== "") this.#do(item.step(Number(field.value)));
    };
    field.addEventListener("keydown", (event) => event.key === "Enter" && use());
    const unit = item.unit === undefined ? undefined : make("span", { class: "unit", text: say(item.unit) });
    return make("span", { class: "joined" }, button({ text: say(item.word), onclick: use }), field, unit);
  }

  #code(item: Of<"code">): HTMLElement {
    const choice = make("select", { "aria-label": say(item.word) });
    for (const code of CODES) {
      const word = `code${code}`;
      choice.append(new Option(isWord(word) ? say(word) : code, code));
    }
    choice.value = "51";
    const use = button({ text: say(item.word), onclick: () => this.#do(item.step(choice.value)) });
    return make("span", { class: "joined" }, use, choice);
  }

  #press(): void {
    const now: string[] = [];
    for (const { item, button: toggle } of this.#toggles) {
      const pressed = this.#wrong[item.is] === true;
      toggle.setAttribute("aria-pressed", String(pressed));
      if (pressed) now.push(say(item.word));
    }
    if (this.#pull !== undefined) this.#pull.disabled = this.#held.slot === null && this.#held.field.length === 0;
    const sign = element("now-wrong");
    sign.textContent =
      now.length === 0 ? `${say("nowWrong")} ${say("allWell")}` : `${say("nowWrong")} ${now.join(", ")}`;
    sign.classList.toggle("bad", now.length > 0);
    element("tab-faults").classList.toggle("marked", now.length > 0);
  }

  #tellStep(): void {
    const state = this.#step;
    const words = { running: say("stepRunning"), done: say("stepDone"), failed: "" } as const;
    const failed = say("stepFailed", { message: state?.message ?? "" });
    const sign = element("own-step-state");
    sign.textContent = state === undefined ? "" : state.state === "failed" ? failed : words[state.state];
    sign.classList.toggle("bad", state?.state === "failed");
  }
}
