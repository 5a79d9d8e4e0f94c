import { UsageError } from "./commands/arguments.ts";
import { takenPort } from "./commands/taken-port.ts";
import { GroundUnavailable } from "./runtime/ground.ts";

/** A verb of the `xspos` command: its usage line and the code that does it, loaded when asked for. */
interface Verb {
  readonly usage: string;
  readonly does: string;
  readonly load?: () => Promise<{ run(args: readonly string[]): Promise<number> }>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  sim: {
    usage:
      "sim [--port N] [--ground node|xs|serial:PATH[@BAUD]] [--language zh|en] [--tls] [--register PORT] [--profile DIR [--erase]]",
    does: "the terminal as a page on localhost",
    load: () => import("./commands/sim.ts"),
  },
  run: {
    usage:
      "run FILE... [--ground node|xs|xs32|rv32|serial:PATH[@BAUD]] [--json] [--seed N] [--record FILE] [--junit FILE] [--trace] [--watch] [--profile DIR [--erase]]",
    does: "scenarios, headless",
    load: () => import("./commands/run.ts"),
  },
  vectors: {
    usage: "vectors FILE... [--ground node|xs|xs32|rv32] [--json]",
    does: "checks published test values",
    load: () => import("./commands/vectors.ts"),
  },
  decode: {
    usage: "decode iso8583|tlv HEX|-, decode qr TEXT|-",
    does: "explains bytes, field by field, secrets masked",
    load: () => import("./commands/decode.ts"),
  },
  bench: {
    usage: "bench [--budgets [FILE...]] [--json]",
    does: "the figures in the README's performance table, and those of the memory budgets",
    load: () => import("./commands/bench.ts"),
  },
  replay: {
    usage: "replay FILE... [--ground node|xs|xs32|rv32|serial:PATH[@BAUD]]",
    does: "repeats a recording byte for byte, says where it first differs",
    load: () => import("./commands/replay.ts"),
  },
  host: {
    usage: "host [--port N] [--tls-port N] [--ledger FILE|postgres://...]",
    does: "the acquirer alone, over TCP and TLS, with its books in SQLite or PostgreSQL",
    load: () => import("./commands/host.ts"),
  },
  card: {
    usage: "card NAME --vpcd [HOST:PORT]",
    does: "a virtual card alone, for any PC/SC program, in the virtual reader of vsmartcard",
    load: () => import("./commands/card.ts"),
  },
  package: {
    usage:
      "package firmware|parameters|applications|caKeys|fonts|messages --version 1.2.3 [--content FILE] [--security-version N] [--board NAME] [--signed-by maker|acquirer] [--replace-newer] [--entry terminal|hangs|crashes] [--font whole|latin|bold] [--spoil] [--out FILE] [--offer PORT]",
    does: "signs an update with the TEST key, and offers it to the terminal of `xspos sim` on that port",
    load: () => import("./commands/package.ts"),
  },
  crash: {
    usage:
      "crash [--scenario FILE] [--ways N] [--double [--most N]] [--ground node|xs|xs32|rv32] [--seed N] [--cut N[,M][:WAY]]",
    does: "cuts the power at every flash operation, recovers, sells again, audits the money",
    load: () => import("./commands/crash.ts"),
  },
  fuzz: {
    usage: "fuzz TARGET [--runs N] [--seed N] [--ground node|xs|xs32|rv32]",
    does: "mutated input to a parser or a device: card-contact, card-tap, card-decision, host, tlv, iso8583, cbor",
    load: () => import("./commands/fuzz.ts"),
  },
  screens: {
    usage: "screens --out DIR [FILE...] [--ground node|xs|xs32|rv32] [--compare OLD]",
    does: "every screen that the scenarios show as a picture, in each language, and all of them on a sheet",
    load: () => import("./commands/screens.ts"),
  },
  build: {
    usage: "build BOARD [--shrunk]",
    does: "the firmware for a board (p1, m5stack_cores3), by the Moddable SDK, with --shrunk as one module that takes less flash",
    load: () => import("./commands/build.ts"),
  },
  flash: {
    usage: "flash BOARD --port PATH [--shrunk]",
    does: "the same, written to the board on that serial port",
    load: () => import("./commands/flash.ts"),
  },
};

function usage(): string {
  const rows = Object.values(VERBS).map(
    (verb) => `  xspos ${verb.usage}\n      ${verb.does}${verb.load ? "" : " (not yet)"}`,
  );
  return `usage:\n${rows.join("\n")}\n`;
}

/** Runs one verb. 0: all held; 1: something did not hold; 2: usage. */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "", ...rest] = args;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined) {
    const asked = ["help", "--help", "-h"].includes(name);
    (asked ? process.stdout : process.stderr).write(asked ? usage() : `xspos: unknown verb "${name}"\n${usage()}`);
    return asked ? 0 : 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(`usage: xspos ${verb.usage}\n  ${verb.does}\n`);
    return 0;
  }
  if (verb.load === undefined) {
    process.stderr.write(`xspos ${name}: not yet in this version\n`);
    return 2;
  }
  try {
    return await (await verb.load()).run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`xspos ${name}: ${error.message}\nusage: xspos ${verb.usage}\n`);
      return 2;
    }
    if (error instanceof GroundUnavailable) {
      process.stderr.write(`xspos ${name}: ${error.message}\n`);
      return 2;
    }
    const port = takenPort(error);
    if (port !== undefined) {
      process.stderr.write(
        `xspos ${name}: port ${port} of this machine is taken; name another one, or 0 for any that is free\n`,
      );
      return 1;
    }
    throw error;
  }
}
