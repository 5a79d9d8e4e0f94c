/** The books outlive the host: on the embedded engine and on PostgreSQL, by the same statements. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Changes } from "../../simulator/acquirer/books/changes.ts";
import { BooksError } from "../../simulator/acquirer/books/engine.ts";
import { GroupCommit } from "../../simulator/acquirer/books/group-commit.ts";
import { openBooks } from "../../simulator/acquirer/books/open.ts";
import { readKept } from "../../simulator/acquirer/books/restore.ts";
import { HostService } from "../../simulator/acquirer/books/service.ts";
import { AcquirerHost } from "../../simulator/acquirer/host.ts";
import { FrameReader, frameMessage } from "../../simulator/acquirer/tcp.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { codesOf, orderIn } from "./code-till.ts";
import { startPostgres } from "./postgres-server.ts";
import { card, startChip, Till } from "./till.ts";

const HOUR = 3_600_000;
/** Sales answered in a round before its host is killed. */
const ENOUGH = 12;
const SHOP = ["12345678", "898310172991001"] as const;
const XSPOS = fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url));

/** A host on books that were kept, at a moment of virtual time. */
async function hostOn(address: string, time: { now: number }) {
  const store = await openBooks(address);
  const changes = new Changes();
  const host = new AcquirerHost({
    clock: () => time.now,
    startDate: "2026-11-23T10:00:00",
    random: new SeededRandom(time.now + 1, "host"),
    changes,
    kept: await readKept(store),
  });
  return { host, store, changes };
}

/** A day with something of everything; gives the fields of a sale and of a chip's request. */
function day(host: AcquirerHost, time: { now: number }) {
  const till = new Till(host);
  till.signIn();
  const sell = (amount: number, name = "magstripe-credit") => {
    const fields = till.saleFields({ amount, card: name, pin: "123456" });
    return { ...fields, ...till.send("0200", fields).fields, 35: fields[35] };
  };
  const sold = sell(1_000);
  sell(3_000_000);
  sell(2_000, "unionpay-chip-debit");
  till.sale({ amount: 500, card: "magstripe-credit", pin: "000000" });
  till.send("0220", till.followUp("25", "200000", "00", sell(4_000), 1_500));
  till.send("0200", till.followUp("23", "200000", "00", sell(700), 700));
  const hold = {
    ...till.saleFields({ amount: 9_000, card: "magstripe-credit", pin: "123456" }),
    3: "030000",
    25: "06",
  };
  till.send("0100", { ...hold, 60: `10${till.batch}000500` });
  const reversed = till.saleFields({ amount: 300, card: "magstripe-credit", pin: "123456" });
  till.send("0200", reversed);
  till.reverse(reversed);
  till.reverse(till.saleFields({ amount: 333, card: "magstripe-credit" }));
  till.ask("0320", "207");
  till.batch = "000002";
  const chip = startChip(card("unionpay-chip-credit").chip!, 1_500);
  const request = till.saleFields({ amount: 1_500, card: "unionpay-chip-credit", pin: "123456", chip: chip.field55 });
  till.send("0200", request);
  const branch = new Till(host, 2);
  branch.signIn();
  branch.sale({ amount: 1_234_567, card: "visa-chip", pin: "1234" });
  time.now = 40 * HOUR;
  host.advance();
  return { sold, request };
}

