import { test } from "uvu";
import * as assert from "uvu/assert";
import { awake } from "../../hal/drivers/camera/awake.ts";
import { ImageInCamera } from "../../hal/drivers/camera/image-in.ts";
import { AudioInMicrophone } from "../../hal/drivers/microphone/audio-in.ts";
import { converted } from "../../hal/drivers/microphone/es7210.ts";
import { AudioOutSpeaker } from "../../hal/drivers/speaker/audio-out.ts";
import { amplified } from "../../hal/drivers/speaker/aw88298.ts";
import { Aw88298Chip } from "../../simulator/chips/aw88298.ts";
import { Es7210Chip } from "../../simulator/chips/es7210.ts";
import { LoudspeakerChip, MicrophoneChip, SensorChip } from "../../simulator/chips/senses.ts";
import { cameraContract } from "./camera.contract.ts";
import { microphoneContract } from "./microphone.contract.ts";
import { Bench } from "./pump.ts";
import { speakerContract } from "./speaker.contract.ts";

const RATE = 16_000;

/** Callbacks that count, with a look at whom and when they are called. */
function counting(bench: Bench, self: () => unknown) {
  const calls = { readable: 0, writable: 0, errors: 0, strangers: 0, fromInside: 0 };
  const counter = (name: "readable" | "writable" | "errors") =>
    function count(this: unknown) {
      calls[name]++;
      if (this !== self()) calls.strangers++;
      if (!bench.delivering) calls.fromInside++;
    };
  return { calls, onReadable: counter("readable"), onWritable: counter("writable"), onError: counter("errors") };
}

