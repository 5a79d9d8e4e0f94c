import type { Clock, Device } from "../device.ts";
import type { FlashOptions, IoProvider, SecureStorage, TcpOptions, TlsOptions } from "../io.ts";
import type { FirmwareSlots } from "../update.ts";

/**
 * What every board takes from the processor and its network as the ground gives it: no chip of the board's is involved. Boards are
 * classes: the methods of one lie in flash, where a function for each would take a dozen slots of the device's memory.
 */
export class Processor implements Omit<Device, "board" | "display" | "keypad"> {
  readonly io: IoProvider;
  readonly clock: Clock;
  readonly random: Device["random"];
  readonly secure: SecureStorage;
  readonly recorder: Device["recorder"];

  /** @param clock the board's own, where it has one */
  constructor(io: IoProvider, clock: Clock = io.clock) {
    this.io = io;
    this.clock = clock;
    this.random = new io.RandomSource({});
    this.secure = new io.SecureStorage({});
    this.recorder = io.Recorder === undefined ? undefined : new io.Recorder({});
  }

  /** Made when it is asked for: a package comes once in months. */
  get firmware(): Device["firmware"] {
    const { io } = this;
    return "FirmwareSlots" in io ? () => slotsOf(io) : undefined;
  }

  restart(): void {
    new this.io.System({}).restart();
  }

  alive(): void {
    const system = new this.io.System({});
    system.alive();
    system.close();
  }

  flash(options: FlashOptions) {
    return new this.io.Flash(options);
  }

  network(options: TcpOptions) {
    return new this.io.TCP(options);
  }

  secureNetwork(options: TlsOptions) {
    return new this.io.TLS(options);
  }

  mapped(partition: string) {
    return this.io.mapped?.(partition);
  }

  resource(name: string) {
    return this.io.resource(name);
  }
}

function slotsOf({ FirmwareSlots }: IoProvider): FirmwareSlots {
  if (FirmwareSlots === undefined) throw new Error("no slots for firmware");
  return new FirmwareSlots({});
}

/** What not every ground has. Throws where this one does not. */
export function given<Io>(io: Io | undefined): Io {
  if (io === undefined) throw new Error("this ground has no such input or output");
  return io;
}
