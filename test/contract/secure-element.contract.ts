import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ElementFault, SecureElement } from "../../hal/secure-element.ts";

/** An element under test. */
export interface ElementRig {
  readonly element: SecureElement;
  run(milliseconds: number): Promise<void>;
  breaches(): number;
  delivering(): boolean;
}

/** How an operation ended. */
export interface Ended<Value> {
  readonly error: ElementFault | undefined;
  readonly value: Value | undefined;
  readonly self: unknown;
}

/** Starts an operation and lets time pass until it has ended. */
export async function outcome<Value>(
  rig: Pick<ElementRig, "run" | "delivering">,
  start: (done: (error: ElementFault | undefined, value?: Value) => void) => void,
): Promise<Ended<Value>> {
  const ended: Ended<Value>[] = [];
  start(function (this: unknown, error, value) {
    assert.ok(rig.delivering());
    ended.push({ error, value, self: this });
  });
  assert.is(ended.length, 0);
  await rig.run(5_000);
  assert.is(ended.length, 1);
  return ended[0]!;
}

/** Whether Node's own library takes the signature of a message by this key. */
export function isSigned(message: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  const [x, y] = [key.subarray(0, 32), key.subarray(32)].map((half) => Buffer.from(half).toString("base64url"));
  const jwk = { kty: "EC", crv: "P-256", x: x!, y: y! };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  return verify("sha256", message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
}

export const digestOf = (message: Uint8Array): Uint8Array => createHash("sha256").update(message).digest();

/** What every secure element keeps, whatever chip it is. */
export function secureElementContract(name: string, make: () => ElementRig): void {
  const test = suite(`secure element contract: ${name}`);

  test("it has a number of its own that stays", async () => {
    const rig = make();
    const first = await outcome<Uint8Array>(rig, (done) => rig.element.identify(done));
    const second = await outcome<Uint8Array>(rig, (done) => rig.element.identify(done));
    assert.is(first.error, undefined);
    assert.is(first.self, rig.element);
    assert.ok(first.value!.length >= 8);
    assert.equal(first.value, second.value);
    assert.is(rig.breaches(), 0);
  });

  test("what it signs is its device key's, for any digest, and no two signatures are alike", async () => {
    const rig = make();
    const key = await outcome<Uint8Array>(rig, (done) => rig.element.publicKey(done));
    assert.is(key.value?.length, 64);
    const seen = new Set<string>();
    const message = randomBytes(100);
    for (let round = 0; round < 3; round++) {
      const signature = await outcome<Uint8Array>(rig, (done) => rig.element.sign(digestOf(message), done));
      assert.ok(isSigned(message, key.value!, signature.value!));
      seen.add(Buffer.from(signature.value!).toString("hex"));
      assert.not(isSigned(randomBytes(100), key.value!, signature.value!));
    }
    assert.is(seen.size, 3);
    assert.is(rig.breaches(), 0);
  });

  test("counters go up by one, each for itself, and reading changes nothing", async () => {
    const rig = make();
    const read = async (counter: number) =>
      (await outcome<number>(rig, (done) => rig.element.count(counter, done))).value;
    const up = async (counter: number) =>
      (await outcome<number>(rig, (done) => rig.element.increment(counter, done))).value;
    const [first, second] = [(await read(0))!, (await read(1))!];
    for (let step = 1; step <= 300; step++) assert.is(await up(0), first + step);
    assert.is(await read(0), first + 300);
    assert.is(await read(0), first + 300);
    assert.is(await up(1), second + 1);
    assert.is(await read(0), first + 300);
  });

  test("random bytes differ from call to call", async () => {
    const rig = make();
    const one = await outcome<Uint8Array>(rig, (done) => rig.element.random(done));
    const other = await outcome<Uint8Array>(rig, (done) => rig.element.random(done));
    assert.is(one.value?.length, 32);
    assert.not.equal(one.value, other.value);
  });

  test("it works after a minute of rest", async () => {
    const rig = make();
    await outcome<number>(rig, (done) => rig.element.count(0, done));
    await rig.run(60_000);
    assert.is((await outcome<number>(rig, (done) => rig.element.count(0, done))).error, undefined);
    assert.is(rig.breaches(), 0);
  });

  test("a second operation beside one throws and disturbs nothing; one from a completion does not", async () => {
    const rig = make();
    let chained: number | undefined;
    const { value } = await outcome<number>(rig, (done) => {
      rig.element.count(0, (error, count) => {
        rig.element.increment(0, (_, next) => {
          chained = next;
        });
        done.call(rig.element, error, count);
      });
      assert.throws(() => rig.element.random(() => undefined));
    });
    assert.is(chained, value! + 1);
  });

  test("a digest or counter that cannot be is refused at once and starts nothing", async () => {
    const { element, run } = make();
    const never = () => assert.unreachable();
    for (const wrong of [0, 31, 33])
      assert.throws(
        () => element.sign(new Uint8Array(wrong), never),
        (error: unknown) => error instanceof RangeError,
      );
    for (const counter of [-1, 2, 0.5])
      assert.throws(
        () => element.increment(counter, never),
        (error: unknown) => error instanceof RangeError,
      );
    await run(1_000);
  });

  test("close may be called twice, in the middle of an operation; nothing is called back and every call throws", async () => {
    const { element, run } = make();
    const never = () => assert.unreachable();
    element.sign(new Uint8Array(32), never);
    await run(10);
    element.close();
    element.close();
    await run(5_000);
    for (const call of [
      () => element.identify(never),
      () => element.publicKey(never),
      () => element.sign(new Uint8Array(32), never),
      () => element.count(0, never),
      () => element.increment(0, never),
      () => element.random(never),
    ])
      assert.throws(call);
  });

  test.run();
}
