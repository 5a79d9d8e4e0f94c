/** Ways to compute field 64, by the terminals' parameter `macMethod`, on `node:crypto`. */
import { createCipheriv, createHmac } from "node:crypto";
import { concat, hex, xor } from "./bytes.ts";
import type { MacKeys } from "./dukpt.ts";
import { encryptCbc, pad80, padZeros, retailMac } from "./issuer/des.ts";
import { ecbMac } from "./mac.ts";

/** CMAC of NIST SP 800-38B over any block cipher. */
export function cmacOf(size: number, encrypt: (block: Uint8Array) => Uint8Array, message: Uint8Array): Uint8Array {
  const twice = (block: Uint8Array): Uint8Array => {
    const value = BigInt(`0x${hex(block)}`) << 1n;
    const over = value >> BigInt(8 * size);
    const low = (value ^ (over === 0n ? 0n : size === 16 ? 0x87n : 0x1bn)) & ((1n << BigInt(8 * size)) - 1n);
    return Uint8Array.from(Buffer.from(low.toString(16).padStart(2 * size, "0"), "hex"));
  };
  const first = twice(encrypt(new Uint8Array(size)));
  const whole = message.length > 0 && message.length % size === 0;
  const rest = message.length === 0 ? 0 : message.length % size || size;
  const head = message.subarray(0, message.length - rest);
  const tail = message.subarray(message.length - rest);
  const filled = whole ? tail : concat(tail, Uint8Array.of(0x80), new Uint8Array(size - tail.length - 1));
  let mac: Uint8Array = new Uint8Array(size);
  for (let at = 0; at < head.length; at += size) mac = encrypt(xor(mac, head.subarray(at, at + size)));
  return encrypt(xor(xor(mac, filled), whole ? first : twice(first)));
}

/** CMAC under an AES key. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const encrypt = (block: Uint8Array): Uint8Array => {
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    return concat(cipher.update(block), cipher.final());
  };
  return cmacOf(16, encrypt, message);
}

function tdesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return cmacOf(8, (block) => encryptCbc(key, block), message);
}

/** ISO/IEC 9797-1 padding method 3: the length in bits as a block before the message. */
function padLength(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(8 * message.length));
  return concat(head, padZeros(message));
}

const twoParts = (key: Uint8Array): Uint8Array => (key.length === 8 ? concat(key, key) : key);

const methods: Readonly<Record<string, (keys: MacKeys, message: Uint8Array) => string>> = {
  unionpay: ({ des }, message) => ecbMac(des, message),
  "retail-1": ({ des }, message) => hex(retailMac(twoParts(des), padZeros(message))),
  "retail-2": ({ des }, message) => hex(retailMac(twoParts(des), pad80(message))),
  "retail-3": ({ des }, message) => hex(retailMac(twoParts(des), padLength(message))),
  cbc: ({ des }, message) => hex(encryptCbc(des, padZeros(message)).slice(-8)),
  cmac: ({ des, aes }, message) => hex((aes ? aesCmac(aes, message) : tdesCmac(des, message)).slice(0, 8)),
  hmac: ({ hmac }, message) =>
    createHmac("sha256", hmac ?? new Uint8Array(0))
      .update(message)
      .digest("hex")
      .toUpperCase()
      .slice(0, 16),
};

/** Field 64 as hex. Throws `RangeError` for a method that nobody knows. */
export function macBy(method: string, keys: MacKeys, message: Uint8Array): string {
  const compute = methods[method];
  if (!compute) throw new RangeError(`no MAC method ${method}`);
  return compute(keys, message);
}
