import type { Device, KeypadCallbacks, RegisterCallbacks } from "../../device.ts";
import type { Display } from "../../display.ts";
import { OnScreenKeys } from "../../drivers/keypad/on-screen.ts";
import { TcpRegisterLine } from "../../drivers/register/tcp-line.ts";
import type { GlassKeys, KeyPlace, Keypad } from "../../keypad.ts";
import type { RegisterLine, RegisterNetwork } from "../../register.ts";
import { Processor } from "../processor.ts";
import { SimulatorDisplay, SimulatorTouch } from "./screen.ts";

/** The SDK's desktop simulator as a terminal: a screen with keys on it, and the network. It reads no card: numbers are typed. */
export class Lin extends Processor implements Device {
  #places: readonly KeyPlace[] = [];

  get board(): string {
    return "lin";
  }

  get glassKeys(): GlassKeys {
    return {
      place: (keys) => {
        this.#places = keys;
      },
    };
  }

  display(): Display {
    return new SimulatorDisplay();
  }

  keypad(callbacks: KeypadCallbacks): Keypad {
    return new OnScreenKeys({
      places: () => this.#places,
      touch: (heard) => new SimulatorTouch(heard),
      ...callbacks,
    });
  }

  register(callbacks: RegisterCallbacks, network?: RegisterNetwork): RegisterLine {
    if (network === undefined) throw new Error("the desktop simulator has no serial line");
    return new TcpRegisterLine({
      listener: { io: this.io.Listener },
      tcp: { io: this.io.TCP },
      ...network,
      ...callbacks,
    });
  }
}
