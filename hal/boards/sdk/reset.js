export function restart() @ "xspos_reset_restart";
export function endBootWatch() @ "xspos_reset_end_boot_watch";
