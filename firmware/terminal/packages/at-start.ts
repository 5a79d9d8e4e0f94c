import { crc32 } from "#native/digest";
import type { Device } from "../../../hal/device.ts";
import { decodeCbor } from "../../codec/cbor.ts";
import { FormatError } from "../../codec/errors.ts";
import { Font } from "../../screen/font.ts";
import { changed, changesOf, type Messages } from "../../screen/messages/changed.ts";
import { languages } from "../../screen/messages/languages.ts";
import { kept } from "../../update/kept-file.ts";

/** The font that a package brought, read in place; the built-in one where there is none that is whole. */
export function fontAtStart(device: Device): Uint8Array {
  return keptFont(device) ?? bytesOf(device.resource("font16"));
}

function keptFont(device: Device): Uint8Array | undefined {
  const flash = device.flash({ partition: "fonts" });
  const file = kept(flash);
  flash.close();
  const place = file && device.mapped?.("fonts");
  if (file === undefined || place === undefined) return undefined;
  const bytes = bytesOf(place).subarray(0, file.length);
  try {
    return crc32(bytes) === file.sum ? new Font(bytes).bytes : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const bytesOf = (place: Uint8Array | ArrayBufferLike): Uint8Array =>
  place instanceof Uint8Array ? place : new Uint8Array(place);

/** The messages, with the changes that a package brought, where there are any that are whole. */
export function messagesAtStart(device: Device): Messages {
  const flash = device.flash({ partition: "messages" });
  try {
    const file = kept(flash);
    const bytes = file && flash.read(file.length, 0);
    const changes = bytes && crc32(bytes) === file.sum ? changesOf(decodeCbor(bytes)) : undefined;
    return changes === undefined ? languages : changed(changes);
  } catch (error) {
    if (error instanceof FormatError) return languages;
    throw error;
  } finally {
    flash.close();
  }
}
