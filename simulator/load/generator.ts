/**
 * The load generator, a process of its own: `generator.ts PORT TERMINALS SALES SECONDS`. Each terminal signs in over a
 * connection of its own; when all have, each sells one after the other. One line of JSON says what they were told.
 */
import { connect, type Socket } from "node:net";
import { CARDS, loadAmount, loadCard, loadTerminal } from "./fleet.ts";
import type { LoadReport, Told } from "./report.ts";
import { blockCipher, mac, pinBlock, readAnswer, sale, signIn, unwrap } from "./wire.ts";

const [port = 0, terminals = 0, sales = 0, seconds = 0] = process.argv.slice(2).map(Number);

/** One terminal on its connection; `next` is told each whole message. */
class Terminal {
  readonly index: number;
  readonly told: Told = { count: 0, total: 0, stans: [] };
  readonly #identity;
  #socket: Socket | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #next: (message: Buffer | undefined) => void = () => {};

  constructor(index: number) {
    this.index = index;
    this.#identity = loadTerminal(index);
  }

  /** Connects and signs in; gives the ciphers of the session. */
  async start() {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("error", () => this.#next(undefined));
    socket.on("close", () => this.#next(undefined));
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const { terminal, merchant, masterKey } = this.#identity;
    const answer = await this.#ask(signIn(terminal, merchant));
    const keys = answer && readAnswer(answer).get(62);
    if (keys?.length !== 60) throw new Error(`terminal ${this.index} cannot sign in`);
    return {
      pin: blockCipher(unwrap(masterKey, keys.subarray(0, 16))),
      mac: blockCipher(unwrap(masterKey, keys.subarray(20, 36))),
    };
  }

  /** Sells until it has sold all, or time is up, or something is wrong; gives what is wrong. */
  async sell(keys: Awaited<ReturnType<Terminal["start"]>>, until: number): Promise<string | undefined> {
    const { terminal, merchant } = this.#identity;
    for (let turn = 1; turn <= sales && Date.now() < until; turn += 1) {
      const card = loadCard((this.index + turn) % CARDS);
      const amount = loadAmount(this.index, turn);
      const pin = keys.pin(pinBlock(card.pin, card.pan));
      const question = sale({ terminal, merchant, stan: turn + 1, amount, ...card, pin }, keys.mac);
      const answer = await this.#ask(question);
      if (!answer) return `terminal ${this.index}: no answer to sale ${turn}`;
      const fields = readAnswer(answer);
      if (!mac(keys.mac, answer.subarray(11, -8)).equals(fields.get(64)!)) return "a wrong MAC";
      if (fields.get(39)?.toString("latin1") !== "00") return `terminal ${this.index}: answered ${fields.get(39)}`;
      const fits =
        Number(fields.get(11)?.toString("hex")) === turn + 1 &&
        Number(fields.get(4)?.toString("hex")) === amount &&
        fields.get(41)?.toString("latin1") === terminal;
      if (!fits) return `terminal ${this.index}: the answer is for another question`;
      this.told.count += 1;
      this.told.total += amount;
      this.told.stans.push(turn + 1);
    }
    return undefined;
  }

  end(): void {
    this.#socket?.destroy();
  }

  #ask(question: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      this.#next = resolve;
      this.#socket!.write(question);
    });
  }

  #take(bytes: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    const length = this.#waiting.length < 2 ? 0 : this.#waiting.readUInt16BE(0);
    if (length === 0 || this.#waiting.length < 2 + length) return;
    const message = this.#waiting.subarray(2, 2 + length);
    this.#waiting = this.#waiting.subarray(2 + length);
    this.#next(message);
  }
}

/** The run is at hand: who waits for this line measures from here. */
const STARTING = "selling\n";

const fleet = Array.from({ length: terminals }, (_, index) => new Terminal(index));
const sessions = await Promise.all(fleet.map((terminal) => terminal.start()));
process.stdout.write(STARTING);
const started = performance.now();
const spent = process.cpuUsage();
const until = Date.now() + seconds * 1000;
const wrong = await Promise.all(fleet.map((terminal, index) => terminal.sell(sessions[index]!, until)));
const { user, system } = process.cpuUsage(spent);
const report: LoadReport = {
  milliseconds: performance.now() - started,
  processorMilliseconds: (user + system) / 1000,
  wrong: wrong.filter((what) => what !== undefined),
  told: fleet.map(({ told }) => told),
};
for (const terminal of fleet) terminal.end();
process.stdout.write(`${JSON.stringify(report)}\n`);
