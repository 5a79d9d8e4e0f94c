import { type FundsItem, fundsOf } from "../acquirer/funds.ts";
import { isCborMap } from "../codec/cbor.ts";
import type { NotesPort } from "../journal/notes.ts";

/** What the host said last of the merchant's money, and when. */
export interface KnownFunds {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** Newest change first. */
  readonly items: readonly FundsItem[];
}

const noteName = "funds";
/** So many entries are kept, and so many of what is paid out already. */
const mostItems = 12;
const mostPaidOut = 4;

/** Undefined where nothing was ever told, or what is kept makes no sense. */
export async function readFunds(notes: NotesPort): Promise<KnownFunds | undefined> {
  const value = await notes.read(noteName);
  if (!isCborMap(value)) return undefined;
  const { at, ...told } = value;
  const funds = fundsOf({ ...told, more: false });
  return typeof at === "number" && funds.kind === "told" ? { at, items: funds.items } : undefined;
}

export function keepFunds(notes: NotesPort, { at, items }: KnownFunds): Promise<void> {
  const last = items.reduce((most, { number }) => Math.max(most, number), 0);
  return notes.write(noteName, { at, last, funds: items.map((item) => ({ ...item })) });
}

/** What is known after news of changes: a higher number replaces what was known of an item. */
export function withNews(known: KnownFunds | undefined, news: readonly FundsItem[], at: number): KnownFunds {
  const items = new Map<string, FundsItem>();
  for (const item of [...(known?.items ?? []), ...news]) {
    const before = items.get(nameOf(item));
    if (before === undefined || before.number < item.number) items.set(nameOf(item), item);
  }
  return { at, items: kept([...items.values()]) };
}

/** What is known after an answer that says all that is open; what is paid out stays known for a while. */
export function withAnswer(known: KnownFunds | undefined, open: readonly FundsItem[], at: number): KnownFunds {
  const names = open.map(nameOf);
  const paidOut = (known?.items ?? []).filter((item) => item.state === "paidOut" && !names.includes(nameOf(item)));
  return { at, items: kept([...open, ...paidOut]) };
}

function kept(items: readonly FundsItem[]): FundsItem[] {
  let paidOut = 0;
  return items
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.number - one.number)
    .filter(({ state }) => state !== "paidOut" || paidOut++ < mostPaidOut)
    .slice(0, mostItems);
}

/** Batch and part name an item. */
export function nameOf({ batch, part }: FundsItem): string {
  return `${batch} ${part}`;
}

/** "2026/11/24" of the host's "20261124". */
export function printedDate(date: string): string {
  return `${date.slice(0, 4)}/${date.slice(4, 6)}/${date.slice(6)}`;
}
