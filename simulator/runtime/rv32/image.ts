import { readFileSync } from "node:fs";
import { fileOf } from "../../replace-file.mjs";

/** What the microcontroller's flash holds beside its code (host/files.c): the settings, the bytecode, the resources. */
export interface ImageContents {
  /** Chunk bytes, slots and stack slots of the firmware's machine (0: growing); 1 for a bundle in flash; 1 to send the memory at the end. */
  readonly settings: readonly [chunks: number, slots: number, stack: number, preload: number, memory: number];
  /** Path of the bundle's bytecode. */
  readonly bytecode: string;
  /** Paths by name. */
  readonly resources: Readonly<Record<string, string>>;
}

const HEADER = 8;
const ENTRY = 64;
const NAME = 56;
/** XS reads words of the code in place. */
const ALIGNMENT = 16;

/** The image's file, written once for the same contents. */
export function imageFile(folder: string, contents: ImageContents): string {
  return fileOf(folder, imageBytes(contents));
}

/** `XSPI`, the count of files, an entry each (name, offset, size), then the files. */
function imageBytes({ settings, bytecode, resources }: ImageContents): Buffer {
  const numbers = Buffer.from(Uint32Array.from(settings).buffer);
  const files: [name: string, bytes: Buffer][] = [
    ["arguments", numbers],
    ["bytecode", readFileSync(bytecode)],
    ...Object.entries(resources).map(([name, path]): [string, Buffer] => [name, readFileSync(path)]),
  ];
  const header = Buffer.alloc(HEADER + ENTRY * files.length);
  header.write("XSPI", 0, "latin1");
  header.writeUInt32LE(files.length, 4);
  const parts: Buffer[] = [header];
  let offset = header.length;
  for (const [index, [name, bytes]] of files.entries()) {
    const padding = Buffer.alloc((ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT);
    const at = HEADER + ENTRY * index;
    offset += padding.length;
    if (name.length >= NAME) throw new RangeError(`the resource's name is too long: ${name}`);
    header.write(name, at, "latin1");
    header.writeUInt32LE(offset, at + NAME);
    header.writeUInt32LE(bytes.length, at + NAME + 4);
    parts.push(padding, bytes);
    offset += bytes.length;
  }
  return Buffer.concat(parts);
}
