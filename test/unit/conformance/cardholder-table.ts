import type { PinAnswer } from "../../../firmware/emv/cardholder.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import type { Exchange } from "../emv/scripted-card.ts";
import type { Case, Element } from "./series.ts";

export interface Cardholder extends Case {
  /** The rules of the list; amounts X = 1000 and Y = 5000 stand before them. "missing": the card has no list. */
  readonly rules: string;
  readonly profile?: string;
  /** Terminal capabilities (9F33); all methods where left out. */
  readonly capabilities?: string;
  /** Minor units in hexadecimal, 4 bytes. */
  readonly amount?: string;
  readonly terminal?: readonly Element[];
  /** The application's currency; the transaction's where left out, none where "". */
  readonly currency?: string;
  /** The answer for online PIN. */
  readonly online?: PinAnswer;
  /** The PINs for the card, or "bypassed". */
  readonly pins?: readonly string[];
  /** What the card is asked for. */
  readonly script?: readonly Exchange[];
  readonly method: string;
  /** CVM results, 9F34. */
  readonly results: string;
  /** Byte 3 of the TVR. */
  readonly bits: string;
  /** Other bytes of the TVR and the TSI, where not those of a verification. */
  readonly first?: string;
  readonly status?: string;
}

type Inputs = Omit<Cardholder, "requirement" | "what" | "method" | "results" | "bits">;

const row = (
  section: string,
  what: string,
  inputs: Inputs,
  [method, results, bits]: readonly [method: string, results: string, bits: string],
): Cardholder => ({ requirement: `Book 3, 10.5${section}`, what, ...inputs, method, results, bits });

const noSignature = "E0D8C8";
const noOnlinePin = "E0B8C8";
const noPlainPin = "E078C8";
const noOfflinePin = "E068C8";
const noPinAtAll = "E028C8";
const signatureOnly = "E020C8";

const cash: readonly Element[] = [[tags.transactionType, "01"]];
const cashback: readonly Element[] = [[tags.transactionType, "09"]];
const cashMachine: readonly Element[] = [
  [tags.transactionType, "01"],
  [tags.terminalType, "14"],
];
const machineGoods: readonly Element[] = [[tags.terminalType, "14"]];

const tries = (count: string): Exchange => ["80CA9F1700", `9F1701${count}9000`];
const noCounter: Exchange = ["80CA9F1700", "6A88"];
const verify = (status: string): Exchange => ["0020008008241234FFFFFFFFFF", status];
const pins = ["1234"];

const signed = (results: string): [string, string, string] => ["signature", results, "00"];
const nothing = (results: string): [string, string, string] => ["none", results, "00"];

export const general: readonly Cardholder[] = [
  row(
    "",
    "a card without cardholder verification",
    { rules: "0200", profile: "2C00", status: "0000" },
    nothing("3F0000"),
  ),
  row("", "a card without a list lacks data", { rules: "missing", first: "20", status: "0000" }, nothing("3F0000")),
  row("", "a list without a rule is none", { rules: "", first: "20", status: "0000" }, nothing("3F0000")),
  row("", "half a rule is no list", { rules: "1F", status: "0000" }, ["FormatError", "", "00"]),
  row("", "one rule and a half is no list", { rules: "1F001E", status: "0000" }, ["FormatError", "", "00"]),
  row("", "the first rule that applies ends it", { rules: "1F001E00" }, nothing("1F0002")),
  row("", "the order is the card's", { rules: "1E001F00" }, signed("1E0000")),
  row("", "failure by order of the card", { rules: "0000" }, ["failed", "000001", "80"]),
  row("", "failure by order, if it is supported", { rules: "0003" }, ["failed", "000301", "80"]),
  row("", "failure by order under a condition that is not met", { rules: "00011F00" }, nothing("1F0002")),
  row("", "no rule whose condition is met", { rules: "1F011E01" }, ["failed", "3F0001", "80"]),
  row("", "an unknown method ends it", { rules: "2A001F00" }, ["failed", "3F0001", "C0"]),
  row("", "an unknown method may be followed by a known one", { rules: "6A001F00" }, ["none", "1F0002", "40"]),
  row("", "an unknown method under a condition that is not met", { rules: "2A011F00" }, nothing("1F0002")),
  row("", "an unknown method if it is supported", { rules: "2A031F00" }, nothing("1F0002")),
  row("", "a method of the payment system's own", { rules: "60001E00" }, ["signature", "1E0000", "40"]),
  row("", "an unknown condition is not met", { rules: "1F0A1E00" }, signed("1E0000")),
  row("", "a condition of the payment system's own is not met", { rules: "1F801E00" }, signed("1E0000")),
  row("", "an unknown condition alone", { rules: "1F0A" }, ["failed", "3F0001", "80"]),
  row("", "the upper bit of a method does not matter", { rules: "9F00" }, nothing("9F0002")),
];

