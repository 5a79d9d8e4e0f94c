import { turnOfItsOwn } from "../turn.ts";
import { choose } from "./choose.ts";
import { type MenuEntry, mainMenu } from "./menu-table.ts";
import { allow } from "./operator/authority.ts";
import type { Services } from "./services.ts";

/**
 * The menu: groups open, CANCEL goes back to where one came from, and what is picked is done; afterwards, and when nobody
 * presses a key, the terminal is idle.
 */
export async function menu(services: Services, entries = mainMenu): Promise<void> {
  const way: (readonly [heading: string | undefined, entries: readonly MenuEntry[]])[] = [[undefined, entries]];
  for (let place = way.at(-1); place !== undefined; place = way.at(-1)) {
    const [heading, all] = place;
    const { language } = services.screen;
    const shown = all.filter((entry) => entry.isShown?.(services) !== false);
    const choices = shown.map((entry) => ({
      id: entry.id,
      text: "entries" in entry ? `${entry.text[language]} ▸` : entry.text[language],
    }));
    const picked = await choose(services, choices, { id: "menu", ...(heading === undefined ? {} : { heading }) });
    if (picked.kind === "timeout") {
      return;
    }
    const entry = picked.kind === "picked" ? shown[picked.index] : undefined;
    if (entry === undefined) {
      way.pop();
    } else if ("entries" in entry) {
      way.push([entry.text[language], entry.entries]);
    } else {
      if (entry.needs !== undefined) await allow(services, entry.needs);
      await turnOfItsOwn();
      await entry.run(services);
      return;
    }
  }
}
