import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { CardError, type CardProblem } from "../../../firmware/emv/errors.ts";
import type { CardChannel } from "../../../firmware/emv/exchange.ts";

/** One command that must come, and the answer to it: hexadecimal with SW1 SW2, or how the card fails. */
export type Exchange = readonly [command: string, response: string | { readonly fails: CardProblem }];

/** A card that plays a script: another command than the next one is an error of the terminal. */
export class ScriptedCard implements CardChannel {
  readonly #script: readonly Exchange[];
  #place = 0;

  constructor(script: readonly Exchange[]) {
    this.#script = script;
  }

  /** Commands that have not come yet. */
  get left(): number {
    return this.#script.length - this.#place;
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const next = this.#script[this.#place++];
    const came = bytesToHex(command);
    if (next === undefined || next[0] !== came) {
      return Promise.reject(new Error(`the card heard ${came} instead of ${next?.[0] ?? "nothing"}`));
    }
    const [, response] = next;
    return typeof response === "string"
      ? Promise.resolve(hexToBytes(response))
      : Promise.reject(new CardError(response.fails, "script"));
  }
}
