export function mapped(partition) @ "xspos_mapped";
