import type { Camera } from "../../camera.ts";
import type { Contactless } from "../../contactless.ts";
import type {
  CameraCallbacks,
  Clock,
  ContactlessCallbacks,
  Device,
  KeypadCallbacks,
  MicrophoneCallbacks,
  PowerCallbacks,
  PrinterCallbacks,
  RegisterCallbacks,
  SpeakerCallbacks,
} from "../../device.ts";
import type { Display } from "../../display.ts";
import { awake } from "../../drivers/camera/awake.ts";
import { ImageInCamera } from "../../drivers/camera/image-in.ts";
import { Pn532 } from "../../drivers/contactless/pn532.ts";
import { DcsDisplay } from "../../drivers/display/dcs-display.ts";
import { ili9342 } from "../../drivers/display/ili9342.ts";
import { Aw9523, expanderPins } from "../../drivers/expander/aw9523.ts";
import { OnScreenKeys } from "../../drivers/keypad/on-screen.ts";
import { AudioInMicrophone } from "../../drivers/microphone/audio-in.ts";
import { converted } from "../../drivers/microphone/es7210.ts";
import { Axp2101 } from "../../drivers/power/axp2101.ts";
import { railNumber, railSwitches, setRails } from "../../drivers/power/axp2101-rails.ts";
import { EscPosPrinter } from "../../drivers/printer/escpos.ts";
import { SerialRegisterLine } from "../../drivers/register/serial-line.ts";
import { TcpRegisterLine } from "../../drivers/register/tcp-line.ts";
import { keptClock } from "../../drivers/rtc/kept-clock.ts";
import { Pcf8563 } from "../../drivers/rtc/pcf8563.ts";
import { AudioOutSpeaker } from "../../drivers/speaker/audio-out.ts";
import { amplified } from "../../drivers/speaker/aw88298.ts";
import { Ft6206 } from "../../drivers/touch/ft6206.ts";
import type { DigitalConstructor, IoProvider } from "../../io.ts";
import type { GlassKeys, KeyPlace, Keypad } from "../../keypad.ts";
import type { Microphone } from "../../microphone.ts";
import type { Power } from "../../power.ts";
import type { Printer } from "../../printer.ts";
import type { RegisterLine, RegisterNetwork } from "../../register.ts";
import type { Speaker } from "../../speaker.ts";
import { given, Processor } from "../processor.ts";
import { expanderPin, coreS3Pins as pins } from "./pins.ts";

/**
 * Millivolts of the regulators, as the board's maker sets them: amplifier, microphones, camera, SD card, backlight. Chips that are not
 * used are powered too: without power they would hold the I2C's lines down.
 */
const rails = Object.freeze({ ALDO1: 1_800, ALDO2: 3_300, ALDO3: 3_300, ALDO4: 3_300, DLDO1: 3_300 } as const);
const glass = Object.freeze({ width: 320, height: 240 } as const);
const picture = Object.freeze({ width: 160, height: 120 } as const);
/** Hertz. */
const sampleRate = 16_000;
/** The battery in the base holds 500 mAh. */
const charge = Object.freeze({ chargeCurrent: 200, chargeVoltage: 4_200 } as const);

/** The M5Stack CoreS3 with a PN532 on ports A and B and a printer on port C, given the ground's IO. Throws where its own chips do not answer. */
export function coreS3(io: IoProvider): Device {
  const power = { io: io.SMBus, ...pins.power };
  setRails({ bus: power, rails, off: ["DLDO1"] });
  const { bus, interrupt, inputs, levels } = pins.expander;
  const expander = new Aw9523({
    bus: { io: io.SMBus, ...bus },
    interrupt: { io: io.Digital, pin: interrupt },
    inputs,
    levels,
    clock: io.clock,
  });
  const clock = keptClock(io.clock, new Pcf8563({ bus: { io: io.SMBus, ...pins.clock } }));
  return new CoreS3(io, clock, expanderPins(expander));
}

