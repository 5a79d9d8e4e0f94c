import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { bootImage } from "../../chips/boot-loader.ts";
import { replaceFile } from "../../replace-file.mjs";

/** What a program for a slot of the simulated board is to be. */
export interface ProgramDescription {
  /** "1.2.3" */
  readonly version: string;
  readonly securityVersion: number;
  /** `terminal`: this source tree's firmware. The others never reach their idle screen. */
  readonly entry?: "terminal" | "hangs" | "crashes";
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const builder = fileURLToPath(new URL("build-program.mjs", import.meta.url));
const folder = join(root, ".cache/xspos/programs");
const digestOf = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * The firmware as an image for a slot: what the boot loader starts (chips/boot-loader.ts), compressed text of one module.
 * Made once for the same sources.
 */
export function firmwareImage(description: ProgramDescription): Uint8Array {
  const file = builtFile(description, "image", (text) => bootImage(brotliCompressSync(text)));
  return new Uint8Array(readFileSync(file));
}

/** The file of a module with the natives' twins: an export each native. Made once for the same sources. */
export const twinsFile = (): string => builtFile({ entry: "twins" }, "mjs", (text) => Buffer.from(text));

/** What the builder makes of a description, in a file that is as new as all that went in. */
function builtFile(description: object, ending: string, bytesOf: (text: string) => Uint8Array): string {
  const key = digestOf(JSON.stringify(description) + digestOf(readFileSync(builder))).slice(0, 24);
  const [record, file] = [join(folder, `${key}.json`), join(folder, `${key}.${ending}`)];
  if (existsSync(record) && existsSync(file)) {
    const inputs = JSON.parse(readFileSync(record, "utf8")) as Readonly<Record<string, string>>;
    const isSame = Object.entries(inputs).every(([path, digest]) => {
      const whole = join(root, path);
      return existsSync(whole) && digestOf(readFileSync(whole)) === digest;
    });
    if (isSame) return file;
  }
  const output = execFileSync(process.execPath, [builder, JSON.stringify(description)], { maxBuffer: 64 << 20 });
  const { text, inputs } = JSON.parse(output.toString("utf8")) as { text: string; inputs: object };
  mkdirSync(folder, { recursive: true });
  replaceFile(file, bytesOf(text));
  replaceFile(record, JSON.stringify(inputs));
  return file;
}

/** The module's text of a program that the boot loader found whole. */
export const moduleText = (program: Uint8Array): string => brotliDecompressSync(program).toString("utf8");

/** The file of the module, for tools that take files. */
export function moduleFile(program: Uint8Array): string {
  const text = moduleText(program);
  const path = join(folder, `${digestOf(text).slice(0, 24)}.js`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) replaceFile(path, text);
  return path;
}
