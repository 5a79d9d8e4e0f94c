import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { projectFolder } from "../runtime/xs/bundle.ts";
import { UsageError } from "./arguments.ts";

const boardFolder = join(projectFolder, "hal/boards");

/** Boards that the Moddable SDK can build: folders with a manifest and a module that it starts. */
export function boardNames(): readonly string[] {
  return readdirSync(boardFolder)
    .filter((name) => ["manifest.json", "main.ts"].every((file) => existsSync(join(boardFolder, name, file))))
    .sort();
}

/** The one board that was named. Throws `UsageError`. */
export function boardOf(words: readonly string[]): string {
  const [name, more] = words;
  const names = boardNames();
  if (name === undefined || more !== undefined) throw new UsageError(`name one board of ${names.join(", ")}`);
  if (!names.includes(name)) throw new UsageError(`there is no board ${name}; there are: ${names.join(", ")}`);
  return name;
}

type Environment = Readonly<Record<string, string | undefined>>;

const isOnPath = (program: string, { PATH = "" }: Environment): boolean =>
  PATH.split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)));

const isThere = (folder: string | undefined): boolean => folder !== undefined && folder !== "" && existsSync(folder);

/** The one that is no board: the SDK's desktop simulator, which has a compiler of its own and a screen of 320 x 240. */
export const DESKTOP = "lin";

/**
 * How mcconfig is asked for a platform. The path of a board is relative, because mcconfig makes it lower-case; mcsim knows which of its
 * devices a program is for only where it was built for debugging.
 */
const platformOf = (board: string): readonly string[] =>
  board === DESKTOP ? ["-d", "-m", "-p", "lin/m5stack"] : ["-m", "-p", `esp32:./hal/boards/${board}`];

/** What of the tools is missing for a board, and how to get it, in three lines; undefined where all is there. */
export function whatIsMissing(environment: Environment, board?: string): string | undefined {
  if (!isThere(environment.MODDABLE) || !isOnPath("mcconfig", environment)) {
    return [
      "the Moddable SDK is not here: MODDABLE must name its folder, and mcconfig be on the PATH.",
      "To get it: npm install --global xs-dev && xs-dev setup && xs-dev setup --device esp32",
      "Then open a new shell, which has MODDABLE, IDF_PATH and the PATH, and ask again.",
    ].join("\n");
  }
  if (board !== DESKTOP && !isThere(environment.IDF_PATH)) {
    return [
      "ESP-IDF is not here: IDF_PATH must name its folder.",
      "To get it: npm install --global xs-dev && xs-dev setup --device esp32",
      "Then open a new shell, or run . $IDF_PATH/export.sh in this one, and ask again.",
    ].join("\n");
  }
  return undefined;
}

export interface McconfigOptions {
  /** Makes another manifest than the project's own, and says where it is. */
  readonly manifest?: (() => Promise<string>) | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs mcconfig for a board, once for each target, until one fails; gives the exit status, 1 where something is missing or failed.
 * What mcconfig says goes to standard error: it is progress.
 */
export async function mcconfig(
  verb: string,
  board: string,
  targets: readonly ("build" | "deploy")[],
  { manifest, environment = {} }: McconfigOptions = {},
): Promise<number> {
  const missing = whatIsMissing(process.env, board);
  if (missing !== undefined) {
    process.stderr.write(`xspos ${verb}: ${missing}\n`);
    return 1;
  }
  const other = manifest === undefined ? [] : [await manifest()];
  for (const target of targets) {
    const status = await runMcconfig([...platformOf(board), "-t", target, ...other], environment);
    if (status !== 0) {
      process.stderr.write(`xspos ${verb}: mcconfig -t ${target} ended with ${status}\n`);
      return 1;
    }
  }
  return 0;
}

/** From the project's folder, where the manifest is. */
function runMcconfig(args: readonly string[], more: Readonly<Record<string, string>>): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const child = spawn("mcconfig", [...args], {
      cwd: projectFolder,
      env: { ...process.env, ...more },
      stdio: ["inherit", 2, "inherit"],
    });
    child.once("error", reject);
    child.once("close", (status, signal) => resolve(status ?? signal ?? "no status"));
  });
}
