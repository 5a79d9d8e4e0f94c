/** Entries of what the device does: flash, journal, paper, sound, power. */
import type { FlashPeer } from "../../io/board.ts";
import type { JournalLine } from "../../scenario/stage.ts";
import type { Simulation } from "../../world/simulation.ts";
import { bookedWord } from "../page/words/booked.ts";
import { paperZh } from "../words/screen-names.ts";
import type { Timeline } from "./timeline.ts";

/** Partitions whose bytes nobody may see, and those whose bytes are too many. */
const HIDDEN_PARTITIONS: readonly string[] = ["keys"];
const SHOWN_BYTES = 64;
const JOURNAL_PARTITIONS: readonly string[] = ["journal", "history"];

export function watchFlash(simulation: Simulation, timeline: Timeline): void {
  const { board } = simulation;
  const { flash } = board;
  if (flash === undefined) throw new Error("a board without flash");
  const journalWritten = watchJournal(simulation, timeline);
  const watched: FlashPeer = {
    size: (partition) => flash.size(partition),
    blockLength: flash.blockLength,
    read: (partition, byteLength, offset) => flash.read(partition, byteLength, offset),
    program(partition, bytes, offset) {
      const place = `${partition} ${offset.toString(16).padStart(6, "0")}`;
      timeline.add(
        "flash",
        { en: `${place}: ${bytes.length} bytes`, zh: `${place}:写入 ${bytes.length} 字节` },
        {
          bytes: shownBytes(partition, bytes),
        },
      );
      if (JOURNAL_PARTITIONS.includes(partition)) journalWritten();
      flash.program(partition, bytes, offset);
    },
    erase(partition, block) {
      timeline.add("flash", { en: `${partition} block ${block}: erased`, zh: `${partition} 块 ${block}:擦除` });
      flash.erase(partition, block);
    },
  };
  board.flash = watched;
}

function shownBytes(partition: string, bytes: Uint8Array): string {
  if (HIDDEN_PARTITIONS.includes(partition)) return "**".repeat(Math.min(bytes.length, SHOWN_BYTES));
  return Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString("hex");
}

/** What to call when the journal was written: once the firmware is idle, what changed in it is told. */
function watchJournal(simulation: Simulation, timeline: Timeline): () => void {
  let told = new Map<string, string>();
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    simulation.world.after(0, () => {
      isAsked = false;
      const journal = simulation.journal();
      const lines = new Map(journal.map((line) => [line.stan, textOf(line, "en")]));
      for (const line of journal) {
        const { stan } = line;
        const en = `${stan} ${lines.get(stan)}`;
        if (told.get(stan) !== lines.get(stan)) timeline.add("journal", { en, zh: `${stan} ${textOf(line, "zh")}` });
      }
      told = lines;
    });
  };
}

function textOf({ type, amount, state, cleared, original }: JournalLine, language: "en" | "zh"): string {
  const word = (name: string): string => (language === "en" ? name : bookedWord(name, "zh"));
  const of = language === "en" ? ` of ${original}` : `（原交易 ${original}）`;
  const more = [original === undefined ? "" : of, cleared === undefined ? "" : `, ${word(cleared)}`];
  return `${word(type)} ${(amount / 100).toFixed(2)}${more.join("")}: ${word(state)}`;
}

export function watchPaper(simulation: Simulation, timeline: Timeline): void {
  let told = simulation.papers().length;
  simulation.chips.paper.onPiece(() => {
    for (const { copy, text } of simulation.papers().slice(told)) {
      timeline.add("printer", { en: `paper: ${copy}`, zh: `出纸:${paperZh(copy)}` }, { lines: text });
    }
    told = simulation.papers().length;
  });
}

export function watchSound(simulation: Simulation, timeline: Timeline): void {
  simulation.chips.buzzer.onTone((hertz) => timeline.add("sound", { en: `beep ${hertz} Hz`, zh: `蜂鸣 ${hertz} Hz` }));
}

export function watchPower({ board }: Simulation, timeline: Timeline): void {
  board.onPowerCut.push(() => timeline.add("power", { en: "the power is gone", zh: "断电" }));
  board.onPowerBack.push(() => timeline.add("power", { en: "the power is back", zh: "上电" }));
}
