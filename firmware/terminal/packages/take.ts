import type { Flash } from "../../../hal/io.ts";
import { type CborMap, type CborValue, decodeCbor, isCborMap } from "../../codec/cbor.ts";
import { FormatError } from "../../codec/errors.ts";
import { isFontOf } from "../../screen/font.ts";
import { changesOf } from "../../screen/messages/changed.ts";
import { inTurnOfItsOwn } from "../../turn.ts";
import { noteInForce } from "../../update/in-force.ts";
import { keep, roomFor } from "../../update/kept-file.ts";
import { type PackageHead, type PackageKind, versionText } from "../../update/package.ts";
import { parametersOf } from "../../update/parameter-check.ts";
import { markFailed, readContent, type Spare } from "../../update/spare.ts";
import { choose, tryChosen } from "../../update/trial.ts";
import { keyProblem } from "../chip-data.ts";
import { fail, startAnew } from "../download.ts";
import { localTime } from "../local-time.ts";
import { mergedParameters, putIntoUse } from "../merged-parameters.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";
import { UserError } from "../user-error.ts";

/** Bytes of messages: they are read into memory as a whole. */
const longestMessages = 4_096;

type Taker = (services: Services, spare: Spare, head: PackageHead) => Promise<void>;

/** What comes of a package of each kind when all of it is there and judged. Each can be done again after a power cut. */
export const takers: Readonly<Record<PackageKind, Taker>> = Object.freeze({
  firmware: tryFirmware,
  /** Parameters by name, in the place of those of the same names: CBOR, as a download has them (965). */
  parameters: (services, spare, head) => takeChanges(services, spare, head),
  /** All applications of the payment systems, a CBOR array as the parameter `aids`. */
  applications: (services, spare, head) => takeChanges(services, spare, head, "aids"),
  /** All keys of the payment systems, a CBOR array as the parameter `caKeys`. */
  caKeys: (services, spare, head) => takeChanges(services, spare, head, "caKeys"),
  /** A font, in the place of the one that is built in. */
  fonts: takeFont,
  /** Texts of screens, in the place of those that are built in. */
  messages: takeMessages,
});

/** The terminal starts into the new firmware, which stays if it reaches its idle screen. */
async function tryFirmware(services: Services, spare: Spare): Promise<void> {
  const { update } = services;
  const { firmware } = update.device;
  if (firmware === undefined) throw new UserError({ id: "update-failed", reason: "otherBoard", detail: "firmware" });
  await showResult(services, { id: "updated" });
  await inTurnOfItsOwn(() => {
    const slots = firmware({});
    choose(spare, slots);
    try {
      tryChosen(spare, slots);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      markFailed(spare.record);
      throw new UserError({ id: "update-failed", reason: "damaged", detail: "image" });
    }
  });
  update.restart();
  return new Promise<never>(() => {});
}

async function takeChanges(
  services: Services,
  spare: Spare,
  head: PackageHead,
  list?: "aids" | "caKeys",
): Promise<void> {
  const changes = await inTurnOfItsOwn(() => changesIn(spare, head.length, list));
  const cbor = changes && (await inTurnOfItsOwn(() => mergedParameters(services, changes)));
  const parameters = cbor && (await inTurnOfItsOwn(() => parametersOf(cbor)));
  if (parameters === undefined) return fail(services, "content");
  if (changes?.caKeys !== undefined) await checkKeys(services, parameters.caKeys);
  const version = list === undefined ? versionText(head.version) : undefined;
  await inTurnOfItsOwn(() => putIntoUse(services, cbor, version));
  noteInForce(services.update.device.secure, head);
  return startAnew(services);
}

async function takeFont(services: Services, spare: Spare, head: PackageHead): Promise<void> {
  const isFont = await inTurnOfItsOwn(() => {
    const { blockLength } = spare.content.status();
    return isFontOf(readContent(spare, Math.min(head.length, blockLength), 0), head.length);
  });
  if (!isFont) return fail(services, "content");
  return keepAnew(services, spare, head, services.update.device.flash({ partition: "fonts" }));
}

async function takeMessages(services: Services, spare: Spare, head: PackageHead): Promise<void> {
  const value = head.length > longestMessages ? undefined : await inTurnOfItsOwn(() => valueIn(spare, head.length));
  if (changesOf(value) === undefined) return fail(services, "content");
  return keepAnew(services, spare, head, services.update.device.flash({ partition: "messages" }));
}

/** The file goes to its partition; a cut meanwhile leaves what is built in, and the update to be done again. */
async function keepAnew(services: Services, spare: Spare, head: PackageHead, flash: Flash): Promise<void> {
  if (head.length > roomFor(flash)) return fail(services, "size");
  await inTurnOfItsOwn(() => keep(flash, head.length, (length, offset) => readContent(spare, length, offset)));
  flash.close();
  noteInForce(services.update.device.secure, head);
  return startAnew(services);
}

/** Parameters by name; undefined where the content is no such thing. */
function changesIn(spare: Spare, length: number, list: "aids" | "caKeys" | undefined): CborMap | undefined {
  const value = valueIn(spare, length);
  if (list !== undefined) return Array.isArray(value) ? { [list]: value } : undefined;
  return isCborMap(value) ? value : undefined;
}

/** What the content says in CBOR; undefined where it is none. */
function valueIn(spare: Spare, length: number): CborValue {
  const bytes = new Uint8Array(length);
  const { blockLength } = spare.content.status();
  for (let at = 0; at < length; at += blockLength) {
    bytes.set(readContent(spare, Math.min(blockLength, length - at), at), at);
  }
  try {
    return decodeCbor(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** One key that is wrong or expired, and nothing changes. */
async function checkKeys({ clock, parameters }: Services, keys: Services["parameters"]["caKeys"]): Promise<void> {
  const { year, date } = localTime(clock.wall(), parameters.utcOffsetMinutes);
  for (const key of keys) {
    const reason = await inTurnOfItsOwn(() => keyProblem(key, year + date));
    if (reason !== undefined) throw new UserError({ id: "update-failed", reason, detail: `${key.rid} ${key.index}` });
  }
}
