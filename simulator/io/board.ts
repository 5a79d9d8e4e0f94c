import type { World } from "../world/kernel.ts";
import { SeededRandom } from "../world/random.ts";
import { DigitalWire } from "./digital-wire.ts";
import { SerialWire } from "./serial-wire.ts";

/** How long a restart takes, in virtual milliseconds. */
const RESTART_TIME = 1_000;

/** A chip on an I2C bus, at its address. Throw `NoAcknowledge` to be absent. */
export interface I2cPeer {
  write(bytes: Uint8Array): void;
  read(byteLength: number): Uint8Array;
}

/** A chip on an SPI bus, behind its select pin. */
export interface SpiPeer {
  /** As `transfer`, when no one listens to what the chip says. */
  write(bytes: Uint8Array): void;
  transfer(bytes: Uint8Array): Uint8Array;
}

/** A square wave on a pin: its pitch, and the part of it that is high, from 0 to 1. */
export interface Wave {
  readonly hz: number;
  readonly duty: number;
}

/** What the sound and picture IO is wired to. */
export interface Senses {
  /** The next samples of the room at that rate; `undefined` where the microphone is broken. */
  listen?(sampleRate: number, count: number): Int16Array | undefined;
  /** Samples that come out of the loudspeaker at that rate, as loud as 0 to 1. */
  play?(samples: Int16Array, sampleRate: number, volume: number): void;
  /** What is before the lens as RGB565, low byte first; `undefined` where the sensor gives no picture. */
  look?(width: number, height: number): Uint8Array | undefined;
}

/** What answers a TCP connection of the device. */
export interface NetworkPeer {
  /** A connection attempt, of TLS where `secure` is given; the peer calls `line`'s methods later, through the world. */
  connect(line: NetworkLine, address: string, port: number, secure?: SecureHandshake): NetworkSession;
  /** Tells of calls to a port of the device, through the world; throws where the port is taken. Gives what ends it. */
  listen(port: number, incoming: (call: IncomingCall) => void): () => void;
}
/** Somebody who connects to the device. */
export interface IncomingCall {
  /** The caller's IP address. */
  readonly address: string;
  /** The device takes the call, once; what was sent before is delivered now. */
  take(line: NetworkLine): NetworkSession;
  /** The device never will. */
  drop(): void;
}
/** What a TLS client says of itself and of the server that it means. */
export interface SecureHandshake {
  readonly serverName: string;
  /** Certificates as DER and the key of the first as PKCS #8, where the client has them. */
  readonly client: { readonly certificates: readonly Uint8Array[]; readonly key: Uint8Array } | undefined;
}
/** The network's side of one connection. */
export interface NetworkSession {
  receive(bytes: Uint8Array): void;
  /** The device takes the server's certificates; `opened` follows. */
  accept(): void;
  close(): void;
}
/** The device's side of one connection, as the network sees it. */
export interface NetworkLine {
  /** The server's certificates as DER, its own first; of a TLS connection, before it is opened. */
  certificates(chain: readonly Uint8Array[]): void;
  opened(): void;
  deliver(bytes: Uint8Array): void;
  failed(): void;
}

/** NOR flash as the IO class sees it. */
export interface FlashPeer {
  size(partition: string): number;
  readonly blockLength: number;
  read(partition: string, byteLength: number, offset: number): Uint8Array;
  program(partition: string, bytes: Uint8Array, offset: number): void;
  erase(partition: string, block: number): void;
}

/** What starts the firmware from one of two slots. */
export interface FirmwarePeer {
  readonly running: 0 | 1;
  /** Partition of the slot that does not run. */
  readonly spare: string;
  /** Whether what runs has yet to say that it works. */
  readonly isOnTrial: boolean;
  /** At a start: the program to run; undefined for the simulator's own build. The power may go within it. */
  choose(): Uint8Array | undefined;
  start(firstBlock: Uint8Array): void;
  keep(): void;
  /** The watch over this start ends. */
  alive(): void;
}

/** One screen as the firmware recorded it. */
export interface ScreenRecord {
  readonly screen: string;
  readonly values: Readonly<Record<string, string>>;
  readonly at: number;
}

/** Thrown at the firmware by every IO call from the moment the power is gone. */
export class PowerCut extends Error {
  constructor() {
    super("the power is gone");
    this.name = "PowerCut";
  }
}

