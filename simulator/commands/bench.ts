import { authorityKey, authorityKeys } from "../cards/keys.ts";
import { runLoad } from "../load/load.ts";
import type { Ground } from "../runtime/ground.ts";
import { GroundUnavailable } from "../runtime/ground.ts";
import { type GroundName, groundOf } from "../runtime/grounds.ts";
import { instructionsOf } from "../runtime/work.ts";
import { runScenario } from "../scenario/run.ts";
import type { CardWork } from "../world/card-work.ts";
import { caKeyOf } from "../world/profile.ts";
import { readArguments, readText, UsageError } from "./arguments.ts";
import { budgets, c3Budgets, type Figure, type NamedScenario } from "./budgets.ts";

const SALES: Readonly<Record<string, readonly string[]>> = {
  "magstripe sale": ["press: 1 2 3 4 ENTER", "swipe: magstripe-credit", 'pin: "123456"'],
  "chip sale": ["press: 1 2 3 4 ENTER", "insert: unionpay-chip-credit", 'pin: "123456"'],
  "tap sale": ["press: 1 2 3 4 ENTER", "tap: unionpay-tap"],
};

const AFTER: Readonly<Record<string, readonly string[]>> = {
  "chip sale": ["expect: { screen: remove-card }", "remove: card"],
  "contact sale with CDA": ["expect: { screen: remove-card }", "remove: card"],
  "contact sale with CDA, e = 65537": ["expect: { screen: remove-card }", "remove: card"],
};

/** A sale by one card for each kernel; those with signatures by keys of 1984, 1408 and 1152 bits, with both exponents. */
const KERNELS: Readonly<Record<string, readonly string[]>> = {
  "contact sale with CDA": ["press: 1 2 3 4 ENTER", "insert: mastercard-chip-long-keys", 'pin: "1234"'],
  "contact sale with CDA, e = 65537": [
    "press: 1 2 3 4 ENTER",
    "insert: mastercard-chip-long-keys-65537",
    'pin: "1234"',
  ],
  "tap, kernel 2": ["press: 1 2 3 4 ENTER", "tap: mastercard-tap-long-keys"],
  "tap, kernel 2, e = 65537": ["press: 1 2 3 4 ENTER", "tap: mastercard-tap-long-keys-65537"],
  "tap, kernel 3": ["press: 1 2 3 4 ENTER", "tap: visa-tap"],
  "tap, kernel 7": ["press: 1 2 3 4 ENTER", "tap: unionpay-tap"],
};

/** Sales of one card each, to count what terminal and card say to each other. */
const EXCHANGES: Readonly<Record<string, readonly string[]>> = {
  "chip sale": SALES["chip sale"]!,
  ...KERNELS,
  "tap, kernel 2 with relay resistance": ["press: 1 2 3 4 ENTER", "tap: mastercard-tap-relay"],
};

/** The authorities' keys of 1984 bits as a terminal loads them, beside the usual one. */
function longKeys(): readonly object[] {
  const long = ([3, 65537] as const).map((exponent) => authorityKey("long", exponent, "A000000004"));
  return [...authorityKeys(), ...long].map(caKeyOf);
}

/** A scenario of so many sales of one kind, each with both receipts on paper. */
function scenario(kind: string, times: number): string {
  const steps = [
    ...(SALES[kind] ?? KERNELS[kind] ?? EXCHANGES[kind]!),
    "expect: { screen: approved }",
    ...(AFTER[kind] ?? []),
    "expect: { screen: idle }",
  ];
  const list = steps.map((step) => `        - ${step}`).join("\n");
  const terminal = list.includes("long-keys") ? `terminal: { caKeys: ${JSON.stringify(longKeys())} }\n` : "";
  return `name: ${kind}\n${terminal}steps:\n  - expect: { screen: idle }\n  - repeat:\n      times: ${times}\n      steps:\n${list}\n  - audit: true\n`;
}

