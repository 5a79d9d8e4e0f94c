export { decodeCbor } from "./cbor-decode.ts";
export { CborEncoder, encodeCbor } from "./cbor-encode.ts";
export type { CborValue } from "./cbor-model.ts";
