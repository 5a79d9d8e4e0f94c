import { Seeded } from "../seeded.ts";

/** What is in a package of the tests, by its name: 1,500 to 2,000 bytes. */
export function contentOf(name: string): Uint8Array {
  let seed = 0;
  for (const character of name) seed = (seed * 31 + character.charCodeAt(0)) | 0;
  const random = new Seeded(seed);
  return random.bytes(1_500 + random.below(501));
}
