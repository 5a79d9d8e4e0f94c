import { en } from "./en.ts";
import type { Language, Words } from "./words.ts";
import { zh } from "./zh.ts";

export const languages: { readonly [Key in Language]: Words } = Object.freeze({ en, zh });
