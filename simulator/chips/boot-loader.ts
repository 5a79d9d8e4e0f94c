/**
 * What starts the firmware: the second stage boot loader of ESP-IDF with its rollback, and the calls of ESP-IDF that the
 * firmware has of it. Which slot is started stands in the partition "otadata": two sectors, of which the higher sequence
 * counts; the state of an image goes new -> trial -> good, or from trial to aborted at the next start.
 */
import { createHash } from "node:crypto";
import type { Board, FirmwarePeer } from "../io/board.ts";
import type { Cancellable } from "../world/kernel.ts";
import { crc32 } from "../world/profile.ts";
import { BLOCK_LENGTH, type NorFlash } from "./nor-flash.ts";

type Slot = 0 | 1;
const PARTITIONS = ["ota_0", "ota_1"] as const;
/** States of an image, as ESP-IDF numbers them. */
const NEW = 0;
const TRIAL = 1;
const GOOD = 2;
const ABORTED = 4;
const FROM_THE_FACTORY = 0xffffffff;
const ENTRY = 32;
/** Milliseconds that firmware has to say that it is alive, before its watchdog starts the device anew. */
const WATCH = 60_000;

interface Entry {
  readonly sector: 0 | 1;
  readonly sequence: number;
  readonly state: number;
}

/** `XSIM`, length of what follows (32 bits, little-endian), SHA-256 of it, then it. */
const MAGIC = Buffer.from("XSIM", "latin1");
const HEADER = 4 + 4 + 32;

/** An image as slots hold it. */
export function bootImage(program: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  MAGIC.copy(header);
  header.writeUInt32LE(program.length, 4);
  return Buffer.concat([header, createHash("sha256").update(program).digest(), program]);
}

export class BootLoader implements FirmwarePeer {
  readonly #board: Board;
  readonly #flash: NorFlash;
  #running: Slot = 0;
  #watch: Cancellable | undefined;

  constructor(board: Board, flash: NorFlash) {
    this.#board = board;
    this.#flash = flash;
    board.firmware = this;
    board.onPowerCut.push(() => this.alive());
  }

  get running(): Slot {
    return this.#running;
  }

  get spare(): string {
    return PARTITIONS[this.#running === 0 ? 1 : 0];
  }

  /** Whether what runs has yet to say that it works. */
  get isOnTrial(): boolean {
    return this.#newest()?.state === TRIAL;
  }

  /**
   * Chooses what to run at a start. Undefined: what the factory has put there, which is the simulator's own build. The power
   * may go within it.
   */
  choose(): Uint8Array | undefined {
    this.alive();
    this.#watch = this.#board.world.after(WATCH, () => this.#board.restart());
    for (let entry = this.#newest(); entry !== undefined; entry = this.#newest()) {
      const slot = slotOf(entry);
      const program = this.#program(slot);
      const isDead = entry.state === TRIAL || (program === undefined && !this.#isFactory(slot));
      if (isDead) {
        this.#write({ ...entry, state: ABORTED });
        continue;
      }
      if (entry.state === NEW) this.#write({ ...entry, state: TRIAL });
      this.#running = slot;
      return program;
    }
    this.#running = 0;
    return this.#program(0);
  }

  start(firstBlock: Uint8Array): void {
    const slot: Slot = this.#running === 0 ? 1 : 0;
    const partition = PARTITIONS[slot];
    this.#flash.erase(partition, 0);
    this.#flash.program(partition, firstBlock, 0);
    if (this.#program(slot) === undefined) throw new RangeError("no image");
    const newest = this.#newest();
    const before = newest?.sequence ?? 0;
    // The sequence says the slot: odd for the first, even for the second.
    const sequence = (before + 1) % 2 === (slot === 0 ? 1 : 0) ? before + 1 : before + 2;
    this.#write({ sector: newest?.sector === 0 ? 1 : 0, sequence, state: NEW });
  }

  keep(): void {
    const newest = this.#newest();
    if (newest !== undefined && newest.state !== GOOD) this.#write({ ...newest, state: GOOD });
  }

  alive(): void {
    this.#watch?.cancel();
    this.#watch = undefined;
  }

  /** A blank first slot is the factory's: nothing of the simulator's own build lies in the simulated flash. */
  #isFactory(slot: Slot): boolean {
    return slot === 0 && this.#flash.read(PARTITIONS[0], HEADER, 0).every((byte) => byte === 0xff);
  }

  #program(slot: Slot): Uint8Array | undefined {
    const partition = PARTITIONS[slot];
    const header = Buffer.from(this.#flash.read(partition, HEADER, 0));
    const length = header.readUInt32LE(4);
    if (!header.subarray(0, 4).equals(MAGIC) || length > this.#flash.size(partition) - HEADER) return undefined;
    const program = this.#flash.read(partition, length, HEADER);
    return createHash("sha256").update(program).digest().equals(header.subarray(8)) ? program : undefined;
  }

  /** The entry that counts: of those that are whole and not aborted the one with the higher sequence. */
  #newest(): Entry | undefined {
    const [first, second] = ([0, 1] as const).map((sector) => this.#entry(sector));
    if (first === undefined || second === undefined) return first ?? second;
    return second.sequence > first.sequence ? second : first;
  }

  #entry(sector: 0 | 1): Entry | undefined {
    const bytes = Buffer.from(this.#flash.read("otadata", ENTRY, sector * BLOCK_LENGTH));
    const sequence = bytes.readUInt32LE(0);
    const state = bytes.readUInt32LE(24);
    if (sequence === FROM_THE_FACTORY || bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 4))) return undefined;
    return state === ABORTED ? undefined : { sector, sequence, state };
  }

  /** A sector is erased and written as a whole: a cut within it leaves the other one. */
  #write({ sector, sequence, state }: Entry): void {
    const bytes = Buffer.alloc(ENTRY, 0xff);
    bytes.writeUInt32LE(sequence, 0);
    bytes.writeUInt32LE(state, 24);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 4)), 28);
    this.#flash.erase("otadata", sector);
    this.#flash.program("otadata", bytes, sector * BLOCK_LENGTH);
  }
}

const slotOf = ({ sequence }: Entry): Slot => (sequence % 2 === 1 ? 0 : 1);
