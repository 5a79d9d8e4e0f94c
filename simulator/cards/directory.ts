/** Names by which an application is found: the payment environments and SELECT (EMV 4.3 Book 1, 12). */
import { concat, equal, latin1 } from "../acquirer/bytes.ts";
import { tlv } from "../acquirer/tlv.ts";
import { type Command, type Reply, refuse, reply, status } from "./apdu.ts";
import type { Application } from "./personalise.ts";

const CONTACT_ENVIRONMENT = latin1("1PAY.SYS.DDF01");
const CONTACTLESS_ENVIRONMENT = latin1("2PAY.SYS.DDF01");
/** Short file identifier of the contact directory. */
export const DIRECTORY_FILE = 1;

const PREFERRED_LANGUAGES = "zhen";

function entry(application: Application): Uint8Array {
  return tlv(
    "61",
    tlv("4F", application.identifier),
    tlv("50", latin1(application.profile.label)),
    tlv("87", application.priority),
  );
}

/** The one record of the contact directory, and its number. */
export function directoryRecord(applications: readonly Application[], record: number): Uint8Array | undefined {
  return record === 1 ? tlv("70", ...applications.map(entry)) : undefined;
}

/** The answer to SELECT of an application (Book 1, 11.3.4, table 45). */
export function applicationTemplate(application: Application): Uint8Array {
  const { profile } = application;
  return tlv(
    "6F",
    tlv("84", application.givenName),
    tlv(
      "A5",
      tlv("50", latin1(profile.label)),
      tlv("87", application.priority),
      application.optionsList.length === 0 ? new Uint8Array(0) : tlv("9F38", application.optionsList),
      tlv("5F2D", latin1(PREFERRED_LANGUAGES)),
      tlv("9F11", Uint8Array.of(1)),
      tlv("9F12", latin1(profile.preferredName ?? profile.label)),
    ),
  );
}

/** What SELECT found: an environment, an application, or nothing. */
export type Selection =
  | { readonly kind: "environment"; readonly reply: Reply }
  | { readonly kind: "application"; readonly application: Application; readonly reply: Reply }
  | { readonly kind: "none"; readonly reply: Reply };

/** The number of applications passed over so far for the same partial name, so that "next" can go on. */
export interface PartialSearch {
  readonly name: Uint8Array;
  readonly position: number;
}

function environment(
  name: Uint8Array,
  contactless: boolean,
  applications: readonly Application[],
): Uint8Array | undefined {
  if (!contactless && equal(name, CONTACT_ENVIRONMENT)) {
    return tlv(
      "6F",
      tlv("84", CONTACT_ENVIRONMENT),
      tlv(
        "A5",
        tlv("88", Uint8Array.of(DIRECTORY_FILE)),
        tlv("5F2D", latin1(PREFERRED_LANGUAGES)),
        tlv("9F11", Uint8Array.of(1)),
      ),
    );
  }
  if (contactless && equal(name, CONTACTLESS_ENVIRONMENT)) {
    return tlv("6F", tlv("84", CONTACTLESS_ENVIRONMENT), tlv("A5", tlv("BF0C", concat(...applications.map(entry)))));
  }
  return undefined;
}

/**
 * SELECT by name. `search` is the last selection's partial search for "next occurrence"; the result's `search` continues it.
 */
export function select(
  command: Command,
  applications: readonly Application[],
  contactless: boolean,
  search: PartialSearch | undefined,
): { readonly selection: Selection; readonly search: PartialSearch | undefined } {
  const none = (word: number) => ({ selection: { kind: "none", reply: refuse(word) } as const, search: undefined });
  if (command.parameter1 !== 0x04 || (command.parameter2 !== 0x00 && command.parameter2 !== 0x02)) {
    return none(status.badParameters);
  }
  const name = command.data;
  if (name.length < 5 || name.length > 16) return none(name.length === 0 ? status.wrongLength : status.fileNotFound);
  const next = command.parameter2 === 0x02;
  const template = next ? undefined : environment(name, contactless, applications);
  if (template) return { selection: { kind: "environment", reply: reply(template) }, search: undefined };

  const matching = applications.filter(
    ({ identifier }) => identifier.length >= name.length && equal(identifier.subarray(0, name.length), name),
  );
  const position = next && search && equal(search.name, name) ? search.position + 1 : next ? matching.length : 0;
  const application = matching[position];
  if (!application) return none(status.fileNotFound);
  return {
    selection: { kind: "application", application, reply: reply(applicationTemplate(application)) },
    search: { name, position },
  };
}
