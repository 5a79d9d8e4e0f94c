import { askSignedIn } from "../acquirer/attempts.ts";
import type { ChipItem, ChipList, ChipListOutcome } from "../acquirer/chip-lists.ts";
import { type CborMap, type CborValue, encodeCbor } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex } from "../codec/hex.ts";
import type { AuthorityKeyParameters } from "../emv/keys.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import type { ApplicationParameters } from "../update/parameters.ts";
import { applicationOf, authorityKeyOf, keyProblem } from "./chip-data.ts";
import { askForPiece, fail, prepareDownload, startAnew } from "./download.ts";
import { localTime } from "./local-time.ts";
import { mergedParameters, putIntoUse } from "./merged-parameters.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** The messages that bring each, for the technician. */
const messages: Readonly<Record<ChipList, { readonly list: string; readonly item: string }>> = Object.freeze({
  authorityKeys: { list: "372", item: "370" },
  applications: { list: "382", item: "380" },
});
type ChipItemTold = Extract<ChipListOutcome<ChipItem>, { readonly kind: "told" }>;

/** As many keys, or applications, as parameters may hold. */
const most = 64;

/**
 * Fetches the payment systems' public keys and applications (372, 370, 371; 382, 380, 381), puts them in place of those
 * of the parameters, and starts anew with them. One key that is wrong or expired, and nothing changes. Throws `UserError`
 * for how else it ended.
 */
export async function downloadChipData(services: Services): Promise<void> {
  const { parameters, screen } = services;
  await prepareDownload(services);
  const keyNames = await allNames(services, "authorityKeys");
  const names = await allNames(services, "applications");
  const whole = keyNames.length + names.length;
  const caKeys: AuthorityKeyParameters[] = [];
  for (const name of keyNames) {
    await screen.show({ id: "updating", percent: Math.floor((caKeys.length * 100) / whole) });
    caKeys.push(await goodKey(services, (await item(services, "authorityKeys", name)).value));
  }
  const aids: ApplicationParameters[] = [];
  for (const name of names) {
    await screen.show({ id: "updating", percent: Math.floor(((caKeys.length + aids.length) * 100) / whole) });
    const { value: objects } = await item(services, "applications", name);
    aids.push(readOrFail("applications", () => applicationOf(objects, parameters.aids)));
  }
  await end(services, "authorityKeys");
  await end(services, "applications");
  if (isSame(caKeys, parameters.caKeys) && isSame(aids, parameters.aids)) {
    await showResult(services, { id: "up-to-date" });
    return;
  }
  await inTurnOfItsOwn(() => putIntoUse(services, mergedParameters(services, { caKeys, aids } as unknown as CborMap)));
  return startAnew(services);
}

/** The whole of a list, in as many questions as it takes. */
async function allNames(services: Services, list: ChipList): Promise<readonly Uint8Array[]> {
  const names: Uint8Array[] = [];
  for (;;) {
    const { value: part } = await askForPiece(services, messages[list].list, () =>
      services.acquirer.askChipNames(list, names.length),
    );
    names.push(...part.names);
    if (names.length > most) return fail(services, "size");
    if (!part.more) return names;
  }
}

function item(services: Services, list: ChipList, name: Uint8Array): Promise<ChipItemTold> {
  return askForPiece(services, messages[list].item, () => services.acquirer.askChipItem(list, name));
}

/** A host that does not hear of the end has given everything all the same. */
async function end({ acquirer }: Services, list: ChipList): Promise<void> {
  await askSignedIn(
    acquirer,
    () => acquirer.endChipList(list),
    (isHeard) => isHeard,
  );
}

async function goodKey(services: Services, objects: ChipItem): Promise<AuthorityKeyParameters> {
  const key = readOrFail("authorityKeys", () => authorityKeyOf(objects));
  const { year, date } = localTime(services.clock.wall(), services.parameters.utcOffsetMinutes);
  const reason = await inTurnOfItsOwn(() => keyProblem(key, year + date));
  if (reason === undefined) return key;
  throw new UserError({ id: "update-failed", reason, detail: `${key.rid} ${key.index}` });
}

/** A key or application whose data objects make no sense, by the message that brought it and what is wrong first. */
function readOrFail<Value>(list: ChipList, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const reason = list === "authorityKeys" ? "keyUnreadable" : "applicationUnreadable";
    throw new UserError({ id: "update-failed", reason, detail: `${messages[list].item} ${error.field}` });
  }
}

/** The same entries in whatever order; CBOR as we write it has one form for a value. */
function isSame(one: readonly object[], other: readonly object[]): boolean {
  const texts = (list: readonly object[]) => list.map((entry) => bytesToHex(encodeCbor(entry as CborValue))).sort();
  const others = texts(other);
  return one.length === other.length && texts(one).every((text, place) => text === others[place]);
}
