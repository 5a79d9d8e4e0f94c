import { hmac } from "#native/derive";
import { sha256 } from "#native/digest";
import { erase, load, open } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import type { SecureStorage } from "../../hal/io.ts";
import { wipe } from "../codec/bytes.ts";
import { asciiToBytes } from "../codec/text.ts";

/** In secure storage; goes with the keys when the case is opened. */
export const registerKeyName = "registerKey";

/** Digits of a pairing code: 80 bits, which nobody tries out. */
const codeLength = 24;
/** Of a random byte those below count, so that each digit comes as often as the others. */
const fairBelow = 250;
/** Bytes of a line's MAC. */
export const macLength = 16;
const shared = 0;
const session = 1;

/**
 * The key that the terminal shares with one cash register on the network, and the key of each of its connections, in key
 * memory of their own. The shared key is SHA-256 of "xspos register " and the digits of the pairing code.
 */
export class RegisterKey {
  readonly #secure: SecureStorage;
  readonly #random: Random;
  readonly #memory = open(2);

  constructor({ secure, random }: { readonly secure: SecureStorage; readonly random: Random }) {
    this.#secure = secure;
    this.#random = random;
  }

  /** Makes a new shared key: no register has it, no connection goes on. Gives the code to be typed into the register. */
  pair(): string {
    let code = "";
    while (code.length < codeLength) {
      const [byte = fairBelow] = this.#random.read(1);
      if (byte < fairBelow) code += String(byte % 10);
    }
    const key = sha256(asciiToBytes(`xspos register ${code}`));
    this.#secure.write(registerKeyName, key);
    wipe(key);
    this.end();
    return code;
  }

  /** Makes the key of a connection: HMAC-SHA-256 of both nonces under the shared key. False where there is none. */
  begin(nonces: Uint8Array): boolean {
    this.end();
    const key = this.#secure.read(registerKeyName);
    if (key === undefined) return false;
    load(this.#memory, shared, key);
    wipe(key);
    const own = hmac(this.#memory, shared, nonces);
    load(this.#memory, session, own);
    wipe(own);
    erase(this.#memory, shared);
    return true;
  }

  /** Of a line of the connection: the first 16 bytes of HMAC-SHA-256. */
  mac(data: Uint8Array): Uint8Array {
    return hmac(this.#memory, session, data).slice(0, macLength);
  }

  /** The connection is over. */
  end(): void {
    erase(this.#memory, session);
  }
}
