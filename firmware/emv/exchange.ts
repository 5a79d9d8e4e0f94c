import { concat, wipe } from "../codec/bytes.ts";
import { CardError } from "./errors.ts";

/** A card that answers command APDUs with response APDUs. Rejects with `CardError` when it cannot. */
export interface CardChannel {
  transmit(command: Uint8Array): Promise<Uint8Array>;
}

/** A response APDU taken apart; `status` is SW1 SW2 as one number. Who reads card data from it overwrites `data`. */
export interface CardResponse {
  readonly status: number;
  readonly data: Uint8Array;
}

/** Enough for one 6Cxx and a response in many parts; a card that asks for more is broken. */
const maximumExchanges = 20;
const maximumResponse = 4096;

const moreData = 0x61;
const wrongLength = 0x6c;

/**
 * One command with its whole answer. 61xx is followed by GET RESPONSE and 6Cxx by the same command with that length
 * (EMV 4.3 Book 1, 9.3.1.2 and 9.3.1.3; ISO/IEC 7816-3, 10.3), within a bound. A bare warning to a command that sends and expects
 * data is followed by GET RESPONSE too (Book 1, 9.3.1.1.4); what counts then is the warning.
 * @param step the command's name in errors
 */
export async function exchange(card: CardChannel, command: Uint8Array, step: string): Promise<CardResponse> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let next = command;
  let warning: number | undefined;
  for (let count = 0; count < maximumExchanges; count++) {
    const answer = await card.transmit(next);
    const end = answer.length - 2;
    if (end < 0) {
      throw new CardError("protocol", step);
    }
    const first = answer[end]!;
    const second = answer[end + 1]!;
    length += end;
    if (length > maximumResponse) {
      throw new CardError("protocol", step);
    }
    if (end > 0) {
      parts.push(answer.subarray(0, end));
    }
    if (first === moreData) {
      next = getResponse(command, second);
    } else if (first === wrongLength && end === 0) {
      next = withExpectedLength(next, second);
    } else if (warning === undefined && length === 0 && isWarning(first, second) && sendsAndExpects(command)) {
      warning = (first << 8) | second;
      next = getResponse(command, 0x00);
    } else {
      return { status: warning ?? (first << 8) | second, data: joined(parts) };
    }
  }
  throw new CardError("protocol", step);
}

/** Parts of a response as one; they are overwritten when that is a copy. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) {
    return parts[0]!;
  }
  const data = concat(parts);
  parts.forEach(wipe);
  return data;
}

/** On the logical channel of the command before. */
function getResponse(command: Uint8Array, length: number): Uint8Array {
  return Uint8Array.of(command[0]! & 0x03, 0xc0, 0x00, 0x00, length);
}

function isWarning(first: number, second: number): boolean {
  return first === 0x62 || first === 0x63 || (first >> 4 === 0x9 && (first !== 0x90 || second !== 0x00));
}

/** Case 4 (Book 1, 9.3.1): data goes out and an expected length follows it. */
function sendsAndExpects(command: Uint8Array): boolean {
  return command.length > 6 && command.length === command[4]! + 6;
}

/** The command with another Le: in place of the old one, or after the data where there was none. */
function withExpectedLength(command: Uint8Array, length: number): Uint8Array {
  const dataLength = command.length > 5 ? command[4]! : 0;
  const header = dataLength === 0 ? 4 : 5 + dataLength;
  return concat([command.subarray(0, header), Uint8Array.of(length)]);
}
