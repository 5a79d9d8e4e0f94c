/** What is said of a payment that has come through, clip by clip: amounts are integers in minor units of the yuan. */
import type { Language } from "../screen/messages/words.ts";

/** The clips, in the order of the file. */
export const clips: Readonly<Record<Language, readonly string[]>> = Object.freeze({
  zh: split("收款成功 零 一 二 三 四 五 六 七 八 九 两 十 百 千 万 亿 元 角 分"),
  en: split(
    "payment-received zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
      "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion and point yuan",
  ),
});

function split(text: string): readonly string[] {
  return Object.freeze(text.split(" "));
}

/** Powers of ten with a word of their own, the largest first; in Chinese four digits make a group, in English three. */
const groups = Object.freeze({
  zh: pairs([1e8, "亿"], [1e4, "万"], [1, ""]),
  en: pairs([1e9, "billion"], [1e6, "million"], [1e3, "thousand"], [1, ""]),
});
const places = pairs([1000, "千"], [100, "百"], [10, "十"], [1, ""]);

function pairs(...all: (readonly [number, string])[]): readonly (readonly [number, string])[] {
  return Object.freeze(all.map((each) => Object.freeze(each)));
}

/** The words of "payment received, one hundred yuan". */
export function announcement(minor: number, language: Language): readonly string[] {
  const amount = language === "zh" ? chineseAmount(minor) : englishAmount(minor);
  return [clips[language][0]!, ...amount];
}

const digit = (value: number): string => clips.zh[1 + value]!;
/** Two of something are 两, not 二. */
const pieces = (value: number): string => (value === 2 ? "两" : digit(value));

/** Yuan, jiao and fen, those that there are; 零 stands for jiao that are missing between the two. */
function chineseAmount(minor: number): string[] {
  const [yuan, jiao, fen] = [Math.trunc(minor / 100), Math.trunc(minor / 10) % 10, minor % 10];
  const words = yuan > 0 || minor === 0 ? [...chineseNumber(yuan), "元"] : [];
  if (jiao > 0) words.push(pieces(jiao), "角");
  else if (yuan > 0 && fen > 0) words.push("零");
  if (fen > 0) words.push(pieces(fen), "分");
  return words;
}

function chineseNumber(value: number): string[] {
  if (value === 0) return ["零"];
  const words: string[] = [];
  let rest = value;
  let isGap = false;
  for (const [unit, name] of groups.zh) {
    const group = Math.trunc(rest / unit);
    rest %= unit;
    if (group === 0) {
      isGap = words.length > 0;
      continue;
    }
    if (words.length > 0 && (isGap || group < 1000)) words.push("零");
    isGap = false;
    words.push(...chineseGroup(group, words.length === 0));
    if (name !== "") words.push(name);
  }
  return words;
}

/** Four digits; of the first ones of a number 10 to 19 begin with 十, and 2 alone is 两. */
function chineseGroup(group: number, isFirst: boolean): string[] {
  if (isFirst && group === 2) return ["两"];
  const words: string[] = [];
  let isGap = false;
  for (const [unit, name] of places) {
    const value = Math.trunc(group / unit) % 10;
    if (value === 0) {
      isGap = words.length > 0;
      continue;
    }
    if (isGap) words.push("零");
    isGap = false;
    if (!(isFirst && unit === 10 && group < 20)) words.push(unit >= 100 ? pieces(value) : digit(value));
    if (name !== "") words.push(name);
  }
  return words;
}

function englishAmount(minor: number): string[] {
  const [yuan, fen] = [Math.trunc(minor / 100), minor % 100];
  const words: string[] = [];
  let rest = yuan;
  for (const [unit, name] of groups.en) {
    const group = Math.trunc(rest / unit);
    rest %= unit;
    if (group === 0) continue;
    if (unit === 1 && group < 100 && words.length > 0) words.push("and");
    words.push(...englishHundreds(group));
    if (name !== "") words.push(name);
  }
  if (yuan === 0) words.push("zero");
  if (fen > 0) words.push("point", small(Math.trunc(fen / 10)), small(fen % 10));
  words.push("yuan");
  return words;
}

/** 0 to 19. */
const small = (value: number): string => clips.en[1 + value]!;

/** 1 to 999. */
function englishHundreds(value: number): string[] {
  const [hundreds, rest] = [Math.trunc(value / 100), value % 100];
  const words = hundreds === 0 ? [] : [small(hundreds), "hundred", ...(rest === 0 ? [] : ["and"])];
  if (rest >= 20) words.push(clips.en[19 + Math.trunc(rest / 10)]!);
  if (rest > 0 && rest < 20) words.push(small(rest));
  else if (rest % 10 > 0) words.push(small(rest % 10));
  return words;
}
