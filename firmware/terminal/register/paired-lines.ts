import type { Random } from "../../../hal/device.ts";
import { concat, constantTimeEqual, integerToBytes } from "../../codec/bytes.ts";
import { bytesToHex, hexToBytes } from "../../codec/hex.ts";
import { asciiToBytes, utf8ToBytes } from "../../codec/text.ts";
import type { RegisterKey } from "../../vault/register-key.ts";

const nonceLength = 16;
const hello = /^\{"type":"hello","nonce":"([0-9A-F]{32})"\}$/;
const sealed = /^(.*),"mac":"([0-9A-F]{32})"\}$/s;
/** Who says a line: it stands before the line's number in what the MAC covers. */
const register = "R";
const terminal = "T";

/** What a line of the register comes to: its text without the MAC, the answer to its greeting, or nothing that counts. */
export type OpenedLine =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "hello"; readonly answer: string }
  | { readonly kind: "wrong" };

/**
 * Lines between the terminal and a cash register that share a key (README.md): both greet with a nonce, then every line ends with
 * a MAC over who says it, its number on this connection, and what stands before the MAC.
 */
export class PairedLines {
  readonly #key: RegisterKey;
  readonly #random: Random;
  #isOpen = false;
  /** Lines that counted, of the register and of the terminal. */
  #heard = 0;
  #said = 0;

  constructor(key: RegisterKey, random: Random) {
    this.#key = key;
    this.#random = random;
  }

  /** A connection has ended, or the key is another one. */
  end(): void {
    this.#isOpen = false;
    this.#key.end();
  }

  open(text: string): OpenedLine {
    const nonce = hello.exec(text)?.[1];
    if (nonce !== undefined) return this.#greet(nonce);
    const [, said, mac] = sealed.exec(text) ?? [];
    if (!this.#isOpen || said === undefined || mac === undefined) return { kind: "wrong" };
    if (!constantTimeEqual(this.#mac(register, this.#heard, said), hexToBytes(mac))) return { kind: "wrong" };
    this.#heard++;
    return { kind: "line", text: `${said}}` };
  }

  /** A line of the terminal with its MAC; undefined while nobody has greeted who shares the key. */
  seal(line: string): string | undefined {
    if (!this.#isOpen) return undefined;
    const said = line.slice(0, line.lastIndexOf("}"));
    return `${said},"mac":"${bytesToHex(this.#mac(terminal, this.#said++, said))}"}\n`;
  }

  #greet(nonce: string): OpenedLine {
    const own = this.#random.read(nonceLength);
    this.#isOpen = this.#key.begin(concat([hexToBytes(nonce), own]));
    this.#heard = 0;
    this.#said = 0;
    const answer = this.seal(JSON.stringify({ type: "hello", nonce: bytesToHex(own) }));
    return answer === undefined ? { kind: "wrong" } : { kind: "hello", answer };
  }

  #mac(whose: string, number: number, said: string): Uint8Array {
    return this.#key.mac(concat([asciiToBytes(whose), integerToBytes(number, 4), utf8ToBytes(said)]));
  }
}
