export function sha1(data) @ "xspos_digest_sha1";
export function sha256(data) @ "xspos_digest_sha256";
export function sha256Part(state, data) @ "xspos_digest_sha256Part";
export function sha256End(state, data) @ "xspos_digest_sha256End";
export function pbkdf2(password, salt, iterations) @ "xspos_digest_pbkdf2";
export function sm3(data) @ "xspos_digest_sm3";
export function crc16(data, initial) @ "xspos_digest_crc16";
export function crc32(data, initial) @ "xspos_digest_crc32";
