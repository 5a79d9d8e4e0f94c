import type { Language, MessageKey } from "./words.ts";

type Advice = Extract<MessageKey, `advice.${string}`>;
interface Response {
  readonly en: string;
  readonly zh: string;
  readonly advice: Advice;
}

/** Field 39 as a cashier reads it: what happened and what to do (ISO 8583 response codes in UnionPay's use). */
const responses: Readonly<Record<string, Response>> = {
  "00": { en: "Approved", zh: "交易成功", advice: "advice.none" },
  "01": { en: "Refer to the card's bank", zh: "请联系发卡行", advice: "advice.call-bank" },
  "02": { en: "Refer to the card's bank", zh: "请联系发卡行", advice: "advice.call-bank" },
  "03": { en: "Merchant not registered", zh: "商户未登记", advice: "advice.call-acquirer" },
  "04": { en: "Card must be kept", zh: "没收卡", advice: "advice.keep-card" },
  "05": { en: "Card not honoured", zh: "发卡行不予承兑", advice: "advice.another-card" },
  "06": { en: "Error at the card's bank", zh: "发卡行出错", advice: "advice.retry" },
  "07": { en: "Card must be kept", zh: "特殊情况下没收卡", advice: "advice.keep-card" },
  "09": { en: "Request in progress", zh: "请求正在处理", advice: "advice.retry" },
  "12": { en: "Payment type not allowed", zh: "无效交易", advice: "advice.another-card" },
  "13": { en: "Amount not allowed", zh: "无效金额", advice: "advice.check-amount" },
  "14": { en: "No such card", zh: "无效卡号", advice: "advice.another-card" },
  "15": { en: "No such card issuer", zh: "此卡无对应发卡行", advice: "advice.another-card" },
  "20": { en: "Invalid answer", zh: "无效应答", advice: "advice.retry" },
  "21": { en: "Card not activated", zh: "该卡未初始化", advice: "advice.call-bank" },
  "22": { en: "Amount or date out of range", zh: "操作有误或超出期限", advice: "advice.check-amount" },
  "25": { en: "Original not found", zh: "没有原始交易", advice: "advice.call-acquirer" },
  "30": { en: "Message format error", zh: "报文格式错误", advice: "advice.retry" },
  "33": { en: "Card expired, keep it", zh: "过期卡，请没收", advice: "advice.keep-card" },
  "34": { en: "Suspected fraud", zh: "有作弊嫌疑", advice: "advice.keep-card" },
  "38": { en: "PIN tried too often", zh: "密码错误次数超限", advice: "advice.call-bank" },
  "40": { en: "Function not supported", zh: "银行不支持此功能", advice: "advice.call-acquirer" },
  "41": { en: "Lost card", zh: "挂失卡", advice: "advice.keep-card" },
  "43": { en: "Stolen card", zh: "被窃卡", advice: "advice.keep-card" },
  "51": { en: "Not enough money", zh: "余额不足", advice: "advice.another-card" },
  "54": { en: "Card expired", zh: "卡已过期", advice: "advice.another-card" },
  "55": { en: "Wrong PIN", zh: "密码错误", advice: "advice.retry" },
  "57": { en: "Not allowed for this card", zh: "不允许此卡交易", advice: "advice.another-card" },
  "58": { en: "Not allowed for this terminal", zh: "不允许此终端交易", advice: "advice.call-acquirer" },
  "59": { en: "Suspected fraud", zh: "有作弊嫌疑", advice: "advice.keep-card" },
  "61": { en: "Over the card's limit", zh: "超出金额限制", advice: "advice.another-card" },
  "62": { en: "Card restricted", zh: "受限制的卡", advice: "advice.another-card" },
  "64": { en: "Original amount differs", zh: "原始金额不符", advice: "advice.check-amount" },
  "65": { en: "Card used too often today", zh: "超出取款次数限制", advice: "advice.another-card" },
  "68": { en: "Bank answered too late", zh: "银行应答超时", advice: "advice.retry" },
  "75": { en: "PIN tried too often", zh: "密码错误次数超限", advice: "advice.call-bank" },
  "77": { en: "Batch does not match", zh: "批次与银行不一致", advice: "advice.sign-in" },
  "79": { en: "Uploaded vouchers differ", zh: "上传凭证不符", advice: "advice.call-acquirer" },
  "90": { en: "Bank closing its day", zh: "银行日切，请稍后", advice: "advice.retry" },
  "91": { en: "Card's bank not reachable", zh: "发卡行无法连接", advice: "advice.retry" },
  "92": { en: "Network not reachable", zh: "银行通讯故障", advice: "advice.retry" },
  "94": { en: "Payment sent twice", zh: "重复交易", advice: "advice.call-acquirer" },
  "95": { en: "Totals differ", zh: "对账不平", advice: "advice.call-acquirer" },
  "96": { en: "Bank system error", zh: "银行系统故障", advice: "advice.retry" },
  "97": { en: "Terminal not registered", zh: "终端未登记", advice: "advice.call-acquirer" },
  "98": { en: "No answer from the bank", zh: "银行无应答", advice: "advice.retry" },
  "99": { en: "PIN could not be read", zh: "密码格式错误", advice: "advice.sign-in" },
  A0: { en: "Message check failed", zh: "校验错，请重新签到", advice: "advice.sign-in" },
};

const unknown: Response = { en: "Declined by the bank", zh: "银行拒绝交易", advice: "advice.call-bank" };

/** What a response code means and what the cashier should do; a code of no table is a plain decline. */
export function explainResponse(
  code: string,
  language: Language,
): { readonly reason: string; readonly advice: Advice } {
  const known = Object.hasOwn(responses, code) ? responses[code] : undefined;
  const response = known ?? unknown;
  return { reason: response[language], advice: response.advice };
}

/** All codes of the table. */
export const responseCodes: readonly string[] = Object.freeze(Object.keys(responses));
