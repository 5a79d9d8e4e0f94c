/**
 * Builds the XS hosts: `xs` (this machine's word), `xs32` (32 bits, where the compiler can) and, when asked for it, `rv32`
 * (an emulated microcontroller without an operating system).
 *
 *   node simulator/runtime/xs/build.mjs              builds, fails when it cannot
 *   node simulator/runtime/xs/build.mjs --optional   says in one sentence what is missing and succeeds
 *
 * What it makes lies in .cache/xs/<hash of everything that goes in>/; nothing is done twice.
 */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nativesTable, readNatives } from "./natives.mjs";
import { findSources, sourcesIdentity } from "./sources.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const cache = join(root, ".cache/xs");
const hostFolder = join(here, "host");
const machineFolder = join(here, "../rv32/host");
const nativeFolder = join(root, "firmware/native");

/** Files of the host that need an operating system: a microcontroller has its own in their place. */
const POSIX = new Set(["main.c", "compile.c", "files.c", "stack.c", "wire.c"]);
/** Where the microcontroller's code and memory lie, and how large its C stack is (an ESP32's main task in the SDK). */
const MEMORY_MAP = { __flash: "0x80000000", __flash_size: "0x400000", __ram: "0x80400000", __ram_size: "0x400000" };
const C_STACK = 16_384;

/** Each ground with the compiler flags that make it and what to install when they do not work. */
const GROUNDS = {
  xs: { flags: [], advice: "The xs ground needs a C compiler: apt-get install gcc, then npm install." },
  xs32: {
    flags: ["-m32"],
    advice: "The xs32 ground needs a C compiler for 32 bits: apt-get install gcc-multilib, then npm install.",
    emulator: "qemu-i386",
    emulatorAdvice:
      "This machine's kernel runs no 32-bit programs, so the xs32 ground needs: apt-get install qemu-user.",
  },
  rv32: {
    compiler: "riscv64-unknown-elf-gcc",
    flags: [
      ...["-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs", "-Os", "-DXSPOS_BARE_METAL"],
      ...["-ffunction-sections", "-fdata-sections"],
    ],
    linking: [
      ...["-Tpicolibc.ld", "-Wl,--gc-sections", `-Wl,--defsym=__stack_size=${C_STACK}`],
      ...Object.entries(MEMORY_MAP).map(([name, value]) => `-Wl,--defsym=${name}=${value}`),
    ],
    machine: machineFolder,
    emulator: "qemu-system-riscv32",
    advice:
      "The rv32 ground needs an emulated microcontroller and its compiler: " +
      "apt-get install qemu-system-misc gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf.",
  },
};
/** Grounds that `npm install` makes ready; the others are built when they are asked for. */
const AT_INSTALL = ["xs", "xs32"];

const DEFINES = [
  ["INCLUDE_XSPLATFORM"],
  ["XSPLATFORM", '"platform.h"'],
  ["mxRun", "1"],
  ["mxNoConsole", "1"],
  ["mxBoundsCheck", "1"],
  ["mxAliasInstance", "1"],
  ["mxHostFunctionPrimitive", "1"],
  ["mxInstrument", "1"],
  ["_GNU_SOURCE"],
].map((define) => `-D${define.join("=")}`);
const FLAGS = ["-O2", "-fno-common", "-w", ...DEFINES];
/** Sources of XS that are not used, or that a file of the host takes in. */
const LEFT_OUT = new Set(["xsDefaults.c", "xsProfile.c", "xsSnapshot.c"]);
/** XS's sampling profiler steps aside for host/meter.c, which takes its hook. */
const FILE_FLAGS = { "xsDebug.c": ["-DfxCheckProfiler=fxSampleProfiler"] };

/** A host that cannot be built here: one sentence that says what to install. */
export class HostUnavailable extends Error {}

const compilerOf = (ground) => GROUNDS[ground].compiler ?? process.env.CC ?? "cc";

/** The C files and headers of one folder. */
function sourcesIn(folder, extensions = [".c", ".h"]) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => extensions.some((extension) => name.endsWith(extension)));
  return names.sort().map((name) => join(folder, name));
}

/** The hash of everything that goes into the engine's own objects: they outlive a change of the host or the natives. */
function engineHash(ground) {
  const hash = createHash("sha256");
  const { flags } = GROUNDS[ground];
  hash.update(JSON.stringify([sourcesIdentity(), FLAGS, FILE_FLAGS, flags, compilerOf(ground), process.arch]));
  hash.update(readFileSync(join(hostFolder, "platform.h")));
  return hash.digest("hex").slice(0, 16);
}

/** The hash of everything that goes into one ground's host. */
function buildHash(ground) {
  const { linking = [], machine } = GROUNDS[ground];
  const hash = createHash("sha256").update(engineHash(ground)).update(JSON.stringify(linking));
  const shims = sourcesIn(nativeFolder, [".js"]);
  const own = machine === undefined ? [] : sourcesIn(machine);
  for (const file of [...sourcesIn(hostFolder), ...own, ...sourcesIn(nativeFolder), ...shims]) {
    hash.update(`\n${basename(file)}\n`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Where one ground's host is, or will be when it is built. */
export const hostPath = (ground) => join(cache, buildHash(ground), ground);

/** Whether a command runs and ends well. */
function succeeds(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, (error) => resolve(error === null));
  });
}