/** Payments by code that were under way when the host stopped go on in the next. */
async function keepsCodes(address: string): Promise<void> {
  const time = { now: 0 };
  const first = await hostOn(address, time);
  const till = new Till(first.host);
  till.signIn();
  const before = codesOf(till);
  const show = (name: string): string => first.host.wallets.showCode(name);
  const [fresh, used] = [show("phone-alipay"), show("phone-alipay")];
  const paid = before.sale(555, used);
  const order = orderIn(before.send(paid).fields);
  const pending = before.sale(222, show("phone-password"));
  const [announced, closed] = [before.announcement(333), before.announcement(444)];
  for (const fields of [pending, announced, closed]) before.send(fields);
  before.reverse(closed);
  first.host.wallets.payShop("phone-unionpay", ...SHOP, 666);
  first.host.wallets.payShop("phone-unionpay", ...SHOP, 777);
  const [claimed, waiting] = before.paidToShop().payments;
  const claimStan = till.nextStan();
  before.claim(Number(claimed!.number), claimStan);
  await first.store.write(first.changes.take());
  const wallets = first.host.ledger.wallets();
  await first.store.close();

  time.now = 30_000;
  const { host, store } = await hostOn(address, time);
  assert.equal(host.ledger.wallets(), wallets);
  const next = new Till(host);
  next.signIn();
  for (let stan = 0; stan < 50; stan++) next.nextStan();
  const after = codesOf(next);
  assert.is(after.send(after.sale(1, used)).fields[39], "54", "a code that has served");
  assert.is(after.send(after.sale(1, fresh)).fields[39], "00", "one that has not");
  assert.equal([after.ask(pending).state, after.ask(pending).waitingFor], ["pending", "password"]);
  assert.is(host.wallets.password("phone-password", "246810").kind, "paid");
  assert.is(after.ask(pending).state, "approved");
  assert.equal(host.wallets.pay("phone-wechat", closed.reference, undefined, 444), { kind: "refused", code: "25" });
  assert.is(host.wallets.pay("phone-wechat", announced.reference, undefined, 333).kind, "paid");
  assert.is(after.refund(order, 555).fields[39], "00");
  assert.is(after.refund(order, 1).fields[39], "64");
  assert.equal(after.paidToShop().payments, [waiting]);
  assert.is(after.claim(Number(claimed!.number), claimStan), "00");
  assert.is(after.claim(Number(claimed!.number), next.nextStan()), "94");
  assert.is(after.claim(Number(waiting!.number), next.nextStan()), "00");
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
  await store.close();
}

function views({ ledger }: AcquirerHost) {
  const terminals = ["12345678", "12345679", "12345680"];
  return {
    accounts: ledger.accounts(),
    merchant: ledger.merchant(),
    transactions: ledger.transactions(),
    funds: terminals.map((terminal) => ledger.funds(terminal).map((item) => ({ ...item, latest: undefined }))),
    sums: ledger.sums(),
    entries: ledger.entries(),
  };
}

/** What every engine must keep. */
async function keepsADay(address: string): Promise<void> {
  const time = { now: 0 };
  const first = await hostOn(address, time);
  const { request } = day(first.host, time);
  await first.store.write(first.changes.take());
  assert.ok(first.changes.empty);
  const audit = await first.store.audit();
  assert.equal(audit.sums, { CNY: 0, USD: 0 });
  assert.is(audit.unbalanced, 0);
  assert.equal(audit.approved.sale, {
    count: first.host.ledger.transactions().filter(({ kind, state }) => kind === "sale" && state === "approved").length,
    total: first.host.ledger
      .transactions()
      .filter(({ kind, state }) => kind === "sale" && state === "approved")
      .reduce((sum, { amount }) => sum + amount, 0),
  });
  const before = views(first.host);
  await first.store.close();

  const second = await hostOn(address, time);
  assert.equal(views(second.host), before);
  const balances = await second.store.balances();
  for (const [name, account] of Object.entries(before.accounts)) {
    assert.is(balances[`${name} ${account.currency}`] ?? 0, account.balance);
  }
  const till = new Till(second.host);
  till.signIn();
  assert.is(till.batch, "000002");
  const again = till.saleFields({
    amount: 1_500,
    card: "unionpay-chip-credit",
    pin: "123456",
    chip: request[55]!,
    fields: { 11: "000900" },
  });
  assert.is(till.send("0200", again).fields[39], "05");
  assert.is(till.send("0200", { ...again, 11: request[11] }).fields[39], "94");
  time.now = 90 * HOUR;
  second.host.advance();
  await second.store.write(second.changes.take());
  const after = views(second.host);
  await second.store.close();
  const third = await hostOn(address, time);
  assert.equal(views(third.host), after);
  await third.store.close();
}