function microphoneRig(change: object = {}) {
  const bench = new Bench();
  const room = new MicrophoneChip(bench.board);
  const { calls, onReadable, onError } = counting(bench, () => microphone);
  const microphone: AudioInMicrophone = new AudioInMicrophone({
    audio: { io: bench.io.AudioIn },
    sampleRate: RATE,
    clock: bench.clock,
    onReadable,
    onError,
    ...change,
  });
  return {
    bench,
    room,
    microphone,
    calls,
    say: (samples: Int16Array) => room.say(samples, RATE),
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

function speakerRig(change: object = {}) {
  const bench = new Bench();
  const ear = new LoudspeakerChip(bench.board);
  const { calls, onWritable, onError } = counting(bench, () => speaker);
  const speaker: AudioOutSpeaker = new AudioOutSpeaker({
    audio: { io: bench.io.AudioOut },
    sampleRate: RATE,
    clock: bench.clock,
    onWritable,
    onError,
    ...change,
  });
  return {
    bench,
    speaker,
    calls,
    heard: () => ear.heard,
    volume: () => ear.volume,
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

function cameraRig(change: object = {}) {
  const bench = new Bench();
  const sensor = new SensorChip(bench.board);
  const { calls, onReadable, onError } = counting(bench, () => camera);
  const camera: ImageInCamera = new ImageInCamera({
    image: { io: bench.io.ImageIn },
    width: 96,
    height: 64,
    clock: bench.clock,
    onReadable,
    onError,
    ...change,
  });
  return {
    bench,
    sensor,
    camera,
    calls,
    show: (scene: (x: number, y: number) => number) => sensor.show(scene),
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

const PIN = 30;
const wires = { bus: 1, address: 0x36 } as const;

/** A loudspeaker behind its amplifier. */
function amplifierRig() {
  const bench = new Bench();
  const chip = new Aw88298Chip(bench.board, { ...wires, reset: PIN });
  const { calls, onWritable, onError } = counting(bench, () => speaker);
  const bus = { io: bench.io.SMBus, ...wires };
  const reset = { io: bench.io.Digital, pin: PIN };
  const io = amplified({ bus, reset, audio: bench.io.AudioOut });
  const speaker: AudioOutSpeaker = new AudioOutSpeaker({
    audio: { io },
    sampleRate: RATE,
    clock: bench.clock,
    onWritable,
    onError,
  });
  return {
    bench,
    chip,
    io,
    speaker,
    calls,
    heard: () => chip.loudspeaker.heard,
    volume: () => chip.loudspeaker.volume,
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

/** A microphone before its converter. */
function converterRig() {
  const bench = new Bench();
  const chip = new Es7210Chip(bench.board, wires);
  const { calls, onReadable, onError } = counting(bench, () => microphone);
  const microphone: AudioInMicrophone = new AudioInMicrophone({
    audio: { io: converted({ bus: { io: bench.io.SMBus, ...wires }, audio: bench.io.AudioIn }) },
    sampleRate: RATE,
    clock: bench.clock,
    onReadable,
    onError,
  });
  return {
    bench,
    chip,
    microphone,
    calls,
    say: (samples: Int16Array) => chip.microphone.say(samples, RATE),
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

/** A camera whose sensor is in reset while nobody looks. */
function awakeRig() {
  const bench = new Bench();
  const sensor = new SensorChip(bench.board);
  const look = bench.board.senses.look!;
  const wire = bench.board.digitalWire(PIN);
  bench.board.senses.look = (...size) => (wire.level === 0 ? undefined : look(...size));
  const { calls, onReadable, onError } = counting(bench, () => camera);
  const io = awake({ reset: { io: bench.io.Digital, pin: PIN }, image: bench.io.ImageIn });
  const camera: ImageInCamera = new ImageInCamera({
    image: { io },
    width: 96,
    height: 64,
    clock: bench.clock,
    onReadable,
    onError,
  });
  return {
    bench,
    wire,
    camera,
    calls,
    show: (scene: (x: number, y: number) => number) => sensor.show(scene),
    run: (milliseconds: number) => bench.run(milliseconds),
  };
}

microphoneContract("audio input on its model", microphoneRig);
microphoneContract("audio input behind an ES7210", converterRig);
speakerContract("audio output on its model", speakerRig);
speakerContract("audio output through an AW88298", amplifierRig);
cameraContract("image input on its model", cameraRig);
cameraContract("image input of a sensor with a reset", awakeRig);

test("an amplifier plays only while its loudspeaker is open, and sleeps after it", async () => {
  const { bench, chip, io, speaker, run } = amplifierRig();
  await run(50);
  speaker.write(Int16Array.of(1, 2, 3));
  await run(100);
  assert.equal(chip.loudspeaker.heard, [1, 2, 3]);
  assert.is(bench.board.digitalWire(PIN).level, 1);
  speaker.close();
  assert.is(bench.board.digitalWire(PIN).level, 0);
  assert.is(bench.board.open.size, 0);
  assert.is(chip.protocolErrors, 0);
  assert.throws(() => new io({ sampleRate: 22_050 }), /no rate/);
  assert.is(bench.board.open.size, 0);
});

test("a chip that does not answer leaves nothing open", () => {
  const bench = new Bench();
  const bus = { io: bench.io.SMBus, ...wires };
  const reset = { io: bench.io.Digital, pin: PIN };
  const out = amplified({ bus, reset, audio: bench.io.AudioOut });
  const into = converted({ bus, audio: bench.io.AudioIn });
  assert.throws(() => new out({ sampleRate: RATE }), /no acknowledge/);
  assert.throws(() => new into({ sampleRate: RATE }), /no acknowledge/);
  assert.is(bench.board.digitalWire(PIN).level, 0);
  assert.is(bench.board.open.size, 0);
});

test("a converter is put back into reset when nobody listens any more", async () => {
  const { bench, chip, microphone, run } = converterRig();
  microphone.start();
  await run(100);
  assert.is(chip.protocolErrors, 0);
  microphone.close();
  chip.write(Uint8Array.of(0x01));
  assert.equal(chip.read(1), Uint8Array.of(0x1f));
  assert.is(bench.board.open.size, 0);
});

test("a camera is in reset while nobody looks", () => {
  const { wire, camera } = awakeRig();
  assert.is(wire.level, 1);
  camera.close();
  assert.is(wire.level, 0);
});

test("a microphone that gives no sample, and a camera that gives no picture, end in onError, once", async () => {
  const { room, microphone, ...ear } = microphoneRig();
  room.broken = true;
  microphone.start();
  await ear.run(10_000);
  assert.is(ear.calls.errors, 1);
  assert.throws(() => microphone.start());
  const { sensor, camera, ...eye } = cameraRig();
  camera.start();
  await eye.run(1_000);
  sensor.broken = true;
  await eye.run(10_000);
  assert.is(eye.calls.errors, 1);
  assert.throws(() => camera.read());
  assert.is(ear.bench.board.open.size + eye.bench.board.open.size, 0);
});

test("pictures that are not whole are dropped, and whole ones are taken again", async () => {
  const { sensor, camera, calls, run } = cameraRig();
  sensor.missing = 2;
  camera.start();
  await run(1_000);
  assert.is(camera.read(), undefined);
  assert.is(calls.readable, 0);
  sensor.missing = 0;
  await run(500);
  assert.is(camera.read()?.pixels.length, 96 * 64 * 2);
  assert.is(calls.errors, 0);
});

test("a loudspeaker that never plays ends finish as silent", async () => {
  class Dead {
    readonly sampleRate = RATE;
    volume = 1;
    constructor(options: { readonly onWritable?: (bytes: number) => void }) {
      setImmediate(() => options.onWritable?.(1_000));
    }
    start(): void {}
    stop(): void {}
    write(): void {}
    close(): void {}
  }
  const { speaker, run } = speakerRig({ audio: { io: Dead } });
  await run(10);
  speaker.write(Int16Array.of(1, 2, 3));
  const ended: unknown[] = [];
  speaker.finish((error) => ended.push(error));
  await run(10_000);
  assert.equal(ended, ["silent"]);
});

test("hardware with another sample rate is refused and given back", () => {
  const bench = new Bench();
  class OtherIn extends bench.io.AudioIn {
    override readonly sampleRate = 8_000;
  }
  class OtherOut extends bench.io.AudioOut {
    override readonly sampleRate = 8_000;
  }
  const common = { sampleRate: RATE, clock: bench.clock };
  assert.throws(() => new AudioInMicrophone({ ...common, audio: { io: OtherIn } }), /sample rate/);
  assert.throws(() => new AudioOutSpeaker({ ...common, audio: { io: OtherOut } }), /sample rate/);
  assert.is(bench.board.open.size, 0);
});

test("options are checked before anything is opened", () => {
  for (const wrong of [{ audio: { io: 1 } }, { sampleRate: 100 }, { clock: {} }, { onReadable: 1 }, { onError: 1 }])
    assert.throws(() => microphoneRig(wrong), undefined, JSON.stringify(wrong));
  for (const wrong of [{ audio: { io: 1 } }, { sampleRate: 100 }, { clock: {} }, { onWritable: 1 }, { onError: 1 }])
    assert.throws(() => speakerRig(wrong), undefined, JSON.stringify(wrong));
  for (const wrong of [{ image: { io: 1 } }, { width: 8 }, { height: 5_000 }, { clock: {} }, { onReadable: 1 }])
    assert.throws(() => cameraRig(wrong), undefined, JSON.stringify(wrong));
});

test("a power cut ends listening and seeing", async () => {
  const { bench, microphone } = microphoneRig();
  microphone.start();
  await bench.run(100);
  bench.board.cutPower();
  assert.throws(() => microphone.read(1));
});

test.run();
