import type { ClockSource, IoProvider } from "../io.ts";
import { Timers } from "../timers.ts";
import { Bridge } from "./bridge.ts";
import { type BridgedClassName, bridgedClasses } from "./io-classes.ts";
import type { FramePipe } from "./protocol.ts";

/** A device on the bridge: its IO, and what its main loop calls when the firmware has nothing to do. */
export interface BridgedDevice {
  readonly io: IoProvider;
  /** Waits for the world and calls one callback or one timer; false when the world has hung up. */
  idle(): boolean;
}

/** Waits for the world to start and hands out its IO. `resource` gives the files linked beside the firmware. */
export function bridgedDevice(pipe: FramePipe, resource: IoProvider["resource"]): BridgedDevice {
  return new BridgedProvider(new Bridge(pipe), resource);
}

/** The world's time, which stands still while the firmware runs. */
class BridgedClock implements ClockSource {
  readonly timers = new Timers();
  readonly #bridge: Bridge;
  readonly #started: number;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.#started = bridge.now;
  }

  monotonic(): number {
    return this.#bridge.now - this.#started;
  }

  wall(): number {
    return this.#bridge.wall;
  }

  setTimer(callback: () => void, milliseconds: number): number {
    return this.timers.set(callback, milliseconds, this.#bridge.now);
  }

  clearTimer(id: number): void {
    this.timers.clear(id);
  }
}

/** The classes have the bridge already in them; each is bound when it is asked for, and kept by nobody who has opened with it. */
class BridgedProvider implements BridgedDevice, IoProvider {
  readonly clock: BridgedClock;
  readonly resource: IoProvider["resource"];
  readonly #bridge: Bridge;

  constructor(bridge: Bridge, resource: IoProvider["resource"]) {
    this.#bridge = bridge;
    this.clock = new BridgedClock(bridge);
    this.resource = resource;
  }

  /** The host has it beside its other files, where something was ever written there. */
  mapped(partition: string): ReturnType<IoProvider["resource"]> | undefined {
    try {
      return this.resource(`partition-${partition}`);
    } catch {
      return undefined;
    }
  }

  get io(): IoProvider {
    return this;
  }

  get FirmwareSlots() {
    return this.#bound<NonNullable<IoProvider["FirmwareSlots"]>>("FirmwareSlots");
  }

  get Serial() {
    return this.#bound<IoProvider["Serial"]>("Serial");
  }

  get I2C() {
    return this.#bound<IoProvider["I2C"]>("I2C");
  }

  get SMBus() {
    return this.#bound<IoProvider["SMBus"]>("SMBus");
  }

  get SPI() {
    return this.#bound<IoProvider["SPI"]>("SPI");
  }

  get Digital() {
    return this.#bound<IoProvider["Digital"]>("Digital");
  }

  get PWM() {
    return this.#bound<NonNullable<IoProvider["PWM"]>>("PWM");
  }

  get AudioOut() {
    return this.#bound<NonNullable<IoProvider["AudioOut"]>>("AudioOut");
  }

  get ImageIn() {
    return this.#bound<NonNullable<IoProvider["ImageIn"]>>("ImageIn");
  }

  get TCP() {
    return this.#bound<IoProvider["TCP"]>("TCP");
  }

  get Listener() {
    return this.#bound<IoProvider["Listener"]>("Listener");
  }

  get TLS() {
    return this.#bound<IoProvider["TLS"]>("TLS");
  }

  get Flash() {
    return this.#bound<IoProvider["Flash"]>("Flash");
  }

  get SecureStorage() {
    return this.#bound<IoProvider["SecureStorage"]>("SecureStorage");
  }

  get RandomSource() {
    return this.#bound<IoProvider["RandomSource"]>("RandomSource");
  }

  get System() {
    return this.#bound<IoProvider["System"]>("System");
  }

  get Recorder() {
    return this.#bound<NonNullable<IoProvider["Recorder"]>>("Recorder");
  }

  idle(): boolean {
    const bridge = this.#bridge;
    const { timers } = this.clock;
    const woken = bridge.idle(timers.nextDeadline());
    if (woken === "time") timers.fireNext(bridge.now);
    return woken !== "ended";
  }

  /** What `new` makes with the class of that name. */
  #bound<Constructor>(name: BridgedClassName): Constructor {
    const bridge = this.#bridge;
    const bound: unknown = function open(options: object) {
      if (new.target === undefined) throw new TypeError(`${name} is a class`);
      return new bridgedClasses[name](bridge, options);
    };
    return bound as Constructor;
  }
}
