/**
 * What an emulated board asks of its UART, the first byte of a message: `read` with how many bytes at most and for how many
 * milliseconds (two bytes each, low byte first), answered with bytes or none; `write` with bytes; `restart`.
 */
export const uart = Object.freeze({ read: 1, write: 2, restart: 3 });
