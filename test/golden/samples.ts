import type { BatchData } from "../../firmware/receipt/batch.ts";
import type { ReceiptData } from "../../firmware/receipt/data.ts";
import type { Choice, Screen, ScreenId, ScreenOf } from "../../firmware/screen/screens.ts";

const cny = (minor: number) => ({ minor, currency: "CNY" }) as const;
const card = { pan: "6228 48** **** 1117", holder: "ZHANG SAN" };
const operation = "sale";
const amount = cny(123456);

/** Codes of the shop: a payment's, and its own. */
export const paymentCode =
  "0002010102121531000000000000000089831017299100126440009COM.XSPOS011589831017299100102081234567852045999530315654071234.565802CN5919Wang's Beef Noodles6008SHANGHAI623605201234567800000100004207081234567864220002ZH0106老王牛肉面馆0202上海6304682F";
export const shopCode =
  "0002010102111531000000000000000089831017299100126440009COM.XSPOS01158983101729910010208123456785204599953031565802CN5919Wang's Beef Noodles6008SHANGHAI621207081234567864220002ZH0106老王牛肉面馆0202上海630485F1";

export const menu: readonly Choice[] = [
  { id: "sale", text: "消费 Sale" },
  { id: "void", text: "撤销 Void" },
  { id: "refund", text: "退货 Refund" },
  { id: "history", text: "交易查询 History" },
  { id: "settlement", text: "结算 Settlement" },
  { id: "settings", text: "设置 Settings" },
];
const applications: readonly Choice[] = [
  { id: "A000000333010102", text: "UnionPay Credit" },
  { id: "A0000000031010", text: "VISA CREDIT" },
];

const summary = {
  operation,
  voucher: "000123",
  amount,
  pan: card.pan,
  time: "2025/03/14 21:07:33",
  authorisationCode: "A12345",
} as const;

const processing = {
  state: "processing",
  count: 128,
  amount: cny(1_234_567),
  fee: cny(7_408),
  net: cny(1_227_159),
  expected: "2026/11/24",
} as const;

