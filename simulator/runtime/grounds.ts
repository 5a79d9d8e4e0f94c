import type { Ground } from "./ground.ts";

const GROUNDS = {
  node: async () => (await import("./node.ts")).nodeGround,
  xs: async () => (await import("./xs/live.ts")).xsGround("xs"),
  xs32: async () => (await import("./xs/live.ts")).xsGround("xs32"),
  rv32: async () => (await import("./xs/live.ts")).xsGround("rv32"),
} satisfies Record<string, () => Promise<Ground>>;

export type GroundName = keyof typeof GROUNDS;
export const GROUND_NAMES = Object.keys(GROUNDS) as readonly GroundName[];

/** The ground of that name. Throws `GroundUnavailable` with what to install. */
export async function groundOf(name: GroundName): Promise<Ground> {
  return GROUNDS[name]();
}
