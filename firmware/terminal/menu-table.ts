import type { Language } from "../screen/messages/words.ts";
import type { GuardedWork } from "../update/parameters.ts";
import { showBalance } from "./balance.ts";
import { dayReport } from "./batch/report.ts";
import { settleBatch } from "./batch/settle-batch.ts";
import { reprintSlip } from "./batch/slip.ts";
import { downloadChipData } from "./chip-download.ts";
import { disputes } from "./disputes.ts";
import { downloadParameters } from "./download.ts";
import { showFunds } from "./funds.ts";
import { history } from "./history.ts";
import { otherLanguage } from "./language.ts";
import { manageKeys } from "./load-keys.ts";
import { about, changeSupervisorPassword, echo, signIn, signOut } from "./maintenance.ts";
import { adjustOfflineSale, offlineSale } from "./offline-sale.ts";
import {
  changeAdministratorPassword,
  changeOwnPassword,
  manageOperators,
  resetSupervisorPassword,
} from "./operator/manage.ts";
import { shiftReport, signOff } from "./operator/shift.ts";
import { lock } from "./operator/sign-on.ts";
import { updateTerminal } from "./packages/update.ts";
import { complete, completeByAdvice, preAuthorise, voidPreAuthorisation } from "./pre-authorisation.ts";
import { askWhatBecame } from "./query.ts";
import { refund } from "./refund.ts";
import { pairRegister } from "./register/pair.ts";
import { reprintByNumber, reprintLast } from "./reprint.ts";
import type { Services } from "./services.ts";
import { printShopCode, showShopCode } from "./shop-code.ts";
import { addTip } from "./tip.ts";
import { voidCompletion, voidSale } from "./void.ts";

/** One line of the menu: what it does, or the lines behind it. `run` throws `UserError` for what it cannot do. */
export type MenuEntry = {
  readonly id: string;
  readonly text: Readonly<Record<Language, string>>;
  /** Absent: always. */
  readonly isShown?: (services: Services) => boolean;
  /** Whose password `run` does not ask for itself (operator/authority.ts). */
  readonly needs?: GuardedWork;
} & ({ readonly run: (services: Services) => Promise<unknown> } | { readonly entries: readonly MenuEntry[] });

const hasPrinter = ({ paper }: Services): boolean => paper !== undefined;
const hasShopCode = ({ parameters }: Services): boolean => parameters.shopCode === true;

const preAuthorisation: readonly MenuEntry[] = Object.freeze([
  { id: "preAuthorisation", text: { zh: "预授权", en: "Reserve an amount" }, run: preAuthorise },
  { id: "completion", text: { zh: "预授权完成", en: "Complete" }, run: complete },
  { id: "completionAdvice", text: { zh: "预授权完成(通知)", en: "Complete (advice)" }, run: completeByAdvice },
  { id: "voidPreAuthorisation", text: { zh: "预授权撤销", en: "Void reservation" }, run: voidPreAuthorisation },
  { id: "voidCompletion", text: { zh: "预授权完成撤销", en: "Void completion" }, run: voidCompletion },
]);

const other: readonly MenuEntry[] = Object.freeze([
  { id: "shop-code", text: { zh: "店铺收款码", en: "Shop's code" }, isShown: hasShopCode, run: showShopCode },
  {
    id: "shop-code-print",
    text: { zh: "打印收款码", en: "Print shop's code" },
    isShown: (services) => hasShopCode(services) && hasPrinter(services),
    run: printShopCode,
  },
  { id: "balance", text: { zh: "余额查询", en: "Balance" }, run: showBalance },
  {
    id: "tip",
    text: { zh: "小费", en: "Tip" },
    isShown: ({ parameters }) => parameters.tipPercent > 0,
    needs: "tip",
    run: addTip,
  },
  {
    id: "offlineSale",
    text: { zh: "离线消费", en: "Offline sale" },
    isShown: ({ parameters }) => parameters.offlineSales,
    run: offlineSale,
  },
  {
    id: "adjustment",
    text: { zh: "离线调整", en: "Adjust offline sale" },
    isShown: ({ parameters }) => parameters.offlineSales,
    run: adjustOfflineSale,
  },
]);