/** Every screen at least once, with the longest values that are likely. */
export const samples: { readonly [Id in ScreenId]: readonly [ScreenOf<Id>, ...ScreenOf<Id>[]] } = {
  boot: [{ id: "boot", version: "0.1.0" }],
  "operator-sign-on": [
    { id: "operator-sign-on", value: "" },
    { id: "operator-sign-on", value: "01" },
    { id: "operator-sign-on", value: "", wrong: true },
  ],
  "operator-changed": (["signedOff", "added", "removed", "reset", "unlocked", "password"] as const).map((what) => ({
    id: "operator-changed" as const,
    what,
    operator: "01",
  })) as unknown as readonly [ScreenOf<"operator-changed">],
  idle: [
    { id: "idle" },
    { id: "idle", news: "processing", count: 128, amount: cny(1_227_159) },
    { id: "idle", news: "authorised", count: 5000, amount: cny(999_999_999_999) },
    { id: "idle", operator: "01" },
    { id: "idle", operator: "97", news: "processing", count: 128, amount: cny(1_227_159) },
  ],
  menu: [
    { id: "menu", choices: menu, selected: 1 },
    { id: "menu", choices: menu, selected: 5 },
    { id: "menu", heading: "预授权 ▸ Pre-auth", choices: menu, selected: 0 },
  ],
  "enter-amount": [
    { id: "enter-amount", operation, amount: cny(1234) },
    { id: "enter-amount", operation, amount: cny(999_999_999_999), card },
  ],
  "scan-code": [
    { id: "scan-code", operation, amount, wrong: true },
    { id: "scan-code", operation, wrong: true },
  ],
  "waiting-payment": [
    { id: "waiting-payment", wallet: "WXP", amount, waitingFor: "confirmation", secondsLeft: 85 },
    { id: "waiting-payment", wallet: "ALP", amount: cny(999_999_999_999), waitingFor: "password", secondsLeft: 180 },
    { id: "waiting-payment", amount, waitingFor: "scan", secondsLeft: 120 },
    { id: "waiting-payment", wallet: "CUP", amount, waitingFor: "bank", secondsLeft: 60 },
  ],
  "show-qr": [
    { id: "show-qr", payload: paymentCode, amount, secondsLeft: 115 },
    { id: "show-qr", payload: paymentCode, amount: cny(999_999_999_999), secondsLeft: 7 },
    { id: "show-qr", payload: shopCode },
  ],
  paid: [
    { id: "paid", operation, amount, wallet: "WXP", funds: "inBatch" },
    { id: "paid", operation, amount: cny(999_999_999_999), wallet: "ALP", payer: "138****5678", funds: "inBatch" },
    { id: "paid", operation: "voidSale", amount, wallet: "CUP", funds: "takenOff" },
  ],
  "present-card": [
    { id: "present-card", operation, amount, manual: true },
    { id: "present-card", operation, amount, manual: true, askBank: false },
    { id: "present-card", operation, amount, manual: true, askBank: true },
    { id: "present-card", operation, amount, manual: true, code: "scan" },
    { id: "present-card", operation, amount, manual: true, askBank: true, code: "scan" },
    { id: "present-card", operation, amount: cny(999_999_999_999), manual: true, code: "show" },
    { id: "present-card", operation: "preAuthorisation", amount: cny(999_999_999_999) },
  ],
  "insert-card": [
    { id: "insert-card", operation, amount },
    { id: "insert-card", operation: "voidSale", amount },
  ],
  "swipe-card": [
    { id: "swipe-card", operation, amount },
    { id: "swipe-card", operation: "refund", amount },
  ],
  "use-chip": [{ id: "use-chip", amount }, { id: "use-chip" }],
  "choose-application": [{ id: "choose-application", choices: applications, selected: 0 }],
  "enter-pin": [
    { id: "enter-pin", operation, amount, digits: 4, card },
    { id: "enter-pin", operation, amount, digits: 0, bypass: true },
    { id: "enter-pin", operation, amount, digits: 12 },
  ],
  "pin-retry": [
    { id: "pin-retry", operation, amount, digits: 0, triesLeft: 2 },
    { id: "pin-retry", operation, amount, digits: 6 },
  ],
  processing: [
    { id: "processing", stage: "authorising", amount, keepCard: true },
    { id: "processing", stage: "card" },
    { id: "processing", stage: "connecting", amount },
    { id: "processing", stage: "finishing", amount },
  ],
  "confirm-approval": [{ id: "confirm-approval", amount, authorisationCode: "A12345", card }],
  approved: [
    { id: "approved", operation, amount, authorisationCode: "A12345", funds: "inBatch" },
    { id: "approved", operation: "preAuthorisation", amount, authorisationCode: "A12345", funds: "authorised" },
    { id: "approved", operation: "voidSale", amount, authorisationCode: "A12345", funds: "takenOff" },
    { id: "approved", operation: "voidPreAuthorisation", amount, authorisationCode: "A12345", funds: "released" },
    { id: "approved", operation, amount: cny(999_999_999_999), funds: "toSend" },
    { id: "approved", operation, amount, authorisationCode: "A12345", funds: "inBatch", takeCard: true },
    {
      id: "approved",
      operation: "preAuthorisation",
      amount,
      authorisationCode: "A12345",
      funds: "authorised",
      takeCard: true,
    },
  ],
  declined: [
    { id: "declined", amount, code: "51" },
    { id: "declined", amount: cny(999_999_999_999), code: "38" },
    { id: "declined", amount },
    { id: "declined", amount, code: "51", takeCard: true },
  ],
  refused: [
    { id: "refused", amount, by: "answer" },
    { id: "refused", amount, by: "merchant" },
    { id: "refused", amount, by: "card" },
  ],
  reversing: [
    { id: "reversing", amount },
    { id: "reversing", amount, attempt: 12 },
  ],
  reversed: [
    { id: "reversed", operation, amount },
    { id: "reversed", operation: "voidPreAuthorisation", amount },
  ],
  "remove-card": [{ id: "remove-card" }],
  printing: [
    { id: "printing", copy: "merchant" },
    { id: "printing", copy: "cardholder" },
  ],
  "paper-out": [{ id: "paper-out" }],
  "printer-error": [
    { id: "printer-error", cause: "cover-open" },
    { id: "printer-error", cause: "hot" },
    { id: "printer-error", cause: "offline" },
  ],
  "card-expired": [{ id: "card-expired", card }, { id: "card-expired" }],
  "card-unreadable": [{ id: "card-unreadable" }, { id: "card-unreadable", otherWay: true }],
  "card-not-accepted": [{ id: "card-not-accepted", tapped: true }, { id: "card-not-accepted" }],
  "card-blocked": [{ id: "card-blocked" }],
  "zero-amount": [{ id: "zero-amount" }],
  "over-limit": [{ id: "over-limit", limit: cny(5_000_000) }],
  cancelled: [
    { id: "cancelled", by: "customer" },
    { id: "cancelled", by: "merchant" },
    { id: "cancelled", by: "timeout" },
    { id: "cancelled", by: "card-removed" },
  ],
  "one-card-only": [{ id: "one-card-only" }],
  "other-card": [{ id: "other-card" }],
  "see-phone": [{ id: "see-phone" }],
  "no-answer": [{ id: "no-answer", amount }],
  disputed: [
    { id: "disputed", amount, voucher: "000123", refused: "reversal" },
    { id: "disputed", amount, voucher: "000123", refused: "payment" },
  ],
  "amount-mismatch": [
    { id: "amount-mismatch", asked: cny(1234), answered: cny(123400) },
    { id: "amount-mismatch", asked: cny(999_999_999_998), answered: cny(999_999_999_999) },
  ],
  offline: [
    { id: "offline" },
    { id: "offline", refused: "not-yet-valid" },
    { id: "offline", refused: "unknown-authority" },
    { id: "offline", refused: "other-name" },
    { id: "offline", refused: "malformed" },
    { id: "offline", refused: "expired" },
    { id: "offline", refused: "revoked" },
    { id: "offline", refused: "unfit" },
  ],
  error: [{ id: "error", detail: "flash 0x4000" }, { id: "error" }],
  "out-of-service": [
    { id: "out-of-service", reason: "tampered" },
    { id: "out-of-service", detail: "no keys" },
  ],
  "battery-low": [{ id: "battery-low", charge: 12 }],
  "battery-empty": [{ id: "battery-empty", charge: 4 }],
  tampered: [{ id: "tampered" }],
  "enter-number": [
    { id: "enter-number", what: "voucher", operation: "voidSale", value: "" },
    { id: "enter-number", what: "card", operation: "preAuthorisation", value: "622848*************" },
    { id: "enter-number", what: "reference", operation: "refund", value: "112309000001" },
    { id: "enter-number", what: "reference", operation: "refund", value: "20261123000000000000000099991234" },
    { id: "enter-number", what: "reference", operation: "refund", value: "112309000001", scan: true },
    { id: "enter-number", what: "voucher", operation: "voidSale", value: "", wrong: true, scan: true },
    { id: "enter-number", what: "authorisation", operation: "voidPreAuthorisation", value: "123456" },
    { id: "enter-number", what: "date", operation: "refund", value: "11" },
    { id: "enter-number", what: "expiry", operation: "sale", value: "1330", wrong: true },
    { id: "enter-number", what: "last", operation: "sale", value: "" },
  ],
  detail: [
    { id: "detail", action: "voidSale", ...summary },
    { id: "detail", action: "voidPreAuthorisation", ...summary, operation: "preAuthorisation" },
    { id: "detail", ...summary },
  ],
  "dispute-cleared": [
    { id: "dispute-cleared", cleared: "charged", ...summary },
    { id: "dispute-cleared", cleared: "notCharged", ...summary },
    { id: "dispute-cleared", cleared: "booked", ...summary, operation: "voidSale" },
    { id: "dispute-cleared", cleared: "notBooked", ...summary, operation: "voidSale" },
  ],
  "no-original": [
    { id: "no-original", reason: "unknown" },
    { id: "no-original", reason: "used" },
    { id: "no-original", reason: "unsent" },
    { id: "no-original", reason: "settled" },
    { id: "no-original", reason: "otherCard" },
    { id: "no-original", reason: "none" },
  ],
  balance: [
    { id: "balance", amount: cny(5_000_000), pan: card.pan },
    { id: "balance", amount: cny(-1234), pan: card.pan },
  ],
  spending: [
    { id: "spending", stage: "ask", paid: cny(123456) },
    { id: "spending", stage: "told", paid: cny(123456), count: 17, amount: cny(1_234_567) },
    { id: "spending", stage: "told", paid: cny(999_999_999_999), count: 5000, amount: cny(999_999_999_999) },
    { id: "spending", stage: "waiting" },
    { id: "spending", stage: "unavailable" },
  ],
  "load-keys": [
    { id: "load-keys", stage: "part", part: 1, of: 2, digits: 12 },
    { id: "load-keys", stage: "part", part: 3, of: 3, digits: 64, isLetter: true },
    { id: "load-keys", stage: "check", part: 1, of: 2, checkValue: "08D7B4" },
    { id: "load-keys", stage: "check", checkValue: "08D7B4E629" },
    { id: "load-keys", stage: "waiting" },
    { id: "load-keys", stage: "loaded", name: "Transport", checkValue: "08D7B4E629" },
    { id: "load-keys", stage: "loaded", name: "DUKPT" },
    { id: "load-keys", stage: "refused", reason: "block" },
    { id: "load-keys", stage: "refused", reason: "scheme" },
    { id: "load-keys", stage: "refused", reason: "checkValue" },
    { id: "load-keys", stage: "pairing", code: "1234 5678 9012 3456 7890 1234" },
  ],
  stored: [
    { id: "stored", operation: "tip", amount },
    { id: "stored", operation: "completionAdvice", amount: cny(999_999_999_999) },
  ],
  "payment-state": (["through", "nothing", "reversing", "owed", "differs"] as const).map((answer) => ({
    id: "payment-state" as const,
    operation: "voidPreAuthorisation" as const,
    voucher: "000123",
    amount,
    host: "approved",
    answer,
  })) as unknown as readonly [ScreenOf<"payment-state">],
  password: [
    { id: "password", role: "supervisor", digits: 3 },
    { id: "password", role: "supervisor", digits: 0, wrong: true, left: 2 },
    { id: "password", role: "administrator", digits: 0, wrong: true, left: 0 },
    { id: "password", role: "operator", operator: "01", digits: 0, step: "new", initial: true },
    { id: "password", role: "operator", operator: "01", digits: 8, step: "again" },
    { id: "password", role: "operator", operator: "01", digits: 0, step: "new", wrong: true },
    { id: "password", role: "administrator", digits: 0, step: "new", initial: true, wrong: true, old: true },
    { id: "password", role: "supervisor", digits: 0, locked: true, seconds: 3600 },
    { id: "password", role: "operator", operator: "97", digits: 0, locked: true },
  ],
  updating: [
    { id: "updating", percent: 0 },
    { id: "updating", percent: 35 },
    { id: "updating", percent: 62, what: "firmware", version: "1.1.0" },
  ],
  updated: [{ id: "updated" }],
  "up-to-date": [{ id: "up-to-date" }, { id: "up-to-date", what: "package" }],
  "update-failed": [
    { id: "update-failed", reason: "answerWrong", detail: "372" },
    { id: "update-failed", reason: "applicationUnreadable", detail: "380 action code (DF11)" },
    { id: "update-failed", reason: "keyUnreadable", detail: "370 modulus (DF02)" },
    { id: "update-failed", reason: "none", detail: "965" },
    { id: "update-failed", reason: "notGenuine", detail: "firmware 1.1.0" },
    { id: "update-failed", reason: "noStart", detail: "firmware 1.1.0" },
    { id: "update-failed", detail: "digest" },
    { id: "update-failed", reason: "keyWrong", detail: "A000000333 E1" },
    { id: "update-failed", reason: "keyExpired", detail: "A000000333 E1" },
  ],
  "sign-in": [{ id: "sign-in" }],
  "signed-in": [{ id: "signed-in", batch: "000042" }],
  settlement: [
    {
      id: "settlement",
      stage: "confirm",
      batch: "000042",
      debitCount: 128,
      debits: cny(1_234_567),
      creditCount: 3,
      credits: cny(45_600),
      disputed: 1,
    },
    {
      id: "settlement",
      stage: "confirm",
      batch: "000042",
      debitCount: 5000,
      debits: cny(999_999_999_999),
      creditCount: 0,
      credits: cny(0),
    },
    { id: "settlement", stage: "comparing", batch: "000042" },
    { id: "settlement", stage: "uploading", batch: "000042", done: 96, all: 128 },
    { id: "settlement", stage: "due", reason: "full" },
    { id: "settlement", stage: "due", reason: "unfinished" },
    { id: "settlement", stage: "due", reason: "time" },
  ],
  "settlement-result": [
    {
      id: "settlement-result",
      batch: "000042",
      result: "equal",
      debitCount: 128,
      debits: cny(1_234_567),
      creditCount: 3,
      credits: cny(45_600),
      net: cny(1_188_967),
    },
    {
      id: "settlement-result",
      batch: "000042",
      result: "unequal",
      debitCount: 1,
      debits: cny(100),
      creditCount: 1,
      credits: cny(999_999_999_999),
      net: cny(-999_999_999_899),
    },
  ],
  "settlement-status": [
    {
      id: "settlement-status",
      ...processing,
      plan: "nextWorkingDay",
      place: 2,
      places: 4,
    },
    { id: "settlement-status", state: "held", count: 1, amount: cny(999_999_999_999), reason: "reconciliation" },
    {
      id: "settlement-status",
      ...processing,
      plan: "T1",
      asOf: "2026/11/23 21:07",
    },
    { id: "settlement-status", state: "inBatch", count: 12, amount: cny(10_000), fee: cny(60) },
    { id: "settlement-status", state: "authorised", count: 1, amount: cny(50_000) },
    {
      id: "settlement-status",
      state: "paidOut",
      count: 99,
      amount: cny(10_000),
      fee: cny(60),
      net: cny(9_940),
      plan: "T0",
    },
    { id: "settlement-status", state: "paidOut", count: 0, amount: cny(0), empty: true },
  ],
  history: [{ id: "history", choices: menu.slice(0, 5), selected: 2 }],
  report: [{ id: "report", choices: menu.slice(0, 5), selected: 0 }],
  "order-total": [
    { id: "order-total", total: amount, order: "A-1027", text: "Beef noodles, large, 2 ×" },
    { id: "order-total", total: cny(999_999_999_999), order: "20261123-0001" },
  ],
  "order-mismatch": [
    { id: "order-mismatch", ordered: cny(1234), amount: cny(12_340), order: "A-1027" },
    { id: "order-mismatch", ordered: cny(999_999_999_999), amount: cny(999_999_999_998), order: "20261123-0001" },
  ],
};

