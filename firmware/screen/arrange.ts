import { type FittedCode, fitCode, quietZone } from "../codes/fit.ts";
import { batteryLow } from "./battery.ts";
import type { Scale } from "./canvas.ts";
import type { Font } from "./font.ts";
import { ICON_SIZE } from "./icons.ts";
import type { Words } from "./messages/words.ts";
import type { Item, KeyHint, KeyName, ListPanel, MessagePanel, Panel, Tone } from "./panel.ts";
import { type Content, LINE_HEIGHT, MARGIN, type Region } from "./region.ts";
import type { Status } from "./screens.ts";
import { balancedTo, shorten } from "./text-layout.ts";

/** Rows of the bar at the top and of the key hints at the bottom. */
export const STATUS_HEIGHT = 20;
export const KEYS_HEIGHT = 28;
const ROWS_SHOWN = 5;
/** Pixels: 1.3 mm on a glass of two inches, more than any phone needs. */
const LARGEST_MODULE = 8;

/** 24-bit colour to RGB565. */
const rgb = (colour: number): number => ((colour >> 8) & 0xf800) | ((colour >> 5) & 0x07e0) | ((colour >> 3) & 0x001f);

const WHITE = rgb(0xffffff);
const INK = rgb(0x1a2230);
const NIGHT = rgb(0x1a2230);
const SILVER = rgb(0xc8d0dc);

export interface Colours {
  readonly title: number;
  readonly titleInk: number;
  readonly body: number;
  readonly bodyInk: number;
  /** The largest scale of the title. */
  readonly titleScale: Scale;
}
const tones: { readonly [Name in Tone]: Colours } = {
  calm: { title: rgb(0x1f4e9e), titleInk: WHITE, body: WHITE, bodyInk: INK, titleScale: 2 },
  waiting: { title: rgb(0x1f4e9e), titleInk: WHITE, body: rgb(0xdce8fa), bodyInk: rgb(0x163a78), titleScale: 2 },
  good: { title: rgb(0x0b5d2a), titleInk: WHITE, body: rgb(0x14803c), bodyInk: WHITE, titleScale: 3 },
  bad: { title: rgb(0x8c1420), titleInk: WHITE, body: rgb(0xbe2230), bodyInk: WHITE, titleScale: 3 },
  warning: { title: rgb(0xf0a808), titleInk: INK, body: rgb(0xfff4d8), bodyInk: INK, titleScale: 2 },
};
const SELECTED = rgb(0xf0a808);

const keyColours: { readonly [Name in KeyName]: number } = {
  ENTER: rgb(0x58d088),
  CANCEL: rgb(0xff7078),
  CLEAR: rgb(0xf8d050),
  MENU: WHITE,
  "UP/DOWN": WHITE,
  F1: WHITE,
  F2: WHITE,
  F3: WHITE,
  "0": WHITE,
};

/** The colours of a screen's mood. */
export const coloursOf = (tone: Tone): Colours => tones[tone];
export const keyColourOf = (key: KeyName): number => keyColours[key];

const blank: Content = { kind: "blank" };

/** A region: always the same properties in the same order, which engines keep as one shape. */
export function region(
  x: number,
  y: number,
  width: number,
  height: number,
  foreground: number,
  background: number,
  content: Content,
): Region {
  return { x, y, width, height, foreground, background, content };
}

/** Rows of lines of text. */
const textHeight = (scale: Scale, lines: number): number => (LINE_HEIGHT * lines - 2) * scale + 2;

/** A screen's size and what its texts are measured with. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly font: Font;
  readonly words: Words;
  /** A code for a square, kept from the last time: most screens of a code come again each second. */
  readonly fit?: typeof fitCode;
}

/** Of the signs in the bar. */
const [NETWORK_WIDTH, BATTERY_WIDTH] = [24, 32];

