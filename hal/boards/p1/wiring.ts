import type { Buzzer } from "../../buzzer.ts";
import type { Camera } from "../../camera.ts";
import type { Chip } from "../../chip.ts";
import type { Contactless } from "../../contactless.ts";
import type {
  CameraCallbacks,
  ChipCallbacks,
  ContactlessCallbacks,
  Device,
  KeypadCallbacks,
  MagneticStripeCallbacks,
  PowerCallbacks,
  PrinterCallbacks,
  RegisterCallbacks,
  ScannerCallbacks,
  SpeakerCallbacks,
  TamperCallbacks,
} from "../../device.ts";
import type { Display } from "../../display.ts";
import { awake } from "../../drivers/camera/awake.ts";
import { ImageInCamera } from "../../drivers/camera/image-in.ts";
import { Tda8029 } from "../../drivers/chip/tda8029.ts";
import { Pn532 } from "../../drivers/contactless/pn532.ts";
import { DcsDisplay } from "../../drivers/display/dcs-display.ts";
import { ili9341 } from "../../drivers/display/ili9341.ts";
import { Tca8418 } from "../../drivers/keypad/tca8418.ts";
import { Sc16is752Row } from "../../drivers/light/sc16is752-row.ts";
import { SerialStripeDecoder } from "../../drivers/magstripe/serial-decoder.ts";
import { Axp2101 } from "../../drivers/power/axp2101.ts";
import { EscPosPrinter } from "../../drivers/printer/escpos.ts";
import { SerialRegisterLine } from "../../drivers/register/serial-line.ts";
import { TcpRegisterLine } from "../../drivers/register/tcp-line.ts";
import { Gm65 } from "../../drivers/scanner/gm65.ts";
import { bridgePins, bridgePorts, Sc16is752 } from "../../drivers/serial/sc16is752.ts";
import { PwmBuzzer } from "../../drivers/sound/pwm-buzzer.ts";
import { AudioOutSpeaker } from "../../drivers/speaker/audio-out.ts";
import { CaseSwitch } from "../../drivers/tamper/switch.ts";
import type { IoProvider } from "../../io.ts";
import type { Keypad } from "../../keypad.ts";
import type { ContactlessLights } from "../../light.ts";
import type { Power } from "../../power.ts";
import type { RegisterLine, RegisterNetwork } from "../../register.ts";
import type { Scanner } from "../../scanner.ts";
import type { Speaker } from "../../speaker.ts";
import { given, Processor } from "../processor.ts";
import { p1Pins } from "./pins.ts";

/** The camera's, in pixels. */
const picture = Object.freeze({ width: 160, height: 120 });
/** Samples a second of the loudspeaker. */
const sampleRate = 16_000;

/** What the cell of 2,600 mAh may be charged with: milliamperes, and millivolts when it is full. */
const charge = Object.freeze({ chargeCurrent: 1_000, chargeVoltage: 4_200 });

/** The reference terminal p1: which chip on which pins. */
export class P1 extends Processor implements Device {
  #uarts: Sc16is752 | undefined;

  get board(): string {
    return "p1";
  }

  display(): Display {
    const { io, clock } = this;
    return new DcsDisplay({
      panel: ili9341,
      spi: { io: io.SPI, ...p1Pins.display.spi },
      dataCommand: { io: io.Digital, pin: p1Pins.display.dataCommand },
      reset: { io: bridgePins(this.#bridge), pin: p1Pins.display.reset },
      backlight: { io: io.Digital, pin: p1Pins.display.backlight },
      clock,
    });
  }

  keypad(callbacks: KeypadCallbacks): Keypad {
    const { io } = this;
    return new Tca8418({
      bus: { io: io.SMBus, ...p1Pins.keypad.bus },
      interrupt: { io: io.Digital, pin: p1Pins.keypad.interrupt },
      keys: p1Pins.keypad.keys,
      ...callbacks,
    });
  }

  magstripe(callbacks: MagneticStripeCallbacks) {
    return new SerialStripeDecoder({ serial: { io: this.io.Serial, ...p1Pins.magstripe.serial }, ...callbacks });
  }

  chip(callbacks: ChipCallbacks): Chip {
    const { io, clock } = this;
    return new Tda8029({ serial: { io: io.Serial, ...p1Pins.chip.serial }, clock, ...callbacks });
  }

  contactless(callbacks: ContactlessCallbacks): Contactless {
    const { io, clock } = this;
    return new Pn532({
      i2c: { io: io.I2C, ...p1Pins.contactless.bus },
      interrupt: { io: io.Digital, pin: p1Pins.contactless.interrupt },
      clock,
      ...callbacks,
    });
  }

  register(callbacks: RegisterCallbacks, network?: RegisterNetwork): RegisterLine {
    const { io } = this;
    return network === undefined
      ? new SerialRegisterLine({ serial: { io: bridgePorts(this.#bridge), ...p1Pins.register.serial }, ...callbacks })
      : new TcpRegisterLine({ listener: { io: io.Listener }, tcp: { io: io.TCP }, ...network, ...callbacks });
  }

  scanner(callbacks: ScannerCallbacks): Scanner {
    const io = bridgePorts(this.#bridge);
    return new Gm65({ serial: { io, ...p1Pins.scanner.serial }, clock: this.clock, ...callbacks });
  }

  /** The two ports behind I2C, and the pins beside them. */
  get #bridge(): Sc16is752 {
    const { io, clock } = this;
    const { bus, interrupt, crystal, handshake } = p1Pins.uarts;
    this.#uarts ??= new Sc16is752({
      bus: { io: io.SMBus, ...bus },
      interrupt: { io: io.Digital, pin: interrupt },
      crystal,
      handshake,
      clock,
    });
    return this.#uarts;
  }

  tamper(callbacks: TamperCallbacks) {
    return new CaseSwitch({ contact: { io: this.io.Digital, ...p1Pins.tamper }, ...callbacks });
  }

  printer(callbacks: PrinterCallbacks) {
    const { io, clock } = this;
    return new EscPosPrinter({ serial: { io: io.Serial, ...p1Pins.printer.serial }, clock, width: 384, ...callbacks });
  }

  lights(): ContactlessLights {
    return new Sc16is752Row({ chip: this.#bridge, clock: this.clock });
  }

  power(callbacks: PowerCallbacks): Power {
    const { io, clock } = this;
    const { bus, interrupt } = p1Pins.power;
    return new Axp2101({
      bus: { io: io.SMBus, ...bus },
      interrupt: { io: io.Digital, pin: interrupt },
      ...charge,
      clock,
      ...callbacks,
    });
  }

  /** Pictures of 160 x 120: the largest that the machine's memory has room for. */
  camera(callbacks: CameraCallbacks): Camera {
    const reset = { io: bridgePins(this.#bridge), pin: p1Pins.camera.reset };
    return new ImageInCamera({
      image: { io: awake({ reset, image: given(this.io.ImageIn) }) },
      ...picture,
      clock: this.clock,
      ...callbacks,
    });
  }

  speaker(callbacks: SpeakerCallbacks): Speaker {
    const { io, clock } = this;
    return new AudioOutSpeaker({ audio: { io: given(io.AudioOut) }, sampleRate, clock, ...callbacks });
  }

  buzzer(): Buzzer {
    const { io, clock } = this;
    return new PwmBuzzer({ pwm: { io: given(io.PWM), ...p1Pins.buzzer }, clock });
  }
}

/** The board as the firmware is handed it, given the ground's IO. */
export const p1 = (io: IoProvider): Device => new P1(io);
