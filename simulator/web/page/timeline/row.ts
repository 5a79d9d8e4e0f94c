import { ADDRESSES, type TimelineEntry } from "../../protocol.ts";
import { button, icon, make } from "../dom.ts";
import { say } from "../language.ts";
import { dump, KIND_ICONS, kindName, moment, titleOf } from "./moment.ts";

const COPIED_STANDS = 1_500;

/** One entry: its time, what it is, its line, a small picture; opened it shows the bytes and what they mean. */
export function entryRow(entry: TimelineEntry, goBack: (entry: TimelineEntry) => void): HTMLElement {
  const picture =
    entry.picture === undefined
      ? undefined
      : make("img", { src: pictureAddress(entry.picture), width: 80, height: 60, loading: "lazy", alt: "" });
  const sign = make("span", { class: "sign", title: kindName(entry.kind) }, icon(KIND_ICONS[entry.kind]));
  const summary = make(
    "summary",
    {},
    make("time", { text: moment(entry.at) }),
    sign,
    make("span", { class: "quiet", text: `${kindName(entry.kind)}: ` }),
    make("span", { class: "title", text: titleOf(entry) }),
    picture,
  );
  const details = make("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    if (details.children.length === 1) details.append(inside(entry, goBack));
    details.scrollIntoView({ block: "nearest" });
  });
  return make("li", { class: `entry kind-${entry.kind}`, "data-id": entry.id }, details);
}

function pictureAddress(id: number): string {
  return `${ADDRESSES.picture}?id=${id}`;
}

function inside(entry: TimelineEntry, goBack: (entry: TimelineEntry) => void): HTMLElement {
  const { lines = [], bytes, picture } = entry;
  const copy = button({ text: say("copyBytes") });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(bytes ?? "");
    copy.textContent = say("copied");
    setTimeout(() => {
      copy.textContent = say("copyBytes");
    }, COPIED_STANDS);
  });
  const back = button({ onclick: () => goBack(entry) }, icon("back"), say("goBack"));
  return make(
    "div",
    { class: "inside" },
    picture === undefined
      ? undefined
      : make("img", { src: pictureAddress(picture), width: 160, height: 120, alt: titleOf(entry) }),
    lines.length === 0 ? undefined : make("pre", { class: "lines", text: lines.join("\n"), tabindex: 0 }),
    bytes === undefined ? undefined : make("pre", { class: "bytes", text: dump(bytes), tabindex: 0 }),
    bytes?.includes("**") === true ? make("p", { class: "quiet-text", text: say("masked") }) : undefined,
    make("div", { class: "row" }, back, bytes === undefined ? undefined : copy),
  );
}
