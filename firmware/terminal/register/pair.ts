import { allow } from "../operator/authority.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";

/** How long the code may be copied, in milliseconds. */
const readingTime = 300_000;

/** Makes a new key with the cash register and shows its code, once: whoever has the code is the register from then on. */
export async function pairRegister(services: Services): Promise<void> {
  await allow(services, "keys");
  const code = services.register.pair();
  if (code === undefined) return;
  const fours = code.replace(/(\d{4})(?=\d)/g, "$1 ");
  await showResult(services, { id: "load-keys", stage: "pairing", code: fours }, readingTime);
}
