import { decodeCbor } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { hexToBytes } from "../codec/hex.ts";
import { decodeMessage, type Message } from "../codec/iso8583.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { type AcquirerOptions, ask, bytesField, encodeWithMac, hasRightMac, textField } from "./conversation.ts";
import { unionpayPackager } from "./dialect/packager.ts";
import { answerMti, messageKinds } from "./dialect/transactions.ts";
import { encodeFrame, messageOf } from "./frame.ts";
import { type FundsOutcome, fundsOf } from "./funds.ts";
import { managementMessage } from "./inquiry.ts";
import { echo } from "./network-management.ts";
import type { StandingLine } from "./standing-line.ts";

/** What comes on a line that stands for news. `wrong`: something came that is not to be believed, and was not answered. */
export type NewsEvent =
  | { readonly kind: "news"; readonly funds: Extract<FundsOutcome, { readonly kind: "told" }>; acknowledge(): void }
  | { readonly kind: "wrong" | "nothing" | "ended" };

/** News from the host, as the terminal's idle time uses it. */
export interface NewsHost {
  /** Has the host say what changes from now on. Rejects with `MissingKeyError` when not signed in. */
  subscribe(): Promise<"subscribed" | "unsupported" | "noAnswer">;
  /** What comes within so many milliseconds. What was told is the caller's to keep before it is acknowledged. */
  next(milliseconds: number): Promise<NewsEvent>;
  /** Keeps the line from being closed; false where it is gone. */
  heartbeat(): Promise<boolean>;
  /** Ends what is under way at once; nothing is asked before `start`. */
  giveUp(): void;
  start(): void;
}

/** Of a management message: type, batch, code. */
const field60Length = 11;
const approved = "00";
/** Field 39 of a host that does not know the private extension. */
const unknownFunction = "40";

/** Private extension 966 and 967 (README.md), over one connection that stands. */
export class UnionPayNews implements NewsHost {
  readonly #context: AcquirerOptions;
  readonly #line: StandingLine;
  /** Of the subscription; the line's echoes repeat it, because a new one costs the journal a write. */
  #stan = 1;

  /** @param line also the context's link */
  constructor(context: AcquirerOptions, line: StandingLine) {
    this.#context = context;
    this.#line = line;
  }

  async subscribe(): Promise<"subscribed" | "unsupported" | "noAnswer"> {
    this.#stan = await this.#context.journal.nextStan();
    const reply = await ask(this.#context, managementMessage(this.#context, messageKinds.subscribe, this.#stan));
    const code = reply.kind === "answer" ? textField(reply.message, 39) : undefined;
    if (code === approved) return "subscribed";
    return code === unknownFunction ? "unsupported" : "noAnswer";
  }

  async next(milliseconds: number): Promise<NewsEvent> {
    const event = await this.#line.next(milliseconds);
    return event.kind === "question" ? inTurnOfItsOwn(() => this.#read(event.frame)) : event;
  }

  heartbeat(): Promise<boolean> {
    return echo(this.#context, this.#stan);
  }

  giveUp(): void {
    this.#line.giveUp();
  }

  start(): void {
    this.#line.start();
  }

  /** The MAC first: what has a wrong one is not read. */
  #read(frame: Uint8Array): NewsEvent {
    try {
      const bytes = messageOf(frame);
      if (!hasRightMac(this.#context.vault, bytes)) return { kind: "wrong" };
      const message = decodeMessage(unionpayPackager, bytes);
      if (!this.#isNews(message)) return { kind: "wrong" };
      const funds = fundsOf(decodeCbor(bytesField(message, 62) ?? new Uint8Array(0)));
      if (funds.kind !== "told") return { kind: "wrong" };
      return { kind: "news", funds, acknowledge: () => this.#acknowledge(message) };
    } catch (error) {
      if (error instanceof FormatError) return { kind: "wrong" };
      throw error;
    }
  }

  #isNews(message: Message): boolean {
    const { mti, type, networkCode } = messageKinds.news;
    const { terminalId, merchantId } = this.#context.parameters;
    const field60 = textField(message, 60) ?? "";
    return (
      message.mti === mti &&
      textField(message, 41) === terminalId &&
      textField(message, 42) === merchantId &&
      textField(message, 11) !== undefined &&
      field60.startsWith(type) &&
      field60.endsWith(networkCode) &&
      field60.length === field60Length
    );
  }

  #acknowledge({ mti, fields }: Message): void {
    const { parameters, vault } = this.#context;
    const repeated = [11, 41, 42, 60].flatMap((field) => {
      const value = fields.get(field);
      return value === undefined ? [] : [[field, value] as const];
    });
    const answer = { mti: answerMti(mti), fields: new Map([...repeated, [39, approved] as const]) };
    const message = encodeWithMac(vault, answer);
    this.#line.answer(encodeFrame(hexToBytes(parameters.tpdu), hexToBytes(parameters.header), message));
  }
}
