import { numberToBcd } from "../../../firmware/codec/bcd.ts";
import { integerToBytes } from "../../../firmware/codec/bytes.ts";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import type { TapTools } from "../../../firmware/emv/contactless/session.ts";
import { TornLog } from "../../../firmware/emv/contactless/torn.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { AuthorityKeys } from "../../../firmware/emv/keys.ts";
import { tags } from "../../../firmware/emv/tags.ts";

/** What a terminal without keys, with a standing clock and with predictable chance lends to a kernel. */
export function tapTools(changes: Partial<TapTools> = {}): TapTools {
  return {
    now: () => 0,
    random: (length) => new Uint8Array(length).fill(0x5a),
    keys: new AuthorityKeys([], []),
    isReported: () => false,
    forceOnline: false,
    torn: new TornLog(),
    ...changes,
  };
}

/** The terminal's elements of a sale; `type` is the terminal's (9F35): online only, or able to do without. */
export function tapSession(amount: number, type = "21", unpredictableNumber = "11223344"): SessionData {
  return new SessionData([
    [tags.amountAuthorised, numberToBcd(amount, 6)],
    [tags.amountBinary, integerToBytes(amount, 4)],
    [tags.amountOther, new Uint8Array(6)],
    [tags.transactionType, Uint8Array.of(0)],
    [tags.transactionDate, hexToBytes("261123")],
    [tags.transactionTime, hexToBytes("120000")],
    [tags.transactionCurrencyCode, hexToBytes("0156")],
    [tags.transactionCurrencyExponent, Uint8Array.of(2)],
    [tags.terminalCountryCode, hexToBytes("0156")],
    [tags.terminalType, hexToBytes(type)],
    [tags.terminalCapabilities, hexToBytes("E06800")],
    [tags.unpredictableNumber, hexToBytes(unpredictableNumber)],
  ]);
}
