/** Fills the bytes from the ESP32's hardware generator (entropy.c). */
export function fill(bytes: Uint8Array): void;
