/** Checks of constructor options (ECMA-419, 6: options are checked before any resource is taken). */

/** Throws `TypeError` unless `value` is absent or a function. */
export function checkCallback(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`${name} is not a function`);
}

/** Throws `TypeError` unless `value` is an IO constructor. */
export function checkIo(name: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${name} is not an IO class`);
}

/** Throws `RangeError` unless `value` is a whole number from `least` to `most`. */
export function checkInteger(name: string, value: unknown, least: number, most: number): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw new RangeError(`${name} is not a whole number from ${least} to ${most}`);
}
