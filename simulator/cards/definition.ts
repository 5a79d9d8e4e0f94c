/** What a card's file says, read and checked: an unknown or missing key is an error that names the file and the key. */
import { type BehaviourDefinition, readBehaviour } from "./behaviour.ts";
import { Mapping } from "./mapping.ts";
import { type ProfileName, profiles } from "./profiles.ts";

/** How the card can be read. */
export type CardInterface = "stripe" | "contact" | "contactless";

/** What a bank thinks of an account; the host's answer follows from it. */
export type AccountStatus = "open" | "stolen" | "lost" | "restricted" | "closed";

const SCRIPT_COMMANDS = ["putData", "pinUnblock", "applicationBlock", "applicationUnblock", "cardBlock"] as const;

/** What an issuer may send to its card. */
export type ScriptCommandName = (typeof SCRIPT_COMMANDS)[number];

/** One command of an issuer script. */
export interface ScriptDefinition {
  readonly template: "71" | "72";
  readonly command: ScriptCommandName;
  readonly tag?: string;
  readonly value?: string;
}

/** The ledger's seed for a card: amounts in minor units. */
export interface AccountDefinition {
  readonly currency: string;
  readonly balance: number;
  readonly limit: number;
  readonly pin: string;
  readonly status: AccountStatus;
  readonly pinTriesLeft: number;
  readonly pinRequired: boolean;
  readonly wrongArpc: boolean;
  readonly scripts: readonly ScriptDefinition[];
  /** The scripts' MACs are not right: the card must not obey. */
  readonly wrongScriptMac: boolean;
}

/** One application on the chip; its name is its account's name. */
export interface ApplicationDefinition {
  readonly profile: ProfileName;
  readonly name: string;
  readonly pan: string;
  readonly account: AccountDefinition;
}

/** A card as its file describes it. */
export interface CardDefinition {
  readonly name: string;
  readonly holder: string;
  readonly pan: string;
  readonly sequence: string;
  /** YYMM. */
  readonly expires: string;
  readonly serviceCode: string;
  readonly interfaces: readonly CardInterface[];
  readonly applications: readonly ApplicationDefinition[];
  readonly behaviour: BehaviourDefinition;
  readonly account: AccountDefinition;
}

/** The check digit rule of card numbers (ISO/IEC 7812-1, annex B). */
export function passesLuhn(pan: string): boolean {
  const sum = [...pan].reverse().reduce((total, character, index) => {
    const digit = Number(character) * (index % 2 === 0 ? 1 : 2);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  return sum % 10 === 0;
}

function readPan(mapping: Mapping, where: string, fallback?: string): string {
  const pan = mapping.text("pan", /^\d{13,19}$/, fallback);
  if (!passesLuhn(pan)) throw new Error(`${where}: the check digit of pan is wrong`);
  return pan;
}

function readScript(where: string, value: unknown): ScriptDefinition {
  const mapping = new Mapping(where, value);
  const script = {
    template: mapping.oneOf("template", ["71", "72"]),
    command: mapping.oneOf("command", SCRIPT_COMMANDS),
  };
  const data = script.command === "putData" && {
    tag: mapping.text("tag", /^([0-9A-F]{2}){1,2}$/),
    value: mapping.text("value", /^([0-9A-F]{2})+$/),
  };
  mapping.refuseOthers();
  return { ...script, ...data };
}

/** The account of a card whose file does not say: open, with money, and the usual PIN. */
function ordinaryAccount(pan: string): Record<string, unknown> {
  const pin = pan.startsWith("62") ? "123456" : "1234";
  return { currency: "CNY", balance: 50_000, limit: 20_000, pin, status: "open" };
}

function readAccount(where: string, value: unknown): AccountDefinition {
  const mapping = new Mapping(where, value);
  const issuer = new Mapping(`${where}.issuer`, mapping.raw("issuer") ?? {});
  const account = {
    currency: mapping.oneOf("currency", ["CNY", "USD"]),
    balance: mapping.money("balance"),
    limit: mapping.money("limit"),
    pin: mapping.text("pin", /^\d{4,12}$/),
    status: mapping.oneOf("status", ["open", "stolen", "lost", "restricted", "closed"]),
    pinTriesLeft: mapping.count("pinTriesLeft", 3),
    pinRequired: mapping.flag("pinRequired"),
    wrongArpc: issuer.flag("wrongArpc"),
    wrongScriptMac: issuer.flag("wrongScriptMac"),
    scripts: issuer.list("scripts").map((script) => readScript(`${where}.issuer.scripts`, script)),
  };
  issuer.refuseOthers();
  mapping.refuseOthers();
  return account;
}

/** Reads the parsed YAML of one card. Throws `Error` with `where` and the key. */
export function readCardDefinition(where: string, value: unknown): CardDefinition {
  const mapping = new Mapping(where, value);
  const name = mapping.text("name", /^[a-z0-9-]+$/);
  const pan = readPan(mapping, where);
  const account = readAccount(`${where}: account`, mapping.raw("account") ?? ordinaryAccount(pan));
  const profileNames = Object.keys(profiles) as ProfileName[];
  const applications = mapping.list("applications").map((item, index): ApplicationDefinition => {
    const place = `${where}: applications[${index}]`;
    const application = new Mapping(place, item);
    const own = application.raw("account");
    const read = {
      profile: application.oneOf("profile", profileNames),
      name: application.text("name", /^[a-z0-9/-]+$/, name),
      pan: readPan(application, place, pan),
      account: own === undefined ? account : readAccount(`${place}.account`, own),
    };
    application.refuseOthers();
    return read;
  });
  const interfaces = mapping.list("interfaces").map((item) => {
    if (item === "stripe" || item === "contact" || item === "contactless") return item;
    throw new Error(`${where}: interfaces holds something unknown`);
  });
  const definition = {
    name,
    pan,
    holder: mapping.text("holder", /^[A-Z]+\/[A-Z ]+$/),
    sequence: mapping.text("sequence", /^\d{2}$/, "00"),
    expires: mapping.text("expires", /^\d{2}(0[1-9]|1[0-2])$/),
    serviceCode: mapping.text("serviceCode", /^\d{3}$/),
    interfaces,
    applications,
    behaviour: readBehaviour(`${where}: behaviour`, mapping.raw("behaviour") ?? {}),
    account,
  };
  mapping.refuseOthers();
  return definition;
}
