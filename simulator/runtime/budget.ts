import { esp32Limits, type MemoryLimits } from "./xs/ground.ts";

/** What the firmware leaves of an ESP32-S3 board's heap to the SDK's TLS, whose JavaScript counts too: bytes of chunks, and slots. */
export const tlsShare = Object.freeze({ chunks: 24_576, slots: 1_000 });

/** The heap that is left to the firmware. A run in these limits that ends by itself is the proof that it keeps to them. */
export const firmwareLimits: MemoryLimits = Object.freeze({
  chunks: esp32Limits.chunks - tlsShare.chunks,
  slots: esp32Limits.slots - tlsShare.slots,
  stack: esp32Limits.stack,
});

/** Bytes of the one block that an ESP32-C3 has for slots, stack and chunks (the SDK's default), and of a slot. */
export const c3Arena = 94_208;
export const slotBytes = 16;

/** That block, divided so that a sale by chip and by tap goes in; nothing of it is left to TLS. */
export const c3Limits: MemoryLimits = Object.freeze({ chunks: 32_768, slots: 3_328, stack: 512 });
