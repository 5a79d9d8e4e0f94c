import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { OperatorTable } from "../../../firmware/vault/operator-table.ts";
import { Operators, type PasswordProof, roleOf } from "../../../firmware/vault/operators.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { CountingRandom, MemorySecure } from "./secure.ts";

/** PBKDF2 of sixteen bytes 01, a thousand times, made with Python's hashlib: "000000", "12345678", "0000". */
const given: readonly PasswordProof[] = (
  [
    ["00", "39FAD9B1AFB20496F6725AF427D579105AF6BD766C0B8FFC874E1BB735678286"],
    ["99", "A1836F39761028238445E1CA049F6D48243E438A4EC9BB45233CD0D23A2E5FFC"],
    ["01", "C81EFAF5DAEC9B08D5E98A8AD2B1565E49F59648F72426224BDC9F3026CE1CF8"],
  ] as const
).map(([number, digest]) => `${number}:1000:${"01".repeat(16)}:${digest}`);

class Safe {
  readonly secure = new MemorySecure();
  readonly flash = NorFlash.blank(4, 4096);
  now = 0;

  /** A terminal that has just been started. */
  start(firstIsInitial = false, proofs = given): Operators {
    this.now = 0;
    const device = { secure: this.secure, random: new CountingRandom(), clock: { monotonic: () => this.now } };
    const initialPasswords = firstIsInitial ? "change" : "keep";
    return new Operators(
      device,
      new OperatorTable(this.flash),
      { passwords: proofs, initialPasswords },
      { "00": 0, "99": 0 },
    );
  }
}

const verdict = (operators: Operators, digits: string, number = "00") =>
  operators.check(number, asciiToBytes(digits)).kind;

test("numbers have the roles that UnionPay's terminals give them", () => {
  assert.equal(["00", "01", "97", "98", "99", "1", "100", ""].map(roleOf), [
    "supervisor",
    "operator",
    "operator",
    undefined,
    "administrator",
    undefined,
    undefined,
    undefined,
  ]);
});

test("the password of the parameters is taken, any other is not", () => {
  const operators = new Safe().start();
  assert.is(verdict(operators, "000001"), "wrong");
  assert.is(verdict(operators, "00000"), "wrong");
  assert.is(verdict(operators, "000000"), "right");
  assert.is(verdict(operators, "12345678", "99"), "right");
  assert.is(verdict(operators, "0000", "01"), "right");
});

test("a password is wiped when it has been looked at, right or wrong, and when it has been set", () => {
  const operators = new Safe().start();
  for (const digits of ["000000", "123456"]) {
    const bytes = asciiToBytes(digits);
    operators.check("00", bytes);
    assert.equal([...bytes], [0, 0, 0, 0, 0, 0]);
  }
  const bytes = asciiToBytes("1357");
  operators.set("02", bytes);
  assert.equal([...bytes], [0, 0, 0, 0]);
});

test("an operator is locked after three wrong passwords in a row, the right one and a new start included", () => {
  const safe = new Safe();
  const operators = safe.start();
  assert.equal(operators.check("01", asciiToBytes("1111")), { kind: "wrong", left: 2 });
  assert.equal(operators.check("01", asciiToBytes("1111")), { kind: "wrong", left: 1 });
  assert.equal(operators.check("01", asciiToBytes("0000")), { kind: "right", initial: false });
  for (const left of [2, 1, 0]) assert.equal(operators.check("01", asciiToBytes("1111")), { kind: "wrong", left });
  assert.equal(operators.check("01", asciiToBytes("0000")), { kind: "locked" });
  safe.now = 1e9;
  assert.equal(operators.check("01", asciiToBytes("0000")), { kind: "locked" });
  assert.equal(safe.start().check("01", asciiToBytes("0000")), { kind: "locked" });
  assert.equal(safe.start().list(), [{ number: "01", isLocked: true, isInitial: false }]);
});

test("an operator who was unlocked has three tries again, and the same password", () => {
  const operators = new Safe().start();
  for (let count = 0; count < 4; count++) verdict(operators, "1111", "01");
  operators.unlock("01");
  assert.is(verdict(operators, "1111", "01"), "wrong");
  assert.is(verdict(operators, "0000", "01"), "right");
});

test("a new password unlocks too", () => {
  const operators = new Safe().start();
  for (let count = 0; count < 4; count++) verdict(operators, "1111", "01");
  assert.ok(operators.set("01", asciiToBytes("2222"), true));
  assert.equal(operators.check("01", asciiToBytes("2222")), { kind: "right", initial: true });
});

