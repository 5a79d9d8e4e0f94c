/** Letters of a wallet, as field 63 has them. */
export type Wallet = "WXP" | "ALP" | "CUP";

/** The codes that wallets show for being scanned: decimal digits, so many of them, in a range of their first two. */
const ranges: readonly (readonly [wallet: Wallet, least: number, most: number, first: string, last: string])[] =
  Object.freeze([
    ["WXP", 18, 18, "10", "15"],
    ["ALP", 16, 24, "25", "30"],
    ["CUP", 19, 19, "62", "62"],
  ] as const);

/** Whose wallet shows this code; undefined of what is no payment code. */
export function walletOfCode(code: string): Wallet | undefined {
  if (!/^\d+$/.test(code)) return undefined;
  const start = code.slice(0, 2);
  return ranges.find(
    ([, least, most, first, last]) => code.length >= least && code.length <= most && start >= first && start <= last,
  )?.[0];
}

/** Letters that are a wallet's; of a card's scheme `CUP` is UnionPay's too. */
export function isWallet(letters: string | undefined): letters is Wallet {
  return ranges.some(([wallet]) => wallet === letters);
}
