/** Finds digits in the image of a memory, however they are written. */

/** Packed decimal; the digit left over from an odd count is left out. */
function packed(digits: string): Buffer {
  return Buffer.from(digits.slice(0, digits.length & ~1), "hex");
}

/** Every way in which digits may lie in memory. Packed ones may begin with either half of a byte. */
function spellings(digits: string): [name: string, bytes: Buffer][] {
  return [
    ["text", Buffer.from(digits, "latin1")],
    ["UTF-16", Buffer.from(digits, "utf16le")],
    ["packed", packed(digits)],
    ["packed across bytes", packed(digits.slice(1))],
    ["one a byte", Buffer.from([...digits].map(Number))],
    ["one a number", Buffer.from(Uint32Array.from([...digits].map(Number)).buffer)],
  ];
}

/**
 * What is looked for: of a card number the twelve digits before the last, which stand in every track as well and are what
 * a PIN block is folded with; a PIN as it is typed and in the clear blocks of ISO 9564-1, formats 0 and 2.
 */
function secretsOf(pan: string, pin?: string): [name: string, bytes: Buffer][] {
  const number = pan.slice(-13, -1);
  const found = spellings(number).map(([spelling, bytes]): [string, Buffer] => [`number, ${spelling}`, bytes]);
  if (pin === undefined) return found;
  const field = Buffer.from(`0${pin.length}${pin}`.padEnd(16, "F"), "hex");
  const panField = Buffer.from(`0000${number}`, "hex");
  const folded = Buffer.from(field.map((byte, place) => byte ^ panField[place]!));
  return [
    ...found,
    ...spellings(pin)
      .filter(([, bytes]) => bytes.length > 3)
      .map(([spelling, bytes]): [string, Buffer] => [`PIN, ${spelling}`, bytes]),
    ["PIN block, plain", field.subarray(1)],
    ["PIN block, format 0", folded],
  ];
}

/** The simulated terminal's name in the merchant's contract, which begins like the cards' PINs. */
const terminalId = Buffer.from("12345678");

/** Where digits of a card's number or of a PIN lie, with what lies around them; empty when nowhere. */
export function placesOf(image: Buffer, pan: string, pin?: string): string[] {
  const memory = Buffer.from(image);
  for (let at = memory.indexOf(terminalId); at >= 0; at = memory.indexOf(terminalId, at)) memory.fill(0xff, at, at + 8);
  const places: string[] = [];
  for (const [name, bytes] of secretsOf(pan, pin)) {
    for (let at = memory.indexOf(bytes); at >= 0; at = memory.indexOf(bytes, at + 1)) {
      places.push(`${name} at ${at}: ${memory.subarray(Math.max(0, at - 48), at + 48).toString("hex")}`);
    }
  }
  return places;
}