export const conditions: readonly Cardholder[] = [
  row(", condition 00", "always", { rules: "1F00" }, nothing("1F0002")),
  row(
    ", condition 01",
    "unattended cash at a cash machine",
    { rules: "1F01", terminal: cashMachine },
    nothing("1F0102"),
  ),
  row(", condition 01", "cash at a desk is attended", { rules: "1F011E00", terminal: cash }, signed("1E0000")),
  row(
    ", condition 01",
    "goods at a cash machine are no cash",
    { rules: "1F011E00", terminal: machineGoods },
    signed("1E0000"),
  ),
  row(", condition 02", "goods", { rules: "1F02" }, nothing("1F0202")),
  row(", condition 02", "not cash at a desk", { rules: "1F021E00", terminal: cash }, signed("1E0000")),
  row(", condition 02", "not cash at a machine", { rules: "1F021E00", terminal: cashMachine }, signed("1E0000")),
  row(", condition 02", "not cash back", { rules: "1F021E00", terminal: cashback }, signed("1E0000")),
  row(", condition 03", "a signature that can be given", { rules: "1E031F00" }, signed("1E0300")),
  row(", condition 03", "a signature that cannot", { rules: "1E031F00", capabilities: noSignature }, nothing("1F0002")),
  row(
    ", condition 03",
    "an online PIN that cannot be",
    { rules: "02031F00", capabilities: noOnlinePin },
    nothing("1F0002"),
  ),
  row(
    ", condition 03",
    "a plain PIN that cannot be",
    { rules: "01031F00", capabilities: noPlainPin },
    nothing("1F0002"),
  ),
  row(
    ", condition 03",
    "an enciphered PIN that cannot be",
    { rules: "04031F00", capabilities: noOfflinePin },
    nothing("1F0002"),
  ),
  row(
    ", condition 03",
    "no verification that may not be",
    { rules: "1F031E00", capabilities: signatureOnly },
    signed("1E0000"),
  ),
  row(
    ", condition 03",
    "PIN and signature without signature",
    { rules: "03031F00", capabilities: noSignature },
    nothing("1F0002"),
  ),
  row(", condition 04", "cash at a desk", { rules: "1F04", terminal: cash }, nothing("1F0402")),
  row(
    ", condition 04",
    "cash at a machine is not manual",
    { rules: "1F041E00", terminal: cashMachine },
    signed("1E0000"),
  ),
  row(", condition 04", "goods are no cash", { rules: "1F041E00" }, signed("1E0000")),
  row(", condition 05", "goods with cash back", { rules: "1F05", terminal: cashback }, nothing("1F0502")),
  row(", condition 05", "goods alone", { rules: "1F051E00" }, signed("1E0000")),
  row(", condition 05", "cash alone", { rules: "1F051E00", terminal: cash }, signed("1E0000")),
  row(", condition 06", "under X", { rules: "1F06", amount: "000003E7" }, nothing("1F0602")),
  row(", condition 06", "X itself", { rules: "1F061E00", amount: "000003E8" }, signed("1E0000")),
  row(", condition 06", "over X", { rules: "1F061E00", amount: "000003E9" }, signed("1E0000")),
  row(
    ", condition 06",
    "in another currency",
    { rules: "1F061E00", amount: "000003E7", currency: "0840" },
    signed("1E0000"),
  ),
  row(
    ", condition 06",
    "without a currency",
    { rules: "1F061E00", amount: "000003E7", currency: "" },
    signed("1E0000"),
  ),
  row(", condition 07", "over X", { rules: "1F07", amount: "000003E9" }, nothing("1F0702")),
  row(", condition 07", "X itself", { rules: "1F071E00", amount: "000003E8" }, signed("1E0000")),
  row(
    ", condition 07",
    "in another currency",
    { rules: "1F071E00", amount: "000003E9", currency: "0840" },
    signed("1E0000"),
  ),
  row(", condition 08", "under Y", { rules: "1F08", amount: "00001387" }, nothing("1F0802")),
  row(", condition 08", "Y itself", { rules: "1F081E00", amount: "00001388" }, signed("1E0000")),
  row(
    ", condition 08",
    "in another currency",
    { rules: "1F081E00", amount: "00001387", currency: "0840" },
    signed("1E0000"),
  ),
  row(", condition 09", "over Y", { rules: "1F09", amount: "00001389" }, nothing("1F0902")),
  row(", condition 09", "Y itself", { rules: "1F091E00", amount: "00001388" }, signed("1E0000")),
  row(
    ", condition 09",
    "in another currency",
    { rules: "1F091E00", amount: "00001389", currency: "0840" },
    signed("1E0000"),
  ),
  row(", condition 06", "signature under X, PIN over it: a PIN", { rules: "5E064207", amount: "000003E9" }, [
    "onlinePin",
    "420700",
    "04",
  ]),
];

