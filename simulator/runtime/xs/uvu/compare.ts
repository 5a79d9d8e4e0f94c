/** Whether two values are deeply equal, as uvu's `assert.equal` sees it: same type, same content. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return sameBytes(bytesOf(a), bytesOf(b));
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return sameBytes(new Uint8Array(a), new Uint8Array(b));
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  if (a instanceof Map && b instanceof Map) return sameMap(a, b);
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((item) => hasEqual(b, item));
  return sameProperties(a, b);
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function sameMap(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && deepEqual(value, b.get(key)));
}

function hasEqual(set: ReadonlySet<unknown>, item: unknown): boolean {
  return set.has(item) || [...set].some((other) => deepEqual(other, item));
}

function sameProperties(a: object, b: object): boolean {
  const left: Record<string, unknown> = { ...a };
  const right: Record<string, unknown> = { ...b };
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key]));
}

/** A value as text for a message, cut to a readable length. */
export function show(value: unknown): string {
  const text = describe(value, 0);
  return text.length > 600 ? `${text.slice(0, 600)}...` : text;
}

function describe(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return String(value);
  if (ArrayBuffer.isView(value)) return `<${Array.from(bytesOf(value), hexByte).join("")}>`;
  if (depth > 5) return "...";
  if (value instanceof Map) return `Map ${describe([...value], depth)}`;
  if (value instanceof Set) return `Set ${describe([...value], depth)}`;
  if (Array.isArray(value)) return `[${value.map((item) => describe(item, depth + 1)).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${describe(item, depth + 1)}`)
    .join(", ")} }`;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