export const allSamples: readonly Screen[] = Object.values(samples).flat();

export const receipt: ReceiptData = {
  merchantName: "老王牛肉面馆（人民路店）",
  merchantNumber: "898440358120001",
  terminalNumber: "10017342",
  operator: "01",
  acquirer: "48020000",
  issuer: "01030000 农业银行",
  pan: "6228 48** **** 1117",
  entry: "chip",
  operation: "sale",
  batch: "000042",
  voucher: "000123",
  authorisationCode: "A12345",
  reference: "210733000123",
  dateTime: "2025/03/14 21:07:33",
  amount: cny(123456),
  verification: "signature",
  chip: {
    cryptogramType: "TC",
    cryptogram: "8A1F03C2D9447B60",
    tvr: "0000000000",
    tsi: "E800",
    atc: "001C",
    aid: "A000000333010102",
    label: "UnionPay Credit",
  },
};

const { chip: _chip, ...withoutChip } = receipt;
const { pan: _pan, ...withoutCard } = withoutChip;
const later: ReceiptData = {
  ...withoutChip,
  entry: "swipe",
  voucher: "000131",
  authorisationCode: "B67890",
  reference: "211504000131",
  dateTime: "2025/03/14 21:15:04",
  original: { voucher: "000123", authorisationCode: "A12345", reference: "210733000123", date: "03/14" },
};

