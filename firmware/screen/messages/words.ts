import type { en } from "./en.ts";

/** The name of a message; every language has them all. */
export type MessageKey = keyof typeof en;
/** What stands behind a prefix and a point in the messages' names: `"host-refused"` has `"expired"`, among others. */
export type NameUnder<Prefix extends string> = MessageKey extends infer Key
  ? Key extends `${Prefix}.${infer Name}`
    ? Name
    : never
  : never;
/** One language's messages. */
export type Words = { readonly [Key in MessageKey]: string };
export type Language = "en" | "zh";

/** The message with its `{name}`s replaced by the values of those names. */
export function say(words: Words, key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  let text = words[key];
  for (const name in values) text = text.replace(`{${name}}`, `${values[name]}`);
  return text;
}
