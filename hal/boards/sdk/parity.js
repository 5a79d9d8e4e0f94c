export function even(port) @ "xspos_parity_even";
