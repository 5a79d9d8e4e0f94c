import { Profile } from "../profile/profile.ts";
import { orUsage, UsageError } from "./arguments.ts";

/** The folder of `--profile`, where it was given; what is wrong with it is said as a mistake in the words that were given. */
export function openProfile(values: { readonly profile?: string; readonly erase?: boolean }): Profile | undefined {
  const { profile: folder, erase } = values;
  if (folder === undefined) {
    if (erase === true) throw new UsageError("--erase goes with --profile");
    return undefined;
  }
  return orUsage(() => new Profile(folder, erase === true));
}
