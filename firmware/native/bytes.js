export function toHex(bytes) @ "xspos_bytes_toHex";
export function fromHex(text) @ "xspos_bytes_fromHex";
export function join(parts) @ "xspos_bytes_join";
export function packDigits(digits, packed, nibble, names) @ "xspos_bytes_packDigits";
export function unpackDigits(packed, nibble, digits, names) @ "xspos_bytes_unpackDigits";
export function fold(bytes, size) @ "xspos_bytes_fold";
export function sum(bytes, from, to) @ "xspos_bytes_sum";
export function parity(bytes, from, to) @ "xspos_bytes_parity";
export function copy(source, target, at) @ "xspos_bytes_copy";
