/** Properties of a new element: `text`, `class`, listeners as `onclick`, and attributes by their own names. */
export type Properties = Readonly<Record<string, string | boolean | number | undefined | ((event: never) => void)>>;

/** A new element with its properties and children; `undefined` children are left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else if (name === "text") made.textContent = String(value);
    else if (name === "class") made.className = String(value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button that submits nothing. */
export function button(properties: Properties, ...children: readonly (Node | string | undefined)[]): HTMLButtonElement {
  return make("button", { type: "button", ...properties }, ...children);
}

/** The element of index.html with that id. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks #${id}`);
  return found as Kind;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing of 24 by 24 in the text's colour, hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

const ICONS = {
  insert: "M7 3h10v9H7zM10 6h4v3h-4zM3 17h18M12 14v5M9.5 16.5 12 19l2.5-2.5",
  tap: "M8 8.5a5 5 0 0 1 0 7M11.5 6a9 9 0 0 1 0 12M15 3.5a13 13 0 0 1 0 17",
  swipe: "M3 5h18v10H3zM3 8h18M6 20h12M15 17.5l3 2.5-3 2",
  remove: "M7 21h10v-9H7zM3 7h18M12 10V3M9.5 5.5 12 3l2.5 2.5",
  sound: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM15 9a4 4 0 0 1 0 6M17.5 6.5a8 8 0 0 1 0 11",
  muted: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9.5l5 5M20.5 9.5l-5 5",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  key: "M14 10a4 4 0 1 0-3.9 5l1.9-2h2v-2h2l2-2-2-2z",
  card: "M3 6h18v12H3zM3 10h18M6 14.5h4",
  apdu: "M7 4h10v16H7zM10 8h4v4h-4zM10 15h4",
  host: "M4 5h16v5H4zM4 14h16v5H4zM7 7.5h.01M7 16.5h.01",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  journal: "M6 3h10l3 3v15H6zM9 9h7M9 13h7M9 17h4",
  flash: "M13 3 5 14h6l-1 7 8-11h-6z",
  network: "M4 10a11.5 11.5 0 0 1 16 0M7 13.5a7 7 0 0 1 10 0M10 17a3 3 0 0 1 4 0M12 19.5h.01",
  fault: "M12 4 2.5 20h19zM12 10v4M12 17h.01",
  printer: "M7 9V3h10v6M5 9h14v8H5zM8 14h8v7H8z",
  power: "M12 3v9M7 6.5a8 8 0 1 0 10 0",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  battery: "M3 8h16v8H3zM19 11h2v2h-2M6 11v2",
  case: "M4 8h16v12H4zM8 8V5h8v3M12 12v4",
  save: "M12 4v10M8 10.5 12 14.5l4-4M5 19h14",
  tear: "M4 8h16l-2.5 2.5L15 8l-3 2.5L9 8l-2.5 2.5zM6 5h12M6 15h12M6 19h8",
  text: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  back: "M4 12a8 8 0 1 0 3-6.2M4 4v5h5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  dark: "M19 14.5A8 8 0 0 1 9.5 5a8 8 0 1 0 9.5 9.5z",
  automatic: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M15 5v14M18 8v8",
  camera: "M4 7h4l1.5-2h5L16 7h4v12H4zM12 9.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  gauges: "M4 17a8 8 0 1 1 16 0M12 17l4-5M12 17h.01",
  books: "M5 4h6v16H5zM11 4h5v16h-5zM16 5l3.5-.5L21 19l-3.5.5",
  terminal: "M7 3h10v18H7zM9.5 5.5h5v5h-5zM10 14h.01M12 14h.01M14 14h.01M10 17h.01M12 17h.01M14 17h.01",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  pause: "M9 5v14M15 5v14",
  play: "M8 5l11 7-11 7z",
  step: "M6 5l9 7-9 7zM18 5v14",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7M12 17h.01",
  close: "M6 6l12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof ICONS;
