import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite, test } from "uvu";
import * as assert from "uvu/assert";
import { leftOut } from "../available.ts";

const DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const DAEMON = "/usr/sbin/pcscd";
const TOOL = "/usr/bin/opensc-tool";
const SOCKET = "/run/pcscd/pcscd.comm";
const COMMAND = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));
const STARTING_TIME = 60_000;
const ATTEMPTS = 4;

/** Why PC/SC cannot be tried here; undefined when it can. */
function missing(): string | undefined {
  const absent = [DRIVER, DAEMON, TOOL].filter((path) => !existsSync(path));
  if (absent.length > 0) return `install vsmartcard-vpcd, pcscd and opensc (no ${absent.join(", ")})`;
  if (existsSync(SOCKET)) return "another pcscd is running";
  return process.getuid?.() === 0 ? undefined : "pcscd has to be started by root";
}

interface Surroundings {
  readonly folder: string;
  readonly port: number;
  readonly children: ChildProcess[];
  /** What the daemon and the cards printed, for when something fails. */
  readonly printed: string[];
}

/** Waits until something is so; a slow machine may take its time. */
async function until(what: () => string, so: () => Promise<boolean>, most = STARTING_TIME): Promise<void> {
  const end = Date.now() + most;
  while (!(await so())) {
    if (Date.now() > end) throw new Error(what());
    await sleep(200);
  }
}

/** Keeps what a process prints. */
function keepPrinted(child: ChildProcess, printed: string[]): void {
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (bytes) => printed.push(String(bytes)));
}

/** Ports below those that systems give to connections of their own: one of these may be taken at any moment. */
function somePort(): number {
  return 20_000 + randomInt(12_000);
}

/** A daemon of our own with nothing but a virtual reader on that port. */
function spawnDaemon(folder: string, port: number, printed: string[]): ChildProcess {
  const place = `0x${port.toString(16).toUpperCase()}`;
  const configuration = join(folder, "reader.conf");
  const lines = [
    'FRIENDLYNAME "Virtual PCD"',
    `DEVICENAME /dev/null:${place}`,
    `LIBPATH ${DRIVER}`,
    `CHANNELID ${place}`,
  ];
  writeFileSync(configuration, `${lines.join("\n")}\n`);
  const daemon = spawn(DAEMON, ["--foreground", "--config", configuration, "--error"], { stdio: "pipe" });
  keepPrinted(daemon, printed);
  return daemon;
}

/** Starts a daemon and waits until it lists its reader; a reader whose port is taken never comes: then on another port. */
async function startDaemon(): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), "xspos-pcsc-"));
  const printed: string[] = [];
  const listed = async () => existsSync(SOCKET) && /Virtual PCD/.test(await readers());
  for (let attempt = 1; ; attempt++) {
    const port = somePort();
    const daemon = spawnDaemon(folder, port, printed);
    try {
      await until(() => `pcscd lists no virtual reader: ${printed.join("")}`, listed, STARTING_TIME / ATTEMPTS);
      return { folder, port, children: [daemon], printed };
    } catch (error) {
      await ended(daemon);
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function opensc(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(TOOL, args, { timeout: STARTING_TIME });
  return stdout;
}

/** The readers with their cards as PC/SC lists them; nothing while the daemon does not answer yet. */
function readers(): Promise<string> {
  return opensc("--list-readers").catch(() => "");
}

/** The reader looks for its card now and then: waits until it has seen one, or that there is none. */
async function untilCard({ printed }: Surroundings, present: boolean): Promise<void> {
  await until(
    () => `the virtual reader ${present ? "saw no card" : "still sees a card"}: ${printed.join("")}`,
    async () => /^0\s+Yes/m.test(await readers()) === present,
  );
}

/** Puts a card in. A reader that the daemon lists may not take connections yet: then the card is offered again. */
async function insertCard(around: Surroundings, name: string): Promise<ChildProcess> {
  const { port, children, printed } = around;
  let child: ChildProcess | undefined;
  await until(
    () => `the virtual reader took no card: ${printed.join("")}`,
    async () => {
      if (child === undefined || child.exitCode !== null) {
        child = spawn(process.execPath, [COMMAND, "card", name, "--vpcd", `127.0.0.1:${port}`], { stdio: "pipe" });
        keepPrinted(child, printed);
        children.push(child);
      }
      return /^0\s+Yes/m.test(await readers());
    },
  );
  return child!;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
}

/** Answers of `opensc-tool --send-apdu`: status word and data of each, as hex. */
async function exchange(...commands: string[]): Promise<string[]> {
  const output = await opensc("--reader", "0", ...commands.flatMap((command) => ["--send-apdu", command]));
  return output
    .split(/^Sending:/m)
    .slice(1)
    .map((part) => {
      const [, high = "", low = ""] = /SW1=0x(..), SW2=0x(..)/.exec(part) ?? [];
      const rows = part.split("\n").slice(2);
      return rows.map((row) => /^([0-9A-F]{2} ){1,16}/.exec(row)?.[0].replace(/ /g, "")).join("") + high + low;
    });
}

const reason = missing();
if (reason !== undefined) {
  leftOut("the virtual cards in PC/SC programs", reason);
  test.run();
} else {
  const pcsc = suite<{ around: Surroundings }>("PC/SC");
  pcsc.before(async (context) => {
    context.around = await startDaemon();
  });
  pcsc.after(async ({ around }) => {
    if (around === undefined) return; // no daemon came up, and that has been said
    for (const child of around.children.reverse()) await ended(child);
    rmSync(around.folder, { recursive: true, force: true });
  });

  pcsc(
    "a PC/SC program finds unionpay-chip-credit in the virtual reader and drives it to its cryptogram",
    async ({ around }) => {
      const card = await insertCard(around, "unionpay-chip-credit");
      assert.match(await opensc("--list-readers"), /Virtual PCD/);
      assert.match(await opensc("--reader", "0", "--atr"), /^3b:65:00:00:58:53:50:4f:53/);
      const [environment, entry, end, application, options, record, cryptogram, last] = await exchange(
        "00A404000E315041592E5359532E444446303100",
        "00B2010C00",
        "00B2020C00",
        "00A4040008A00000033301010200",
        "80A8000002830000",
        "00B2011400",
        `80AE800034${"00".repeat(52)}00`,
        "80CA9F3600",
      );
      assert.match(environment!, /^6F.*8801015F2D04.*9000$/);
      assert.match(entry!, /^7020611E4F08A000000333010102.*9000$/);
      assert.is(end, "6A83");
      assert.match(application!, /^6F.*8408A000000333010102.*9000$/);
      assert.is(options, "800E7C000801010010010101180103009000");
      assert.match(record!, /^70.*5A086228480001201117.*9000$/);
      assert.match(cryptogram!, /^80..800041[0-9A-F]{16}.*9000$/);
      assert.is(last, "9F360200419000");
      await ended(card);
    },
  );

  pcsc("the reader is empty when the card was taken out, and takes another one", async ({ around }) => {
    await untilCard(around, false);
    const card = await insertCard(around, "visa-tap");
    const [environment] = await exchange("00A404000E325041592E5359532E444446303100");
    assert.match(environment!, /^6F.*BF0C.*A0000000031010.*9000$/);
    await ended(card);
  });

  pcsc.run();
}
