import type { Acquirer } from "./types.ts";

/** A MAC that was wrong may mean that the host has other keys by now: after a new sign-in it is asked once more. */
const attempts = 2;

/**
 * Asks the host under session keys, signing in where there are none.
 * @param isAnswer tells an answer from silence
 * @returns the first answer, or undefined where none came
 */
export async function askSignedIn<Outcome>(
  acquirer: Pick<Acquirer, "signedIn" | "signIn">,
  question: () => Promise<Outcome>,
  isAnswer: (outcome: Outcome) => boolean,
): Promise<Outcome | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (!acquirer.signedIn && (await acquirer.signIn()).kind !== "signedIn") return undefined;
    const outcome = await question();
    if (isAnswer(outcome)) return outcome;
    if (acquirer.signedIn) return undefined;
  }
  return undefined;
}
