import { inlineCalls } from "./calls.ts";
import { inlineConstants } from "./constants.ts";
import { arrowsAsMethods, shareMethods } from "./methods.ts";
import { shareNames } from "./names.ts";
import { openPrivates } from "./privates.ts";

/** How esbuild makes a module that is to be shrunk: names that every scope of it may have, tables that nobody reads left away. */
export const shortened = Object.freeze({
  minifySyntax: true,
  minifyIdentifiers: true,
  pure: ["Object.freeze", "Object.entries", "Object.fromEntries", "Uint8Array.of"],
});

/**
 * A module as esbuild made it of the firmware, in the form that takes least of a device's flash once XS has linked it. It does the
 * same: only names and the texts that functions have are others.
 */
export function shrink(text: string): string {
  return [openPrivates, inlineConstants, inlineCalls, arrowsAsMethods, shareNames, shareMethods].reduce(
    (module, step) => step(module),
    text,
  );
}
