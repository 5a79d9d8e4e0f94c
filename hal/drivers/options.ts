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

/** Throws unless timers can be set by the clock. */
export function checkClock(clock: { readonly setTimer: unknown }): void {
  if (typeof clock.setTimer !== "function") throw new TypeError("clock has no timers");
}

/** Throws unless a bus of I2C has an IO constructor and an address of seven bits. */
export function checkBus({ io, address }: { readonly io: unknown; readonly address: unknown }): void {
  checkIo("bus.io", io);
  checkInteger("bus.address", address, 1, 0x7f);
}
