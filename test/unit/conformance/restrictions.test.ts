import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkRestrictions } from "../../../firmware/emv/restrictions.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { bitsOf, type Case, type Element, numbered, sessionOf } from "./series.ts";

interface Restriction extends Case {
  /** Terminal type; an attended terminal of a merchant where it does not matter. */
  readonly type?: string;
  /** Transaction type: 00 goods, 01 cash, 09 goods with cash back. */
  readonly transaction?: string;
  /** Application usage control and the card's issuer country. */
  readonly control?: string;
  readonly country?: string;
  readonly today?: string;
  readonly card?: readonly Element[];
  /** Byte 2 of the TVR. */
  readonly bits: string;
}

const home = "0156";
const abroad = "0840";
const cash = "01";
const cashback = "09";
const machine = "14";

const row = (
  section: string,
  what: string,
  bits: string,
  inputs: Omit<Restriction, "requirement" | "what" | "bits">,
): Restriction => ({ requirement: `Book 3, 10.4${section}`, what, bits, ...inputs });

const dated = (tag: number, value: string): { card: readonly Element[] } => ({ card: [[tag, value]] });
const version = (value: string) => dated(tags.cardApplicationVersion, value);
const expiry = (value: string) => dated(tags.expirationDate, value);
const effective = (value: string) => dated(tags.effectiveDate, value);

const cases: readonly Restriction[] = [
  row(".1", "a card without a version number has the terminal's", "00", {}),
  row(".1", "the same version", "00", version("0030")),
  row(".1", "an older version is noted", "80", version("0020")),
  row(".1", "a newer version is noted", "80", version("0130")),
  row(".2", "a card without usage control may be used for all", "00", { country: abroad, transaction: cash }),
  row(".2", "not valid at terminals other than cash machines", "10", { control: "FEC0", country: home }),
  row(".2", "valid at terminals other than cash machines only", "00", { control: "FDC0", country: home }),
  row(".2", "not valid at cash machines", "10", { type: machine, transaction: cash, control: "FDC0", country: home }),
  row(".2", "valid at cash machines only", "00", { type: machine, transaction: cash, control: "FEC0", country: home }),
  row(".2", "an unattended bank terminal is a cash machine", "10", { type: "15", control: "FDC0", transaction: cash }),
  row(".2", "an offline unattended bank terminal too", "10", { type: "16", control: "FDC0", transaction: cash }),
  row(".2", "an unattended merchant terminal is none", "00", { type: "24", control: "FDC0", country: home }),
  row(".2", "without an issuer country only the kind of terminal counts", "00", { control: "0100" }),
  row(".2", "domestic goods are allowed", "00", { control: "2100", country: home }),
  row(".2", "domestic services are allowed", "00", { control: "0900", country: home }),
  row(".2", "international permissions are none at home", "10", { control: "1500", country: home }),
  row(".2", "international goods are allowed", "00", { control: "1100", country: abroad }),
  row(".2", "international services are allowed", "00", { control: "0500", country: abroad }),
  row(".2", "domestic permissions are none abroad", "10", { control: "2900", country: abroad }),
  row(".2", "domestic cash is allowed", "00", { control: "8100", country: home, transaction: cash }),
  row(".2", "domestic cash is not allowed", "10", { control: "7DC0", country: home, transaction: cash }),
  row(".2", "international cash is allowed", "00", { control: "4100", country: abroad, transaction: cash }),
  row(".2", "international cash is not allowed", "10", { control: "BDC0", country: abroad, transaction: cash }),
  row(".2", "domestic cash back is allowed", "00", { control: "2980", country: home, transaction: cashback }),
  row(".2", "domestic cash back is not allowed", "10", { control: "FD40", country: home, transaction: cashback }),
  row(".2", "international cash back is allowed", "00", { control: "1540", country: abroad, transaction: cashback }),
  row(".2", "international cash back is not allowed", "10", {
    control: "FD80",
    country: abroad,
    transaction: cashback,
  }),
  row(".2", "cash back does not matter to goods alone", "00", { control: "2900", country: home }),
  row(".3", "effective before today", "00", effective("261122")),
  row(".3", "effective today", "00", effective("261123")),
  row(".3", "effective from tomorrow on", "20", effective("261124")),
  row(".3", "effective from next year on", "20", effective("270101")),
  row(".3", "effective since the last century", "00", effective("991231")),
  row(".3", "expired yesterday", "40", expiry("261122")),
  row(".3", "the last day is a good one", "00", expiry("261123")),
  row(".3", "expires tomorrow", "00", expiry("261124")),
  row(".3", "expired in the last century", "40", expiry("991231")),
  row(".3", "year 49 is in this century", "00", expiry("491231")),
  row(".3", "year 50 is in the last century", "40", expiry("501231")),
  row(".3", "in 1999 a card that expires in 2000 is good", "00", { ...expiry("000131"), today: "991231" }),
  row(".3", "in 1999 a card that is effective in 2000 is not", "20", { ...effective("000101"), today: "991231" }),
  row("", "all restrictions at once are all noted", "F0", {
    control: "0000",
    card: [
      [tags.cardApplicationVersion, "0001"],
      [tags.effectiveDate, "270101"],
      [tags.expirationDate, "260101"],
    ],
  }),
  row(".2", "a refund is neither goods nor services", "00", { control: "0100", country: home, transaction: "20" }),
  row(".2", "a question after the balance is neither", "00", { control: "0100", country: abroad, transaction: "31" }),
  row(".2", "a reservation buys goods or services", "10", { control: "0100", country: home, transaction: "03" }),
  row(".2", "a refund has to be at the right kind of terminal", "10", {
    control: "3E00",
    country: home,
    transaction: "20",
  }),
];

numbered("RES", cases, ({ type = "22", transaction = "00", control, country, today = "261123", card = [], bits }) => {
  const optional: readonly (readonly [number, string | undefined])[] = [
    [tags.applicationUsageControl, control],
    [tags.issuerCountryCode, country],
  ];
  const data = sessionOf(
    [
      [tags.terminalType, type],
      [tags.additionalCapabilities, "F000F0A001"],
      [tags.transactionType, transaction],
      [tags.transactionDate, today],
      [tags.terminalCountryCode, home],
      [tags.terminalApplicationVersion, "0030"],
    ],
    [...card, ...optional.flatMap(([tag, value]): Element[] => (value === undefined ? [] : [[tag, value]]))],
  );
  checkRestrictions(data);
  assert.is(bitsOf(data), `00${bits}000000 0000`);
});

test.run();
