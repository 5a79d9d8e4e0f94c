import flashStorage, { type Flash as Partition } from "embedded:storage/flash";
import keyValueStorage, { type Storage } from "embedded:storage/key-value";
import type { Flash, FlashOptions, SecureStorage } from "../../io.ts";
import { opened } from "./opened.ts";

/** A data partition of the ESP32's flash. It must not be encrypted: that forbids clearing single bits. */
export class SdkFlash implements Flash {
  #partition: Partition | undefined;

  constructor({ partition }: FlashOptions) {
    this.#partition = flashStorage.open({ path: partition, mode: "r+" });
  }

  status(): { readonly size: number; readonly blockLength: number } {
    const { size, blockLength } = opened(this.#partition).status();
    return { size, blockLength };
  }

  read(byteLength: number, offset: number): Uint8Array {
    return new Uint8Array(opened(this.#partition).read(byteLength, offset));
  }

  write(bytes: Uint8Array, offset: number): void {
    opened(this.#partition).write(bytes, offset);
  }

  eraseBlock(block: number): void {
    opened(this.#partition).eraseBlock(block);
  }

  close(): void {
    this.#partition?.close();
    this.#partition = undefined;
  }
}

/** The namespace of the ESP32's NVS that holds secrets, and the longest key that NVS takes. */
const NAMESPACE = "secure";
const LONGEST_KEY = 15;

/** Secrets in NVS, by the first 15 characters of their names. As safe as NVS encryption makes them. */
export class SdkSecureStorage implements SecureStorage {
  #storage: Storage | undefined = keyValueStorage.open({ path: NAMESPACE, format: "buffer" });

  read(name: string): Uint8Array | undefined {
    const value = opened(this.#storage).read(name.slice(0, LONGEST_KEY)) as ArrayBuffer | undefined;
    return value === undefined ? undefined : new Uint8Array(value);
  }

  write(name: string, value: Uint8Array): void {
    opened(this.#storage).write(name.slice(0, LONGEST_KEY), value);
  }

  erase(name: string): void {
    opened(this.#storage).delete(name.slice(0, LONGEST_KEY));
  }

  close(): void {
    this.#storage?.close();
    this.#storage = undefined;
  }
}
