import { type Ground, GroundUnavailable } from "./ground.ts";

const GROUNDS: Readonly<Record<string, () => Promise<Ground>>> = {
  node: async () => (await import("./node.ts")).nodeGround,
  xs: async () => (await import("./xs/live.ts")).xsGround("xs"),
  xs32: async () => (await import("./xs/live.ts")).xsGround("xs32"),
};

export const GROUND_NAMES: readonly string[] = Object.keys(GROUNDS);

/** The ground of that name. Throws `GroundUnavailable` with what to install. */
export async function groundOf(name: string): Promise<Ground> {
  const load = Object.hasOwn(GROUNDS, name) ? GROUNDS[name] : undefined;
  if (load === undefined) throw new GroundUnavailable(`there is no ground "${name}"; known: ${GROUND_NAMES.join(", ")}`);
  return load();
}
