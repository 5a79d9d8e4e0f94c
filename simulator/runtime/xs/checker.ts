import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Decoder, Encoder } from "cbor-x";
import { type XsGround, xsFolder } from "./bundle.ts";
import { startXs } from "./ground.ts";

/** What answers questions: takes a CBOR value and gives one, or a promise of one, or throws. */
type Handle = (request: unknown) => unknown;

/** A module running on some ground; questions are answered in order. */
export interface Checker {
  /** Rejects with the module's error. */
  ask(request: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const encoder = new Encoder({ tagUint8Array: false, useRecords: false });
const decoder = new Decoder({ mapsAsObjects: true, useRecords: false });

/**
 * Starts a module that exports such a function on a ground: imported as it is on Node, bundled on XS. Requests and
 * answers are what CBOR has: numbers, text, `Uint8Array`, arrays, plain objects, booleans, null.
 * @throws GroundUnavailable with what to install
 */
export async function startChecker(
  entryPath: string,
  ground: "node" | XsGround,
  exported = "handle",
): Promise<Checker> {
  return ground === "node" ? startOnNode(entryPath, exported) : startOnXs(entryPath, ground, exported);
}

async function startOnNode(entryPath: string, exported: string): Promise<Checker> {
  const module = (await import(pathToFileURL(entryPath).href)) as Readonly<Record<string, Handle>>;
  const handle = module[exported];
  if (handle === undefined) throw new Error(`${entryPath} exports no ${exported}`);
  return {
    async ask(request) {
      return handle(request);
    },
    async close() {},
  };
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

async function startOnXs(entryPath: string, ground: XsGround, exported: string): Promise<Checker> {
  const loop = join(xsFolder, "checker-loop.ts");
  const text = [
    `import { ${exported} as handle } from ${JSON.stringify(entryPath)};`,
    `import { answerAll } from ${JSON.stringify(loop)};`,
    "export const main = () => answerAll(handle);",
  ].join("\n");
  const waiting: Waiting[] = [];
  const xs = await startXs({
    ground,
    entry: { text },
    onFrame(payload) {
      const [failed, value] = decoder.decode(payload) as [0 | 1, unknown];
      const asker = waiting.shift();
      if (failed === 1) asker?.reject(new Error(String(value)));
      else asker?.resolve(value);
    },
  });
  const ended = xs.exit.then(({ reason }) => {
    for (const asker of waiting.splice(0)) asker.reject(new Error(reason ?? "the checker has ended"));
  });
  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        xs.send(encoder.encode(request));
      });
    },
    async close() {
      xs.hangUp();
      await ended;
    },
  };
}