/** Slips of what comes after a sale, as Chinese terminals print them. */
export const laterReceipts: Readonly<Record<string, ReceiptData>> = {
  void: { ...later, operation: "voidSale", amount: cny(-123456), verification: "pin" },
  refund: { ...later, operation: "refund", amount: cny(-5000) },
  completion: {
    ...later,
    operation: "completion",
    amount: cny(141974),
    verification: "pin",
    original: { authorisationCode: "A12345", date: "03/02" },
  },
  tip: { ...later, operation: "tip", entry: "manual", amount: cny(143456), tip: cny(20000), verification: "earlier" },
  "tip-wanted": { ...withoutChip, tipWanted: true, verification: "pin" },
  code: {
    ...withoutCard,
    entry: "code",
    issuer: "WECHATPAY",
    verification: "none",
    code: { wallet: "WXP", payer: "138****5678", order: "4200002512032025031410017342" },
  },
};

export const settlement: BatchData = {
  merchantName: "老王牛肉面馆（人民路店）",
  merchantNumber: "898440358120001",
  terminalNumber: "10017342",
  operator: "01",
  batch: "000042",
  dateTime: "2025/03/14 21:07:33",
  rows: [
    { operation: "sale", scheme: "CUP", count: 120, amount: cny(1_134_567) },
    { operation: "voidSale", scheme: "CUP", count: 2, amount: cny(25_600) },
    { operation: "refund", scheme: "CUP", count: 1, amount: cny(20_000) },
    { operation: "completionAdvice", scheme: "VIS", count: 8, amount: cny(100_000) },
  ],
  debits: { count: 128, amount: cny(1_234_567) },
  credits: { count: 3, amount: cny(45_600) },
  fee: cny(7_408),
  expected: "2025/03/15",
  net: cny(1_188_967),
  disputed: [{ voucher: "000107", amount: cny(3_000) }],
  settled: {
    isEqual: false,
    hostDebits: { count: 129, amount: cny(1_237_567) },
    hostCredits: { count: 3, amount: cny(45_600) },
  },
};

/** The day's report where operators sign on. */
export const dayReport: BatchData = {
  ...withoutSettlement(settlement),
  operators: [
    { operator: "01", scheme: "CUP", count: 100, amount: cny(1_000_000) },
    { operator: "01", scheme: "VIS", count: 8, amount: cny(100_000) },
    { operator: "02", scheme: "CUP", count: 23, amount: cny(88_967) },
  ],
};

/** What one operator has taken. */
export const shift: BatchData = {
  ...withoutSettlement(settlement),
  operator: "02",
  shift: true,
  rows: [
    { operation: "sale", scheme: "CUP", count: 22, amount: cny(90_967) },
    { operation: "refund", scheme: "CUP", count: 1, amount: cny(2_000) },
  ],
  debits: { count: 22, amount: cny(90_967) },
  credits: { count: 1, amount: cny(2_000) },
  net: cny(88_967),
  disputed: [],
};

function withoutSettlement({ settled: _settled, fee: _fee, expected: _expected, ...batch }: BatchData): BatchData {
  return batch;
}
