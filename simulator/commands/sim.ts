import { type HostCertificates, hostCertificates } from "../acquirer/certificates/store.ts";
import { VIRTUAL_HOST_NAME } from "../acquirer/certificates/virtual.ts";
import type { RunningServer } from "../acquirer/tcp.ts";
import { serveTls } from "../acquirer/tls.ts";
import { type KeptWorld, NOTHING_KEPT } from "../profile/kept-world.ts";
import type { Profile } from "../profile/profile.ts";
import type { Ground } from "../runtime/ground.ts";
import { groundOf } from "../runtime/grounds.ts";
import { PageSession } from "../web/session.ts";
import { LoopbackNetwork, takenDownWith } from "../world/loopback-network.ts";
import { Simulation } from "../world/simulation.ts";
import { groundOrLine, portNumber, readArguments, UsageError } from "./arguments.ts";
import { openProfile } from "./profile.ts";

const DEFAULT_PORT = 8419;

/** How often a profile is written while the terminal runs, in milliseconds: what a killed process loses at most. */
const KEEP_EVERY = 5_000;
const REAL_SOCKETS = "over real sockets nothing can be repeated: start without --tls and --register";

/** What a scenario has to ask for and a shop simply has: backup, news of the money, the customer's month. */
const SHOP = { backup: true, fundsNews: true, customerSpending: true } as const;

/** The terminal's language for a machine of that locale ("zh-CN", "de-DE"): who does not read Chinese is shown English. */
export function languageOf(locale: string): "zh" | "en" {
  return /^zh\b/.test(locale) ? "zh" : "en";
}

/**
 * `xspos sim [--port N] [--ground node|xs|serial:PATH[@BAUD]] [--language zh|en] [--tls] [--register PORT] [--profile DIR [--erase]]`: runs until it is interrupted; with `--tls`
 * over real sockets; with `--register` a cash register on this machine may connect to that port. Speaks the machine's language
 * where none is named.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, {
    port: "string",
    ground: "string",
    language: "string",
    tls: "boolean",
    register: "string",
    profile: "string",
    erase: "boolean",
  });
  const ground = await groundOf(groundOrLine(values.ground));
  const registerPort = portNumber(values.register);
  if (values.profile !== undefined && (values.tls === true || registerPort !== undefined)) {
    throw new UsageError(
      "--profile goes with neither --tls nor --register: a kept terminal has the simulator's own host",
    );
  }
  const profile = openProfile(values);
  try {
    const parameters = parametersOf(values.language, profile?.kept);
    return await simulate({ ...values, ground, registerPort, parameters, profile });
  } finally {
    profile?.close();
  }
}

/** What the terminal is made with; one that was kept speaks the language that it was made with. */
function parametersOf(language: string | undefined, kept: KeptWorld | undefined): Readonly<Record<string, unknown>> {
  if (language !== undefined && language !== "zh" && language !== "en")
    throw new UsageError("--language takes zh or en");
  if (kept !== undefined) {
    const { language: its } = kept.parameters;
    if (language !== undefined && language !== its)
      throw new UsageError(`the profile's terminal speaks ${String(its)}`);
    return kept.parameters;
  }
  return { ...SHOP, language: language ?? languageOf(Intl.DateTimeFormat().resolvedOptions().locale) };
}

interface Wish {
  readonly ground: Ground;
  readonly port?: string;
  readonly tls?: boolean;
  readonly registerPort: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly profile: Profile | undefined;
}

async function simulate({ ground, port, tls, registerPort, parameters, profile }: Wish): Promise<number> {
  const certificates = tls === true ? hostCertificates(VIRTUAL_HOST_NAME) : undefined;
  const simulation = new Simulation({
    seed: Date.now() % 2 ** 31,
    parameters: {
      ...parameters,
      ...(certificates === undefined ? {} : { hostAuthorities: [certificates.authority] }),
      ...(registerPort === undefined ? {} : { registerPort, registerAddress: "127.0.0.1" }),
    },
    ...(profile === undefined ? {} : { kept: profile.kept ?? NOTHING_KEPT }),
  });
  const host = certificates === undefined ? undefined : await serveOverTls(simulation, certificates);
  if (registerPort !== undefined && host === undefined) listenOnLoopback(simulation);
  const session = new PageSession(simulation, ground, portNumber(port) ?? DEFAULT_PORT, {
    ...(host === undefined && registerPort === undefined ? {} : { fixed: REAL_SOCKETS, unwritable: REAL_SOCKETS }),
    ...(profile?.kept === undefined ? {} : { unwritable: "what a profile kept is in no scenario" }),
  });
  const address = await session.open().catch(async (error: unknown) => {
    await host?.close();
    throw error;
  });
  const keep = (): void => profile?.keep(session.course.simulation.keep());
  const keeping = profile && setInterval(keep, KEEP_EVERY);
  process.stdout.write(`The terminal is at ${address} (on ${ground.name}). Ctrl+C ends it.\n`);
  const interrupted = new Promise<undefined>((resolve) => {
    process.once("SIGINT", () => resolve(undefined));
    process.once("SIGTERM", () => resolve(undefined));
  });
  const crashed = await Promise.race([session.run(), interrupted]);
  if (crashed !== undefined) process.stderr.write(`xspos sim: the firmware crashed: ${crashed}\n`);
  clearInterval(keeping);
  await session.close();
  keep();
  await host?.close();
  return crashed === undefined ? 0 : 1;
}

/** The terminal's host on a real socket, and the terminal's network with it; it can still go down. */
async function serveOverTls(simulation: Simulation, host: HostCertificates): Promise<RunningServer> {
  const { bank, board, network, world } = simulation;
  const server = await serveTls(bank, { certificates: [host.certificate], key: host.key });
  board.network = takenDownWith(network, new LoopbackNetwork(world, server.port));
  return server;
}

/** The way to the host stays virtual; who connects to the terminal comes from real sockets. */
function listenOnLoopback({ board, network, world }: Simulation): void {
  const sockets = new LoopbackNetwork(world, 0);
  board.network = {
    connect: (line, address, port, secure) => network.connect(line, address, port, secure),
    listen: (port, incoming) => sockets.listen(port, incoming),
  };
}
