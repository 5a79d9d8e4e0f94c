/**
 * Speaks what the terminal says, and packs it into its clip file:
 *
 *     node --import tsx simulator/runtime/voice/pack.ts [clips.bin]
 *
 * Debian's espeak-ng speaks (voices cmn-latn-pinyin and en). The layout of the result ("XV01") is in firmware/voice/README.md, and the order of the
 * clips is that of firmware/voice/clips.ts.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeAdpcm } from "./adpcm.ts";
import { CHINESE, ENGLISH } from "./clip-words.ts";

const RATE = 8_000;
const HEADER = 8;
const ENTRY = 8;
/** What is quieter, of 32,768, at the beginning and the end of a clip is left out, but for some samples. */
const SILENCE = 400;
const MARGIN = 120;
const LOUDEST = 26_000;

/** A WAV file's samples, one channel of 16 bits. */
function samplesOf(wave: Buffer): { rate: number; samples: Int16Array } {
  const rate = wave.readUInt32LE(24);
  const data = wave.indexOf("data");
  const bytes = wave.subarray(data + 8);
  return { rate, samples: Int16Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at)) };
}

/** At the clips' rate: what is too high for it is taken out by a window of a sine's quotient. */
function resampled({ rate, samples }: { rate: number; samples: Int16Array }): Float64Array {
  const [step, reach] = [rate / RATE, 16];
  const cut = Math.min(1, (0.94 * RATE) / rate);
  return Float64Array.from({ length: Math.floor(samples.length / step) }, (_, place) => {
    const middle = place * step;
    let sum = 0;
    for (let at = Math.ceil(middle - reach * step); at <= middle + reach * step; at++) {
      const away = at - middle;
      const x = Math.PI * away * cut;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * away) / (reach * step));
      sum += (samples[at] ?? 0) * cut * (x === 0 ? 1 : Math.sin(x) / x) * window;
    }
    return sum;
  });
}

/** Without silence before and behind, and as loud as the others. */
function trimmed(samples: Float64Array): Int16Array {
  const isLoud = (sample: number): boolean => Math.abs(sample) > SILENCE;
  const first = Math.max(0, samples.findIndex(isLoud) - MARGIN);
  const last = Math.min(samples.length, samples.findLastIndex(isLoud) + MARGIN);
  const part = samples.subarray(first, last);
  const most = part.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 1);
  return Int16Array.from(part, (sample) => Math.round((sample * LOUDEST) / most));
}

function spoken(folder: string, voice: string, text: string): Int16Array {
  const file = join(folder, "clip.wav");
  execFileSync("espeak-ng", ["-v", voice, "-s", voice === "en" ? "165" : "170", "-w", file, text]);
  return trimmed(resampled(samplesOf(readFileSync(file))));
}

function pack(clips: readonly Int16Array[]): Uint8Array {
  const head = Buffer.alloc(HEADER + ENTRY * clips.length);
  head.write("XV01", 0, "latin1");
  head.writeUInt16LE(RATE, 4);
  head.writeUInt16LE(clips.length, 6);
  let offset = head.length;
  const bodies = clips.map((samples, place) => {
    const body = encodeAdpcm(samples);
    head.writeUInt32LE(offset, HEADER + ENTRY * place);
    head.writeUInt32LE(samples.length, HEADER + ENTRY * place + 4);
    offset += body.length;
    return body;
  });
  return Buffer.concat([head, ...bodies]);
}

const folder = mkdtempSync(join(tmpdir(), "xspos-voice-"));
try {
  const clips = [
    ...CHINESE.map(([, text]) => spoken(folder, "cmn-latn-pinyin", text)),
    ...ENGLISH.map(([, text]) => spoken(folder, "en", text)),
  ];
  const file = process.argv[2] ?? fileURLToPath(new URL("../../../firmware/voice/clips.bin", import.meta.url));
  const bytes = pack(clips);
  writeFileSync(file, bytes);
  process.stdout.write(`${file}: ${clips.length} clips, ${bytes.length} bytes\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
