export interface NativeFunction {
  /** The name that the shim exports. */
  readonly name: string;
  /** The name of the C function. */
  readonly symbol: string;
  /** How many arguments it takes. */
  readonly length: number;
}
export interface Native {
  readonly name: string;
  readonly functions: readonly NativeFunction[];
}
export function parseShim(text: string): NativeFunction[];
export function readNatives(folder: string): Native[];
export function nativesTable(natives: readonly Native[]): string;