test("the supervisor has to wait after three wrong ones, and each further one doubles the wait", () => {
  const safe = new Safe();
  const operators = safe.start();
  for (let count = 0; count < 3; count++) assert.is(verdict(operators, "111111"), "wrong");
  assert.equal(operators.check("00", asciiToBytes("000000")), { kind: "locked", milliseconds: 30_000 });
  safe.now = 29_999;
  assert.is(verdict(operators, "000000"), "locked");
  safe.now = 30_000;
  assert.is(verdict(operators, "111111"), "wrong");
  assert.equal(operators.check("00", asciiToBytes("000000")), { kind: "locked", milliseconds: 60_000 });
  assert.is(verdict(operators, "12345678", "99"), "right");
  safe.now = 90_000;
  assert.is(verdict(operators, "000000"), "right");
  assert.is(verdict(operators, "111111"), "wrong");
});

test("the wait never grows beyond an hour, however many were wrong", () => {
  const safe = new Safe();
  const operators = safe.start();
  for (let count = 0; count < 40; count++) {
    assert.is(verdict(operators, "111111"), "wrong", `${count}`);
    safe.now += 3_600_000;
  }
  safe.now -= 3_600_000;
  assert.equal(operators.check("00", asciiToBytes("000000")), { kind: "locked", milliseconds: 3_600_000 });
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
  for (let count = 0; count < 3; count++) {
    const operators = safe.start();
    verdict(operators, "0000", "02"); // nobody's: nothing is written
    safe.flash.onOperation = ({ kind }) => {
      if (kind === "program") safe.flash.onOperation = afterThis;
    };
    const afterThis = (): void => {
      throw new Error("the power goes");
    };
    if (count === 0) safe.flash.onOperation = undefined;
    if (count === 0) assert.is(verdict(operators, "1111", "01"), "wrong");
    else assert.throws(() => operators.check("01", asciiToBytes("0000")));
    safe.flash.onOperation = undefined;
  }
  assert.is(verdict(safe.start(), "0000", "01"), "locked");
});

test("a password that was set here counts instead of the given one", () => {
  const safe = new Safe();
  assert.ok(safe.start().set("00", asciiToBytes("8642")));
  assert.is(verdict(safe.start(), "000000"), "wrong");
  assert.is(verdict(safe.start(), "8642"), "right");
});

test("somebody who chooses a new password cannot take the old one again", () => {
  const operators = new Safe().start(true);
  assert.not.ok(operators.set("00", asciiToBytes("000000")));
  assert.equal(operators.check("00", asciiToBytes("000000")), { kind: "right", initial: true });
  assert.ok(operators.set("00", asciiToBytes("135790")));
  assert.equal(operators.check("00", asciiToBytes("135790")), { kind: "right", initial: false });
});

test("an operator who was removed is nobody, after a new start too, until added again", () => {
  const safe = new Safe();
  const operators = safe.start();
  operators.set("02", asciiToBytes("2222"), true);
  operators.remove("01");
  operators.remove("02");
  for (const each of [operators, safe.start()]) {
    assert.is(verdict(each, "0000", "01"), "unknown");
    assert.is(verdict(each, "2222", "02"), "unknown");
    assert.equal(each.list(), []);
  }
  safe.start().set("01", asciiToBytes("3333"), true);
  assert.equal(safe.start().list(), [{ number: "01", isLocked: false, isInitial: true }]);
});

test("newer parameters give a new password where nobody has set one here, and three tries with it", () => {
  const safe = new Safe();
  const operators = safe.start();
  for (let count = 0; count < 3; count++) verdict(operators, "1111", "01");
  operators.set("00", asciiToBytes("8642"));
  const newer = given.map((proof) => `${proof.slice(0, 2)}${given[0]!.slice(2)}`);
  assert.is(verdict(safe.start(false, newer), "000000", "01"), "right");
  assert.is(verdict(safe.start(false, newer), "8642"), "right");
});

test("forty operators can be added, not one more", () => {
  const operators = new Safe().start(false, []);
  let added = 0;
  for (let number = 1; number <= 41; number++) {
    if (operators.set(String(number).padStart(2, "0"), asciiToBytes("4711"), true)) added++;
  }
  assert.is(added, 40);
  assert.is(operators.list().length, 40);
});

test("what is kept of a password does not show it, and equal ones are kept differently", () => {
  const safe = new Safe();
  const operators = safe.start();
  operators.set("02", asciiToBytes("8642"));
  operators.set("03", asciiToBytes("8642"));
  const text = bytesToLatin1(safe.flash.bytes);
  assert.not.match(text, /8642/);
  const table = new OperatorTable(safe.flash);
  assert.not.equal(table.read(2)?.salt, table.read(3)?.salt);
  assert.not.equal(table.read(2)?.digest, table.read(3)?.digest);
});

test("the flash alone proves no password that was set here: secure storage has a part of its salt", () => {
  const safe = new Safe();
  safe.start().set("02", asciiToBytes("8642"));
  safe.secure.values.clear();
  assert.is(verdict(safe.start(), "8642", "02"), "wrong");
});

test("a number without a password lets nobody in", () => {
  const operators = new Safe().start();
  for (const number of ["07", "98", "0", "1", ""]) assert.is(verdict(operators, "0000", number), "unknown");
  assert.not.ok(operators.has("07"));
  assert.ok(operators.has("00"));
});

test.run();
