export function scanTlv(bytes, simple, flat) @ "xspos_tlv_scan";
