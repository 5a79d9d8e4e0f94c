/** Somebody who hears what the terminal says: takes the loudspeaker's samples apart into the clips of firmware/voice/clips.bin, by its published layout. */
import { readFileSync } from "node:fs";
import { decodeAdpcm } from "../runtime/voice/adpcm.ts";
import { CHINESE, ENGLISH } from "../runtime/voice/clip-words.ts";

const FILE = new URL("../../firmware/voice/clips.bin", import.meta.url);
const HEADER = 8;
const ENTRY = 8;

interface Clip {
  readonly word: string;
  readonly samples: Int16Array;
}

/** What was heard: whole words, and how many samples they took; `rest` is sound that belongs to no clip that is over. */
export interface Speech {
  readonly words: readonly string[];
  readonly end: number;
  readonly rest: number;
}

const known = new Map<number, readonly Clip[]>();

/** The words in these samples, each to the last bit; a clip that is not over yet is rest. */
export function wordsIn(heard: readonly number[], from: number, sampleRate: number): Speech {
  if (heard.length <= from) return { words: [], end: from, rest: 0 }; // a loudspeaker that never played has no rate
  const clips = known.get(sampleRate) ?? clipsAt(sampleRate);
  known.set(sampleRate, clips);
  const words: string[] = [];
  let at = from;
  for (;;) {
    const clip = clips.find(({ samples }) => samples.every((sample, place) => heard[at + place] === sample));
    if (clip === undefined) return { words, end: at, rest: heard.length - at };
    words.push(clip.word);
    at += clip.samples.length;
  }
}

/** All clips at a rate that is a multiple of their own, the longest first, with straight lines between their samples. */
function clipsAt(sampleRate: number): readonly Clip[] {
  const file = readFileSync(FILE);
  if (file.toString("latin1", 0, 4) !== "XV01") throw new Error("no clips");
  const times = sampleRate / file.readUInt16LE(4);
  return [...CHINESE, ...ENGLISH]
    .map(([word], place): Clip => {
      const [offset, count] = [
        file.readUInt32LE(HEADER + ENTRY * place),
        file.readUInt32LE(HEADER + ENTRY * place + 4),
      ];
      return { word, samples: stretched(decodeAdpcm(file.subarray(offset), count), times) };
    })
    .sort((one, other) => other.samples.length - one.samples.length);
}

function stretched(samples: Int16Array, times: number): Int16Array {
  return Int16Array.from({ length: samples.length * times }, (_, at) => {
    const place = Math.floor(at / times);
    const part = (at % times) + 1;
    const before = samples[place - 1] ?? 0;
    return before + Math.floor(((samples[place]! - before) * part) / times);
  });
}
