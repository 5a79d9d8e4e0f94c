import { sha256 } from "#native/digest";
import { type CborMap, decodeCbor, encodeCbor } from "../codec/cbor.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { fail, forget, takeIntoUse } from "./download.ts";
import type { Services } from "./services.ts";

/** The parameters as they are, but for these; undefined where none are in use. */
export function mergedParameters({ update }: Services, changes: CborMap): Uint8Array | undefined {
  const inUse = update.store.read();
  return inUse && encodeCbor({ ...(decodeCbor(inUse) as CborMap), ...changes });
}

/**
 * Puts parameters into the other bank; they count when all of it has been checked. Throws `UserError` where it was not good.
 * @param version under which they are known from now on; absent: as those before
 */
export async function putIntoUse(services: Services, cbor: Uint8Array | undefined, version?: string): Promise<void> {
  const { store } = services.update;
  if (cbor === undefined || cbor.length > store.room) return fail(services, "size");
  await forget(services);
  await inTurnOfItsOwn(() => store.clear());
  await inTurnOfItsOwn(() => store.write(cbor, 0));
  await takeIntoUse(services, { version: version ?? store.version, size: cbor.length, sha256: sha256(cbor) });
}
