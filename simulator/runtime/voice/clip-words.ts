/** What is in the clip file, in its order: the words, and how espeak-ng is told to say them (Chinese in pinyin with tones). */

type Word = readonly [word: string, spoken: string];

const DIGITS = "零 ling2 一 yi1 二 er4 三 san1 四 si4 五 wu3 六 liu4 七 qi1 八 ba1 九 jiu3 两 liang3";
const UNITS = "十 shi2 百 bai3 千 qian1 万 wan4 亿 yi4 元 yuan2 角 jiao3 分 fen1";

export const CHINESE: readonly Word[] = [["收款成功", "shou1kuan3 cheng2gong1"], ...pairs(DIGITS), ...pairs(UNITS)];

export const ENGLISH: readonly Word[] = [
  "payment received",
  ...["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
  ...["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
  ...["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
  ...["hundred", "thousand", "million", "billion", "and", "point", "yuan"],
].map((word): Word => [word, word]);

function pairs(text: string): Word[] {
  const words = text.split(" ");
  return Array.from({ length: words.length / 2 }, (_, at): Word => [words[2 * at]!, words[2 * at + 1]!]);
}
