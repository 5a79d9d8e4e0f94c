/** What a card's file says, read and checked: an unknown or missing key is an error that names the file and the key. */
import { type ProfileName, profiles } from "./profiles.ts";

/** How the card can be read. */
export type CardInterface = "stripe" | "contact" | "contactless";

/** What a bank thinks of an account; the host's answer follows from it. */
export type AccountStatus = "open" | "stolen" | "lost" | "restricted" | "closed";

/** One command of an issuer script. */
export interface ScriptDefinition {
  readonly template: "71" | "72";
  readonly command: "putData" | "pinUnblock" | "applicationBlock";
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
}

/** One application on the chip; its name is its account's name. */
export interface ApplicationDefinition {
  readonly profile: ProfileName;
  readonly name: string;
  readonly pan: string;
  readonly account: AccountDefinition;
}

/** What the chip does that a good one does not. */
export interface BehaviourDefinition {
  /** Commands answered before the chip goes silent. */
  readonly silentAfter?: number;
  readonly wrongStaticSignature?: boolean;
  /** Answer to the first GENERATE AC by the chip's own decision. */
  readonly firstAnswer?: "AAC" | "TC";
  readonly pinTriesLeft?: number;
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

/** Reads one mapping and remembers which keys were asked for, so that the others can be refused. */
class Mapping {
  readonly #where: string;
  readonly #members: Map<string, unknown>;
  readonly #asked = new Set<string>();

  constructor(where: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where}: not a mapping`);
    this.#where = where;
    this.#members = new Map(Object.entries(value));
  }

  #fail(key: string, expected: string): never {
    throw new Error(`${this.#where}: ${key} must be ${expected}`);
  }

  raw(key: string): unknown {
    this.#asked.add(key);
    return this.#members.get(key);
  }

  text(key: string, pattern: RegExp, fallback?: string): string {
    const value = this.raw(key) ?? fallback;
    if (typeof value !== "string" || !pattern.test(value)) this.#fail(key, `text like ${pattern.source}`);
    return value;
  }

  oneOf<T extends string>(key: string, choices: readonly T[], fallback?: T): T {
    const value = this.raw(key) ?? fallback;
    return choices.find((choice) => choice === value) ?? this.#fail(key, `one of ${choices.join(", ")}`);
  }

  money(key: string): number {
    const value = this.raw(key);
    const minor = typeof value === "number" ? Math.round(value * 100) : Number.NaN;
    if (!Number.isSafeInteger(minor) || minor < 0) this.#fail(key, "an amount");
    return minor;
  }

  count(key: string, fallback: number): number {
    const value = this.raw(key) ?? fallback;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) this.#fail(key, "a whole number");
    return value;
  }

  flag(key: string): boolean {
    const value = this.raw(key) ?? false;
    return typeof value === "boolean" ? value : this.#fail(key, "true or false");
  }

  list(key: string): unknown[] {
    const value = this.raw(key) ?? [];
    return Array.isArray(value) ? value : this.#fail(key, "a list");
  }

  /** To be called last. */
  refuseOthers(): void {
    const other = [...this.#members.keys()].find((key) => !this.#asked.has(key));
    if (other !== undefined) throw new Error(`${this.#where}: unknown key ${other}`);
  }
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
    command: mapping.oneOf("command", ["putData", "pinUnblock", "applicationBlock"]),
  };
  const data = script.command === "putData" && {
    tag: mapping.text("tag", /^([0-9A-F]{2}){1,2}$/),
    value: mapping.text("value", /^([0-9A-F]{2})+$/),
  };
  mapping.refuseOthers();
  return { ...script, ...data };
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
    scripts: issuer.list("scripts").map((script) => readScript(`${where}.issuer.scripts`, script)),
  };
  issuer.refuseOthers();
  mapping.refuseOthers();
  return account;
}

function readBehaviour(where: string, value: unknown): BehaviourDefinition {
  const mapping = new Mapping(where, value);
  const given = (key: string) => mapping.raw(key) !== undefined;
  const behaviour = {
    ...(given("silentAfter") && { silentAfter: mapping.count("silentAfter", 0) }),
    ...(given("pinTriesLeft") && { pinTriesLeft: mapping.count("pinTriesLeft", 3) }),
    ...(given("firstAnswer") && { firstAnswer: mapping.oneOf("firstAnswer", ["AAC", "TC"]) }),
    wrongStaticSignature: mapping.flag("wrongStaticSignature"),
  };
  mapping.refuseOthers();
  return behaviour;
}

/** Reads the parsed YAML of one card. Throws `Error` with `where` and the key. */
export function readCardDefinition(where: string, value: unknown): CardDefinition {
  const mapping = new Mapping(where, value);
  const name = mapping.text("name", /^[a-z0-9-]+$/);
  const pan = readPan(mapping, where);
  const account = readAccount(`${where}: account`, mapping.raw("account"));
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
