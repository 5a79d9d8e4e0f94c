/** Gives an open UART even parity and two stop bits; throws where it has none. */
export function even(port: number): void;
