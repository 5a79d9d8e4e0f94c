import { button, icon, make } from "./dom.ts";
import { say } from "./language.ts";

/** Opens a dialogue with that title; it closes with Escape, its cross, or a click beside it, and is gone then. */
export function openDialogue(title: string, content: readonly Node[], kind = ""): HTMLDialogElement {
  const close = button({ class: "plain", "aria-label": say("close"), title: say("close") }, icon("close"));
  const heading = make("h2", { text: title, id: "dialogue-title" });
  const dialogue = make(
    "dialog",
    { "aria-labelledby": "dialogue-title", class: kind },
    make("header", {}, heading, close),
    ...content,
  );
  close.addEventListener("click", () => dialogue.close());
  dialogue.addEventListener("click", (event) => event.target === dialogue && dialogue.close());
  dialogue.addEventListener("close", () => dialogue.remove());
  document.body.append(dialogue);
  dialogue.showModal();
  return dialogue;
}

/** Asks before something is lost; whether the person said yes. */
export function ask(title: string, question: string): Promise<boolean> {
  return new Promise((resolve) => {
    let yes = false;
    const confirm = button({ class: "main", text: say("yes") });
    const refuse = button({ text: say("no") });
    const dialogue = openDialogue(title, [
      make("p", { text: question }),
      make("div", { class: "row end" }, refuse, confirm),
    ]);
    confirm.addEventListener("click", () => {
      yes = true;
      dialogue.close();
    });
    refuse.addEventListener("click", () => dialogue.close());
    dialogue.addEventListener("close", () => resolve(yes));
    refuse.focus();
  });
}
