/** What a factory gives a terminal, for the one that runs in the SDK's desktop simulator: files in the person's home folder. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linPartitions } from "../../hal/boards/lin/partitions.ts";
import { readTerminals } from "../acquirer/terminals.ts";
import { DEFAULT_PARAMETERS, parametersImage } from "../world/profile.ts";

/** As `hal/boards/lin/storage.ts` has it. */
const FOLDER = ".xspos-lin";

/** A plain line to a host of this machine (`xspos host`). */
const PARAMETERS: Readonly<Record<string, unknown>> = { ...DEFAULT_PARAMETERS, link: "plain" };

/**
 * Gives the desktop's terminal the TEST parameters and the TEST master key that `xspos host` knows. What is there already stays:
 * it has a journal.
 * @returns the folder, undefined where it was one of a terminal before
 */
export function furnishDesktop(home: string): string | undefined {
  const folder = join(home, FOLDER);
  const parameters = join(folder, "parameters.flash");
  if (existsSync(parameters)) return undefined;
  mkdirSync(folder, { recursive: true });
  const image = new Uint8Array(linPartitions.parameters!).fill(0xff);
  image.set(parametersImage(PARAMETERS));
  const known = readTerminals().find(({ terminal }) => terminal === PARAMETERS.terminalId);
  if (known === undefined) throw new Error("the host does not know the terminal that the simulator ships");
  writeFileSync(join(folder, "terminalMasterKey.secret"), known.masterKey);
  writeFileSync(parameters, image);
  return folder;
}