function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "xspos-books-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

test("a host that starts again on its file knows what it knew: books, batches, funds, cards, used cryptograms", async () => {
  const { path, remove } = folder();
  await keepsADay(join(path, "books.db"));
  remove();
});

test("payments by code that were under way go on with the next host: codes, pending ones, announced ones, the shop's own", async () => {
  const { path, remove } = folder();
  try {
    await keepsCodes(join(path, "codes.db"));
  } finally {
    remove();
  }
});

test("books in memory serve as well, and are empty the next time", async () => {
  const time = { now: 0 };
  const first = await hostOn(":memory:", time);
  day(first.host, time);
  await first.store.write(first.changes.take());
  assert.is((await first.store.audit()).unbalanced, 0);
  await first.store.close();
  assert.equal((await hostOn(":memory:", time)).host.ledger.transactions(), []);
});

test("a file that another process's host uses is refused, one that a killed host left is taken", async () => {
  const { path, remove } = folder();
  const file = join(path, "books.db");
  const host = await startHost(file);
  await openBooks(file).then(
    () => assert.unreachable(),
    (error) => assert.ok(error instanceof BooksError && /in use by process/.test(error.message)),
  );
  host.process.kill("SIGKILL");
  await host.ended;
  await (await openBooks(file)).close();
  remove();
});

test("an answer whose group cannot be written never leaves the host", async () => {
  const changes = new Changes();
  const failures: string[] = [];
  const happened: string[] = [];
  const writer = { write: () => Promise.reject(new BooksError("the disk is full")) };
  const commit = new GroupCommit(changes, writer, (error) => failures.push(error.message));
  commit.whenWritten(() => happened.push("nothing to write"));
  changes.unseen("a/b/c");
  commit.whenWritten(() => happened.push("first"));
  await commit.finish();
  changes.unseen("a/b/d");
  commit.whenWritten(() => happened.push("second"));
  await commit.finish();
  assert.equal(happened, ["nothing to write"]);
  assert.equal(failures, ["the disk is full"]);
});

test("answers of one turn are written as one group, and later ones wait for their own", async () => {
  const changes = new Changes();
  const groups: number[] = [];
  const happened: string[] = [];
  const write = async (group: ReturnType<Changes["take"]>) => {
    groups.push(group.rows.get("unseen")!.length);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const commit = new GroupCommit(changes, { write }, () => {});
  for (const key of ["1", "2", "3"]) {
    changes.unseen(key);
    commit.whenWritten(() => happened.push(`${key} after ${groups.length}`));
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
  changes.unseen("4");
  commit.whenWritten(() => happened.push(`4 after ${groups.length}`));
  await commit.finish();
  assert.equal(groups, [3, 1]);
  assert.equal(happened, ["1 after 1", "2 after 1", "3 after 1", "4 after 2"]);
});

// --- the command

interface RunningHost {
  readonly process: ChildProcess;
  readonly port: number;
  readonly ended: Promise<unknown>;
}

async function startHost(books: string): Promise<RunningHost> {
  const child = spawn(process.execPath, [XSPOS, "host", "--port", "0", "--ledger", books], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      const found = /127\.0\.0\.1:(\d+)[\s\S]*books/.exec(text);
      if (found) resolve(Number(found[1]));
    });
    child.once("exit", () => reject(new Error("the host did not start")));
  });
  return { process: child, port, ended };
}

/** A connection that asks one message at a time. */
async function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const reader = new FrameReader();
  const waiting: ((answer: Uint8Array | undefined) => void)[] = [];
  socket.on("data", (bytes) => {
    for (const message of reader.take(bytes)) waiting.shift()?.(message);
  });
  let closed = false;
  socket.on("close", () => {
    closed = true;
    for (const resolve of waiting.splice(0)) resolve(undefined);
  });
  socket.on("error", () => {});
  return {
    ask: (message: Uint8Array) =>
      new Promise<Uint8Array | undefined>((resolve) => {
        if (closed) return resolve(undefined);
        waiting.push(resolve);
        socket.write(frameMessage(message));
      }),
    end: () => socket.destroy(),
  };
}

