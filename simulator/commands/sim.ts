import { groundOf } from "../runtime/grounds.ts";
import { PageSession } from "../web/session.ts";
import { Simulation } from "../world/simulation.ts";
import { groundName, portNumber, readArguments, UsageError } from "./arguments.ts";

const DEFAULT_PORT = 8419;

/** `xspos sim [--port N] [--ground node|xs] [--language zh|en]`: runs until it is interrupted. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { port: "string", ground: "string", language: "string" });
  const ground = await groundOf(groundName(values.ground));
  const { language } = values;
  if (language !== undefined && language !== "zh" && language !== "en")
    throw new UsageError("--language takes zh or en");
  const parameters = language === undefined ? {} : { language };
  const simulation = new Simulation({ seed: Date.now() % 2 ** 31, parameters });
  const session = new PageSession(simulation, ground, portNumber(values.port) ?? DEFAULT_PORT);
  const address = await session.open();
  process.stdout.write(`The terminal is at ${address} (on ${ground.name}). Ctrl+C ends it.\n`);
  const interrupted = new Promise<undefined>((resolve) => {
    process.once("SIGINT", () => resolve(undefined));
    process.once("SIGTERM", () => resolve(undefined));
  });
  const crashed = await Promise.race([session.run(), interrupted]);
  if (crashed !== undefined) process.stderr.write(`xspos sim: the firmware crashed: ${crashed}\n`);
  await session.close();
  return crashed === undefined ? 0 : 1;
}
