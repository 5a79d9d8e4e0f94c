import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));

/** The path of a scenario of `test/flow`. */
export function scenario(name: string): string {
  return fileURLToPath(new URL(`../flow/${name}.yaml`, import.meta.url));
}

/** Runs `xspos crash` as a person does. */
export function crash(...args: string[]): { readonly status: number | null; readonly lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [command, "crash", ...args], { encoding: "utf8" });
  return { status, lines: stdout.trimEnd().split("\n") };
}
