/** What a phone's file says: an unknown, missing or wrong key is an error with the file's name and the line. */
import { readdirSync, readFileSync } from "node:fs";
import type { Ask, WalletDefinition } from "../../acquirer/wallet/accounts.ts";
import { type Place, readYaml } from "../../scenario/document.ts";
import { cardDefinition } from "../cards.ts";
import { copyCard } from "../copy.ts";
import type { AccountStatus, CardDefinition } from "../definition.ts";

/** What its owner does by themselves when the wallet asks for something: nothing, or one thing after a while. */
export interface Habit {
  readonly agrees: boolean;
  /** Virtual milliseconds. */
  readonly after: number;
}

/** A phone as its file describes it. */
export interface PhoneDefinition {
  readonly name: string;
  /** First line of the file: what it is. */
  readonly about: string;
  readonly wallet?: WalletDefinition;
  /** The card whose consumer-presented code it shows (EMVCo). */
  readonly card?: CardDefinition;
  /** What it shows in the place of a payment code, whatever that is. */
  readonly shows?: string;
  readonly habit?: Habit;
  /** Its network goes when a payment is on its way: the owner never hears what became of it. */
  readonly losesNetwork: boolean;
}

const KEYS = [
  "name",
  "wallet",
  "payer",
  "balance",
  "limit",
  "status",
  "asks",
  "password",
  "owner",
  "network",
  "card",
  "shows",
];
const STATUSES: readonly AccountStatus[] = ["open", "stolen", "lost", "restricted", "closed"];
const ASKS: readonly Ask[] = ["nothing", "confirmation", "password"];

type Entries = ReadonlyMap<string, Place>;

/** Reads the text of one file. Throws `ScenarioError` with the line. */
export function readPhone(text: string): PhoneDefinition {
  const root = readYaml(text);
  const entries = root.map("a phone", KEYS);
  const need = (key: string): Place => entries.get(key) ?? root.fail(`a phone needs "${key}"`);
  const nameAt = need("name");
  const name = nameAt.text("name");
  if (!/^phone-[a-z0-9-]{1,34}$/.test(name)) nameAt.fail('the name is "phone-" and small letters, digits, hyphens');
  const ways = ["wallet", "card", "shows"].filter((key) => entries.has(key));
  if (ways.length !== 1) root.fail("a phone has one of wallet, card, shows");
  const shows = entries.get("shows");
  const card = entries.get("card");
  const isWallet = entries.has("wallet");
  for (const [key, place] of entries)
    if (!isWallet && !["name", "card", "shows"].includes(key)) place.fail(`only a phone with a wallet has "${key}"`);
  return {
    name,
    about: /^# (.*)$/m.exec(text)?.[1] ?? "",
    ...(isWallet && { wallet: readWallet(name, entries, need) }),
    ...(card && { card: readCard(name, card) }),
    ...(shows && { shows: shows.text("shows") }),
    ...(entries.has("owner") && { habit: readHabit(need("owner")) }),
    losesNetwork: entries.get("network")?.word("network", ["stays", "lost after paying"]) === "lost after paying",
  };
}

function readWallet(name: string, entries: Entries, need: (key: string) => Place): WalletDefinition {
  const asks = (entries.get("asks")?.word("asks", ASKS) ?? "nothing") as Ask;
  const payerAt = need("payer");
  const payer = payerAt.text("payer");
  if (!/^[\x21-\x7e]{4,40}$/.test(payer)) payerAt.fail("payer is 4 to 40 letters, digits and signs");
  const password = asks === "password" ? need("password").text("password") : "";
  if (asks === "password" && !/^\d{6}$/.test(password)) need("password").fail("a password has 6 digits");
  if (asks !== "password") entries.get("password")?.fail('only a phone that asks for a password has "password"');
  return {
    name,
    wallet: need("wallet").word("wallet", ["WXP", "ALP", "CUP"]) as WalletDefinition["wallet"],
    payer,
    balance: need("balance").amount("balance"),
    limit: need("limit").amount("limit"),
    status: (entries.get("status")?.word("status", STATUSES) ?? "open") as AccountStatus,
    asks,
    password,
  };
}

/** `owner: { agrees: 3s }` or `{ refuses: 3s }` */
function readHabit(place: Place): Habit {
  const [first, ...others] = place.map("owner", ["agrees", "refuses"]);
  if (first === undefined || others.length > 0) return place.fail("owner: { agrees: 3s } or { refuses: 3s }");
  const [way, after] = first;
  return { agrees: way === "agrees", after: after.duration(way) };
}

/** `card: NAME`: a card as that one, with a number and an account of its own. */
function readCard(name: string, place: Place): CardDefinition {
  try {
    return copyCard(cardDefinition(place.text("card")), { name });
  } catch (error) {
    return place.fail(error instanceof Error ? error.message : String(error));
  }
}

const FOLDER = new URL("../", import.meta.url);
let cache: ReadonlyMap<string, PhoneDefinition> | undefined;

function readFile(file: string): PhoneDefinition {
  try {
    const phone = readPhone(readFileSync(new URL(file, FOLDER), "utf8"));
    if (`${phone.name}.yaml` !== file) throw new Error("name must be the file's name");
    return phone;
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Every phone that ships by name, read once. Throws `Error` that names the file and the line. */
export function allPhones(): ReadonlyMap<string, PhoneDefinition> {
  if (!cache) {
    const files = readdirSync(FOLDER).filter((file) => /^phone-.*\.yaml$/.test(file));
    cache = new Map(files.sort().map((file) => [file.slice(0, -".yaml".length), readFile(file)]));
  }
  return cache;
}

/** The wallets of all phones. */
export function allWallets(): WalletDefinition[] {
  return [...allPhones().values()].flatMap(({ wallet }) => (wallet === undefined ? [] : [wallet]));
}

/** The cards that phones show codes of. */
export function phoneCards(): CardDefinition[] {
  return [...allPhones().values()].flatMap(({ card }) => (card === undefined ? [] : [card]));
}
