/** What each phone does, in Chinese: the line that opens its file, in the page's other language. */
export const PHONES_ZH: Readonly<Record<string, string>> = {
  "phone-alipay": "装有支付宝的手机，立即付款。",
  "phone-emv": "里面有银联卡的手机：出示该卡的 EMV 码（被扫），带应用密文。",
  "phone-no-money": "钱包里没钱的手机。",
  "phone-offline-after-paying": "付款途中断网的手机：钱付了，机主什么也看不到。",
  "phone-password": "每次付款前都要输密码的手机；机主等你来输。",
  "phone-refuses": "钱包要机主确认，机主三秒后拒绝。",
  "phone-stranger": "出示的不是付款码，而是博物馆门票的手机。",
  "phone-unionpay": "装有云闪付的手机，立即付款。",
  "phone-wechat": "装有微信支付的手机，立即付款。",
};