/**
 * How a program that the compiler makes for a ground is started here: by itself (""), or through an emulator where the
 * kernel does not run such programs.
 * @throws HostUnavailable
 */
async function probe(ground, folder) {
  const { flags, linking = [], advice, emulator, emulatorAdvice, machine } = GROUNDS[ground];
  const source = join(folder, "probe.c");
  const program = join(folder, "probe");
  const text = "#include <stdio.h>\n#include <math.h>\nint main(int c, char** v) { return (int)floor(c - 1.0); }\n";
  writeFileSync(source, text);
  const made = await succeeds(compilerOf(ground), [...flags, ...linking, source, "-lm", "-o", program]);
  if (!made) throw new HostUnavailable(advice);
  if (machine !== undefined) {
    if (!(await succeeds(emulator, ["--version"]))) throw new HostUnavailable(advice);
    return "";
  }
  if (await succeeds(program, [])) return "";
  if (emulator !== undefined && (await succeeds(emulator, [program]))) return emulator;
  throw new HostUnavailable(emulatorAdvice ?? advice);
}

function compile(compiler, file, object, includes, flags) {
  return new Promise((resolve, reject) => {
    const all = [...FLAGS, ...(FILE_FLAGS[basename(file)] ?? []), ...flags, ...includes.map((path) => `-I${path}`)];
    const child = spawn(compiler, [...all, "-c", file, "-o", object]);
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(object);
      else reject(new Error(`cannot compile ${basename(file)}:\n${errors}`));
    });
  });
}

/** Compiles all files, as many at a time as there are cores; what is there already is not made again. */
async function compileAll(compiler, files, folder, includes, flags) {
  const waiting = [...files];
  const objects = files.map((file) => join(folder, `${basename(file)}.o`));
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const object = join(folder, `${basename(file)}.o`);
      if (existsSync(object)) continue;
      const unfinished = `${object}.${process.pid}.tmp`;
      await compile(compiler, file, unfinished, includes, flags);
      renameSync(unfinished, object);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

function link(ground, objects, program) {
  const { flags, linking = [], machine } = GROUNDS[ground];
  const libraries = machine === undefined ? ["-lm", "-lpthread"] : ["-lm"];
  return new Promise((resolve, reject) => {
    const all = [...flags, ...linking, ...objects, ...libraries, "-o", program];
    execFile(compilerOf(ground), all, (error, _out, errors) => {
      if (error === null) resolve(undefined);
      else reject(new Error(`cannot link ${basename(program)}:\n${errors}`));
    });
  });
}

const building = new Map();

/**
 * The path of one ground's host, built if it is not there yet.
 * @param {"xs" | "xs32" | "rv32"} ground
 * @returns {Promise<string>}
 * @throws HostUnavailable
 */
export function ensureHost(ground) {
  const program = hostPath(ground);
  if (existsSync(program)) return Promise.resolve(program);
  let build = building.get(program);
  if (build === undefined) {
    build = buildHost(ground, program).finally(() => building.delete(program));
    building.set(program, build);
  }
  return build;
}

async function buildHost(ground, program) {
  const { flags, machine } = GROUNDS[ground];
  const compiler = compilerOf(ground);
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, "build-"));
  try {
    const emulator = await probe(ground, staging);
    const xs = await findSources(cache).catch((error) => {
      throw new HostUnavailable(`The XS sources cannot be fetched (${error.message}): go online, then npm install.`);
    });
    const table = join(staging, "natives.c");
    writeFileSync(table, nativesTable(readNatives(nativeFolder)));
    const machines = machine === undefined ? [] : [machine];
    const includes = [
      hostFolder,
      ...machines,
      nativeFolder,
      ...["includes", "platforms", "sources"].map((name) => join(xs, name)),
    ];
    const engine = sourcesIn(join(xs, "sources"), [".c"]).filter((file) => !LEFT_OUT.has(basename(file)));
    const engineFolder = join(cache, "engine", engineHash(ground));
    mkdirSync(engineFolder, { recursive: true });
    const objects = await compileAll(compiler, engine, engineFolder, includes, flags);
    const shared = sourcesIn(hostFolder, [".c"]).filter((file) => machine === undefined || !POSIX.has(basename(file)));
    const own = [...shared, ...machines.flatMap((folder) => sourcesIn(folder, [".c"]))];
    own.push(...sourcesIn(nativeFolder, [".c"]), table);
    objects.push(...(await compileAll(compiler, own, staging, includes, flags)));
    await link(ground, objects, join(staging, ground));
    mkdirSync(dirname(program), { recursive: true });
    if (emulator === "") renameSync(join(staging, ground), program);
    else {
      renameSync(join(staging, ground), `${program}.bin`);
      const starter = `#!/bin/sh\nexec ${emulator} "\${0}.bin" "$@"\n`;
      writeFileSync(join(staging, "starter"), starter, { mode: 0o755 });
      renameSync(join(staging, "starter"), program);
    }
    return program;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function main(optional) {
  const messages = new Set();
  for (const ground of AT_INSTALL) {
    try {
      await ensureHost(ground);
    } catch (error) {
      messages.add(error instanceof HostUnavailable ? error.message : error.stack);
      if (!optional && ground === "xs") process.exitCode = 1;
    }
  }
  for (const message of messages) process.stderr.write(`${message}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.argv.includes("--optional"));
