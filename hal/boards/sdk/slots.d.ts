/** Number of the app partition that runs: 0 for ota_0, 1 for ota_1. */
export function runningSlot(): number;
/** Tells the boot loader that what runs works: no start goes back from it. */
export function keepRunning(): void;
