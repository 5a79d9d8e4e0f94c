/** One kind of message of UnionPay's terminal interface. */
export interface MessageKind {
  readonly mti: string;
  /** Field 3; absent where the message has none. */
  readonly processingCode?: string;
  /** Field 25. */
  readonly conditionCode?: string;
  /** Field 60.1. */
  readonly type: string;
  /** Field 60.3. */
  readonly networkCode: string;
  /** True when a missing answer is followed by a reversal. */
  readonly reversible: boolean;
}

const noReversal = { reversible: false, networkCode: "000" } as const;
const financial = { reversible: true, networkCode: "000" } as const;
const management = { reversible: false, type: "00" } as const;

/** The messages of the dialect. A network that differs is another table. */
export const messageKinds = Object.freeze({
  balance: { ...noReversal, mti: "0200", processingCode: "310000", conditionCode: "00", type: "01" },
  sale: { ...financial, mti: "0200", processingCode: "000000", conditionCode: "00", type: "22" },
  voidSale: { ...financial, mti: "0200", processingCode: "200000", conditionCode: "00", type: "23" },
  refund: { ...noReversal, mti: "0220", processingCode: "200000", conditionCode: "00", type: "25" },
  preAuthorisation: { ...financial, mti: "0100", processingCode: "030000", conditionCode: "06", type: "10" },
  voidPreAuthorisation: { ...financial, mti: "0100", processingCode: "200000", conditionCode: "06", type: "11" },
  completion: { ...financial, mti: "0200", processingCode: "000000", conditionCode: "06", type: "20" },
  voidCompletion: { ...financial, mti: "0200", processingCode: "200000", conditionCode: "06", type: "21" },
  completionAdvice: { ...noReversal, mti: "0220", processingCode: "000000", conditionCode: "06", type: "24" },
  offlineSale: { ...noReversal, mti: "0220", processingCode: "000000", conditionCode: "00", type: "30" },
  adjustment: { ...noReversal, mti: "0220", processingCode: "000000", conditionCode: "00", type: "32" },
  tip: { ...noReversal, mti: "0220", processingCode: "000000", conditionCode: "00", type: "34" },
  offlineChip: { ...noReversal, mti: "0200", processingCode: "000000", conditionCode: "00", type: "36" },
  signIn: { ...management, mti: "0800", networkCode: "003" },
  signInWithTracks: { ...management, mti: "0800", networkCode: "004" },
  signOut: { ...management, mti: "0820", networkCode: "002" },
  echo: { ...management, mti: "0820", networkCode: "301" },
  keyList: { ...management, mti: "0820", networkCode: "372" },
  key: { ...management, mti: "0800", networkCode: "370" },
  keyEnd: { ...management, mti: "0800", networkCode: "371" },
  applicationList: { ...management, mti: "0820", networkCode: "382" },
  application: { ...management, mti: "0800", networkCode: "380" },
  applicationEnd: { ...management, mti: "0800", networkCode: "381" },
  settlement: { ...management, mti: "0500", networkCode: "201" },
  batchUpload: { ...management, mti: "0320", networkCode: "201" },
  funds: { ...management, mti: "0600", networkCode: "964" },
  outcome: { ...management, mti: "0600", networkCode: "961" },
  backup: { ...management, mti: "0600", networkCode: "962" },
  restore: { ...management, mti: "0600", networkCode: "963" },
  parameters: { ...management, mti: "0600", networkCode: "965" },
  subscribe: { ...management, mti: "0600", networkCode: "966" },
  /** Asked by the host. */
  news: { ...management, mti: "0600", networkCode: "967" },
  spending: { ...management, mti: "0600", networkCode: "968" },
  packages: { ...management, mti: "0600", networkCode: "969" },
  shopPayments: { ...management, mti: "0600", networkCode: "970" },
  claim: { ...management, mti: "0600", networkCode: "971" },
  scriptResult: { ...management, mti: "0620", networkCode: "951" },
} as const satisfies Record<string, MessageKind>);

/** Field 60.3 of a batch upload: one chip payment, of totals that were equal and of such that were not. */
export const chipUploads = Object.freeze({ reconciled: "203", unreconciled: "205" } as const);

/** Field 60.3 of what a chip refused by itself, told with the others. */
export const refusalUploads = Object.freeze({ reconciled: "204", unreconciled: "206" } as const);

/** Field 60.3 of the end of a batch upload. */
export const uploadEnds = Object.freeze({ reconciled: "207", unreconciled: "202" } as const);

/** The reversal of any kind: its own type, everything else as the original. */
export const reversalMti = "0400";

/** The type of the answer to a message: the third digit is one higher. */
export function answerMti(mti: string): string {
  return `${mti.slice(0, 2)}${Number(mti[2]) + 1}${mti[3]}`;
}
