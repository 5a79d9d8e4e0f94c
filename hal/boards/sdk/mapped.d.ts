/** A data partition of that name in the processor's address space, for as long as it runs; undefined where there is none. */
export function mapped(partition: string): ArrayBufferLike | undefined;
