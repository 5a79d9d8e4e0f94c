/** Backup and restore of a terminal's journal (962, 963): card numbers change keys, everything else stays as it came. */
import { concat, equal } from "../bytes.ts";
import { TOKEN_LENGTH } from "../pan-token.ts";
import { readCborMap } from "../private-cbor.ts";
import { MOST_PRIVATE, malformed, type Question, type Reply, readNumber } from "./question.ts";

/** Sequence, STAN and state in front of a record that comes; number, STAN and state of one that goes. */
const HEAD = 9;
/** A record that comes must also go, behind the flag and its length. */
const MOST_PAYLOAD = MOST_PRIVATE - HEAD - 3;
/** The key `pan` and a byte string of 16 bytes, in CBOR. */
const PAN_MEMBER = Uint8Array.of(0x63, 0x70, 0x61, 0x6e, 0x50);

/** Where the token stands in a payload; undefined where there is none, or more than one place could be it. */
function tokenOffset(payload: Uint8Array, token: Uint8Array): number | undefined {
  const bytes = Buffer.from(payload);
  const member = concat(PAN_MEMBER, token);
  const at = bytes.indexOf(member);
  return at < 0 || bytes.indexOf(member, at + 1) >= 0 ? undefined : at + PAN_MEMBER.length;
}

/** The payload with its token, where it has to have one, replaced by what `change` makes of it. */
function withToken(
  payload: Uint8Array,
  change: (token: Uint8Array) => Uint8Array | undefined,
): { readonly payload: Uint8Array; readonly batch: number } | undefined {
  const map = readCborMap(payload);
  const token = map?.get("pan");
  const batch = map?.get("batch");
  if (typeof batch !== "number" || !Number.isSafeInteger(batch) || batch < 1 || batch > 999_999) return undefined;
  if (token === undefined && map?.get("entryMode") === "code") return { payload, batch }; // no card paid
  if (!(token instanceof Uint8Array) || token.length !== TOKEN_LENGTH) return undefined;
  const at = tokenOffset(payload, token);
  const changed = change(Uint8Array.from(token));
  if (at === undefined || !changed || equal(changed, token)) return undefined;
  const written = Uint8Array.from(payload);
  written.set(changed, at);
  return { payload: written, batch };
}

/** 962: keeps a record. */
export function answerBackup({ bank, terminal, data }: Question): Reply {
  if (data.length <= HEAD || data.length > HEAD + MOST_PAYLOAD) return malformed;
  const name = terminal.entry.terminal;
  const head = Buffer.from(data.subarray(0, HEAD));
  const stan = head.readUInt32BE(4);
  const kept = withToken(data.slice(HEAD), (token) => bank.hsm.storeToken(name, token));
  if (!kept || stan > 999_999) return malformed;
  const record = { ...kept, stan, sequence: head.readUInt32BE(0), state: head[8]! };
  return { data: fourBytes(bank.backup.keep(name, record, terminal.batch)) };
}

/** 963: gives the records of the open batch, as many as fit. */
export function answerRestore({ bank, terminal, data }: Question): Reply {
  const from = readNumber(data);
  if (from === undefined) return malformed;
  const name = terminal.entry.terminal;
  if (from === 0) bank.backup.replaced(name);
  const records = bank.backup.after(name, from);
  const parts: Uint8Array[] = [];
  let length = 1;
  let sent = 0;
  for (const { number, stan, state, payload } of records) {
    const delivered = withToken(payload, (token) => bank.hsm.deliverToken(name, token));
    if (!delivered) return { code: "96" };
    const size = HEAD + payload.length;
    if (length + 2 + size > MOST_PRIVATE) break;
    parts.push(Uint8Array.of(size >> 8, size & 0xff), fourBytes(number), fourBytes(stan), Uint8Array.of(state));
    parts.push(delivered.payload);
    length += 2 + size;
    sent += 1;
  }
  return { data: concat(Uint8Array.of(sent < records.length ? 1 : 0), ...parts) };
}

function fourBytes(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
