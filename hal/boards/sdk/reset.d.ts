/** Starts the chip anew; never returns. */
export function restart(): never;
