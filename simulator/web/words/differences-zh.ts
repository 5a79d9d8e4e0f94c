import { bookedWord } from "../page/words/booked.ts";

type Row = readonly [sentence: RegExp, zh: (...parts: string[]) => string];

const state = (words: string): string =>
  words
    .split(", ")
    .map((word) => bookedWord(word, "zh"))
    .join("，");

/** The sentences of the audits (`../../world/audit.ts`, `fee-audit.ts`), each with what it says in Chinese. */
const ROWS: readonly Row[] = [
  [/^(\S+) can still be paid: nobody has closed it$/, (stan) => `${stan} 仍可被付款：无人关闭`],
  [/^(\S+) paid to the shop's code, unknown to the terminal$/, (amount) => `店码收到 ${amount}，终端不知道`],
  [/^the host booked (\S+) twice$/, (stan) => `主机把 ${stan} 记了两次`],
  [
    /^the host booked (\S+) for (\S+), unknown to the terminal$/,
    (amount, stan) => `主机为 ${stan} 记账 ${amount}，终端不知道`,
  ],
  [/^(\S+) is (.+): the host has still to be told$/, (stan, here = "") => `${stan} ${state(here)}：尚未告知主机`],
  [/^(\S+) is in doubt: (.+)$/, (stan, here = "") => `${stan} 存疑：${state(here)}`],
  [
    /^(\S+) is (.+) at the terminal, (.+?) at the host(?:, in doubt: (\S+) is disputed)?$/,
    (stan, here = "", there = "", dispute) =>
      `${stan} 终端为“${state(here)}”，主机为“${state(there)}”${dispute === undefined ? "" : `，存疑：${dispute} 有争议`}`,
  ],
  [
    /^(\S+): (\S+) at the terminal, (\S+) at the host$/,
    (stan, here, there) => `${stan}：终端金额 ${here}，主机金额 ${there}`,
  ],
  [/^the host takes (\S+) for (\S+), which it declined$/, (fee, stan) => `主机拒绝了 ${stan}，却收取手续费 ${fee}`],
  [
    /^the host takes (\S+) for (\S+), the contract says (\S+)$/,
    (fee, stan, due) => `主机对 ${stan} 收费 ${fee}，合同为 ${due}`,
  ],
  [/^the host takes (\S+) for (\S+), which costs nothing$/, (fee, stan) => `${stan} 免费，主机却收取 ${fee}`],
  [
    /^the host gives (\S+) back for (\S+), (\S+) at most are due$/,
    (fee, stan, due) => `主机为 ${stan} 退回手续费 ${fee}，最多应退 ${due}`,
  ],
  [
    /^the books charged (\S+) for batch (\S+), its payments cost (\S+)$/,
    (charged, batch, due) => `批次 ${batch} 账上收费 ${charged}，其交易手续费为 ${due}`,
  ],
  [
    /^the slip of batch (\S+) says a fee of (\S+), the books charged (\S+)$/,
    (batch, fee, booked) => `批次 ${batch} 的结算单写手续费 ${fee}，账上收费 ${booked === "nothing" ? "无" : booked}`,
  ],
  [
    /^the slip of batch (\S+) promises (\S+), (\S+) less (\S+) is (\S+)$/,
    (batch, paid, net, fee, rest) => `批次 ${batch} 的结算单承诺 ${paid}，而 ${net} 减 ${fee} 为 ${rest}`,
  ],
  [/^a screen says (\S+) less (\S+) is (\S+)$/, (amount, fee, net) => `屏幕显示 ${amount} 减 ${fee} 等于 ${net}`],
  [
    /^a screen says a fee of (\S+) for (\S+), the host (.+)$/,
    (fee, amount, host = "") => `屏幕显示 ${amount} 的手续费为 ${fee}，主机为 ${host.replaceAll(" or ", " 或 ")}`,
  ],
];

/** A difference in both languages; one that is not known stays as it is. */
export function inBoth(sentence: string): { readonly en: string; readonly zh: string } {
  for (const [pattern, zh] of ROWS) {
    const [, ...parts] = pattern.exec(sentence) ?? [];
    if (parts.length > 0) return { en: sentence, zh: zh(...parts) };
  }
  return { en: sentence, zh: sentence };
}
