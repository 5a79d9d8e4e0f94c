/** What messages between terminal and host are in Chinese, by their type (`../../acquirer/describe.ts`). */
const MESSAGES_ZH: Readonly<Record<string, string>> = {
  "0100": "预授权请求",
  "0110": "预授权应答",
  "0200": "金融交易请求",
  "0210": "金融交易应答",
  "0220": "金融交易通知",
  "0230": "通知应答",
  "0320": "批上送",
  "0330": "批上送应答",
  "0400": "冲正请求",
  "0410": "冲正应答",
  "0500": "结算请求",
  "0510": "结算应答",
  "0600": "扩展请求",
  "0610": "扩展应答",
  "0620": "脚本结果通知",
  "0630": "脚本结果应答",
  "0800": "签到或参数下载请求",
  "0810": "签到或参数下载应答",
  "0820": "网络管理请求",
  "0830": "网络管理应答",
};

/** "0210 金融交易应答，应答码 00" of "0210: Financial answer" and an answer's "00 approved". */
export function messageZh(type: string, code: string | undefined): string {
  const mti = type.slice(0, 4);
  const said = code === undefined ? "" : `，应答码 ${/[0-9A-Z]{2}/.exec(code)?.[0] ?? code}`;
  return `${mti} ${MESSAGES_ZH[mti] ?? "未知报文"}${said}`;
}