const lookAndPrint: readonly MenuEntry[] = Object.freeze([
  { id: "history", text: { zh: "交易查询", en: "History" }, run: history },
  { id: "funds", text: { zh: "结算进度", en: "Where is my money?" }, run: showFunds },
  { id: "report", text: { zh: "日报表", en: "Day report" }, needs: "report", run: dayReport },
  {
    id: "reprint",
    text: { zh: "重打末笔", en: "Print last again" },
    isShown: hasPrinter,
    needs: "reprint",
    run: reprintLast,
  },
  {
    id: "reprint-number",
    text: { zh: "重打任意笔", en: "Print by number" },
    isShown: hasPrinter,
    needs: "reprint",
    run: reprintByNumber,
  },
  {
    id: "settlement-slip",
    text: { zh: "重打结算单", en: "Print settlement again" },
    isShown: hasPrinter,
    needs: "reprint",
    run: reprintSlip,
  },
  { id: "query", text: { zh: "交易结果查询", en: "Did it go through?" }, run: askWhatBecame },
  { id: "disputes", text: { zh: "争议交易", en: "Disputes" }, run: disputes },
]);

const people: readonly MenuEntry[] = Object.freeze([
  { id: "operators", text: { zh: "操作员管理", en: "Operators" }, needs: "operators", run: manageOperators },
  { id: "supervisor", text: { zh: "重置主管密码", en: "Reset supervisor" }, run: resetSupervisorPassword },
  {
    id: "administrator",
    text: { zh: "修改管理员密码", en: "Administrator password" },
    run: changeAdministratorPassword,
  },
]);

const maintenance: readonly MenuEntry[] = Object.freeze([
  { id: "sign-in", text: { zh: "签到", en: "Sign in" }, run: signIn },
  { id: "sign-out", text: { zh: "签退", en: "Sign out" }, needs: "signOut", run: signOut },
  { id: "echo", text: { zh: "回响测试", en: "Test the line" }, run: echo },
  { id: "download", text: { zh: "参数下载", en: "Download" }, run: downloadParameters },
  { id: "chip-data", text: { zh: "公钥和应用下载", en: "Keys and card types" }, run: downloadChipData },
  { id: "update", text: { zh: "终端升级", en: "Update" }, run: updateTerminal },
  { id: "language", text: { zh: "English", en: "中文" }, run: otherLanguage },
  { id: "password", text: { zh: "修改主管密码", en: "Supervisor password" }, run: changeSupervisorPassword },
  { id: "keys", text: { zh: "密钥管理", en: "Keys" }, run: manageKeys },
  {
    id: "register",
    text: { zh: "收银机配对", en: "Pair the register" },
    isShown: ({ parameters }) => parameters.registerPairing,
    run: pairRegister,
  },
  { id: "about", text: { zh: "关于本机", en: "About" }, run: about },
  { id: "people", text: { zh: "人员管理", en: "People" }, entries: people },
]);

const ownDesk: readonly MenuEntry[] = Object.freeze([
  { id: "lock", text: { zh: "锁定终端", en: "Lock" }, run: lock },
  { id: "shift", text: { zh: "班次报表", en: "My shift" }, run: shiftReport },
  { id: "own-password", text: { zh: "修改密码", en: "My password" }, run: changeOwnPassword },
  { id: "sign-off", text: { zh: "交班退出", en: "Sign off" }, run: signOff },
]);

/** What a cashier needs in the evening rush comes first, what is done once a day last. */
export const mainMenu: readonly MenuEntry[] = Object.freeze([
  { id: "voidSale", text: { zh: "撤销", en: "Void" }, run: voidSale },
  { id: "refund", text: { zh: "退货", en: "Refund" }, run: refund },
  { id: "reservations", text: { zh: "预授权", en: "Pre-authorisation" }, entries: preAuthorisation },
  { id: "print", text: { zh: "查询打印", en: "Find and print" }, entries: lookAndPrint },
  { id: "other", text: { zh: "其他交易", en: "More payments" }, entries: other },
  { id: "settlement", text: { zh: "批结算", en: "Settlement" }, needs: "settlement", run: settleBatch },
  {
    id: "operator",
    text: { zh: "操作员", en: "Operator" },
    isShown: ({ parameters }) => parameters.operatorSignOn,
    entries: ownDesk,
  },
  { id: "terminal", text: { zh: "终端管理", en: "Terminal" }, entries: maintenance },
]);

/** What supervisor and administrator find who sign on: no payments. */
export const supervisorMenu: readonly MenuEntry[] = Object.freeze([
  { id: "operators", text: { zh: "操作员管理", en: "Operators" }, needs: "operators", run: manageOperators },
  { id: "print", text: { zh: "查询打印", en: "Find and print" }, entries: lookAndPrint },
  { id: "settlement", text: { zh: "批结算", en: "Settlement" }, needs: "settlement", run: settleBatch },
  { id: "terminal", text: { zh: "终端管理", en: "Terminal" }, entries: maintenance },
]);
