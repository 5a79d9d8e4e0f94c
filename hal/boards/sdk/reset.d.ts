/** Starts the chip anew; never returns. */
export function restart(): never;
/** Ends the watch that the boot loader began (CONFIG_BOOTLOADER_WDT_DISABLE_IN_USER_CODE). */
export function endBootWatch(): void;
