/** The XS end of checker.ts: answers one frame after another with a module's `handle`. */
import { type CborValue, decodeCbor, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { hostPipe } from "./host-pipe.ts";

async function answer(handle: (request: CborValue) => unknown, payload: Uint8Array): Promise<void> {
  try {
    hostPipe.write(encodeCbor([0, (await handle(decodeCbor(payload))) as CborValue]));
  } catch (error) {
    hostPipe.write(encodeCbor([1, error instanceof Error ? error.message : String(error)]));
  }
}

/** What the host calls when it is idle: takes the next request; false when there will be none. */
export function answerAll(handle: (request: CborValue) => unknown): () => boolean {
  return () => {
    const payload = hostPipe.read();
    if (payload === undefined) return false;
    void answer(handle, payload);
    return true;
  };
}
