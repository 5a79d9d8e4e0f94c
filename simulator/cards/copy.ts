/** A card like one that ships, but for what somebody wants otherwise: the same chip, a number and an account of its own. */
import { createHash } from "node:crypto";
import { type AccountDefinition, type AccountStatus, type CardDefinition, passesLuhn } from "./definition.ts";

/** What is to be otherwise; amounts in minor units. */
export interface CardChanges {
  readonly name: string;
  readonly balance?: number;
  readonly pin?: string;
  readonly status?: AccountStatus;
  /** YYMM. */
  readonly expires?: string;
}

const MOST_BALANCE = 100_000_000_000;
const STATUSES: readonly AccountStatus[] = ["open", "stolen", "lost", "restricted", "closed"];
/** Digits of a number that name its issuer: a copy keeps them. */
const ISSUER = 8;

/** The rules that the changes must keep, each with what to say where one does not. */
const RULES: readonly (readonly [(changes: CardChanges) => boolean, string])[] = [
  [({ name }) => /^[a-z0-9-]{1,40}$/.test(name), "a card's name has small letters, digits and hyphens, 40 at most"],
  [({ balance }) => balance === undefined || isAmount(balance), "a balance is 0 to 1,000,000,000.00"],
  [({ pin }) => pin === undefined || /^\d{4,12}$/.test(pin), "a PIN has 4 to 12 digits"],
  [({ status }) => status === undefined || STATUSES.includes(status), `an account is ${STATUSES.join(", ")}`],
  [({ expires }) => expires === undefined || /^\d{2}(0[1-9]|1[0-2])$/.test(expires), "an expiry is YYMM, such as 3012"],
];

function isAmount(balance: number): boolean {
  return Number.isSafeInteger(balance) && balance >= 0 && balance <= MOST_BALANCE;
}

/** Throws `Error` with a sentence where the changes are not possible. */
export function copyCard(card: CardDefinition, changes: CardChanges): CardDefinition {
  for (const [holds, sentence] of RULES) if (!holds(changes)) throw new Error(sentence);
  const { name, expires = card.expires } = changes;
  const numbers = new Map<string, string>();
  const numberOf = (pan: string): string => {
    const number = numbers.get(pan) ?? anotherNumber(pan, name);
    numbers.set(pan, number);
    return number;
  };
  return {
    ...card,
    name,
    expires,
    pan: numberOf(card.pan),
    account: changed(card.account, changes),
    applications: card.applications.map((application) => ({
      ...application,
      name: application.name.replace(card.name, name),
      pan: numberOf(application.pan),
      account: changed(application.account, changes),
    })),
  };
}

function changed(account: AccountDefinition, { balance, pin, status }: CardChanges): AccountDefinition {
  return {
    ...account,
    ...(balance === undefined ? {} : { balance }),
    ...(pin === undefined ? {} : { pin }),
    ...(status === undefined ? {} : { status }),
  };
}

/** A number of the same issuer and length that follows from the old one and the copy's name; its check digit is right. */
function anotherNumber(pan: string, name: string): string {
  const hash = createHash("sha256").update(`${pan} ${name}`).digest();
  const own = [...hash].map((byte) => byte % 10).join("");
  const body = pan.slice(0, ISSUER) + own.slice(0, pan.length - ISSUER - 1);
  const check = [..."0123456789"].find((digit) => passesLuhn(body + digit));
  return `${body}${check}`;
}
