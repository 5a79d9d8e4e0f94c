import { hexToBytes } from "../../codec/hex.ts";
import type { BlockCipher } from "./cipher.ts";
import { rotate } from "./hash.ts";

const sBox = hexToBytes(
  "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699" +
    "9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6" +
    "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35" +
    "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e" +
    "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3" +
    "1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51" +
    "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0" +
    "8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948",
);

const system: readonly number[] = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc];

/** SM4 (GB/T 32907-2016) with a key of 16 bytes. */
export function sm4(key: Uint8Array, decrypt: boolean): BlockCipher {
  const keys = schedule(key);
  if (decrypt) {
    keys.reverse();
  }
  return { blockLength: 16, block: (block) => transform(block, keys) };
}

function words(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return Int32Array.of(view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12));
}

function substitute(word: number): number {
  return (
    (sBox[word >>> 24]! << 24) | (sBox[(word >> 16) & 255]! << 16) | (sBox[(word >> 8) & 255]! << 8) | sBox[word & 255]!
  );
}

function shift(x: Int32Array, next: number): void {
  x.copyWithin(0, 1);
  x[3] = next;
}

function schedule(key: Uint8Array): Int32Array {
  const keys = new Int32Array(32);
  const k = words(key).map((word, i) => word ^ system[i]!);
  for (let i = 0; i < 32; i++) {
    let constant = 0;
    for (let j = 0; j < 4; j++) {
      constant = (constant << 8) | (((4 * i + j) * 7) & 255);
    }
    const mixed = substitute(k[1]! ^ k[2]! ^ k[3]! ^ constant);
    shift(k, k[0]! ^ mixed ^ rotate(mixed, 13) ^ rotate(mixed, 23));
    keys[i] = k[3]!;
  }
  return keys;
}

function transform(block: Uint8Array, keys: Int32Array): void {
  const x = words(block);
  for (const key of keys) {
    const mixed = substitute(x[1]! ^ x[2]! ^ x[3]! ^ key);
    shift(x, x[0]! ^ mixed ^ rotate(mixed, 2) ^ rotate(mixed, 10) ^ rotate(mixed, 18) ^ rotate(mixed, 24));
  }
  const view = new DataView(block.buffer, block.byteOffset, 16);
  for (let i = 0; i < 4; i++) {
    view.setInt32(4 * i, x[3 - i]!);
  }
}
