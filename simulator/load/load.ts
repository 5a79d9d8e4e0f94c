/** A load run from beginning to end: host with embedded ledger, generator, audit. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HostService } from "../acquirer/books/service.ts";
import { serveTcp } from "../acquirer/tcp.ts";
import type { TerminalEntry } from "../acquirer/terminals.ts";
import { cardDefinition } from "../cards/cards.ts";
import type { CardDefinition } from "../cards/definition.ts";
import { CARDS, loadCard, loadTerminal } from "./fleet.ts";
import type { LoadReport } from "./report.ts";

/** How much load: terminals at once, sales of each, and the time after which no new sale begins. */
export interface LoadOptions {
  readonly terminals: number;
  readonly sales: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly sales: number;
  readonly salesPerSecond: number;
  /** Processor time of a sale in milliseconds: of the host (with its database), and of the generator. */
  readonly hostMilliseconds: number;
  readonly generatorMilliseconds: number;
  /** What terminals, host and database do not say alike; none when nothing was lost or booked twice. */
  readonly differences: readonly string[];
}

/** Longer than any run: then the generator is ended from outside. */
const GRACE = 60_000;

const entries = (count: number): TerminalEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    ...loadTerminal(index),
    name: "Load",
    makLength: 16,
    makCheckAt: 16,
    plan: "nextWorkingDay",
  }));

/** Cards with more money than any run spends. */
function cards(): CardDefinition[] {
  const model = cardDefinition("magstripe-credit");
  return Array.from({ length: CARDS }, (_, index) => ({
    ...model,
    ...loadCard(index),
    name: `load-${index}`,
    account: { ...model.account, balance: 1_000_000_000_000, limit: 1_000_000_000, pinRequired: true },
  }));
}

/** Runs the generator; `selling` is called when its terminals have signed in. */
function generate(port: number, { terminals, sales, seconds }: LoadOptions, selling: () => void): Promise<LoadReport> {
  const file = fileURLToPath(new URL("generator.ts", import.meta.url));
  const args = ["--import", "tsx", file, ...[port, terminals, sales, seconds].map(String)];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
    timeout: seconds * 1000 + GRACE,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      if (text === "") selling();
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(text.slice(text.indexOf("\n") + 1)) as LoadReport);
      else reject(new Error(`the load generator ended with ${code}`));
    });
  });
}

/** What terminals, host and database say that is not the same; empty when nothing was lost or booked twice. */
async function audit(service: HostService, report: LoadReport): Promise<string[]> {
  const differences = [...report.wrong];
  const told = report.told.reduce((sum, { total }) => sum + total, 0);
  const count = report.told.reduce((sum, item) => sum + item.count, 0);
  const booked = service.host.ledger.transactions();
  const keys = new Set(booked.map(({ terminal, batch, stan }) => `${terminal}/${batch}/${stan}`));
  if (keys.size !== booked.length) differences.push("a transaction stands in the books twice");
  report.told.forEach(({ stans }, index) => {
    const { terminal } = loadTerminal(index);
    for (const stan of stans) {
      const key = `${terminal}/000001/${String(stan).padStart(6, "0")}`;
      if (!keys.has(key)) differences.push(`${key} was approved and is not in the books`);
    }
  });
  const { approved } = service.host.ledger.merchant();
  if (approved.count !== count || approved.total !== told) {
    differences.push(`the terminals were told ${count} / ${told}, the host has ${approved.count} / ${approved.total}`);
  }
  const database = await service.store.audit();
  const sold = database.approved.sale ?? { count: 0, total: 0 };
  if (sold.count !== count || sold.total !== told) {
    differences.push(`the terminals were told ${count} / ${told}, the database has ${sold.count} / ${sold.total}`);
  }
  if (database.unbalanced > 0) differences.push(`${database.unbalanced} entries do not balance`);
  for (const [currency, sum] of Object.entries({ ...database.sums, ...service.host.ledger.sums() })) {
    if (sum !== 0) differences.push(`the books are off by ${sum} ${currency}`);
  }
  return differences;
}

/** Runs it on a file that goes away afterwards. Throws where host or generator cannot run. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), "xspos-load-"));
  const failures: string[] = [];
  const service = await HostService.open({
    books: join(folder, "books.db"),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    cards: cards(),
    terminals: entries(options.terminals),
    failed: (error) => failures.push(error.message),
  });
  try {
    const server = await serveTcp(service);
    try {
      let before = process.cpuUsage();
      const report = await generate(server.port, options, () => {
        before = process.cpuUsage();
      });
      await service.settled();
      const { user, system } = process.cpuUsage(before);
      const sales = report.told.reduce((sum, { count }) => sum + count, 0);
      return {
        sales,
        salesPerSecond: (sales * 1000) / report.milliseconds,
        hostMilliseconds: (user + system) / 1000 / sales,
        generatorMilliseconds: report.processorMilliseconds / sales,
        differences: [...failures, ...(await audit(service, report))],
      };
    } finally {
      await server.close();
    }
  } finally {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
