import type { KeyName, KeyPlace } from "../../hal/keypad.ts";
import { arrangeAbove, coloursOf, keyColourOf, measureItem, type Page, region } from "./arrange.ts";
import { GROUND } from "./key-caps.ts";
import { PAD_HEIGHT, padPlaces } from "./key-pad.ts";
import type { Item, KeyHint, MessagePanel, Panel } from "./panel.ts";
import { type Content, MARGIN, type Region } from "./region.ts";
import type { Screen } from "./screens.ts";
import { shorten } from "./text-layout.ts";

/**
 * Screens of a device whose keys are on its display. Where digits are typed the keypad takes most of the glass, and the screen
 * is what must be seen beside it; elsewhere the keys that the screen names are a row at the bottom, made for fingers.
 */
export interface GlassLayout {
  readonly regions: Region[];
  /** The keys that the regions show, or, where there is one, the keypad's. */
  readonly keys: readonly KeyPlace[];
  /** The keypad is shown: the regions end where it begins. */
  readonly pad: boolean;
}

/** Rows of a row of keys: 5.6 mm on a glass of two inches. */
const ROW_HEIGHT = 44;
const RULE_HEIGHT = 4;
/** An arrow needs less than a word. */
const ARROW_WIDTH = 64;
const GAP = 8;
/** Rows of a short screen: its title, what it is about, a note. */
const TITLE_HEIGHT = 24;
const MAIN_HEIGHT = 36;
const INK = 0x1906;

/** Screens on which a digit means something: all that let one be deleted, and those that wait for the first one. */
const typesDigits = ({ id }: Screen, { keys }: Panel): boolean =>
  id === "idle" || id === "operator-sign-on" || keys.some(({ key }) => key === "CLEAR");

const stop: readonly KeyHint[] = Object.freeze([Object.freeze({ key: "CANCEL", hint: "hint.stop" } as const)]);
/** Keys that screens take without naming them: who has real keys knows, on glass there would be none. */
const unnamed: Readonly<Partial<Record<Screen["id"], readonly KeyHint[]>>> = Object.freeze({
  "out-of-service": Object.freeze([Object.freeze({ key: "MENU", hint: "hint.menu" } as const)]),
  "card-not-accepted": stop,
  "one-card-only": stop,
  spending: Object.freeze([Object.freeze({ key: "ENTER", hint: "hint.skip" } as const)]),
});
/** Such keys of screens that name another one. */
const besides: typeof unnamed = Object.freeze({
  "card-unreadable": stop,
  history: Object.freeze([Object.freeze({ key: "0", hint: "hint.search" } as const)]),
});

/** The keys that a screen takes. A terminal that is out of service for want of keys takes them by its menu, for any other reason it takes nothing. */
function keysOf(screen: Screen, { keys }: Panel): readonly KeyHint[] {
  if (keys.length > 0) return [...(besides[screen.id] ?? []), ...keys];
  return screen.id === "out-of-service" && screen.detail !== "master key" ? [] : (unnamed[screen.id] ?? []);
}

/** Where everything is on a display that is its own keypad. */
export function arrangeGlass(page: Page, screen: Screen, panel: Panel): GlassLayout {
  if (!("rows" in panel) && typesDigits(screen, panel))
    return { regions: arrangeShort(page, panel), keys: padPlaces, pad: true };
  const hints = keysOf(screen, panel);
  if (hints.length === 0) return { regions: arrangeAbove(page, panel, page.height), keys: [], pad: false };
  const bottom = page.height - ROW_HEIGHT;
  const [regions, keys] = arrangeRow(page, hints, bottom);
  const above = arrangeAbove(page, panel, bottom);
  if ("rows" in panel) keys.push(...above.flatMap(rowKey));
  return { regions: [...above, ...regions], keys, pad: false };
}

/** A line of a list is the key of its number: a finger chooses what it lands on. */
function rowKey({ x, y, width, height, content }: Region): KeyPlace[] {
  const number = content.kind === "text" ? /^([1-9]) /.exec(content.lines[0] ?? "")?.[1] : undefined;
  return number === undefined ? [] : [{ key: number as KeyName, x, y, width, height }];
}

