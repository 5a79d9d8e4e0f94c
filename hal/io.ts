import type { FirmwareSlotsConstructor } from "./update.ts";

/**
 * The ECMA-419 IO that drivers are given (ECMA-419 clauses 8 to 12): types only.
 *
 * Every class takes one options object, throws from its constructor without keeping anything, delivers its callbacks
 * with `this` the instance and never from inside a call, and throws from every call but `close` after `close`.
 * Buffers are `Uint8Array` here; `read` gives `undefined` when there is nothing.
 */

export interface Closable {
  close(): void;
}

/** ECMA-419, 10.6 Serial, data format "buffer". */
export interface SerialOptions {
  readonly port: number;
  /** Bits a second. */
  readonly baud: number;
  /** Even parity and two stop bits, as cards have them; a port that cannot throws. Bytes of wrong parity are dropped. */
  readonly frame?: "8E2";
  /** Called with the number of bytes that can be read. */
  readonly onReadable?: (bytes: number) => void;
  /** Called with the number of bytes that can be written; once after opening and whenever a full output drains. */
  readonly onWritable?: (bytes: number) => void;
  readonly onError?: () => void;
}
export interface Serial extends Closable {
  /** At most `byteLength` bytes (all there are by default), or `undefined`. */
  read(byteLength?: number): Uint8Array | undefined;
  /** Takes all or throws `RangeError("output full")`: at most as many bytes as `onWritable` last promised. */
  write(bytes: Uint8Array): void;
  /** Throws away what has been received and not read. */
  flushInput(): void;
}
export type SerialConstructor = new (options: SerialOptions) => Serial;

/** ECMA-419, 10.3 I2C. */
export interface I2cOptions {
  readonly bus: number;
  /** 0 to 127; 0 is the general call, which some chips take for a sign to wake up. */
  readonly address: number;
  readonly hz?: number;
}
export interface I2c extends Closable {
  read(byteLength: number): Uint8Array;
  write(bytes: Uint8Array): void;
}
export type I2cConstructor = new (options: I2cOptions) => I2c;

/** ECMA-419, 10.7 SMBus. A missing acknowledge throws `Error("no acknowledge")`. */
export interface SmBus extends Closable {
  readUint8(register: number): number;
  writeUint8(register: number, value: number): void;
  readBuffer(register: number, byteLength: number): Uint8Array;
  writeBuffer(register: number, bytes: Uint8Array): void;
}
export type SmBusConstructor = new (options: I2cOptions) => SmBus;

/** ECMA-419, 10.8 SPI; `select` is the number of the chip-select pin, absent where the caller drives it by itself. */
export interface SpiOptions {
  readonly bus: number;
  readonly select?: number;
  readonly hz: number;
}
export interface Spi extends Closable {
  write(bytes: Uint8Array): void;
  /** Sends the bytes and returns the ones that came in meanwhile. */
  transfer(bytes: Uint8Array): Uint8Array;
}
export type SpiConstructor = new (options: SpiOptions) => Spi;

/** ECMA-419, 10.2 Digital. */
export interface DigitalOptions {
  readonly pin: number;
  readonly mode: "input" | "inputPullUp" | "output";
  /** Which edges call `onReadable`. */
  readonly edge?: "rising" | "falling" | "both";
  readonly onReadable?: () => void;
}
export interface Digital extends Closable {
  read(): 0 | 1;
  write(level: 0 | 1): void;
}
export type DigitalConstructor = new (options: DigitalOptions) => Digital;

/** ECMA-419, 10.5 PWM: a square wave on a pin, from the first `write` to `close`. */
export interface PwmOptions {
  readonly pin: number;
  readonly hz: number;
}
export interface Pwm extends Closable {
  /** Bits of what `write` takes. */
  readonly resolution: number;
  /** The part of each wave that is high: 0 to 2 to the power of `resolution`, less one. */
  write(duty: number): void;
}
export type PwmConstructor = new (options: PwmOptions) => Pwm;

