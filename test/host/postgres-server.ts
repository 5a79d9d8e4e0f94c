/** A PostgreSQL server of the test's own: unprivileged, in a folder that goes away, reached over a socket in it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

const DEBIAN = "/usr/lib/postgresql";
const USER = "xspos";
/** Whoever runs the server where the tests run as root, which PostgreSQL refuses. */
const NOBODY = 65_534;
const READY_WITHIN = 20_000;

/** The folder of the newest server that is installed. */
function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left)) : [];
  return versions.map((version) => join(DEBIAN, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** A running server; `address` is for `--ledger`. */
export interface PostgresServer {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts one; undefined where PostgreSQL is not installed. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const bin = programs();
  if (!bin) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "xspos-postgres-"));
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const data = join(folder, "data");
  const environment = { env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }, cwd: folder };
  const made = spawnSync(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", USER, "--no-sync"], {
    ...identity,
    ...environment,
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off", "shared_buffers=16MB"];
  const server = spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
    ...identity,
    ...environment,
    stdio: "ignore",
  });
  const stop = () => stopServer(server, folder);
  const address = `postgres:///postgres?host=${encodeURIComponent(folder)}&user=${USER}`;
  try {
    await ready(address);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, stop };
}

async function ready(address: string): Promise<void> {
  const end = Date.now() + READY_WITHIN;
  for (;;) {
    const client = new pg.Client({ connectionString: address });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null) {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
}
