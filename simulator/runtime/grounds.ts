import type { Ground } from "./ground.ts";

const GROUNDS = {
  node: async () => (await import("./node.ts")).nodeGround,
  xs: () => onXs("xs"),
  xs32: () => onXs("xs32"),
  rv32: () => onXs("rv32"),
} satisfies Record<string, () => Promise<Ground>>;

async function onXs(name: "xs" | "xs32" | "rv32"): Promise<Ground> {
  const { hostOf } = await import("./xs/ground.ts");
  await hostOf(name);
  return (await import("./xs/live.ts")).xsGround(name);
}

export type GroundName = keyof typeof GROUNDS;
/** A board on a serial line: `serial:PATH` or `serial:PATH@BAUD`. */
export type SerialName = `serial:${string}`;
export const GROUND_NAMES = Object.keys(GROUNDS) as readonly GroundName[];

export const isSerialName = (text: string): text is SerialName => text.startsWith("serial:");

/** The ground of that name, or a board on a serial line. Throws `GroundUnavailable` with what to install. */
export async function groundOf(name: GroundName | SerialName): Promise<Ground> {
  if (!isSerialName(name)) return GROUNDS[name]();
  const { serialGround } = await import("./serial/ground.ts");
  return serialGround(name);
}
