/** What this terminal's codes say (EMV QR Code Specification, Merchant-Presented Mode, 1.1, section 4): a payment's, or the shop's own. */
import { currencyNumber, isCurrency, plainAmount } from "../screen/money.ts";
import type { Parameters } from "../update/parameters.ts";
import { buildEmvQr, type QrObject } from "./emv-qr.ts";
import { buildLink } from "./links.ts";

/** A payment that the host expects. */
export interface ExpectedPayment {
  /** Minor units, above zero. */
  readonly amount: number;
  /** Terminal, batch and STAN: 20 characters. */
  readonly reference: string;
}

/** What of a merchant's name and city there is room for (tables 3.3 and 4.5). */
const longestName = 25;
const longestCity = 15;

/**
 * The text of a code. With a payment: for that alone, with its amount (or a link to it, where the parameters say so). Without: the
 * shop's, for payments whose amount the customer types. Throws `FormatError` for parameters that make no code.
 */
export function merchantCode(parameters: Parameters, payment?: ExpectedPayment): string {
  const { codeForm, acquirerIin, forwardingIin = acquirerIin, merchantId, terminalId } = parameters;
  if (payment !== undefined && codeForm !== "emv") return buildLink(codeForm, payment.reference, acquirerIin);
  const { merchantName, merchantCity } = parameters;
  const currency = isCurrency(parameters.currency) ? parameters.currency : "CNY";
  return buildEmvQr([
    object("01", payment === undefined ? "11" : "12"),
    object("15", acquirerIin + forwardingIin + merchantId),
    template("26", object("00", "COM.XSPOS"), object("01", merchantId), object("02", terminalId)),
    object("52", parameters.merchantCategory),
    object("53", currencyNumber(currency)),
    ...(payment === undefined
      ? tipObjects(parameters.codeTip)
      : [object("54", plainAmount({ minor: payment.amount, currency }))]),
    object("58", parameters.merchantCountry),
    object("59", plain(merchantName.en, longestName, merchantId)),
    object("60", plain(merchantCity.en, longestCity, parameters.merchantCountry)),
    template("62", ...(payment === undefined ? [] : [object("05", payment.reference)]), object("07", terminalId)),
    template(
      "64",
      object("00", "ZH"),
      object("01", cut(merchantName.zh, longestName)),
      object("02", cut(merchantCity.zh, longestCity)),
    ),
  ]);
}

/** The phone asks for a tip, or adds one of a fixed amount or percentage (objects 55 to 57). */
function tipObjects(tip: string | undefined): QrObject[] {
  if (tip === undefined) return [];
  if (tip === "asked") return [object("55", "01")];
  return tip.endsWith("%")
    ? [object("55", "03"), object("57", tip.slice(0, -1))]
    : [object("55", "02"), object("56", tip)];
}

const object = (id: string, value: string): QrObject => ({ id, value });
const template = (id: string, ...objects: QrObject[]): QrObject => ({ id, value: "", objects });
/** Objects 59 and 60 have the common character set (EMV 4.3 Book 4, annex B): readers guess at any other, and guess wrong. */
function plain(text: string, most: number, otherwise: string): string {
  return /[A-Za-z0-9]/.test(text) ? cut(text.replace(/[^ -~]/g, "?"), most) : otherwise;
}
const cut = (text: string, most: number): string => Array.from(text).slice(0, most).join("").trim();