/** The bar at the top: the shop, a warning where nothing is encrypted, what waits for its backup, the time, the network, the battery. */
export function arrangeStatus(page: Page, status: Status): Region[] {
  const bar = (x: number, width: number, content: Content): Region =>
    region(x, 0, width, STATUS_HEIGHT, SILVER, NIGHT, content);
  const { time = "", unsaved } = status;
  const waiting = unsaved === undefined ? "" : `↑${Math.min(unsaved, 999)} `;
  const timeWidth = waiting === "" ? 56 : 96;
  const warning = page.words["status.plain"];
  const warningWidth = status.plain === true ? Math.ceil((page.font.measure(warning) + 2 * MARGIN) / 8) * 8 : 0;
  const timeAt = page.width - timeWidth - NETWORK_WIDTH - BATTERY_WIDTH;
  const nameWidth = timeAt - warningWidth;
  const name = shorten(status.merchant, nameWidth - 2 * MARGIN, (text) => page.font.measure(text));
  const plain: Content = { kind: "text", lines: [warning], scale: 1, align: "centre" };
  return [
    bar(0, nameWidth, { kind: "text", lines: [name], scale: 1, align: "left" }),
    ...(warningWidth === 0 ? [] : [region(nameWidth, 0, warningWidth, STATUS_HEIGHT, INK, SELECTED, plain)]),
    bar(timeAt, timeWidth, { kind: "text", lines: [waiting + time], scale: 1, align: "right" }),
    bar(timeAt + timeWidth, NETWORK_WIDTH, { kind: "network", network: status.network }),
    region(page.width - BATTERY_WIDTH, 0, BATTERY_WIDTH, STATUS_HEIGHT, batteryInk(status), NIGHT, battery(status)),
  ];
}

function battery({ battery: charge, charging = false }: Status): Content {
  return charge === undefined ? blank : { kind: "battery", charge, charging };
}

/** A battery that runs low is seen from afar. */
function batteryInk({ battery: charge = 100, charging }: Status): number {
  return charging === true || charge > batteryLow ? SILVER : SELECTED;
}

/** What is under the bar: title, items and key hints, without a gap or an overlap from edge to edge. */
export function arrange(page: Page, panel: Panel): Region[] {
  return [...arrangeAbove(page, panel, page.height - KEYS_HEIGHT), ...arrangeKeys(page, panel.keys)];
}

/** Title and items, from the bar down to the row `bottom`. */
export function arrangeAbove(page: Page, panel: Panel, bottom: number): Region[] {
  if ("code" in panel && panel.code !== undefined) return arrangeCode(page, panel, panel.code, bottom);
  const title = arrangeTitle(page, panel);
  const top = STATUS_HEIGHT + title.height;
  const body = "rows" in panel ? arrangeRows(page, panel, top, bottom) : arrangeItems(page, panel, top, bottom);
  return [title, ...body];
}

/** Rows of a code that are drawn at once. */
const CODE_BAND = 64;
/** Marks on each side of whom one waits for. */
const MARKS = 3;

/**
 * A code at the left, dark on light, and beside it on the same light, so that the quiet zone goes on, what the screen says. A text that is too
 * long for a code leaves its place empty.
 */
function arrangeCode(page: Page, panel: MessagePanel, text: string, bottom: number): Region[] {
  const room = bottom - STATUS_HEIGHT;
  const code = (page.fit ?? fitCode)(text, room, LARGEST_MODULE);
  const side = code === undefined ? room : (code.size + 2 * quietZone) * code.scale;
  const width = Math.ceil((side - MARGIN) / 8) * 8;
  const { body, bodyInk } = tones.calm;
  const beside = { ...page, width: page.width - width };
  const title: Item = { kind: "headline", text: panel.title };
  const all = [title, ...panel.items.flatMap((item) => narrowed(beside, item))];
  const items = arrangeItems(beside, { ...panel, items: all }, STATUS_HEIGHT, bottom);
  return [
    ...codeBands(code, (room - side) >> 1, bottom).map(([y, height, content]) =>
      region(0, y, width, height, bodyInk, body, content),
    ),
    ...items.map((one) => ({ ...one, x: width })),
  ];
}

/** An amount that is too wide in double size: the currency's sign above it, and without commas where they are too much. */
function narrowed(page: Page, item: Item): Item[] {
  if (item.kind !== "amount" || isRoomFor(page, item.text, 2)) return [item];
  const sign = /^\D*/.exec(item.text)![0];
  const digits = item.text.slice(sign.length);
  const text = isRoomFor(page, digits, 2) ? digits : digits.replace(/,/g, "");
  return [
    { kind: "note", text: sign.trim() },
    { kind: "amount", text },
  ];
}

function codeBands(
  code: FittedCode | undefined,
  above: number,
  bottom: number,
): (readonly [y: number, height: number, content: Content])[] {
  if (code === undefined) return [[STATUS_HEIGHT, bottom - STATUS_HEIGHT, blank]];
  const bands: (readonly [number, number, Content])[] = [];
  for (let y = STATUS_HEIGHT; y < bottom; y += CODE_BAND) {
    const height = Math.min(CODE_BAND, bottom - y);
    bands.push([y, height, { kind: "code", code, top: y - STATUS_HEIGHT - above }]);
  }
  return bands;
}

