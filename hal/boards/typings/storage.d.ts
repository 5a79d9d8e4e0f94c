/** ECMA-419 storage of the Moddable SDK: what @moddable/typings does not declare yet, as far as it is used here. */

declare module "embedded:storage/flash" {
  export interface Flash {
    close(): void;
    eraseBlock(start: number, end?: number): void;
    read(byteLength: number, byteOffset: number): ArrayBuffer;
    write(buffer: Uint8Array, byteOffset: number): void;
    status(): { readonly size: number; readonly blockLength: number };
  }
  const storage: { open(options: { path: string; mode?: "r" | "r+" }): Flash };
  export default storage;
}

declare module "embedded:storage/key-value" {
  export interface Storage {
    close(): void;
    delete(key: string): void;
    read(key: string): ArrayBuffer | string | number | bigint | undefined;
    write(key: string, value: Uint8Array | string): void;
  }
  const storage: { open(options: { path: string; format?: "buffer" | "string"; mode?: "r" | "r+" }): Storage };
  export default storage;
}

declare module "embedded:storage/files" {
  export interface File {
    close(): void;
    read(byteLength: number, position: number): ArrayBuffer;
    write(buffer: Uint8Array, position: number): void;
    status(): { readonly size: number };
    flush(): void;
  }
  export interface Directory {
    close(): void;
    openFile(options: { path: string; mode?: "r" | "r+" | "w" | "w+" }): File;
    openDirectory(options: { path: string }): Directory;
    createDirectory(path: string): boolean;
    delete(path: string): boolean;
    /** Throws where there is no such file. */
    status(path: string): { readonly size: number };
  }
  const files: Directory;
  export default files;
}
