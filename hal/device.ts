import type { Buzzer } from "./buzzer.ts";
import type { Camera } from "./camera.ts";
import type { Chip } from "./chip.ts";
import type { Contactless } from "./contactless.ts";
import type { Display } from "./display.ts";
import type { Flash, FlashOptions, Recorder, SecureStorage, Tcp, TcpOptions, Tls, TlsOptions } from "./io.ts";
import type { GlassKeys, Keypad } from "./keypad.ts";
import type { ContactlessLights } from "./light.ts";
import type { MagneticStripe } from "./magstripe.ts";
import type { Microphone } from "./microphone.ts";
import type { Power } from "./power.ts";
import type { Printer } from "./printer.ts";
import type { RegisterLine, RegisterNetwork } from "./register.ts";
import type { Scanner } from "./scanner.ts";
import type { SecureElement } from "./secure-element.ts";
import type { Speaker } from "./speaker.ts";
import type { Tamper } from "./tamper.ts";
import type { FirmwareSlots } from "./update.ts";

/**
 * A terminal's hardware as the firmware is handed it at boot. Opening a peripheral is a call, because ECMA-419 gives
 * callbacks to the constructor: the firmware opens each one once and owns it. What a board lacks is absent. Boards are
 * classes: call what is here as methods.
 */
export interface Device {
  /** As `hal/boards` names it. */
  readonly board: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly display: Opener<Display, object>;
  readonly keypad: Opener<Keypad, KeypadCallbacks>;
  /** The keys have no place of their own: the screen makes room for them. */
  readonly glassKeys?: GlassKeys;
  readonly magstripe?: Opener<MagneticStripe, MagneticStripeCallbacks>;
  readonly chip?: Opener<Chip, ChipCallbacks>;
  /** A slot inside of the case, for a security module (SAM) in a card's shape. */
  readonly sam?: Opener<Chip, ChipCallbacks>;
  readonly contactless?: Opener<Contactless, ContactlessCallbacks>;
  /** Battery and charger, of a board that has them. */
  readonly power?: Opener<Power, PowerCallbacks>;
  /** The row of lights over the antenna. */
  readonly lights?: Opener<ContactlessLights, object>;
  readonly buzzer?: Opener<Buzzer, object>;
  readonly camera?: Opener<Camera, CameraCallbacks>;
  readonly microphone?: Opener<Microphone, MicrophoneCallbacks>;
  readonly speaker?: Opener<Speaker, SpeakerCallbacks>;
  readonly printer?: Opener<Printer, PrinterCallbacks>;
  readonly scanner?: Opener<Scanner, ScannerCallbacks>;
  /** The line to a cash register: the board's own, or over the network. */
  readonly register?: (callbacks: RegisterCallbacks, network?: RegisterNetwork) => RegisterLine;
  /** What watches over the case. */
  readonly tamper?: Opener<Tamper, TamperCallbacks>;
  flash(options: FlashOptions): Flash;
  readonly secure: SecureStorage;
  /** Of a board whose firmware can be replaced by itself. */
  readonly firmware?: Opener<FirmwareSlots, object> | undefined;
  /** A chip with a device key of its own that nobody can read. */
  readonly element?: Opener<SecureElement, object>;
  network(options: TcpOptions): Tcp;
  secureNetwork(options: TlsOptions): Tls;
  resource(name: string): Uint8Array | ArrayBufferLike;
  /** A data partition read in place, as it is at the start; undefined where it cannot be had. */
  mapped?(partition: string): Uint8Array | ArrayBufferLike | undefined;
  /** Starts the device anew; nothing after the call may count on being run. */
  restart(): void;
  /** Ends the boot loader's watch over this start (`System.alive`): firmware that never says so is started anew. */
  alive(): void;
  /** Of a development build. */
  readonly recorder?: Pick<Recorder, "write"> | undefined;
}

export type Opener<Instance, Callbacks> = (callbacks: Callbacks) => Instance;
export type KeypadCallbacks = { readonly onReadable: () => void; readonly onError?: () => void };
export type MagneticStripeCallbacks = { readonly onReadable: () => void; readonly onError?: () => void };
export type ChipCallbacks = { readonly onStateChange: () => void; readonly onError?: () => void };
export type ContactlessCallbacks = { readonly onStateChange: () => void; readonly onError?: () => void };
export type PowerCallbacks = { readonly onStateChange?: () => void; readonly onError?: () => void };
export type CameraCallbacks = { readonly onReadable: () => void; readonly onError?: () => void };
export type MicrophoneCallbacks = { readonly onReadable: () => void; readonly onError?: () => void };
export type SpeakerCallbacks = { readonly onWritable?: () => void; readonly onError?: () => void };
export type ScannerCallbacks = { readonly onReadable: () => void; readonly onError?: () => void };
export type RegisterCallbacks = {
  readonly onReadable: () => void;
  /** What comes from now on is from another connection. */
  readonly onBreak?: () => void;
  /** Another cash register was refused because one is connected. */
  readonly onRefused?: () => void;
  readonly onError?: () => void;
};
export type TamperCallbacks = { readonly onTamper: () => void };
export type PrinterCallbacks = {
  readonly onWritable: () => void;
  readonly onStateChange?: () => void;
  readonly onError?: () => void;
};

/** Time as a device. */
export interface Clock {
  /** Milliseconds since power-on, never going back. */
  monotonic(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z, of the real-time clock. */
  wall(): number;
  setTimer(callback: () => void, milliseconds: number): number;
  clearTimer(id: number): void;
}

/** Chance as a device: the hardware's random generator. */
export interface Random {
  /** Fresh random bytes, 1 to 256. */
  read(byteLength: number): Uint8Array;
}