function arrangeTitle(page: Page, panel: Panel): Region {
  const colours = tones[panel.tone];
  const text = page.width - 2 * MARGIN;
  const single = page.font.measure(panel.title) * colours.titleScale <= text;
  const scale: Scale = single ? colours.titleScale : 2;
  const lines = balancedTo(panel.title, text, 2, (part) => page.font.measure(part) * scale);
  const content: Content = { kind: "text", lines, scale, align: "centre" };
  const height = textHeight(scale, lines.length) + 6;
  return region(0, STATUS_HEIGHT, page.width, height, colours.titleInk, colours.title, content);
}

/** An item's content and the rows it needs. */
export interface Measured {
  readonly content: Content;
  readonly height: number;
}

const textWidth = (page: Page): number => page.width - 2 * MARGIN;

/** A text on at most `count` lines. */
function measureText(page: Page, text: string, scale: Scale, count: number): Measured {
  const lines = balancedTo(text, textWidth(page), count, (part) => page.font.measure(part) * scale);
  return { content: { kind: "text", lines, scale, align: "centre" }, height: textHeight(scale, lines.length) };
}

const isRoomFor = (page: Page, text: string, scale: Scale): boolean =>
  page.font.measure(text) * scale <= textWidth(page);

export function measureItem(page: Page, item: Item): Measured {
  switch (item.kind) {
    case "amount":
      return measureText(page, item.text, ([3, 2] as const).find((scale) => isRoomFor(page, item.text, scale)) ?? 1, 1);
    case "headline":
      return measureText(page, item.text, 2, 2);
    case "note":
      return measureText(page, item.text, 1, 2);
    case "icons":
      return { content: { kind: "icons", icons: item.icons }, height: ICON_SIZE };
    case "beat":
      // The seconds go down, the marks outwards.
      return {
        content: { kind: "beat", icon: item.icon, place: MARKS - 1 - (item.seconds % MARKS), of: MARKS },
        height: ICON_SIZE,
      };
    case "dots":
      return { content: { kind: "dots", count: item.count }, height: 24 };
    case "pair":
      return { content: { kind: "pair", label: item.label, text: item.text }, height: textHeight(2, 1) };
  }
}

function arrangeItems(page: Page, panel: MessagePanel, top: number, bottom: number): Region[] {
  const { body, bodyInk } = tones[panel.tone];
  const band = (y: number, height: number, content: Content): Region =>
    region(0, y, page.width, height, bodyInk, body, content);
  const measured = panel.items.map((item) => measureItem(page, item));
  let spare = bottom - top - measured.reduce((sum, item) => sum + item.height, 0);
  // Texts from outside may be longer than any of ours: what comes last gives way.
  while (spare < 0 && measured.length > 1) spare += measured.pop()?.height ?? 0;
  const gap = Math.floor(spare / (measured.length + 1));
  const regions: Region[] = [];
  let y = top;
  for (const { content, height } of measured) {
    if (gap > 0) regions.push(band(y, gap, blank));
    regions.push(band(y + gap, height, content));
    y += gap + height;
  }
  if (y < bottom) regions.push(band(y, bottom - y, blank));
  return regions;
}

function arrangeRows(page: Page, panel: ListPanel, top: number, bottom: number): Region[] {
  const { body, bodyInk } = tones[panel.tone];
  const height = Math.floor((bottom - top) / ROWS_SHOWN);
  const pageStart = Math.floor(panel.selected / ROWS_SHOWN) * ROWS_SHOWN;
  const first = Math.max(0, Math.min(pageStart, panel.rows.length - ROWS_SHOWN));
  const regions: Region[] = [];
  for (let row = 0; row < ROWS_SHOWN; row++) {
    const text = panel.rows[first + row];
    const chosen = first + row === panel.selected;
    const y = top + row * height;
    const rows = row === ROWS_SHOWN - 1 ? bottom - y : height;
    const content: Content = text === undefined ? blank : { kind: "text", lines: [text], scale: 1, align: "left" };
    regions.push(region(0, y, page.width, rows, chosen ? INK : bodyInk, chosen ? SELECTED : body, content));
  }
  return regions;
}

/** The hints of keys that are elsewhere, at the bottom. */
function arrangeKeys(page: Page, keys: readonly KeyHint[]): Region[] {
  const y = page.height - KEYS_HEIGHT;
  if (keys.length === 0) return [region(0, y, page.width, KEYS_HEIGHT, SILVER, NIGHT, blank)];
  const edge = (index: number): number => Math.round((page.width * index) / keys.length / 8) * 8;
  return keys.map(({ key, hint }, index) => {
    const content: Content = { kind: "key", cap: page.words[`key.${key}`], hint: page.words[hint] };
    const x = edge(index);
    return region(x, y, edge(index + 1) - x, KEYS_HEIGHT, keyColours[key], NIGHT, content);
  });
}
