/**
 * Links in place of a merchant-presented code: they name a payment, and the phone asks the wallet's host for the rest. `wechatPerson` is one that
 * people show each other; it is read, so that it can be told from a payment code, and never built.
 */
import { FormatError } from "../codec/errors.ts";

export type LinkForm = "unionpay" | "wechat" | "alipay";

export interface Link {
  readonly form: LinkForm | "wechatPerson";
  /** UnionPay's: the institution that has the payment, 8 digits. */
  readonly acquirer?: string;
  /** Letters, digits, `-` and `_`. */
  readonly reference: string;
}

/** How each begins, in small letters (a scheme and a host have no case), and what follows. */
const forms: readonly (readonly [Link["form"], string, RegExp])[] = Object.freeze([
  form("unionpay", "https://qr.95516.com/", /^(\d{8})\/([\w-]{1,64})$/),
  form("wechat", "weixin://wxpay/bizpayurl?pr=", /^()([\w-]{1,64})$/),
  form("wechatPerson", "wxp://", /^()([\w-]{1,64})$/),
  form("alipay", "https://qr.alipay.com/", /^()([\w-]{1,64})$/),
]);

function form(name: Link["form"], begin: string, rest: RegExp): readonly [Link["form"], string, RegExp] {
  return Object.freeze([name, begin, rest] as const);
}

/** Reads a link of one of the wallets. Throws `FormatError` for any other text. */
export function readLink(text: string): Link {
  for (const [name, begin, rest] of forms) {
    if (text.slice(0, begin.length).toLowerCase() !== begin) continue;
    const parts = rest.exec(text.slice(begin.length));
    if (parts === null) throw new FormatError("link", begin.length, "no payment's name");
    const [, acquirer = "", reference = ""] = parts;
    return { form: name, reference, ...(acquirer === "" ? {} : { acquirer }) };
  }
  throw new FormatError("link", 0, "no wallet's link");
}

/** The link of a payment. Throws `FormatError` as reading it would. */
export function buildLink(name: LinkForm, reference: string, acquirer: string): string {
  const begin = forms.find(([each]) => each === name)![1];
  const link = `${begin}${name === "unionpay" ? `${acquirer}/` : ""}${reference}`;
  readLink(link);
  return link;
}
