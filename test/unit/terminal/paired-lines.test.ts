import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256 } from "#native/digest";
import { concat } from "../../../firmware/codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { hmacSha256 } from "../../../firmware/crypto/hmac.ts";
import { PairedLines } from "../../../firmware/terminal/register/paired-lines.ts";
import { RegisterKey, registerKeyName } from "../../../firmware/vault/register-key.ts";
import { CountingRandom, MemorySecure } from "../vault/secure.ts";

const nonce = "00112233445566778899AABBCCDDEEFF";
const greeting = `{"type":"hello","nonce":"${nonce}"}`;

function paired() {
  const secure = new MemorySecure();
  const random = new CountingRandom();
  const key = new RegisterKey({ secure, random });
  return { secure, random, key, code: key.pair(), lines: new PairedLines(key, random) };
}

/** The register's end: reckoned from the code as the page of the protocol says. */
function registerFor(code: string, answer: string) {
  const own = /"nonce":"([0-9A-F]{32})"/.exec(answer)?.[1] ?? "";
  const shared = sha256(asciiToBytes(`xspos register ${code}`));
  const session = hmacSha256(shared, hexToBytes(nonce + own));
  const mac = (whose: string, number: number, said: string): string =>
    bytesToHex(
      hmacSha256(session, concat([asciiToBytes(whose), Uint8Array.of(0, 0, 0, number), asciiToBytes(said)])).slice(
        0,
        16,
      ),
    );
  return { mac, seal: (said: string, number: number) => `${said},"mac":"${mac("R", number, said)}"}` };
}

function greet(lines: PairedLines): string {
  const hello = lines.open(greeting);
  if (hello.kind !== "hello") throw new Error("no greeting");
  return hello.answer;
}

test("lines of both sides count with the MAC that the code gives, in their order", () => {
  const { code, lines } = paired();
  const answer = greet(lines);
  const { mac, seal } = registerFor(code, answer);
  const own = answer.slice(0, answer.indexOf(',"mac"'));
  assert.is(answer, `${own},"mac":"${mac("T", 0, own)}"}\n`);
  assert.equal(lines.open(seal('{"type":"query","id":"1"', 0)), { kind: "line", text: '{"type":"query","id":"1"}' });
  assert.equal(lines.open(seal('{"type":"query","id":"2"', 1)), { kind: "line", text: '{"type":"query","id":"2"}' });
  const said = '{"type":"result","id":"1","status":"unknown"';
  assert.is(lines.seal(`${said}}\n`), `${said},"mac":"${mac("T", 1, said)}"}\n`);
});

test("a line that was said before, is late, changed, the terminal's own or without a MAC does not count", () => {
  const { code, lines } = paired();
  const { seal, mac } = registerFor(code, greet(lines));
  const said = '{"type":"query","id":"1"';
  const good = seal(said, 0);
  for (const wrong of [
    seal(said, 1),
    good.replace('"1"', '"2"'),
    `${said},"mac":"${mac("T", 0, said)}"}`,
    `${said}}`,
    `${said},"mac":""}`,
    "",
  ]) {
    assert.is(lines.open(wrong).kind, "wrong", wrong);
  }
  assert.is(lines.open(good).kind, "line");
  assert.is(lines.open(good).kind, "wrong");
  greet(lines);
  assert.is(lines.open(good).kind, "wrong", "on the next connection");
});

test("nothing is said or heard before the greeting, after the end, with another code or without one", () => {
  const { code, lines, key, secure, random } = paired();
  assert.is(lines.seal("{}\n"), undefined);
  const { seal } = registerFor(code, greet(lines));
  lines.end();
  assert.is(lines.open(seal("{", 0)).kind, "wrong");
  assert.is(lines.seal("{}\n"), undefined);
  random.read(7);
  const again = key.pair();
  assert.is.not(again, code);
  const stranger = registerFor(code, greet(lines));
  assert.is(lines.open(stranger.seal("{", 0)).kind, "wrong");
  secure.erase(registerKeyName);
  assert.is(lines.open(greeting).kind, "wrong");
});

test("a code is 24 digits, and of the key only its digest is kept", () => {
  const { code, secure } = paired();
  assert.match(code, /^\d{24}$/);
  assert.equal(secure.read(registerKeyName), sha256(asciiToBytes(`xspos register ${code}`)));
});

test.run();
