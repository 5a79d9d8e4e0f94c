import { screenOfError } from "./failures.ts";
import { manageKeys } from "./load-keys.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";

/**
 * A terminal that has no key to start from: out of service, but for a supervisor, who finds the keys behind MENU. With keys
 * it starts anew.
 */
export async function waitForKeys(services: Services, hasKeys: () => boolean): Promise<never> {
  const { screen, peripherals, update } = services;
  for (;;) {
    await screen.show({ id: "out-of-service", detail: "master key" });
    const happening = await peripherals.wait({ keys: true });
    if (happening.kind !== "key" || happening.key !== "MENU") continue;
    try {
      await manageKeys(services);
    } catch (error) {
      await showResult(services, screenOfError(error));
    }
    if (hasKeys()) {
      update.restart();
      return new Promise<never>(() => {});
    }
  }
}
