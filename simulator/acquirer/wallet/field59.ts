/** Field 59 of payments by code: objects of a tag (two characters), a length (three digits) and a value. */

/** What field 59 says; text as it came. */
export interface CodeData {
  /** A3: the payment code that the customer's phone showed. */
  readonly code?: string;
  /** A4: the wallet's order number. */
  readonly order?: string;
  /** A5: the payer's account as the wallet masks it. */
  readonly payer?: string;
  /** A6: the reference of a payment that is announced. */
  readonly reference?: string;
}

const TAGS: readonly (readonly [string, keyof CodeData])[] = [
  ["A3", "code"],
  ["A4", "order"],
  ["A5", "payer"],
  ["A6", "reference"],
];
const HEAD = 5;

/** Tags and values in the order in which they stand; undefined where the text does not read to its end. */
export function objectsOf(text: string): (readonly [string, string])[] | undefined {
  const objects: (readonly [string, string])[] = [];
  for (let at = 0; at < text.length; ) {
    const head = /^([A-Z0-9]{2})(\d{3})$/.exec(text.slice(at, at + HEAD));
    const end = at + HEAD + Number(head?.[2]);
    if (head === null || end > text.length) return undefined;
    objects.push([head[1]!, text.slice(at + HEAD, end)]);
    at = end;
  }
  return objects;
}

/** Reads field 59; undefined for one that does not read, has an unknown or repeated tag, or an empty value. */
export function readCodeData(text: string): CodeData | undefined {
  const objects = objectsOf(text);
  if (!objects || objects.length === 0 || new Set(objects.map(([tag]) => tag)).size < objects.length) return undefined;
  const data: Record<string, string> = {};
  for (const [tag, value] of objects) {
    const row = TAGS.find(([known]) => known === tag);
    if (!row || value === "") return undefined;
    data[row[1]] = value;
  }
  return data;
}

/** Writes field 59; what is not there is left out. */
export function writeCodeData(data: CodeData): string {
  return TAGS.flatMap(([tag, name]) => {
    const value = data[name];
    return value === undefined ? [] : [tag + String(value.length).padStart(3, "0") + value];
  }).join("");
}
