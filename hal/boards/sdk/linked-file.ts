import Resource from "Resource";

/** A file linked into flash. XS takes a host buffer wherever it takes an ArrayBuffer, and reads it in place. */
export function resource(name: string): ArrayBufferLike {
  const path = `${name}.bin`;
  if (!Resource.exists(path)) throw new RangeError(`no resource ${name}`);
  const file: unknown = new Resource(path);
  return file as ArrayBuffer;
}
