export function scanTlv(bytes, simple, flat) @ "xspos_tlv_scan";
export function writeTlv(objects) @ "xspos_tlv_write";
