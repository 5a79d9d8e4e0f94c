export function fill(bytes) @ "xspos_entropy_fill";
