import type { FlashOptions, RecordEntry } from "../../hal/io.ts";
import { SimulatedIo } from "./base.ts";
import type { Board, FirmwarePeer, FlashPeer } from "./board.ts";

/** ECMA-419 flash storage on the board's NOR flash. */
export class SimulatedFlash extends SimulatedIo {
  readonly #flash: FlashPeer;
  readonly #partition: string;

  constructor(board: Board, options: FlashOptions) {
    if (board.flash === undefined) throw new Error("no flash");
    const partition = options.partition === "nextota" ? (board.firmware?.spare ?? "ota_1") : options.partition;
    board.flash.size(partition);
    super(board, options);
    this.#flash = board.flash;
    this.#partition = partition;
  }

  status(): { size: number; blockLength: number } {
    this.check();
    return { size: this.#flash.size(this.#partition), blockLength: this.#flash.blockLength };
  }

  read(byteLength: number, offset: number): Uint8Array {
    this.check();
    return this.#flash.read(this.#partition, byteLength, offset);
  }

  write(bytes: Uint8Array, offset: number): void {
    this.check();
    this.#flash.program(this.#partition, bytes, offset);
  }

  eraseBlock(block: number): void {
    this.check();
    this.#flash.erase(this.#partition, block);
  }

  protected release(): void {}
}

/** Values in the board's secure storage. */
export class SimulatedSecureStorage extends SimulatedIo {
  read(name: string): Uint8Array | undefined {
    this.check();
    return this.board.secure.get(name)?.slice();
  }

  write(name: string, value: Uint8Array): void {
    this.check();
    this.board.secure.set(name, value.slice());
  }

  erase(name: string): void {
    this.check();
    this.board.secure.get(name)?.fill(0);
    this.board.secure.delete(name);
  }

  protected release(): void {}
}

/** The board's random generator. */
export class SimulatedRandomSource extends SimulatedIo {
  read(byteLength: number): Uint8Array {
    this.check();
    if (!(byteLength >= 1 && byteLength <= 256)) throw new RangeError("1 to 256 random bytes");
    return this.board.random.bytes(byteLength);
  }

  protected release(): void {}
}

/** The processor's reset: the power is away for the moment that a start takes. */
export class SimulatedSystem extends SimulatedIo {
  restart(): void {
    this.check();
    this.board.restart();
  }

  alive(): void {
    this.check();
    this.board.firmware?.alive();
  }

  protected release(): void {}
}

/** The slots that firmware is started from, and the choice between them. */
export class SimulatedFirmwareSlots extends SimulatedIo {
  readonly #peer: FirmwarePeer;

  constructor(board: Board, options: object) {
    if (board.firmware === undefined) throw new Error("no slots for firmware");
    super(board, options);
    this.#peer = board.firmware;
  }

  running(): 0 | 1 {
    this.check();
    return this.#peer.running;
  }

  start(firstBlock: Uint8Array): void {
    this.check();
    this.#peer.start(firstBlock);
  }

  keep(): void {
    this.check();
    this.#peer.keep();
  }

  protected release(): void {}
}

/** Hands the screens that the firmware shows to whoever listens on the board. */
export class SimulatedRecorder extends SimulatedIo {
  write(entry: RecordEntry): void {
    this.check();
    const values = Object.fromEntries(Object.entries(entry.values).sort(([one], [other]) => (one < other ? -1 : 1)));
    const record = { screen: String(entry.screen), values, at: this.board.world.now };
    for (const listener of [...this.board.recorders]) listener(record);
  }

  protected release(): void {}
}