export const methods: readonly Cardholder[] = [
  row(".2", "an online PIN", { rules: "0200" }, ["onlinePin", "020000", "04"]),
  row(".2", "an online PIN that is not given", { rules: "0200", online: "bypassed" }, ["failed", "020001", "88"]),
  row(".2", "an online PIN that is not given, then a signature", { rules: "42001E00", online: "bypassed" }, [
    "signature",
    "1E0000",
    "08",
  ]),
  row(".2", "an online PIN without a PIN pad", { rules: "0200", capabilities: noPinAtAll }, ["failed", "3F0001", "90"]),
  row(".2", "an online PIN without a PIN pad, then a signature", { rules: "42001E00", capabilities: noPinAtAll }, [
    "signature",
    "1E0000",
    "10",
  ]),
  row(".2", "who gives no online PIN and may do nothing else", { rules: "42000000", online: "bypassed" }, [
    "failed",
    "000001",
    "88",
  ]),
  row(".3", "a signature", { rules: "1E00" }, signed("1E0000")),
  row(".3", "a signature that cannot be given", { rules: "1E00", capabilities: noSignature }, [
    "failed",
    "3F0001",
    "80",
  ]),
  row(".3", "a signature that cannot be given, then a PIN", { rules: "5E000200", capabilities: noSignature }, [
    "onlinePin",
    "020000",
    "04",
  ]),
  row(", annex C3", "no verification", { rules: "1F00" }, nothing("1F0002")),
  row(", annex C3", "no verification where it is not allowed", { rules: "1F00", capabilities: signatureOnly }, [
    "failed",
    "3F0001",
    "80",
  ]),
  row(
    ", annex C3",
    "no verification where it is not allowed, then a signature",
    { rules: "5F001E00", capabilities: signatureOnly },
    signed("1E0000"),
  ),
  row(".1", "a right plain PIN", { rules: "0100", pins, script: [tries("03"), verify("9000")] }, [
    "offlinePin",
    "010002",
    "00",
  ]),
  row(".1", "a right plain PIN, no counter", { rules: "0100", pins, script: [noCounter, verify("9000")] }, [
    "offlinePin",
    "010002",
    "00",
  ]),
  row(".1", "a right plain PIN at the last try", { rules: "0100", pins, script: [tries("01"), verify("9000")] }, [
    "offlinePin",
    "010002",
    "00",
  ]),
  row(
    ".1",
    "a wrong PIN and then a right one",
    { rules: "0100", pins: ["1234", "1234"], script: [tries("03"), verify("63C2"), verify("9000")] },
    ["offlinePin", "010002", "00"],
  ),
  row(".1", "a PIN that is not given", { rules: "0100", pins: ["bypassed"], script: [tries("03")] }, [
    "failed",
    "010001",
    "88",
  ]),
  row(
    ".1",
    "a PIN that is not given, then a signature",
    { rules: "41001E00", pins: ["bypassed"], script: [tries("03")] },
    ["signature", "1E0000", "08"],
  ),
  row(".1", "no tries left: the card is not asked", { rules: "0100", script: [tries("00")] }, [
    "failed",
    "010001",
    "A0",
  ]),
  row(".1", "no tries left, then a signature", { rules: "41001E00", script: [tries("00")] }, [
    "signature",
    "1E0000",
    "20",
  ]),
  row(".1", "the last try was wrong", { rules: "0100", pins, script: [tries("01"), verify("63C0")] }, [
    "failed",
    "010001",
    "A0",
  ]),
  row(
    ".1",
    "the last try was wrong, then an online PIN",
    { rules: "41000200", pins, script: [tries("01"), verify("63C0")] },
    ["onlinePin", "020000", "24"],
  ),
  row(".1", "the method is blocked (6983)", { rules: "0100", pins, script: [tries("03"), verify("6983")] }, [
    "failed",
    "010001",
    "A0",
  ]),
  row(".1", "the reference data is blocked (6984)", { rules: "0100", pins, script: [tries("03"), verify("6984")] }, [
    "failed",
    "010001",
    "A0",
  ]),
  row(
    ".1",
    "two wrong PINs and then none",
    { rules: "0100", pins: ["1234", "1234", "bypassed"], script: [tries("03"), verify("63C2"), verify("63C1")] },
    ["failed", "010001", "88"],
  ),
  row(".1", "a plain PIN without any offline PIN", { rules: "0100", capabilities: noOfflinePin }, [
    "failed",
    "3F0001",
    "90",
  ]),
  row(".1", "an enciphered PIN without any offline PIN", { rules: "44001E00", capabilities: noOfflinePin }, [
    "signature",
    "1E0000",
    "10",
  ]),
  row(".1", "an enciphered PIN without the card's key", { rules: "0400" }, ["failed", "040001", "80"]),
  row(
    ".1",
    "an enciphered PIN without the card's key, then a plain one",
    { rules: "44000100", pins, script: [tries("03"), verify("9000")] },
    ["offlinePin", "010002", "00"],
  ),
  row(".4", "plain PIN and signature", { rules: "0300", pins, script: [tries("03"), verify("9000")] }, [
    "offlinePinAndSignature",
    "030000",
    "00",
  ]),
  row(
    ".4",
    "plain PIN and signature, the PIN being wrong",
    { rules: "0300", pins, script: [tries("01"), verify("63C0")] },
    ["failed", "030001", "A0"],
  ),
  row(
    ".4",
    "plain PIN and signature, the PIN not being given",
    { rules: "0300", pins: ["bypassed"], script: [tries("03")] },
    ["failed", "030001", "88"],
  ),
  row(".4", "plain PIN and signature without signature", { rules: "0300", capabilities: noSignature }, [
    "failed",
    "3F0001",
    "80",
  ]),
  row(".4", "plain PIN and signature without PIN", { rules: "0300", capabilities: noOfflinePin }, [
    "failed",
    "3F0001",
    "90",
  ]),
  row(
    ".4",
    "a PIN not given once is not asked for by the next method",
    { rules: "430041001E00", pins: ["bypassed"], script: [tries("03")] },
    ["signature", "1E0000", "08"],
  ),
];
