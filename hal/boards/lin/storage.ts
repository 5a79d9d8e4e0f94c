import home, { type Directory, type File } from "embedded:storage/files";
import type { Flash, FlashOptions, SecureStorage } from "../../io.ts";
import { linPartitions } from "../lin/partitions.ts";
import { opened } from "../sdk/opened.ts";

/** In the home folder: a file for each partition of flash, and one for each secret. */
const FOLDER = ".xspos-lin";
const BLOCK = 4_096;
function folder(): Directory {
  // The SDK's typing forgets what the module exports.
  const root: unknown = home;
  const files = root as Directory;
  files.createDirectory(FOLDER);
  return files.openDirectory({ path: FOLDER });
}

/** What `action` gives with the folder, which is closed then. */
function inFolder<Result>(action: (directory: Directory) => Result): Result {
  const directory = folder();
  try {
    return action(directory);
  } finally {
    directory.close();
  }
}

/** The SDK throws for no file that is not there: it tells of it as of something that is none, which its typing leaves out. */
function isThere(directory: Directory, path: string): boolean {
  const status = directory.status(path) as unknown as { isFile(): boolean };
  return status.isFile();
}

/** A partition of NOR flash in a file: bits are only cleared but by erasing a block. By the name of the ESP32's class, whose place it takes. */
export class SdkFlash implements Flash {
  readonly #size: number;
  #file: File | undefined;

  constructor({ partition }: FlashOptions) {
    const size = linPartitions[partition];
    if (size === undefined) throw new RangeError(`no partition ${partition}`);
    this.#size = size;
    this.#file = inFolder((directory) => {
      const path = `${partition}.flash`;
      if (isThere(directory, path)) return directory.openFile({ path, mode: "r+" });
      const file = directory.openFile({ path, mode: "w+" });
      const blank = new Uint8Array(BLOCK).fill(0xff);
      for (let at = 0; at < size; at += BLOCK) file.write(blank, at);
      return file;
    });
  }

  status(): { readonly size: number; readonly blockLength: number } {
    opened(this.#file);
    return { size: this.#size, blockLength: BLOCK };
  }

  read(byteLength: number, offset: number): Uint8Array {
    this.#check(byteLength, offset);
    return new Uint8Array(opened(this.#file).read(byteLength, offset));
  }

  write(bytes: Uint8Array, offset: number): void {
    const stored = this.read(bytes.length, offset);
    const file = opened(this.#file);
    file.write(
      bytes.map((byte, at) => byte & stored[at]!),
      offset,
    );
    file.flush();
  }

  eraseBlock(block: number): void {
    this.#check(BLOCK, block * BLOCK);
    const file = opened(this.#file);
    file.write(new Uint8Array(BLOCK).fill(0xff), block * BLOCK);
    file.flush();
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #check(byteLength: number, offset: number): void {
    opened(this.#file);
    if (!(byteLength >= 0 && offset >= 0 && offset + byteLength <= this.#size))
      throw new RangeError("outside of flash");
  }
}

/** Secrets as files that anybody can read: for test keys only. */
export class SdkSecureStorage implements SecureStorage {
  #open = true;

  read(name: string): Uint8Array | undefined {
    return this.#in((directory) => {
      const path = pathOf(name);
      if (!isThere(directory, path)) return undefined;
      const file = directory.openFile({ path, mode: "r" });
      const value = new Uint8Array(file.read(file.status().size, 0));
      file.close();
      return value;
    });
  }

  write(name: string, value: Uint8Array): void {
    this.#in((directory) => {
      const file = directory.openFile({ path: pathOf(name), mode: "w+" });
      file.write(value, 0);
      file.flush();
      file.close();
    });
  }

  erase(name: string): void {
    this.#in((directory) => {
      if (isThere(directory, pathOf(name))) directory.delete(pathOf(name));
    });
  }

  close(): void {
    this.#open = false;
  }

  #in<Result>(action: (directory: Directory) => Result): Result {
    if (!this.#open) throw new Error("closed");
    return inFolder(action);
  }
}

const pathOf = (name: string): string => `${name}.secret`;
