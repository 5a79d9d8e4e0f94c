import { FormatError } from "../codec/errors.ts";
import { latin1ToBytes } from "../codec/text.ts";
import { encodeTlv, parseTlv, type Tlv } from "../codec/tlv.ts";
import { ask, type HostContext, textField } from "./conversation.ts";
import { type MessageKind, messageKinds } from "./dialect/transactions.ts";
import { approvals } from "./dialect/values.ts";
import { inquire, managementMessage, type NotTold } from "./inquiry.ts";

/** What chip cards need of the terminal: the payment systems' public keys, and their applications. */
export type ChipList = "authorityKeys" | "applications";

/** Data objects of one key or application, as the host names them. */
export type ChipItem = readonly Tlv[];

export type ChipListOutcome<Value> = { readonly kind: "told"; readonly value: Value } | NotTold;

/** A part of a list. */
export interface ChipNames {
  /** Each is what `askChipItem` takes. */
  readonly names: readonly Uint8Array[];
  readonly more: boolean;
}

interface Dialect {
  readonly list: MessageKind;
  readonly item: MessageKind;
  readonly end: MessageKind;
  /** First byte of the question for the list. */
  readonly letter: string;
  /** Tags that name one. */
  readonly name: readonly number[];
}

const identifier = 0x9f06;
const keyIndex = 0x9f22;

const dialects: Readonly<Record<ChipList, Dialect>> = Object.freeze({
  authorityKeys: {
    list: messageKinds.keyList,
    item: messageKinds.key,
    end: messageKinds.keyEnd,
    letter: "1",
    name: [identifier, keyIndex],
  },
  applications: {
    list: messageKinds.applicationList,
    item: messageKinds.application,
    end: messageKinds.applicationEnd,
    letter: "2",
    name: [identifier],
  },
});

/** First byte of field 62 of an answer. */
const status = Object.freeze({ none: 0x30, last: 0x31, more: 0x32 });

/**
 * Asks which keys or applications there are (372, 382).
 * @param known how many are known already: 0 to 99
 */
export function askChipNames(
  context: HostContext,
  stan: number,
  list: ChipList,
  known: number,
): Promise<ChipListOutcome<ChipNames>> {
  const { list: kind, letter, name } = dialects[list];
  const question = latin1ToBytes(letter + String(known).padStart(2, "0"));
  return askFor(context, stan, kind, question, (first, objects) => {
    const names: Uint8Array[] = [];
    for (const object of objects) {
      if (object.tag === identifier) names.push(encodeTlv([{ tag: identifier, value: object.value }]));
      else if (name.includes(object.tag)) {
        const before = names.pop();
        if (before === undefined) throw new FormatError("field 62", 0, "a name without its beginning");
        names.push(encodeTlv([...parseTlv(before), { tag: object.tag, value: object.value }]));
      }
    }
    if (names.length === 0) throw new FormatError("field 62", 0, "an empty list");
    return { names, more: first === status.more };
  });
}

/** Asks for one key or application (370, 380), by its name of the list. */
export function askChipItem(
  context: HostContext,
  stan: number,
  list: ChipList,
  name: Uint8Array,
): Promise<ChipListOutcome<ChipItem>> {
  return askFor(context, stan, dialects[list].item, name, (_first, objects) => objects);
}

/** Says that the download is done (371, 381); true when the host has heard it. */
export async function endChipList(context: HostContext, stan: number, list: ChipList): Promise<boolean> {
  const reply = await ask(context, managementMessage(context, dialects[list].end, stan));
  return reply.kind === "answer" && approvals.includes(textField(reply.message, 39) ?? "");
}

function askFor<Value>(
  context: HostContext,
  stan: number,
  kind: MessageKind,
  field62: Uint8Array,
  read: (first: number, objects: readonly Tlv[]) => Value,
): Promise<ChipListOutcome<Value>> {
  return inquire<ChipListOutcome<Value>>(context, managementMessage(context, kind, stan, field62), (bytes) => {
    const first = bytes[0];
    if (first === status.none) return { kind: "unsupported" };
    if (first !== status.last && first !== status.more) return { kind: "mismatch" };
    return { kind: "told", value: read(first, parseTlv(bytes.slice(1))) };
  });
}
