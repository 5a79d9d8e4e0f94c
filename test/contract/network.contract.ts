import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Tcp, TcpConstructor, TcpOptions } from "../../hal/io.ts";

/** TCP with a server that echoes on `echoPort`, one that hangs up at once on `closingPort`, nobody on `deadPort`. */
export interface NetworkRig {
  readonly TCP: TcpConstructor;
  readonly echoPort: number;
  readonly closingPort: number;
  readonly deadPort: number;
  run(milliseconds: number): Promise<void>;
  /** True while a callback is being delivered. */
  delivering(): boolean;
}

/** What every ground's TCP promises (ECMA-419, 10.9; hal/io.ts). */
export function networkContract(name: string, make: () => NetworkRig): void {
  const test = suite(`network: ${name}`);

  /** Opens a connection and keeps a diary of its callbacks. */
  function open(
    rig: NetworkRig,
    port: number,
  ): { readonly tcp: Tcp; readonly diary: string[]; readonly got: number[] } {
    const diary: string[] = [];
    const got: number[] = [];
    const self: { tcp?: Tcp } = {};
    const note = (what: string, instance: unknown): void => {
      assert.ok(rig.delivering(), `${what} came from inside a call`);
      assert.is(instance, self.tcp, `${what} has another this`);
      if (diary.at(-1) !== what) diary.push(what);
    };
    const options: TcpOptions = {
      address: "127.0.0.1",
      port,
      onWritable(this: unknown) {
        note("writable", this);
      },
      onReadable(this: unknown) {
        note("readable", this);
        for (let bytes = self.tcp?.read(); bytes !== undefined; bytes = self.tcp?.read()) got.push(...bytes);
      },
      onError(this: unknown) {
        note("error", this);
      },
    };
    self.tcp = new rig.TCP(options);
    return { tcp: self.tcp, diary, got };
  }

  test("the first onWritable says that the connection stands; what is sent comes back", async () => {
    const rig = make();
    const { tcp, diary, got } = open(rig, rig.echoPort);
    assert.throws(() => tcp.write(Uint8Array.of(1)), /connect/);
    await rig.run(1000);
    assert.equal(diary, ["writable"]);
    tcp.write(Uint8Array.of(1, 2, 3));
    tcp.write(Uint8Array.of(4));
    await rig.run(1000);
    assert.equal(got, [1, 2, 3, 4]);
    assert.is(tcp.read(), undefined);
    tcp.close();
  });

  test("nobody at the other end is an error, never an exception", async () => {
    const rig = make();
    const { tcp, diary } = open(rig, rig.deadPort);
    await rig.run(2000);
    assert.equal(diary, ["error"]);
    tcp.close();
  });

  test("a line that is hung up is an error once", async () => {
    const rig = make();
    const { tcp, diary } = open(rig, rig.closingPort);
    await rig.run(2000);
    assert.is(diary.at(-1), "error");
    assert.is(diary.filter((word) => word === "error").length, 1);
    assert.throws(() => tcp.write(Uint8Array.of(1)));
    tcp.close();
  });

  test("close may be called twice, ends all callbacks, and everything else throws after it", async () => {
    const rig = make();
    const { tcp, diary } = open(rig, rig.echoPort);
    tcp.close();
    tcp.close();
    await rig.run(1000);
    assert.equal(diary, []);
    assert.throws(() => tcp.read());
    assert.throws(() => tcp.write(Uint8Array.of(1)));
  });

  test("a port that is none is refused at once", () => {
    const rig = make();
    for (const port of [0, -1, 65_536, Number.NaN]) {
      assert.throws(
        () => new rig.TCP({ address: "127.0.0.1", port }),
        (error: unknown) => error instanceof RangeError,
      );
    }
  });

  test.run();
}
