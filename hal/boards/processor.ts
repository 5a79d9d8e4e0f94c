import type { Device } from "../device.ts";
import type { IoProvider } from "../io.ts";

/** What every board takes from the processor and its network as the ground gives it: no chip of the board's is involved. */
export function processor(io: IoProvider) {
  const random = new io.RandomSource({});
  const recorder = io.Recorder === undefined ? undefined : new io.Recorder({});
  return {
    clock: io.clock,
    random: { read: (byteLength) => random.read(byteLength) },
    restart: () => new io.System({}).restart(),
    secure: new io.SecureStorage({}),
    flash: (options) => new io.Flash(options),
    network: (options) => new io.TCP(options),
    secureNetwork: (options) => new io.TLS(options),
    resource: (name) => io.resource(name),
    ...(recorder === undefined ? {} : { record: (entry) => recorder.write(entry) }),
  } satisfies Omit<Device, "display" | "keypad">;
}