/** A till whose messages go over a connection: what the till sends is caught and asked there. */
async function remoteTill(port: number, index: number) {
  const line = await dial(port);
  let sent: Uint8Array = new Uint8Array(0);
  let answer: Uint8Array | undefined;
  const wire = {
    receive: (frame: Uint8Array) => {
      sent = frame;
      return answer;
    },
  };
  const till = new Till(wire, index);
  /** Runs an action of the till twice: once to learn what it sends, once with the answer that came. */
  const over = async <T>(action: () => T): Promise<T | undefined> => {
    answer = undefined;
    try {
      action();
    } catch {
      // the till says that nothing was answered: the question is caught
    }
    answer = await line.ask(sent);
    return answer ? action() : undefined;
  };
  return { till, over, end: line.end };
}

test("a host that is killed while it sells knows every sale that it answered, and its books balance", async () => {
  const { path, remove } = folder();
  const file = join(path, "books.db");
  const acknowledged: { terminal: string; stan: string; amount: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const host = await startHost(file);
    const tills = await Promise.all([0, 1, 2].map((index) => remoteTill(host.port, index)));
    for (const { till, over } of tills) await over(() => till.signIn());
    const sellers = tills.map(async ({ till, over }, index) => {
      for (let turn = 1; ; turn += 1) {
        const stan = String(round * 100_000 + turn).padStart(6, "0");
        const amount = 100 + index + turn;
        const fields = till.saleFields({ amount, card: "unionpay-chip-credit", pin: "123456", fields: { 11: stan } });
        const answer = await over(() => till.send("0200", fields));
        if (!answer) return;
        if (answer.fields[39] === "00") acknowledged.push({ terminal: till.entry.terminal, stan, amount });
      }
    });
    const enough = (round + 1) * ENOUGH;
    for (let waits = 0; acknowledged.length < enough && waits < 2_000; waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    host.process.kill("SIGKILL");
    await host.ended;
    await Promise.all(sellers);
    for (const { end } of tills) end();
  }
  const service = await HostService.open({ books: file, random: new SeededRandom(1, "x"), failed: assert.unreachable });
  const known = new Map(service.host.ledger.transactions().map((item) => [`${item.terminal}/${item.stan}`, item]));
  assert.ok(acknowledged.length >= 3 * ENOUGH, `${acknowledged.length} sales`);
  for (const { terminal, stan, amount } of acknowledged) {
    const item = known.get(`${terminal}/${stan}`);
    assert.equal([item?.state, item?.amount], ["approved", amount]);
  }
  // At most one sale a till and round may be booked without its answer having left.
  const booked = [...known.values()].filter(({ state }) => state === "approved").length;
  assert.ok(booked - acknowledged.length <= 9, `${booked} booked, ${acknowledged.length} answered`);
  assert.is((await service.store.audit()).unbalanced, 0);
  assert.equal(service.host.ledger.sums(), { CNY: 0, USD: 0 });
  await service.close();
  remove();
});

const server = await startPostgres();

if (server) {
  test.after(() => server.stop());

  test("a host on PostgreSQL knows what it knew, by the same statements", () => keepsADay(server.address));

  test("a second host on the same database is refused", async () => {
    const store = await openBooks(server.address);
    await openBooks(server.address).then(
      () => assert.unreachable(),
      (error) => assert.ok(error instanceof BooksError && /another host/.test(error.message)),
    );
    await store.close();
  });
} else {
  test("books on PostgreSQL", () => {
    console.log("SKIPPED: the books on PostgreSQL, which is not installed (Debian: postgresql)");
    if (process.env.CI) throw new Error("CI installs postgresql");
  });
}

test("an address where nobody answers is an error without the password in it", async () => {
  await openBooks("postgres://user:secret@127.0.0.1:1/none").then(
    () => assert.unreachable(),
    (error) => assert.ok(error instanceof BooksError && !error.message.includes("secret")),
  );
});

test.run();