const wordOf = (item: Item | undefined): string | undefined =>
  item === undefined || item.kind === "icons" || item.kind === "dots" || item.kind === "beat"
    ? undefined
    : item.kind === "pair"
      ? `${item.label} ${item.text}`
      : item.text;

/** The one thing that must be seen while typing. */
const mainKinds: readonly Item["kind"][] = Object.freeze(["dots", "amount", "headline"] as const);

/** A screen in as few rows as leave room for the keypad: what comes before its main item stands beside the title, what comes after it below. */
function arrangeShort(page: Page, { tone, title, items }: MessagePanel): Region[] {
  const { title: bar, titleInk, body, bodyInk } = coloursOf(tone);
  const kind = mainKinds.find((each) => items.some((item) => item.kind === each));
  const at = Math.max(
    0,
    items.findIndex((item) => item.kind === kind),
  );
  const before = items.slice(0, at).flatMap((item) => wordOf(item) ?? []);
  const after = items.slice(at + 1).flatMap((item) => wordOf(item) ?? []);
  const line = (text: string): Content => {
    const room = page.width - 2 * MARGIN;
    const fitting = shorten(text, room, (part) => page.font.measure(part));
    return { kind: "text", lines: [fitting], scale: 1, align: "centre" };
  };
  // What does not fit beside the title gives way from its end: the card after the amount.
  const beside = [title, ...before];
  while (beside.length > 1 && page.font.measure(beside.join("  ")) > page.width - 2 * MARGIN) beside.pop();
  const main = items[at];
  const shown: Content = main === undefined ? { kind: "blank" } : fitted(page, main);
  const below = TITLE_HEIGHT + MAIN_HEIGHT;
  const rest = page.height - PAD_HEIGHT - below;
  return [
    region(0, 0, page.width, TITLE_HEIGHT, titleInk, bar, line(beside.join("  "))),
    region(0, TITLE_HEIGHT, page.width, MAIN_HEIGHT, bodyInk, body, shown),
    region(0, below, page.width, rest, bodyInk, body, line(after.join("  "))),
  ];
}

/** An item in one line of double size, or two of plain size. */
function fitted(page: Page, item: Item): Content {
  const text = wordOf(item);
  if (text === undefined) return measureItem(page, item).content;
  const double = page.font.measure(text) * 2 <= page.width - 2 * MARGIN;
  return double
    ? { kind: "text", lines: [text], scale: 2, align: "centre" }
    : measureItem(page, { kind: "note", text }).content;
}

/** The keys that a screen names, side by side: what each does in a word, in its colour. */
function arrangeRow(page: Page, hints: readonly KeyHint[], y: number): [Region[], KeyPlace[]] {
  const keys = hints.flatMap(({ key, hint }): (readonly [KeyName, string, number])[] => {
    const colour = keyColourOf(key);
    return key === "UP/DOWN"
      ? [
          ["UP", "▲", colour],
          ["DOWN", "▼", colour],
        ]
      : [[key, page.words[hint], colour]];
  });
  const arrows = keys.filter(([key]) => isArrow(key)).length;
  const words = keys.length - arrows;
  const edge = (index: number): number => (Math.round(((page.width - arrows * ARROW_WIDTH) * index) / words) >> 3) << 3;
  const regions: Region[] = [region(0, y, page.width, RULE_HEIGHT, GROUND, GROUND, { kind: "blank" })];
  const [top, height] = [y + RULE_HEIGHT, ROW_HEIGHT - RULE_HEIGHT];
  const places: KeyPlace[] = [];
  let [x, before, word] = [0, 0, 0];
  for (const [key, label, colour] of keys) {
    const width = isArrow(key) ? ARROW_WIDTH : edge(word + 1) - edge(word);
    if (!isArrow(key)) word++;
    if (before > 0) regions.push(region(x, top, GAP, height, GROUND, GROUND, { kind: "blank" }));
    const face = { x: x + before, y, width: width - before, height: ROW_HEIGHT };
    const scale = page.font.measure(label) * 2 <= face.width - 2 * MARGIN ? 2 : 1;
    const content: Content = { kind: "text", lines: [label], scale, align: "centre" };
    regions.push(region(face.x, top, face.width, height, INK, colour, content));
    places.push({ key, ...face });
    x += width;
    before = GAP;
  }
  return [regions, places];
}

const isArrow = (key: KeyName): boolean => key === "UP" || key === "DOWN";
