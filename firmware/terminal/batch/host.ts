import { askSignedIn } from "../../acquirer/attempts.ts";
import type { SettlementHost } from "../../acquirer/settlement.ts";
import { turnOfItsOwn } from "../../turn.ts";
import type { Services } from "../services.ts";

/** Asks the host about the batch under session keys, signing in where there are none; silence is `noAnswer`. */
export async function askBatchHost<Outcome extends { readonly kind: string }>(
  services: Services,
  question: (host: SettlementHost) => Promise<Outcome>,
): Promise<Outcome | { readonly kind: "noAnswer" }> {
  const { acquirer, settlement } = services;
  await turnOfItsOwn();
  const outcome = await askSignedIn(
    acquirer,
    () => question(settlement),
    ({ kind }) => kind !== "noAnswer",
  );
  return outcome ?? { kind: "noAnswer" };
}
