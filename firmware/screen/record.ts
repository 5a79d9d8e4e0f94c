import type { RecordEntry } from "../../hal/io.ts";
import { type Money, plainAmount } from "./money.ts";
import type { CardSummary, Choice, Screen } from "./screens.ts";

/** What a field of a screen can be. */
type Shown = string | number | boolean | Money | CardSummary | readonly Choice[] | undefined;

/**
 * A screen's meaning for the record: its id, its title as it is shown and values as text, amounts as "12.34", a card as its masked number and
 * holder, choices one a line. How many digits of a PIN were typed is left out.
 */
export function recordEntry(screen: Screen, title: string): RecordEntry {
  const values: Record<string, string> = { title };
  const shown = screen as unknown as Readonly<Record<string, Shown>>;
  for (const name of Object.keys(screen)) {
    const value = shown[name];
    if (name === "id" || name === "digits" || value === undefined) continue;
    if (typeof value !== "object") values[name] = `${value}`;
    else if ("minor" in value) values[name] = plainAmount(value);
    else if ("pan" in value) {
      values.pan = value.pan;
      if (value.holder !== undefined) values.holder = value.holder;
    } else {
      values.choices = value.map((choice) => choice.text).join("\n");
      values.choiceIds = value.map((choice) => choice.id).join("\n");
    }
  }
  if ("choices" in screen) values.selected = screen.choices[screen.selected]?.id ?? "";
  return { screen: screen.id, values };
}
