/** What a card has decided, as it stands in an answer of its own. */

/** GET PROCESSING OPTIONS (quick taps), GENERATE AC, RECOVER AC. */
const decidingCommands: readonly number[] = [0xa8, 0xae, 0xd0];
const format1 = 0x80;
const format2 = 0x77;

export const kindBits = 0xc0;

/** True for a command whose answer may have a cryptogram. */
export function isDeciding(instruction: number): boolean {
  return decidingCommands.includes(instruction);
}

/**
 * The place of the cryptogram information (9F27) in an answer without status words; undefined where there is none. Format 1
 * of GET PROCESSING OPTIONS has none.
 */
export function placeOfInformation(instruction: number, answer: Uint8Array): number | undefined {
  if (!isDeciding(instruction)) {
    return undefined;
  }
  const start = (answer[1] ?? 0) < 0x80 ? 2 : 2 + (answer[1]! & 0x7f);
  if (answer[0] === format1) {
    return instruction !== 0xa8 && start < answer.length ? start : undefined;
  }
  if (answer[0] !== format2) {
    return undefined;
  }
  for (let at = start; at + 3 < answer.length; at++) {
    if (answer[at] === 0x9f && answer[at + 1] === 0x27 && answer[at + 2] === 0x01) {
      return at + 3;
    }
  }
  return undefined;
}
