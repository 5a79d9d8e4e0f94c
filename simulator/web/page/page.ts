import type { CardData } from "../protocol.ts";
import { Connection } from "./connection.ts";
import { Camera } from "./device/camera.ts";
import { Keys } from "./device/keys.ts";
import { Lcd } from "./device/lcd.ts";
import { Paper } from "./device/paper.ts";
import { Senses } from "./device/senses.ts";
import { element, icon } from "./dom.ts";
import { Drawer } from "./drawer/drawer.ts";
import { editCopy } from "./drawer/editor.ts";
import { Hand } from "./drawer/hand.ts";
import { Phones } from "./drawer/phones.ts";
import { Head } from "./head.ts";
import { speech } from "./language.ts";
import { Books } from "./panel/books.ts";
import { Faults } from "./panel/faults.ts";
import { Gauges } from "./panel/gauges.ts";
import { Tabs } from "./panel/tabs.ts";
import { listenForShortcuts, showShortcuts } from "./shortcuts.ts";
import { startTheme } from "./theme.ts";
import { Timeline } from "./timeline/timeline.ts";

for (const place of document.querySelectorAll<HTMLElement>("[data-icon]")) {
  place.prepend(icon(place.dataset.icon as Parameters<typeof icon>[0]));
}
for (const place of document.querySelectorAll<HTMLElement>(".scrolls-down")) place.tabIndex = 0;
speech.start();
startTheme();

const connection = new Connection();
const { act } = connection;
new Keys((key, pressed) => void act({ do: "key", key, pressed }));
const lcd = new Lcd();
const senses = new Senses();
const camera = new Camera(act);
const paper = new Paper();
const hand = new Hand(act);
const tabs = new Tabs();
const drawer = new Drawer({
  choose: (card) => hand.take(card),
  taken: () => tabs.toTerminal(),
  edit: (card) => editCopy(card, act),
});
const phones = new Phones(act);
const faults = new Faults(act);
const timeline = new Timeline(act);
const books = new Books();
const gauges = new Gauges();
const head = new Head(act);

tabs.whenShown((tab) => timeline.visible(tab === "timeline"));
element("help").addEventListener("click", showShortcuts);

connection.onOpen(() => paper.clear());
connection.on("start", () => {
  paper.clear();
  timeline.clear();
  senses.hush();
});
connection.on("lcd", (data) => lcd.draw(data));
connection.on("screen", (data) => lcd.tell(data));
connection.on("paper", (data) => paper.print(data));
connection.on("cut", (data) => paper.cut(data));
connection.on("cards", (data: readonly CardData[]) => {
  hand.know(data);
  drawer.fill(data);
});
connection.on("phones", (data) => phones.fill(data));
connection.on("held", (data) => {
  hand.held(data);
  faults.held(data);
});
connection.on("wrong", (data) => {
  faults.wrong(data);
  senses.wrong(data);
  paper.wrong(data);
});
connection.on("books", (data) => books.books(data));
connection.on("differences", (data) => books.differences(data));
connection.on("timeline", (data) => timeline.tell(data));
connection.on("clock", (data) => head.clock(data));
connection.on("gauges", (data) => {
  gauges.gauge(data);
  head.gauges(data);
});
connection.on("senses", (data) => senses.sense(data));
connection.on("scene", (data) => camera.draw(data));
connection.on("voice", (data) => senses.say(data));
connection.on("step", (data) => faults.step(data));

listenForShortcuts({
  "[": () => drawer.move(-1),
  "]": () => drawer.move(1),
  i: () => hand.use("insert"),
  t: () => hand.use("tap"),
  s: () => hand.use("swipe"),
  r: () => hand.remove(),
  c: () => tabs.show("cards"),
  f: () => tabs.show("faults"),
  l: () => tabs.show("timeline"),
  b: () => tabs.show("books"),
  g: () => tabs.show("gauges"),
  x: () => paper.tear(),
  v: () => senses.toggleSound(),
  p: () => head.pause(),
  n: () => head.step(),
});

/** A button that was clicked gives the keyboard back to the terminal; one reached by the Tab key keeps it. */
addEventListener(
  "click",
  (event) => {
    if (event.detail > 0 && event.target instanceof Element) event.target.closest("button")?.blur();
  },
  // Before a dialogue opens, which gives the keyboard back to what had it.
  { capture: true },
);