/** ECMA-419 3rd edition, audio input: linear PCM of one channel, 16 bits a sample, low byte first. */
export interface AudioInOptions {
  readonly sampleRate: number;
  /** Called with the number of bytes that can be read. */
  readonly onReadable?: (bytes: number) => void;
}
export interface AudioIn extends Closable {
  /** What the hardware does, which may be another rate than was asked for. */
  readonly sampleRate: number;
  start(): void;
  stop(): void;
  /** At most `byteLength` bytes (all there are by default), or `undefined`; what nobody reads in time is lost. */
  read(byteLength?: number): Uint8Array | undefined;
}
export type AudioInConstructor = new (options: AudioInOptions) => AudioIn;

/** ECMA-419 3rd edition, audio output: samples as of the input. */
export interface AudioOutOptions {
  readonly sampleRate: number;
  /** Called with the number of bytes that can be written; all that there ever are when everything was played. */
  readonly onWritable?: (bytes: number) => void;
}
export interface AudioOut extends Closable {
  readonly sampleRate: number;
  /** 0 to 1. */
  volume: number;
  start(): void;
  stop(): void;
  /** Takes all or throws `RangeError`. */
  write(bytes: Uint8Array): void;
}
export type AudioOutConstructor = new (options: AudioOutOptions) => AudioOut;

/** ECMA-419 3rd edition, image input: RGB565 pixels, low byte first, row by row. */
export interface ImageInOptions {
  readonly width: number;
  readonly height: number;
  readonly imageType: "rgb565le";
  /** Called with the number of bytes of the newest picture. */
  readonly onReadable?: (bytes: number) => void;
}
export interface ImageIn extends Closable {
  start(): void;
  stop(): void;
  /** The newest picture that was not read, or `undefined`. */
  read(): Uint8Array | undefined;
}
export type ImageInConstructor = new (options: ImageInOptions) => ImageIn;

/** ECMA-419, 10.9 TCP, data format "buffer". */
export interface TcpOptions extends TcpCallbacks {
  readonly address: string;
  readonly port: number;
}
/** The end of a connection that a `Listener` took. */
export interface AcceptedTcpOptions extends TcpCallbacks {
  readonly from: Incoming;
}
export interface TcpCallbacks {
  readonly onReadable?: (bytes: number) => void;
  /** First call: the connection stands. */
  readonly onWritable?: (bytes: number) => void;
  /** The connection failed or ended; only `close` may follow. Bytes received before the end were announced before. */
  readonly onError?: () => void;
}
export interface Tcp extends Closable {
  /** Bytes that the caller may overwrite. */
  read(byteLength?: number): Uint8Array | undefined;
  write(bytes: Uint8Array): void;
}
export type TcpConstructor = new (options: TcpOptions | AcceptedTcpOptions) => Tcp;

/** ECMA-419, TCP listener: who connects to a port of this device. */
export interface ListenerOptions {
  /** 1 to 65535; the constructor throws where it cannot be had. */
  readonly port: number;
  /** Called with the number of connections that can be read. */
  readonly onReadable?: (connections: number) => void;
}
export interface Listener extends Closable {
  /** The connection that waits longest, or `undefined`. It stands from when it is given to `TCP` as `from`, once. */
  read(): Incoming | undefined;
}
export type ListenerConstructor = new (options: ListenerOptions) => Listener;
/** A connection that was taken and is nobody's yet. */
export interface Incoming {
  /** The IP address of the other end. */
  readonly remoteAddress: string;
}

/**
 * TLS 1.2 over TCP, the client's side; a server that offers less is an error. The class proves that the server has the
 * key of the first certificate that it sends, and judges nothing else of it: whom to trust, and at what date, is for
 * the caller to say, by the same rules on every ground. Not part of ECMA-419.
 */
export interface TlsOptions extends TcpOptions {
  /** Which server is meant, as the handshake says it (RFC 6066, 3). */
  readonly serverName: string;
  /** Where the server asks who we are: our certificates as DER, our own first. */
  readonly clientCertificates?: readonly Uint8Array[];
  /** Where the secure storage has the private key of the first of them (PKCS #8 as DER); needed with them. */
  readonly clientKey?: string;
  /** The server's certificates as DER, its own first, called once. Nothing of ours is sent until `accept`. */
  readonly onCertificate: (certificates: readonly Uint8Array[]) => void;
}
export interface Tls extends Tcp {
  /** The certificates are good: the first `onWritable` follows. Throws when there are none to accept. */
  accept(): void;
}
export type TlsConstructor = new (options: TlsOptions) => Tls;

