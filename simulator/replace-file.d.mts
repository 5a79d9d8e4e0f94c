export function replaceFile(path: string, contents: string | Uint8Array, options?: { readonly mode?: number }): void;
export function fileOf(folder: string, bytes: Uint8Array): string;
