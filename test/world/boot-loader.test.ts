/** The model of the boot loader that the simulator's firmware is started by: what starts after each choice and each power cut. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BootLoader, bootImage } from "../../simulator/chips/boot-loader.ts";
import { BLOCK_LENGTH, NorFlash } from "../../simulator/chips/nor-flash.ts";
import { Board, PowerCut } from "../../simulator/io/board.ts";
import { World } from "../../simulator/world/kernel.ts";

const SLOT = 4 * BLOCK_LENGTH;
const program = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(6_000, text));

class Terminal {
  readonly board = new Board(new World(), 1, 0);
  readonly flash: NorFlash;
  readonly loader: BootLoader;

  constructor(seed = 1) {
    const partitions = [
      { name: "otadata", size: 2 * BLOCK_LENGTH },
      { name: "ota_0", size: SLOT },
      { name: "ota_1", size: SLOT },
    ];
    this.flash = new NorFlash(this.board, partitions, seed);
    this.loader = new BootLoader(this.board, this.flash);
  }

  /** What starts: "built in", or the text of a program. */
  start(): string {
    this.board.powered = true;
    const started = this.loader.choose();
    return started === undefined ? "built in" : String.fromCharCode(started[0]!);
  }

  /** An image into the spare slot, its first block last. */
  install(text: string): void {
    const image = bootImage(program(text));
    const { spare } = this.loader;
    for (let at = BLOCK_LENGTH; at < image.length; at += BLOCK_LENGTH) {
      this.flash.erase(spare, at / BLOCK_LENGTH);
      this.flash.program(spare, image.subarray(at, at + BLOCK_LENGTH), at);
    }
    this.loader.start(image.subarray(0, BLOCK_LENGTH));
  }
}

test("new firmware is started once, and again only where it said that it works", () => {
  const terminal = new Terminal();
  assert.is(terminal.start(), "built in");
  terminal.install("A");
  assert.is(terminal.start(), "A");
  assert.ok(terminal.loader.isOnTrial);
  assert.is(terminal.start(), "built in");
  terminal.install("B");
  assert.is(terminal.start(), "B");
  terminal.loader.keep();
  for (let starts = 0; starts < 3; starts++) assert.is(terminal.start(), "B");
  assert.not(terminal.loader.isOnTrial);
});

test("each update goes to the slot that does not run", () => {
  const terminal = new Terminal();
  let slot = 0;
  terminal.start();
  for (const text of ["A", "B", "C", "D"]) {
    assert.is(terminal.loader.running, slot);
    terminal.install(text);
    assert.is(terminal.start(), text);
    terminal.loader.keep();
    slot = 1 - slot;
  }
});

test("an image with a spoilt byte is refused, and what runs goes on", () => {
  const terminal = new Terminal();
  terminal.start();
  const image = bootImage(program("A"));
  image[5_000]! ^= 1;
  terminal.flash.program("ota_1", image.subarray(BLOCK_LENGTH), BLOCK_LENGTH);
  assert.throws(
    () => terminal.loader.start(image.subarray(0, BLOCK_LENGTH)),
    (error: unknown) => error instanceof RangeError,
  );
  assert.is(terminal.start(), "built in");
});

test("an image that decays while it runs gives way to the one before it", () => {
  const terminal = new Terminal();
  terminal.start();
  for (const text of ["A", "B"]) {
    terminal.install(text);
    terminal.start();
    terminal.loader.keep();
  }
  terminal.flash.program("ota_0", new Uint8Array(16), 2_000);
  assert.is(terminal.start(), "A");
});

test("after a power cut at any operation of an update, its trial and its confirmation something whole starts", () => {
  let cuts = 0;
  for (let seed = 1; seed <= 5; seed++) {
    for (let operation = 1; ; operation++) {
      const terminal = new Terminal(seed);
      terminal.start();
      terminal.install("A");
      terminal.start();
      terminal.loader.keep();
      terminal.flash.cutAtOperation(operation);
      let isCut = false;
      try {
        terminal.install("B");
        terminal.start();
        terminal.loader.keep();
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        isCut = true;
      }
      if (!isCut) break;
      cuts++;
      const started = terminal.start();
      assert.ok(started === "A" || started === "B", `${started} after operation ${operation}, seed ${seed}`);
    }
  }
  assert.ok(cuts >= 50, `${cuts} cuts`);
});

test.run();
