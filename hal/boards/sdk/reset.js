export function restart() @ "xspos_reset_restart";
