import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { type PasswordDigest, Passwords } from "../../../firmware/vault/passwords.ts";
import { CountingRandom, MemorySecure } from "./secure.ts";

/** SHA-256 of sixteen bytes 01 and "000000", made with sha256sum. */
const given: readonly PasswordDigest[] = [
  {
    account: "supervisor",
    salt: "01010101010101010101010101010101",
    digest: "A2E1715F524C52572E2C6ADB9742E5199E6D22CC8C0C549B619EE46D453E2B59",
  },
];

class Safe {
  readonly secure = new MemorySecure();
  now = 0;

  /** A terminal that has just been started. */
  start(): Passwords {
    this.now = 0;
    return new Passwords(
      { secure: this.secure, random: new CountingRandom(), clock: { monotonic: () => this.now } },
      given,
    );
  }
}

const verdict = (passwords: Passwords, digits: string) => passwords.check("supervisor", asciiToBytes(digits)).kind;

test("the password of the parameters is taken, any other is not", () => {
  const passwords = new Safe().start();
  assert.is(verdict(passwords, "000001"), "wrong");
  assert.is(verdict(passwords, "00000"), "wrong");
  assert.is(verdict(passwords, "000000"), "right");
});

test("a password is wiped when it has been looked at, right or wrong", () => {
  const passwords = new Safe().start();
  for (const digits of ["000000", "123456"]) {
    const bytes = asciiToBytes(digits);
    passwords.check("supervisor", bytes);
    assert.equal([...bytes], [0, 0, 0, 0, 0, 0]);
  }
});

test("after three wrong ones the right one has to wait, each further one doubles the wait", () => {
  const safe = new Safe();
  const passwords = safe.start();
  for (let count = 0; count < 3; count++) assert.is(verdict(passwords, "111111"), "wrong");
  assert.equal(passwords.check("supervisor", asciiToBytes("000000")), { kind: "locked", milliseconds: 30_000 });
  safe.now = 29_999;
  assert.is(verdict(passwords, "000000"), "locked");
  safe.now = 30_000;
  assert.is(verdict(passwords, "111111"), "wrong");
  assert.equal(passwords.check("supervisor", asciiToBytes("000000")), { kind: "locked", milliseconds: 60_000 });
  safe.now = 90_000;
  assert.is(verdict(passwords, "000000"), "right");
  assert.is(verdict(passwords, "111111"), "wrong");
});

test("the wait never grows beyond an hour", () => {
  const safe = new Safe();
  safe.secure.write("pt.supervisor", Uint8Array.of(255));
  assert.equal(safe.start().check("supervisor", asciiToBytes("000000")), { kind: "locked", milliseconds: 3_600_000 });
});

test("switching off and on forgives no wrong password", () => {
  const safe = new Safe();
  const first = safe.start();
  for (let count = 0; count < 3; count++) verdict(first, "111111");
  const second = safe.start();
  assert.is(verdict(second, "000000"), "locked");
  safe.now = 30_000;
  assert.is(verdict(second, "000000"), "right");
});

test("a try is counted before it is looked at, so that a power cut in between wins nothing", () => {
  const safe = new Safe();
  const writes: string[] = [];
  const { secure } = safe;
  const write = secure.write.bind(secure);
  secure.write = (name, value) => {
    writes.push(`${name} ${value[0]}`);
    write(name, value);
    throw new Error("the power goes");
  };
  assert.throws(() => safe.start().check("supervisor", asciiToBytes("000000")));
  assert.equal(writes, ["pt.supervisor 1"]);
});

test("a password that was set here counts instead of the given one until it is removed", () => {
  const safe = new Safe();
  const passwords = safe.start();
  passwords.set("supervisor", asciiToBytes("8642"));
  assert.is(verdict(safe.start(), "000000"), "wrong");
  assert.is(verdict(safe.start(), "8642"), "right");
  passwords.remove("supervisor");
  assert.is(verdict(safe.start(), "000000"), "right");
});

test("what is kept of a password does not show it", () => {
  const safe = new Safe();
  safe.start().set("01", asciiToBytes("8642"));
  for (const value of safe.secure.values.values()) assert.not.match(bytesToLatin1(value), /8642/);
});

test("equal passwords are kept differently", () => {
  const safe = new Safe();
  const passwords = safe.start();
  passwords.set("01", asciiToBytes("8642"));
  passwords.set("02", asciiToBytes("8642"));
  assert.not.equal(safe.secure.values.get("pw.01"), safe.secure.values.get("pw.02"));
});

test("an account without a password lets nobody in", () => {
  const passwords = new Safe().start();
  assert.is(passwords.check("07", asciiToBytes("0000")).kind, "unknown");
  assert.not.ok(passwords.has("07"));
  assert.ok(passwords.has("supervisor"));
});

test.run();
