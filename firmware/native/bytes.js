export function toHex(bytes) @ "xspos_bytes_toHex";
export function fromHex(text) @ "xspos_bytes_fromHex";
export function join(parts) @ "xspos_bytes_join";
