export function runningSlot() @ "xspos_slots_running";
export function keepRunning() @ "xspos_slots_keep";
