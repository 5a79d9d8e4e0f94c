export { decodeCbor } from "./cbor-decode.ts";
export { encodeCbor, encodeCborParts } from "./cbor-encode.ts";
export type { CborValue } from "./cbor-model.ts";