/** Which chip on which pins. */
export class CoreS3 extends Processor implements Device {
  readonly #expander: DigitalConstructor;
  #places: readonly KeyPlace[] = [];

  constructor(io: IoProvider, clock: Clock, expander: DigitalConstructor) {
    super(io, clock);
    this.#expander = expander;
  }

  get board(): string {
    return "m5stack_cores3";
  }

  get glassKeys(): GlassKeys {
    return {
      place: (keys) => {
        this.#places = keys;
      },
    };
  }

  display(): Display {
    const { io, clock } = this;
    return new DcsDisplay({
      panel: ili9342,
      spi: { io: io.SPI, ...pins.display.spi },
      dataCommand: { io: io.Digital, pin: pins.display.dataCommand },
      reset: { io: this.#expander, pin: expanderPin.displayReset },
      backlight: { io: railSwitches({ io: io.SMBus, ...pins.power }), pin: railNumber.DLDO1 },
      clock,
    });
  }

  keypad(callbacks: KeypadCallbacks): Keypad {
    const { io, clock } = this;
    return new OnScreenKeys({
      places: () => this.#places,
      touch: (heard) =>
        new Ft6206({
          bus: { io: io.SMBus, ...pins.touch },
          interrupt: { io: this.#expander, pin: expanderPin.touchInterrupt },
          reset: { io: this.#expander, pin: expanderPin.touchReset },
          glass,
          clock,
          ...heard,
        }),
      ...callbacks,
    });
  }

  contactless(callbacks: ContactlessCallbacks): Contactless {
    const { io, clock } = this;
    return new Pn532({
      i2c: { io: io.I2C, ...pins.contactless.bus },
      interrupt: { io: io.Digital, pin: pins.contactless.interrupt },
      clock,
      ...callbacks,
    });
  }

  /** Pictures of 160 x 120: the largest that the machine's memory has room for. */
  camera(callbacks: CameraCallbacks): Camera {
    const reset = { io: this.#expander, pin: expanderPin.cameraReset };
    return new ImageInCamera({
      image: { io: awake({ reset, image: given(this.io.ImageIn) }) },
      ...picture,
      clock: this.clock,
      ...callbacks,
    });
  }

  /** Shares the I2S clocks with the loudspeaker: only one of them can be open. */
  microphone(callbacks: MicrophoneCallbacks): Microphone {
    const { io, clock } = this;
    const bus = { io: io.SMBus, ...pins.converter };
    return new AudioInMicrophone({
      audio: { io: converted({ bus, audio: given(io.AudioIn) }) },
      sampleRate,
      clock,
      ...callbacks,
    });
  }

  speaker(callbacks: SpeakerCallbacks): Speaker {
    const { io, clock } = this;
    const bus = { io: io.SMBus, ...pins.amplifier };
    const reset = { io: this.#expander, pin: expanderPin.amplifierReset };
    return new AudioOutSpeaker({
      audio: { io: amplified({ bus, reset, audio: given(io.AudioOut) }) },
      sampleRate,
      clock,
      ...callbacks,
    });
  }

  power(callbacks: PowerCallbacks): Power {
    const { io, clock } = this;
    return new Axp2101({ bus: { io: io.SMBus, ...pins.power }, ...charge, clock, ...callbacks });
  }

  register(callbacks: RegisterCallbacks, network?: RegisterNetwork): RegisterLine {
    const { io } = this;
    return network === undefined
      ? new SerialRegisterLine({ serial: { io: io.Serial, ...pins.register }, ...callbacks })
      : new TcpRegisterLine({ listener: { io: io.Listener }, tcp: { io: io.TCP }, ...network, ...callbacks });
  }

  printer(callbacks: PrinterCallbacks): Printer {
    const { io, clock } = this;
    return new EscPosPrinter({ serial: { io: io.Serial, ...pins.printer }, clock, width: 384, ...callbacks });
  }
}
