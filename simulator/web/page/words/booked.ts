/** What payments are and have become, in the journal and at the acquirer: the name there, in Chinese, in English. */
const WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  opened: ["已开始", "begun"],
  authorising: ["授权中", "being authorised"],
  approved: ["已批准", "approved"],
  declined: ["已拒绝", "declined"],
  unknown: ["结果未知", "not known"],
  reversing: ["冲正中", "being reversed"],
  reversed: ["已冲正", "reversed"],
  disputed: ["有争议", "in dispute"],
  confirmed: ["已确认", "confirmed"],
  refused: ["商户拒绝", "refused by the merchant"],
  receipted: ["已打印", "receipt printed"],
  cancelled: ["已取消", "cancelled"],
  settled: ["已结算", "settled"],
  voided: ["已撤销", "voided"],
  adjusted: ["已调整", "adjusted"],
  completed: ["已完成", "completed"],
  offlineApproved: ["离线批准", "approved offline"],
  uploading: ["上送中", "being uploaded"],
  uploaded: ["已上送", "uploaded"],
  queued: ["待上送", "queued"],
  sent: ["已发送", "sent"],
  acknowledged: ["已确认收到", "acknowledged"],
  sale: ["消费", "sale"],
  voidSale: ["消费撤销", "void"],
  refund: ["退货", "refund"],
  preAuthorisation: ["预授权", "pre-authorisation"],
  voidPreAuthorisation: ["预授权撤销", "void of a pre-authorisation"],
  completion: ["预授权完成", "completion"],
  voidCompletion: ["完成撤销", "void of a completion"],
  completionAdvice: ["完成通知", "completion advice"],
  offlineSale: ["离线消费", "offline sale"],
  adjustment: ["调整", "adjustment"],
  tip: ["小费", "tip"],
};

/** That name in a language; a name without a word stays as it is. */
export function bookedWord(name: string, language: "zh" | "en"): string {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  return words?.[language === "zh" ? 0 : 1] ?? name;
}
