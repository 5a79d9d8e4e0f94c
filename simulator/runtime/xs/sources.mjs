/**
 * Where the XS sources come from: the moddable/xs folder of one pinned npm package, fetched with `npm pack` (the package
 * itself is no dependency: its install script and its dependencies are not wanted), or any XS tree of one's own in
 * XSPOS_XS_SOURCES.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const PACKAGE = "@agoric/xsnap@0.15.0";
const INTEGRITY = "sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";
const INSIDE = "package/moddable/xs";

const run = promisify(execFile);

/** What the sources are, for the hash of a build: the pinned package, or a foreign tree by its files' sizes and times. */
export function sourcesIdentity() {
  const foreign = process.env.XSPOS_XS_SOURCES;
  if (!foreign) return INTEGRITY;
  const folder = join(foreign, "sources");
  const files = readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return [foreign, ...files].join("\n");
}

/**
 * The folder with `sources/`, `includes/` and `platforms/`; fetched once.
 * @param {string} cache the folder for fetched and built things
 * @returns {Promise<string>}
 */
export async function findSources(cache) {
  if (process.env.XSPOS_XS_SOURCES) return process.env.XSPOS_XS_SOURCES;
  const target = join(cache, "sources-0.15.0");
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, "fetch-"));
  try {
    const arguments_ = ["pack", PACKAGE, "--silent", "--pack-destination", staging];
    const { stdout } = await run("npm", arguments_, { cwd: staging }).catch(() => {
      throw new Error(`npm pack ${PACKAGE} failed`);
    });
    const archive = join(staging, stdout.trim().split("\n").at(-1) ?? "");
    const digest = createHash("sha512").update(readFileSync(archive)).digest("base64");
    if (`sha512-${digest}` !== INTEGRITY) throw new Error(`${PACKAGE} is not the package it was: sha512-${digest}`);
    await run("tar", ["-xzf", archive, "-C", staging, INSIDE]);
    if (!existsSync(target)) renameSync(join(staging, INSIDE), target);
    return target;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
