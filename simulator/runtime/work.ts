import { fileURLToPath } from "node:url";
import { esp32Limits, startXs } from "./xs/ground.ts";

/** Pieces of the firmware's work that are measured by themselves: modules of work/ that export `work(times)`. */
export type Work = "screen" | "code" | "receipt" | "keys-3" | "keys-65537";

const FONT = fileURLToPath(new URL("../../firmware/screen/fonts/font16.bin", import.meta.url));

/**
 * Instructions of a microcontroller for one piece of work: what a run of eleven takes longer than a run of one, tenth part.
 * @throws GroundUnavailable with what to install
 */
export async function instructionsOf(work: Work): Promise<number> {
  const [once, often] = [await run(work, 1), await run(work, 11)];
  return (often - once) / 10;
}

async function run(work: Work, times: number): Promise<number> {
  const path = fileURLToPath(new URL(`work/${work}.ts`, import.meta.url));
  const text = `import { work } from ${JSON.stringify(path)};\nexport const main = () => work(${times});`;
  const xs = await startXs({
    ground: "rv32",
    entry: { text },
    preload: true,
    limits: esp32Limits,
    resources: { font16: FONT },
  });
  xs.hangUp();
  const { reason, metrics } = await xs.exit;
  if (reason !== undefined || metrics?.instructions === undefined)
    throw new Error(`${work}: ${reason ?? "not counted"}`);
  return metrics.instructions;
}