/** ECMA-419 3rd edition, flash storage: a named partition of NOR flash. Programming only clears bits. */
export interface FlashOptions {
  readonly partition: string;
}
export interface Flash extends Closable {
  /** Size of the partition and of one erase block, in bytes. */
  status(): { readonly size: number; readonly blockLength: number };
  read(byteLength: number, offset: number): Uint8Array;
  /** Programs: the stored bits become the old bits AND the new ones. */
  write(bytes: Uint8Array, offset: number): void;
  /** Sets all bits of one block, by its number. */
  eraseBlock(block: number): void;
}
export type FlashConstructor = new (options: FlashOptions) => Flash;

/** Small values in the secure element or eFuse-protected storage, by name. Not part of ECMA-419. */
export interface SecureStorage extends Closable {
  read(name: string): Uint8Array | undefined;
  write(name: string, value: Uint8Array): void;
  erase(name: string): void;
}
export type SecureStorageConstructor = new (options: Record<string, never>) => SecureStorage;

/** Bytes of the hardware's random generator. Not part of ECMA-419. */
export interface RandomSource extends Closable {
  /** 1 to 256 bytes. */
  read(byteLength: number): Uint8Array;
}
export type RandomSourceConstructor = new (options: Record<string, never>) => RandomSource;

/** Where a development build says what a screen means; absent on a production board. Not part of ECMA-419. */
export interface Recorder extends Closable {
  write(entry: RecordEntry): void;
}
export type RecorderConstructor = new (options: Record<string, never>) => Recorder;
/** A screen by its id with the values it shows, as text; never a PIN digit, never a full card number. */
export interface RecordEntry {
  readonly screen: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The processor itself, as far as firmware may command it. Not part of ECMA-419. */
export interface System extends Closable {
  /** Starts the device anew, as after a power cut; nothing after the call may count on being run. */
  restart(): void;
  /**
   * Ends the watch that the boot loader keeps over a start: firmware of which it does not hear this within a minute is started
   * anew.
   */
  alive(): void;
}
export type SystemConstructor = new (options: Record<string, never>) => System;

/** All IO a board's wiring is given; one object a ground. */
export interface IoProvider {
  readonly Serial: SerialConstructor;
  readonly I2C: I2cConstructor;
  readonly SMBus: SmBusConstructor;
  readonly SPI: SpiConstructor;
  readonly Digital: DigitalConstructor;
  /** Absent where no board that the ground knows has anything on it. */
  readonly PWM?: PwmConstructor;
  readonly AudioIn?: AudioInConstructor;
  readonly AudioOut?: AudioOutConstructor;
  readonly ImageIn?: ImageInConstructor;
  readonly TCP: TcpConstructor;
  readonly Listener: ListenerConstructor;
  readonly TLS: TlsConstructor;
  readonly Flash: FlashConstructor;
  readonly SecureStorage: SecureStorageConstructor;
  readonly RandomSource: RandomSourceConstructor;
  readonly Recorder?: RecorderConstructor;
  readonly System: SystemConstructor;
  /** Absent where firmware is replaced by cable. */
  readonly FirmwareSlots?: FirmwareSlotsConstructor;
  readonly clock: ClockSource;
  /** Read-only files linked beside the firmware ("font16"); not copied into RAM where the ground can avoid it. */
  readonly resource: (name: string) => Uint8Array | ArrayBufferLike;
  /** A data partition's bytes as they are at the start, not copied into RAM where the ground can avoid it; undefined: it cannot be had. */
  readonly mapped?: (partition: string) => Uint8Array | ArrayBufferLike | undefined;
}

/** What a ground gives for time. */
export interface ClockSource {
  /** Milliseconds since the device was powered, never going back. */
  monotonic(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z by the real-time clock. */
  wall(): number;
  setTimer(callback: () => void, milliseconds: number): number;
  clearTimer(id: number): void;
}
