/** Script commands as an issuer writes them: a header, data in clear, and a MAC bound to one transaction. */
import { concat } from "../bytes.ts";
import { scriptMac } from "./script.ts";
import { type CardKeys, messagingKeys, type VersionName } from "./versions.ts";

/** Bytes of the MAC at a script command's end. */
export const SCRIPT_MAC_LENGTH = 4;

/** The card and the transaction whose cryptogram keys the script. */
export interface ScriptContext {
  readonly version: VersionName;
  readonly keys: CardKeys;
  readonly atc: Uint8Array;
  readonly arqc: Uint8Array;
}

/** The MAC over header with Lc, ATC, ARQC and data (EMV 4.3 Book 2, 9.2.1.2). */
export function scriptCommandMac(header: Uint8Array, data: Uint8Array, context: ScriptContext): Uint8Array {
  const { integrity } = messagingKeys(context.version, context.keys, context);
  return scriptMac(integrity, concat(header, context.atc, context.arqc, data), SCRIPT_MAC_LENGTH);
}

/** The whole command; `header` is class, instruction and both parameters. */
export function scriptCommand(header: Uint8Array, data: Uint8Array, context: ScriptContext): Uint8Array {
  const full = concat(header, Uint8Array.of(data.length + SCRIPT_MAC_LENGTH));
  return concat(full, data, scriptCommandMac(full, data, context));
}
