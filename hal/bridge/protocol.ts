import type { CborValue } from "../../firmware/codec/cbor.ts";

/**
 * The frames between firmware and world. One frame is the payload of the pipe's frame (four bytes of length,
 * little-endian, before it), one CBOR array:
 *
 * | firmware to world | | world to firmware | |
 * | --- | --- | --- | --- |
 * | `[0, handle, className, options]` | open, answered | `[0, value]` | done |
 * | `[1, handle, method, arguments]` | call, answered | `[1, message, errorName]` | thrown at the caller |
 * | `[2, handle, method, arguments]` | post, not answered | `[2, now, wall, handle, callback, arguments]` | wake: call this |
 * | `[3, handle]` | close, not answered | `[3, now, wall]` | wake: the time asked for has come |
 * | `[4, untilMilliseconds or null]` | idle, answered by a wake | `[5, now, wall, config]` | first of all |
 *
 * `now` is the world's time in milliseconds, `wall` what the device's clock chip shows then, in milliseconds since
 * 1970-01-01 UTC; both stand still while the firmware runs. In `options` a callback is `true`. Handles are the firmware's numbers, from
 * 1, never used twice.
 */
export const toWorld = Object.freeze({ open: 0, call: 1, post: 2, close: 3, idle: 4 });
export const toFirmware = Object.freeze({ done: 0, error: 1, signal: 2, time: 3, start: 5 });

/** A pipe of whole frames. */
export interface FramePipe {
  /** Waits for the next payload; `undefined` when the other side has hung up. Sends what was written first. */
  read(): Uint8Array | undefined;
  /**
   * Sends a payload, given in parts that follow each other, at the latest when `read` is called. The caller may use the
   * parts' bytes again afterwards.
   */
  write(...parts: readonly Uint8Array[]): void;
  /**
   * Sends a call or a post by itself, where the pipe can; false, and nothing sent, where its arguments need `write`.
   * The emulation's pipe can: a device has its peripherals there, and no frames.
   */
  request?(kind: number, handle: number, method: string, args: readonly CborValue[]): boolean;
  /** The same for a frame of two: an idle call or a close. */
  request?(kind: number, value: number | null): boolean;
  /**
   * Waits for the next payload, an answer that says "done", and gives its value, where the pipe can; `declined` where it is
   * another one, or the other side has hung up: `read` gives that.
   */
  reply?(declined: unknown): unknown;
  /**
   * Waits for the next payload and gives its fields, where the pipe can; `undefined` when the other side has hung up,
   * `declined` where they need `read`, which gives the payload then.
   */
  receive?(declined: unknown): unknown;
}
