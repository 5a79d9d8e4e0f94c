/** Drivers that no board of ours loads yet, on each engine: one short use of each. Their contracts are in test/contract. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ImageInCamera } from "../../../hal/drivers/camera/image-in.ts";
import { MatrixKeypad } from "../../../hal/drivers/keypad/matrix.ts";
import { LedRow } from "../../../hal/drivers/light/led-row.ts";
import { AudioInMicrophone } from "../../../hal/drivers/microphone/audio-in.ts";
import { Axp2101 } from "../../../hal/drivers/power/axp2101.ts";
import { decodeReceived, encodeWrite } from "../../../hal/drivers/scanner/gm65-frames.ts";
import { decodeAnswer, encodeCommand } from "../../../hal/drivers/secure-element/atecc-packets.ts";
import { Atecc608 } from "../../../hal/drivers/secure-element/atecc608.ts";
import { PwmBuzzer } from "../../../hal/drivers/sound/pwm-buzzer.ts";
import { AudioOutSpeaker } from "../../../hal/drivers/speaker/audio-out.ts";
import { Ft6206 } from "../../../hal/drivers/touch/ft6206.ts";
import { FakeClock, FakePins, registersOf } from "./fake-io.ts";

test("a plain matrix hears a key", () => {
  const [clock, pins] = [new FakeClock(), new FakePins()];
  let down = false;
  const keypad = new MatrixKeypad({
    io: pins.Digital,
    rows: [1, 2],
    columns: [3, 4],
    keys: [
      ["1", "2"],
      ["3", "4"],
    ],
    clock,
  });
  pins.read = (pin) => (down && pin === 4 && pins.levels.get(2) === 0 ? 0 : 1);
  down = true;
  pins.tell.get(4)!();
  clock.pass(20);
  assert.equal(keypad.read(), { key: "4", pressed: true });
  down = false;
  clock.pass(30);
  assert.equal(keypad.read(), { key: "4", pressed: false });
  assert.is(keypad.read(), undefined);
});

test("an FT6206 tells a finger", () => {
  const [clock, pins] = [new FakeClock(), new FakePins()];
  const registers = new Uint8Array(256);
  registers.set([0x11], 0xa8);
  registers.set([0x06], 0xa3);
  const touch = new Ft6206({
    bus: { io: registersOf(registers), bus: 0, address: 0x38 },
    interrupt: { io: pins.Digital, pin: 5 },
    glass: { width: 240, height: 320 },
    clock,
  });
  clock.pass(1);
  registers.set([1, 0x00, 100, 0x21, 0x00], 0x02);
  pins.tell.get(5)!();
  assert.equal(touch.read(), [{ id: 2, x: 100, y: 256 }]);
});

test("an AXP2101 tells battery and cable", () => {
  const [clock, pins] = [new FakeClock(), new FakePins()];
  const registers = new Uint8Array(256);
  registers.set([0x28, 0x02, 0, 0x4a]);
  registers[0xa4] = 64;
  const power = new Axp2101({
    bus: { io: registersOf(registers), bus: 0, address: 0x34 },
    interrupt: { io: pins.Digital, pin: 3 },
    chargeCurrent: 500,
    chargeVoltage: 4_200,
    clock,
  });
  assert.equal(power.state, { external: true, battery: "charging", charge: 64, fault: undefined });
  assert.is(registers[0x62], 11);
});

test("an ATECC608's counter is read", () => {
  const clock = new FakeClock();
  const answers = [Uint8Array.of(0x04, 0x11, 0x33, 0x43)];
  class Bus {
    read(): Uint8Array {
      const answer = answers.shift();
      if (answer === undefined) throw new Error("no acknowledge");
      return answer;
    }
    write(bytes: Uint8Array): void {
      if (bytes[0] === 3) answers.push(counterAnswer());
    }
    close(): void {}
  }
  // Its checksum is found by trying them: the module gives none away.
  const counterAnswer = () => {
    for (let sum = 0; sum < 0x10000; sum++) {
      const bytes = Uint8Array.of(7, 5, 1, 0, 0, sum & 0xff, sum >> 8);
      if (decodeAnswer(bytes, 4).kind === "data") return bytes;
    }
    throw new Error("no CRC");
  };
  const element = new Atecc608({ i2c: { io: Bus, bus: 0, address: 0x60 }, keySlot: 0, clock });
  let count: number | undefined;
  element.count(0, (_, value) => {
    count = value;
  });
  clock.pass(100);
  assert.is(count, 261);
  assert.is(encodeCommand({ code: 0x30, mode: 0, parameter: 0, answerLength: 4, time: 5 }).length, 8);
});

test("a GM65's frames are made and read", () => {
  assert.equal([...encodeWrite(0x0002, 1)], [0x7e, 0x00, 0x08, 0x01, 0x00, 0x02, 0x01, 0x02, 0xda]);
  const answer = decodeReceived(Uint8Array.of(0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31));
  assert.equal(answer, { kind: "answer", length: 7, good: true });
  const code = decodeReceived(Uint8Array.of(0x31, 0x32, 0x0d));
  assert.equal(code.kind === "code" && [...code.code], [0x31, 0x32]);
});

test("lights and buzzer follow their times", () => {
  const [clock, pins] = [new FakeClock(), new FakePins()];
  const lights = new LedRow({ io: pins.Digital, pins: [1, 2, 3, 4], clock });
  lights.show("read");
  clock.pass(400);
  assert.equal(
    [1, 2, 3, 4].map((pin) => pins.levels.get(pin)),
    [1, 1, 1, 1],
  );
  const waves: number[] = [];
  class Wave {
    readonly resolution = 10;
    constructor({ hz }: { readonly hz: number }) {
      waves.push(hz);
    }
    write(): void {}
    close(): void {
      waves.push(0);
    }
  }
  new PwmBuzzer({ pwm: { io: Wave, pin: 5 }, clock }).play([{ hertz: 1_500, milliseconds: 100 }]);
  clock.pass(200);
  assert.equal(waves, [1_500, 0]);
});

test("sound and pictures come and go", () => {
  const clock = new FakeClock();
  let tell: (bytes: number) => void = () => undefined;
  class Audio {
    readonly sampleRate = 16_000;
    volume = 1;
    constructor(options: {
      readonly onReadable?: (bytes: number) => void;
      readonly onWritable?: (bytes: number) => void;
    }) {
      tell = options.onReadable ?? options.onWritable ?? tell;
    }
    start(): void {}
    stop(): void {}
    read(): Uint8Array {
      return Uint8Array.of(0xff, 0xff, 0x02, 0x01);
    }
    written: readonly number[] = [];
    write(bytes: Uint8Array): void {
      this.written = [...bytes];
    }
    close(): void {}
  }
  const microphone = new AudioInMicrophone({ audio: { io: Audio }, sampleRate: 16_000, clock });
  microphone.start();
  assert.equal([...microphone.read(2)!], [-1, 258]);
  const speaker = new AudioOutSpeaker({ audio: { io: Audio }, sampleRate: 16_000, clock });
  tell(100);
  assert.is(speaker.writable, 50);
  speaker.write(Int16Array.of(-2, 3));
  assert.is(speaker.writable, 48);
  class Image {
    constructor(options: { readonly onReadable?: (bytes: number) => void }) {
      tell = options.onReadable ?? tell;
    }
    start(): void {}
    stop(): void {}
    read(): Uint8Array {
      return new Uint8Array(16 * 16 * 2).fill(7);
    }
    close(): void {}
  }
  const camera = new ImageInCamera({ image: { io: Image }, width: 16, height: 16, clock });
  camera.start();
  tell(512);
  assert.is(camera.read()?.pixels[511], 7);
  assert.is(camera.read(), undefined);
});

test.run();
