export { decodeCbor } from "./cbor-decode.ts";
export { CborEncoder, encodeCbor } from "./cbor-encode.ts";
export { type CborMap, type CborValue, isCborMap } from "./cbor-model.ts";
