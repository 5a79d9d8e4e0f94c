export function modularPower(base, exponent, modulus) @ "xspos_modular_power";
