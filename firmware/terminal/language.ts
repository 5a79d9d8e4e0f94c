import type { Language } from "../screen/messages/words.ts";
import type { Services } from "./services.ts";

type Desk = Pick<Services, "screen" | "notes" | "parameters">;

/** Note of the language that was chosen at the terminal, and of the parameters' then: newer parameters count again. */
const noteName = "language";

const word = (given: Language, chosen: Language): string => `${given} ${chosen}`;

/** The terminal's other language, from now on and after every start. */
export async function otherLanguage({ screen, notes, parameters }: Desk): Promise<void> {
  const chosen = screen.language === "zh" ? "en" : "zh";
  await screen.setLanguage(chosen);
  if (chosen === parameters.language) await notes.erase(noteName);
  else await notes.write(noteName, word(parameters.language, chosen));
}

/** At a start: the language that was chosen last. */
export async function restoreLanguage({ screen, notes, parameters: { language } }: Desk): Promise<void> {
  const other = language === "zh" ? "en" : "zh";
  if ((await notes.read(noteName)) === word(language, other)) await screen.setLanguage(other);
}
