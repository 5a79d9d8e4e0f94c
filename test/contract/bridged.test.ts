/** Devices of p1 whose IO goes over the bridge, both ends in this process: they keep what they keep without it. */

import { p1 } from "../../hal/boards/p1/wiring.ts";
import { bridgedDevice } from "../../hal/bridge/provider.ts";
import { p1Chips } from "../../simulator/chips/p1.ts";
import { ioClasses } from "../../simulator/io/classes.ts";
import { BridgeServer } from "../../simulator/runtime/bridge-server.ts";
import { buzzerContract } from "./buzzer.contract.ts";
import { cameraContract } from "./camera.contract.ts";
import { lightsContract } from "./lights.contract.ts";
import { Bench } from "./pump.ts";
import { scannerContract } from "./scanner.contract.ts";
import { speakerContract } from "./speaker.contract.ts";

/** p1 at the far end of a bridge. */
function farBoard() {
  const { board, world } = new Bench();
  const chips = p1Chips(board);
  const toFirmware: Uint8Array[] = [];
  let end = 0;
  let isQuiet = false;
  const server = new BridgeServer({
    classes: ioClasses(board) as never,
    next: (until) => {
      const wake = world.next(Math.min(until ?? end, end));
      isQuiet = wake.kind !== "signal" && wake.now >= end && (until ?? Number.POSITIVE_INFINITY) > end;
      return wake;
    },
    wall: () => board.wall(),
    send: (payload) => toFirmware.push(new Uint8Array(payload)),
    powered: () => board.powered,
  });
  server.start(0, {});
  const firmware = bridgedDevice(
    { read: () => toFirmware.shift(), write: (...parts) => server.receive(Buffer.concat(parts)) },
    () => new Uint8Array(0),
  );
  let isDelivering = false;
  const run = async (milliseconds: number): Promise<void> => {
    end = world.now + milliseconds;
    do {
      isDelivering = true;
      firmware.idle();
      isDelivering = false;
      await new Promise((resolve) => setImmediate(resolve));
    } while (!isQuiet);
  };
  return { chips, run, device: p1(firmware.io), delivering: () => isDelivering };
}

buzzerContract("p1's over the bridge", () => {
  const { chips, run, device } = farBoard();
  return { buzzer: device.buzzer!({}), run, heard: () => chips.buzzer.tones };
});

lightsContract("p1's over the bridge", () => {
  const { chips, run, device } = farBoard();
  const history = () =>
    chips.lights.history
      .slice(1)
      .map(({ at }, index) => [chips.lights.history[index]!.lit, at - chips.lights.history[index]!.at] as const);
  return { lights: device.lights!({}), run, seen: () => chips.lights.lit, history };
});

scannerContract("p1's over the bridge", () => {
  const { chips, run, device, delivering } = farBoard();
  return {
    open: (callbacks) => device.scanner!(callbacks),
    show: (code) => chips.scanner.show(code),
    takeAway: () => chips.scanner.takeAway(),
    run,
    lit: () => chips.scanner.looking,
    breaches: () => chips.scanner.protocolErrors + chips.uarts.protocolErrors,
    delivering,
  };
});

speakerContract("p1's over the bridge", () => {
  const { chips, run, device, delivering } = farBoard();
  const calls = { writable: 0, errors: 0, strangers: 0, fromInside: 0 };
  const count = (name: "writable" | "errors") =>
    function counted(this: unknown) {
      calls[name]++;
      if (this !== speaker) calls.strangers++;
      if (!delivering()) calls.fromInside++;
    };
  const speaker = device.speaker!({ onWritable: count("writable"), onError: count("errors") });
  return { speaker, run, heard: () => chips.speaker.heard, volume: () => chips.speaker.volume, calls };
});

cameraContract("p1's over the bridge", () => {
  const { chips, run, device, delivering } = farBoard();
  const calls = { readable: 0, errors: 0, strangers: 0, fromInside: 0 };
  const count = (name: "readable" | "errors") =>
    function counted(this: unknown) {
      calls[name]++;
      if (this !== camera) calls.strangers++;
      if (!delivering()) calls.fromInside++;
    };
  const camera = device.camera!({ onReadable: count("readable"), onError: count("errors") });
  return { camera, run, show: (scene) => chips.camera.show(scene), calls };
});
