/** Currencies a terminal can be set to (ISO 4217): numeric code, decimals, sign on the screen, word on paper. */
const currencies = {
  CNY: { number: "156", decimals: 2, sign: "¥", word: "RMB" },
  HKD: { number: "344", decimals: 2, sign: "HK$", word: "HKD" },
  MOP: { number: "446", decimals: 2, sign: "MOP ", word: "MOP" },
  USD: { number: "840", decimals: 2, sign: "$", word: "USD" },
  EUR: { number: "978", decimals: 2, sign: "€", word: "EUR" },
  GBP: { number: "826", decimals: 2, sign: "£", word: "GBP" },
  JPY: { number: "392", decimals: 0, sign: "JP¥", word: "JPY" },
  KRW: { number: "410", decimals: 0, sign: "₩", word: "KRW" },
  SGD: { number: "702", decimals: 2, sign: "S$", word: "SGD" },
  THB: { number: "764", decimals: 2, sign: "THB ", word: "THB" },
} as const;

export type Currency = keyof typeof currencies;

/** An amount in minor units (fen, cents), an integer, with its currency; below zero it goes the other way. */
export interface Money {
  readonly minor: number;
  readonly currency: Currency;
}

/** The currency of an ISO 4217 numeric code of three digits, or `undefined`. */
export function currencyOf(number: string): Currency | undefined {
  for (const name in currencies) {
    const currency = name as Currency;
    if (currencies[currency].number === number) return currency;
  }
  return undefined;
}

/** ISO 4217 numeric code, three digits. */
export function currencyNumber(currency: Currency): string {
  return currencies[currency].number;
}

/** How many digits stand behind the point. */
export function currencyDecimals(currency: Currency): number {
  return currencies[currency].decimals;
}

/** True for the letters of a currency that a terminal can be set to. */
export function isCurrency(letters: string): letters is Currency {
  return letters in currencies;
}

/** Digits only, "1234.56" or "-1234.56": for paper and for comparing. Throws `RangeError` for what is no amount in minor units. */
export function plainAmount(money: Money): string {
  if (!Number.isSafeInteger(money.minor)) throw new RangeError("amount: not in minor units");
  const { decimals } = currencies[money.currency];
  const sign = money.minor < 0 ? "-" : "";
  const digits = `${Math.abs(money.minor)}`.padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** As the screen shows it: "¥1,234.56". */
export function shownAmount(money: Money): string {
  const [whole = "", fraction] = plainAmount({ ...money, minor: Math.abs(money.minor) }).split(".");
  let grouped = whole.slice(-3);
  for (let end = whole.length - 3; end > 0; end -= 3) grouped = `${whole.slice(Math.max(0, end - 3), end)},${grouped}`;
  return `${money.minor < 0 ? "-" : ""}${currencies[money.currency].sign}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** As paper shows it: "RMB 1234.56". */
export function printedAmount(money: Money): string {
  return `${currencies[money.currency].word} ${plainAmount(money)}`;
}
