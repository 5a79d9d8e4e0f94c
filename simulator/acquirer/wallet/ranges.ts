/** Which wallet's a payment code is, by its digits. */

/** Wallets by the letters that field 63 has for them. */
export type Wallet = "WXP" | "ALP" | "CUP";

/** What the terminal is told of who issues a payment's money (field 44, eleven characters). */
export const ISSUERS: Readonly<Record<Wallet, string>> = { WXP: "WECHATPAY", ALP: "ALIPAY", CUP: "UNIONPAY" };

interface Range {
  readonly wallet: Wallet;
  readonly pattern: RegExp;
  /** What codes that are made here begin with, and how many digits they have. */
  readonly prefix: string;
  readonly length: number;
}

const ranges: readonly Range[] = [
  { wallet: "WXP", pattern: /^1[0-5]\d{16}$/, prefix: "13", length: 18 },
  { wallet: "ALP", pattern: /^(2[5-9]|30)\d{14,22}$/, prefix: "28", length: 18 },
  { wallet: "CUP", pattern: /^62\d{17}$/, prefix: "62", length: 19 },
];

/** The wallet of a payment code; undefined for what is none. */
export function walletOf(code: string): Wallet | undefined {
  return ranges.find(({ pattern }) => pattern.test(code))?.wallet;
}

/** How a wallet's codes look that are made here. */
export function formOf(wallet: Wallet): { readonly prefix: string; readonly length: number } {
  return ranges.find((range) => range.wallet === wallet)!;
}
