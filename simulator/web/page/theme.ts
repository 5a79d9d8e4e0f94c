import { element, icon } from "./dom.ts";
import { say, speech } from "./language.ts";

const THEMES = ["automatic", "light", "dark"] as const;
const KEPT = "xspos.theme";

/** Light and dark: as the browser says, or as chosen here. */
export function startTheme(): void {
  const button = element("theme");
  const stored = localStorage.getItem(KEPT);
  let theme = THEMES.find((name) => name === stored) ?? "automatic";
  const show = (): void => {
    document.documentElement.style.colorScheme = theme === "automatic" ? "light dark" : theme;
    const name = say("theme", { theme: say(theme) });
    button.setAttribute("aria-label", name);
    button.title = name;
    button.replaceChildren(icon(theme));
  };
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "automatic";
    localStorage.setItem(KEPT, theme);
    show();
  });
  speech.whenSpoken(show);
}