/**
 * `xspos bench [--json]`: sales a second on each ground, memory peaks where a ground has limits.
 * `xspos bench --budgets [FILE...] [--json]`: the memory budgets alone, of sales or of the scenarios named.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { json: "boolean", budgets: "boolean" });
  if (words.length > 0 && values.budgets !== true) throw new UsageError("scenario files go with --budgets");
  const figures = values.budgets === true ? await measureBudgets(words) : await measureAll();
  if (values.json === true) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else for (const { figure, ground, value, unit } of figures) process.stdout.write(row(figure, ground, value, unit));
  return 0;
}

async function measureBudgets(files: readonly string[]): Promise<Figure[]> {
  const sales = (kinds: readonly string[]) => kinds.map((name): NamedScenario => ({ name, text: scenario(name, 2) }));
  const named = files.map((name): NamedScenario => ({ name, text: readText(name) }));
  const measures = [
    () => budgets(named.length > 0 ? named : sales(Object.keys(SALES))),
    () => c3Budgets(named.length > 0 ? [] : sales(["chip sale", "tap sale"])),
  ];
  const figures: Figure[] = [];
  for (const measureOnce of measures) {
    try {
      figures.push(...(await measureOnce()));
    } catch (error) {
      if (!(error instanceof GroundUnavailable)) throw error;
      process.stderr.write(`SKIPPED budgets: ${error.message}\n`);
    }
  }
  return figures;
}

async function measureAll(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of ["node", "xs", "xs32", "rv32"] as const) {
    try {
      figures.push(...(await measure(name)));
    } catch (error) {
      if (!(error instanceof GroundUnavailable)) throw error;
      process.stderr.write(`SKIPPED ${name}: ${error.message}\n`);
    }
  }
  figures.push(...(await countInstructions()));
  figures.push(...(await countExchanges()));
  figures.push(...(await load()));
  figures.push(...(await measureBudgets([])));
  return figures;
}

function row(figure: string, ground: string, value: number, unit: string): string {
  return `${figure.padEnd(60)} ${ground.padEnd(5)} ${String(value).padStart(10)} ${unit}\n`;
}

const TIMES: Readonly<Record<GroundName, number>> = { node: 100, xs: 20, xs32: 20, rv32: 2 };

async function measure(name: GroundName): Promise<Figure[]> {
  const ground = await groundOf(name);
  const figures: Figure[] = [];
  for (const kind of Object.keys(SALES)) {
    // Once as long as what is measured: the engine under the simulator compiles what runs often.
    await once(ground, kind, 1 + TIMES[name]);
    const few = await once(ground, kind, 1);
    const many = await once(ground, kind, 1 + TIMES[name]);
    const seconds = (many.realTimeMs! - few.realTimeMs!) / 1000;
    figures.push({ figure: kind, ground: name, value: round(TIMES[name] / seconds), unit: "sales/s" });
    figures.push({ figure: `${kind}: start to end`, ground: name, value: round(few.realTimeMs!), unit: "ms" });
    for (const [metric, value] of Object.entries(many)) {
      if (/^live|^limit|^peakStack|^peakCStack/.test(metric))
        figures.push({ figure: `${kind}: ${metric}`, ground: name, value, unit: "" });
    }
    if (many.bridgeRoundTrips !== undefined && few.bridgeRoundTrips !== undefined) {
      const trips = (many.bridgeRoundTrips - few.bridgeRoundTrips) / TIMES[name];
      figures.push({ figure: `${kind}: bridge round trips`, ground: name, value: round(trips), unit: "a sale" });
    }
  }
  return figures;
}

const instructions = (figure: string, count: number): Figure => {
  return { figure, ground: "rv32", value: round(count / 1e6), unit: "M instructions" };
};

/**
 * What one card of `kernels` costs on the emulated microcontroller, in instructions (simulator/world/card-work.ts): the
 * second sale counts, since the first one signs in.
 * @throws GroundUnavailable with what to install
 */
export async function cardWorkOf(kind: string): Promise<CardWork> {
  const metrics = await once(await groundOf("rv32"), kind, 2);
  const count = (what: string): number => metrics[`${what}Instructions`]!;
  const parts = { kernel: count("kernel"), pin: count("pin"), host: count("host") };
  return { all: count("card"), arrival: count("arrival"), ...parts };
}

/** What cards, drawing and judging signatures cost on the emulated microcontroller, in millions of instructions. */
async function countInstructions(): Promise<Figure[]> {
  const figures: Figure[] = [];
  try {
    for (const kind of Object.keys(KERNELS)) {
      const { all, ...parts } = await cardWorkOf(kind);
      figures.push(instructions(`${kind}: card there`, all));
      for (const [part, count] of Object.entries(parts)) figures.push(instructions(`${kind}: ${part}`, count));
    }
    figures.push(instructions("full screen", await instructionsOf("screen")));
    figures.push(instructions("a payment's code, from the amount to the screen", await instructionsOf("code")));
    figures.push(instructions("receipt of 60 lines", await instructionsOf("receipt")));
    for (const exponent of [3, 65537] as const)
      figures.push(
        instructions(`keys of 1984, 1408, 1152 bits, e = ${exponent}`, await instructionsOf(`keys-${exponent}`)),
      );
  } catch (error) {
    if (!(error instanceof GroundUnavailable)) throw error;
    process.stderr.write(`SKIPPED instructions: ${error.message}\n`);
  }
  return figures;
}

/** Commands to the card in one sale; the GET RESPONSE of a contact card is one more. */
async function countExchanges(): Promise<Figure[]> {
  const ground = await groundOf("node");
  const figures: Figure[] = [];
  for (const kind of Object.keys(EXCHANGES)) {
    const { cardExchanges } = await once(ground, kind, 1);
    figures.push({ figure: `${kind}: card exchanges`, ground: "node", value: cardExchanges!, unit: "a sale" });
  }
  return figures;
}

/** A thousand terminals against the host with its embedded ledger, over loopback TCP. */
async function load(): Promise<Figure[]> {
  const result = await runLoad({ terminals: 1000, sales: 30, seconds: 60 });
  if (result.differences.length > 0) throw new Error(`the load's books differ: ${result.differences[0]}`);
  const figure = (name: string, value: number, unit: string) => ({
    figure: `1,000 terminals: ${name}`,
    ground: "host",
    value,
    unit,
  });
  return [
    figure("sales", Math.round(result.salesPerSecond), "sales/s"),
    figure("processor, host", Math.round(result.hostMilliseconds * 1000), "us a sale"),
    figure("processor, terminals", Math.round(result.generatorMilliseconds * 1000), "us a sale"),
  ];
}

async function once(ground: Ground, kind: string, times: number): Promise<Readonly<Record<string, number>>> {
  const result = await runScenario({ file: kind, text: scenario(kind, times), ground });
  if (!result.passed) throw new Error(`${kind} on ${ground.name}: ${result.failure?.message}`);
  return result.metrics;
}

const round = (value: number): number => Math.round(value * 10) / 10;
