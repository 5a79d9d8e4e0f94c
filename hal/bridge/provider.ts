import type { IoProvider } from "../io.ts";
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
  const bridge = new Bridge(pipe);
  const timers = new Timers();
  const started = bridge.now;

  /** The class of that name with the bridge already in it. */
  function bound<Constructor>(name: BridgedClassName): Constructor {
    const bridged = bridgedClasses[name];
    const boundClass: unknown = class extends bridged {
      constructor(options: object) {
        super(bridge, options);
      }
    };
    return boundClass as Constructor;
  }

  return {
    io: {
      Serial: bound("Serial"),
      I2C: bound("I2C"),
      SMBus: bound("SMBus"),
      SPI: bound("SPI"),
      Digital: bound("Digital"),
      TCP: bound("TCP"),
      /** Most terminals listen to nobody: the class is bound when it is asked for. */
      get Listener() {
        return bound<IoProvider["Listener"]>("Listener");
      },
      TLS: bound("TLS"),
      Flash: bound("Flash"),
      SecureStorage: bound("SecureStorage"),
      RandomSource: bound("RandomSource"),
      System: bound("System"),
      Recorder: bound("Recorder"),
      clock: {
        monotonic: () => bridge.now - started,
        wall: () => bridge.wall,
        setTimer: (callback, milliseconds) => timers.set(callback, milliseconds, bridge.now),
        clearTimer: (id) => timers.clear(id),
      },
      resource,
    },
    idle(): boolean {
      const woken = bridge.idle(timers.nextDeadline());
      if (woken === "time") timers.fireNext(bridge.now);
      return woken !== "ended";
    },
  };
}
