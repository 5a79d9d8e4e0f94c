import { sha1 } from "#native/digest";
import type { SessionData } from "./data.ts";
import { buildDol, dolAsksFor } from "./dol.ts";
import { setVerification } from "./results.ts";
import { tags } from "./tags.ts";

const none = (): Uint8Array => new Uint8Array(0);

/**
 * The hash over what would be in a transaction certificate, where one of the card's lists asks for it (tag 98; EMV 4.3
 * Book 3, 9.2.2): by the card's own list (97), or by this terminal's default one, which is empty.
 */
export function noteCertificateHash(data: SessionData, list: Uint8Array): void {
  if (!dolAsksFor(list, tags.certificateHash)) {
    return;
  }
  const certificateList = data.fromCard(tags.certificateList);
  if (certificateList === undefined) {
    setVerification(data, "defaultListUsed");
  }
  data.set(tags.certificateHash, sha1(buildDol(certificateList ?? none(), data.get)));
}
