import type { TapTools } from "../../../firmware/emv/contactless/session.ts";
import { TornLog } from "../../../firmware/emv/contactless/torn.ts";
import { AuthorityKeys } from "../../../firmware/emv/keys.ts";

/** What a terminal without keys, with a standing clock and with predictable chance lends to a kernel. */
export function tapTools(changes: Partial<TapTools> = {}): TapTools {
  return {
    now: () => 0,
    random: (length) => new Uint8Array(length).fill(0x5a),
    keys: new AuthorityKeys([], []),
    torn: new TornLog(),
    ...changes,
  };
}