/** An open IO instance, so that a power cut can close it. */
export interface OpenIo {
  close(): void;
}

/**
 * The circuit board of a simulated device: the wires between the firmware's IO and the chip models, and the power.
 * Chips attach themselves to wires; IO classes look them up.
 */
export class Board {
  readonly world: World;
  readonly random: SeededRandom;
  readonly i2c = new Map<string, I2cPeer>();
  readonly spi = new Map<string, SpiPeer>();
  /** What hears the square waves on a pin. */
  readonly waves = new Map<number, (wave: Wave | undefined) => void>();
  readonly senses: Senses = {};
  readonly secure = new Map<string, Uint8Array>();
  readonly resources = new Map<string, Uint8Array>();
  /** Partitions that the firmware may read in place. */
  readonly mappable: readonly string[] = ["fonts"];
  readonly open = new Set<OpenIo>();
  /** Calls that a listener has handed to the firmware and no TCP was opened from, by number. */
  readonly calls = new Map<number, IncomingCall>();
  readonly recorders: ((record: ScreenRecord) => void)[] = [];
  readonly #serial = new Map<number, SerialWire>();
  readonly #digital = new Map<number, DigitalWire>();
  /** Called when the power goes, after the wires are dead: chips lose what they hold. */
  readonly onPowerCut: (() => void)[] = [];
  /** Called when the power is back. */
  readonly onPowerBack: (() => void)[] = [];
  network: NetworkPeer | undefined;
  flash: FlashPeer | undefined;
  firmware: FirmwarePeer | undefined;
  /** Instructions that the firmware took so far, on a ground that can tell. */
  instructions: (() => number | undefined) | undefined = undefined;
  /** Bytes of chunks and slots that are alive in the firmware's memory, and its deepest stack so far, on a ground that can tell while it runs. */
  memory: (() => Readonly<Record<"chunks" | "slots" | "stack", number>> | undefined) | undefined = undefined;
  powered = true;
  /** Milliseconds since 1970 at the world's beginning. */
  readonly startWall: number;
  #wallOffset = 0;

  constructor(world: World, seed: number, startWall: number) {
    this.world = world;
    this.startWall = startWall;
    this.random = new SeededRandom(seed, "hardware");
  }

  /** A mappable partition's bytes as they are now; undefined where nothing was ever written to its last block. */
  mapped(partition: string): Uint8Array | undefined {
    if (this.flash === undefined || !this.mappable.includes(partition)) return undefined;
    const { blockLength } = this.flash;
    const size = this.flash.size(partition);
    const isBlank = this.flash.read(partition, blockLength, size - blockLength).every((byte) => byte === 0xff);
    return isBlank ? undefined : this.flash.read(partition, size, 0);
  }

  serialWire(port: number): SerialWire {
    let wire = this.#serial.get(port);
    if (wire === undefined) {
      wire = new SerialWire(this.world);
      this.#serial.set(port, wire);
    }
    return wire;
  }

  digitalWire(pin: number): DigitalWire {
    let wire = this.#digital.get(pin);
    if (wire === undefined) {
      wire = new DigitalWire();
      this.#digital.set(pin, wire);
    }
    return wire;
  }

  /** What the real-time clock chip shows. */
  wall(): number {
    return this.startWall + this.world.now + this.#wallOffset;
  }

  /** How far the real-time clock was set off. */
  get clockOffset(): number {
    return this.#wallOffset;
  }

  /** Sets the real-time clock forward or back by so many milliseconds. */
  shiftWall(milliseconds: number): void {
    this.#wallOffset += milliseconds;
  }

  /** Takes the power away: every IO is dead at once, owed callbacks are forgotten, flash keeps what it has. */
  cutPower(): void {
    if (!this.powered) return;
    this.powered = false;
    for (const io of [...this.open]) io.close();
    this.open.clear();
    for (const call of this.calls.values()) call.drop();
    this.calls.clear();
    this.world.setPower(false);
    for (const tell of this.onPowerCut) tell();
  }

  /** A start anew: off, and on again after a moment. */
  restart(): void {
    this.cutPower();
    this.world.after(RESTART_TIME, () => this.restorePower());
  }

  restorePower(): void {
    if (!this.powered) for (const tell of this.onPowerBack) tell();
    this.powered = true;
    this.world.setPower(true);
  }
}
