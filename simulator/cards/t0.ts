/** How answers go over contacts with protocol T=0 (ISO/IEC 7816-3, 10.3.3; EMV 4.3 Book 1, 9.3.1 and annex A). */
import { concat } from "../acquirer/bytes.ts";
import { type Command, type Reply, refuse, reply, replyBytes, status } from "./apdu.ts";

const GET_RESPONSE = 0xc0;
const MORE = 0x61;
const OTHER_LENGTH = 0x6c;

/** 61xx announces data, 6Cxx corrects Le, a warning comes before its data; what waits is fetched with GET RESPONSE. */
export class T0Transport {
  #waiting: Uint8Array = new Uint8Array(0);

  /** The bytes for one command; `run` has the chip obey it. */
  exchange(command: Command, run: (command: Command) => Reply): Uint8Array {
    if (command.class === 0x00 && command.instruction === GET_RESPONSE) return this.#fetch(command.expected);
    const answer = run(command);
    const { data } = answer;
    this.#waiting = new Uint8Array(0);
    const wantsAll = command.data.length === 0 && command.expected === data.length;
    if (data.length === 0 || wantsAll) return replyBytes(answer);
    if (command.data.length === 0) return Uint8Array.of(OTHER_LENGTH, data.length & 0xff);
    this.#waiting = data.slice();
    if (answer.status !== status.ok) return replyBytes(refuse(answer.status));
    return Uint8Array.of(MORE, data.length & 0xff);
  }

  #fetch(expected: number | undefined): Uint8Array {
    const waiting = this.#waiting;
    const wanted = expected === 0 ? 256 : (expected ?? 0);
    if (waiting.length === 0) return replyBytes(refuse(status.conditions));
    if (wanted > waiting.length && expected !== 0) return Uint8Array.of(OTHER_LENGTH, waiting.length & 0xff);
    const data = waiting.slice(0, wanted);
    this.#waiting = waiting.slice(wanted);
    return this.#waiting.length === 0
      ? replyBytes(reply(data))
      : concat(data, Uint8Array.of(MORE, this.#waiting.length));
  }
}
