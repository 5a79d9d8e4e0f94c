/**
 * A card in the virtual reader of vsmartcard (`vpcd`): messages over TCP with a two-byte length in front; one byte is a
 * control, more are a command APDU, and the answer goes back the same way.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fromHex } from "../acquirer/bytes.ts";
import type { EmvCard } from "./emv-card.ts";

/** Where Debian's `vsmartcard-vpcd` waits for cards. */
export const DEFAULT_READER = { host: "127.0.0.1", port: 35963 } as const;

const POWER_OFF = 0;
const POWER_ON = 1;
const RESET = 2;
const SEND_ATR = 4;

/** What a PC/SC reader makes up for a card in its field that has no historical bytes (PC/SC part 3, 3.1.3.2.3). */
const CONTACTLESS_ATR = "3B80800101";

/** A card in a reader. */
export interface ReaderSession {
  /** Fulfilled when the reader is gone or `close` was called; rejected when the connection breaks. */
  readonly ended: Promise<void>;
  /** Pulls the card out. */
  close(): void;
}

/** Cuts a stream into messages. */
class Messages {
  #waiting = Buffer.alloc(0);

  *add(bytes: Buffer): Generator<Uint8Array> {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    while (this.#waiting.length >= 2) {
      const end = 2 + this.#waiting.readUInt16BE(0);
      if (this.#waiting.length < end) return;
      yield new Uint8Array(this.#waiting.subarray(2, end));
      this.#waiting = this.#waiting.subarray(end);
    }
  }
}

function atrOf(chip: EmvCard): Uint8Array {
  return chip.interfaces.includes("contact") ? chip.atr : fromHex(CONTACTLESS_ATR);
}

/** What goes back for a message; undefined for nothing. A silent card gives an empty answer, for the reader waits for ever. */
async function answerTo(chip: EmvCard, message: Uint8Array): Promise<Uint8Array | undefined> {
  if (message.length !== 1) {
    const answer = chip.transmit(message);
    if (answer?.afterMs) await sleep(answer.afterMs);
    return answer?.bytes ?? new Uint8Array(0);
  }
  if (message[0] === SEND_ATR) return atrOf(chip);
  if (message[0] === POWER_ON || message[0] === RESET || message[0] === POWER_OFF) chip.reset();
  return undefined;
}

function send(socket: Socket, bytes: Uint8Array): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  socket.write(Buffer.concat([length, bytes]));
}

/** Puts a chip into the virtual reader. Rejects with the socket's error when no reader is there. */
export function enterReader(
  chip: EmvCard,
  reader: { readonly host: string; readonly port: number },
): Promise<ReaderSession> {
  return new Promise((resolve, reject) => {
    const socket = connect(reader);
    const messages = new Messages();
    let turn = Promise.resolve();
    const ended = new Promise<void>((end, fail) => {
      socket.on("close", () => end());
      socket.on("error", (error) => {
        reject(error);
        fail(error);
      });
    });
    ended.catch(() => undefined);
    socket.on("data", (bytes) => {
      for (const message of messages.add(bytes)) {
        turn = turn.then(async () => {
          const answer = await answerTo(chip, message);
          if (answer && !socket.destroyed) send(socket, answer);
        });
      }
    });
    socket.on("connect", () => {
      chip.reset();
      resolve({ ended, close: () => socket.destroy() });
    });
  });
}
