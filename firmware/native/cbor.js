export function writeCbor(value) @ "xspos_cbor_write";
export function readCbor(bytes, declined) @ "xspos_cbor_read";
