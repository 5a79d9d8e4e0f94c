/** Files that other processes read while they are written: these find the old file or the new one, never a part. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a file in the place of another, or where there was none.
 * @param {string} path
 * @param {string | Uint8Array} contents
 * @param {{ readonly mode?: number }} [options]
 */
export function replaceFile(path, contents, options = {}) {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, contents, options);
  renameSync(unfinished, path);
}

/**
 * The path of a file in a folder that is named by what is in it, written once.
 * @param {string} folder
 * @param {Uint8Array} bytes
 */
export function fileOf(folder, bytes) {
  const path = join(folder, createHash("sha256").update(bytes).digest("hex").slice(0, 24));
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    replaceFile(path, bytes);
  }
  return path;
}
