import { test } from "uvu";
import * as assert from "uvu/assert";
import { toHex } from "#native/bytes";
import { base64ToBytes } from "../../../firmware/codec/base64.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { parseConsumerCode } from "../../../firmware/codes/emv-consumer.ts";
import { parseEmvQr, type QrObject, qrCheck } from "../../../firmware/codes/emv-qr.ts";
import { readLink } from "../../../firmware/codes/links.ts";
import { merchantCode } from "../../../firmware/codes/merchant-code.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";
import type { Parameters } from "../../../firmware/update/parameters.ts";

const shop = (changes: Record<string, string> = {}): Parameters =>
  checkParameters({
    terminalId: "12345678",
    merchantId: "898310172991001",
    merchantName: { zh: "老王牛肉面馆", en: "Wang's Beef Noodles on People's Road" },
    ...changes,
  });
const payment = { amount: 1234, reference: "12345678000001000042" };

/** `id=value`, with what is inside of templates in brackets. */
const said = (objects: readonly QrObject[]): string =>
  objects
    .map(({ id, value, objects: inside }) => `${id}=${inside === undefined ? value : `[${said(inside)}]`}`)
    .join(" ");
const isFormatError = (error: unknown): boolean => error instanceof FormatError;
const withCheck = (text: string): string => `${text}6304${qrCheck(`${text}6304`)}`;
const refuses = (read: () => unknown, field: string, problem: RegExp): void => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    assert.is(error.field, field);
    assert.match(error.problem, problem);
    return;
  }
  assert.unreachable("read without an error");
};

test("a payment's code has its amount, its reference, the terminal, and the shop in two languages", () => {
  const text = merchantCode(shop(), payment);
  assert.is(
    said(parseEmvQr(text)),
    "00=01 01=12 15=0000000000000000898310172991001 26=[00=COM.XSPOS 01=898310172991001 02=12345678] 52=5999 53=156 " +
      "54=12.34 58=CN 59=Wang's Beef Noodles on Pe 60=SHANGHAI 62=[05=12345678000001000042 07=12345678] " +
      `64=[00=ZH 01=老王牛肉面馆 02=上海] 63=${text.slice(-4)}`,
  );
});

test("the shop's own code has no amount and no reference, and asks for a tip where the parameters say so", () => {
  const tip = (codeTip: string): string =>
    said(parseEmvQr(merchantCode(shop({ codeTip }))))
      .match(/5[4567]=\S+/g)!
      .join(" ");
  assert.match(said(parseEmvQr(merchantCode(shop()))), /^00=01 01=11 .* 53=156 58=CN .* 62=\[07=12345678\] /);
  assert.is(tip("asked"), "55=01");
  assert.is(tip("5.00"), "55=02 56=5.00");
  assert.is(tip("7.5%"), "55=03 57=7.5");
  assert.not.match(merchantCode(shop({ codeTip: "asked" }), payment), /5502/);
  for (const codeTip of ["0", "0.00", "0%", "100%", "often"]) assert.throws(() => shop({ codeTip }), isFormatError);
});

test("objects of the common character set have no other letters", () => {
  const named = (en: string): string =>
    said(parseEmvQr(merchantCode(checkParameters({ ...shop(), merchantName: { zh: "店", en } } as never)))).match(
      /59=(.*) 60/,
    )![1]!;
  assert.is(named("Émile's Café"), "?mile's Caf?");
  assert.is(named("面馆"), "898310172991001");
});

test("parameters that make no code are refused, but where no code is ever shown", () => {
  const english = "Demo Store";
  for (const merchantName of [
    { zh: " ", en: english },
    { zh: `${" ".repeat(25)}面馆`, en: english },
    { zh: "面\u0007馆", en: english },
    { zh: "面\ud800", en: english },
    { zh: "面馆", en: `${" ".repeat(25)}A` },
  ]) {
    const changes = { merchantName, shopCode: true } as never;
    refuses(() => shop(changes), "parameter merchantName", /makes no code/);
    assert.is(shop({ ...(changes as object), codePayments: false } as never).codePayments, false);
  }
  refuses(
    () => shop({ merchantCity: { zh: " ", en: "SHANGHAI" } } as never),
    "parameter merchantName",
    /makes no code/,
  );
});

test("every currency's amount is written with its own decimals", () => {
  const amountOf = (currency: string): string =>
    said(parseEmvQr(merchantCode(shop({ currency }), payment))).match(/53=.* 58/)![0];
  assert.is(amountOf("USD"), "53=840 54=12.34 58");
  assert.is(amountOf("JPY"), "53=392 54=1234 58");
});

test("a link in place of a code names the payment, and is read back", () => {
  const link = (codeForm: string) => merchantCode(shop({ codeForm, acquirerIin: "48021000" }), payment);
  assert.is(link("unionpay"), "https://qr.95516.com/48021000/12345678000001000042");
  assert.equal(readLink(link("unionpay")), { form: "unionpay", reference: payment.reference, acquirer: "48021000" });
  assert.equal(readLink(link("wechat")), { form: "wechat", reference: payment.reference });
  assert.equal(readLink(link("alipay")), { form: "alipay", reference: payment.reference });
  assert.equal(readLink("wxp://f2f0AbC-_d"), { form: "wechatPerson", reference: "f2f0AbC-_d" });
  assert.equal(readLink("HTTPS://QR.ALIPAY.COM/FKX0"), { form: "alipay", reference: "FKX0" });
  for (const wrong of [
    "",
    "https://qr.95516.com.example/48021000/1",
    "https://qr.95516.com/4802100/1",
    "http://qr.alipay.com/a",
    "https://qr.alipay.com/",
    "https://qr.alipay.com/a?b",
    "weixin://wxpay/bizpayurl?pr=",
    "wxp://a\n",
  ]) {
    assert.throws(() => readLink(wrong), isFormatError, wrong);
  }
});

const base = "00020101021126110007XSPOS.A520459995303156";
const rest = "5802CN5904Shop6004City";

test("the specification's own example is read, with its templates and languages in any order", () => {
  const text =
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT" +
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016" +
    "A0112233449988770708123456786304A13A";
  assert.match(said(parseEmvQr(text)), /62=\[03=1234 06=\*\*\* 07=A6008667 09=ME\] 91=\[/);
});

test("amounts of nothing, twice the same object, another order and hidden characters are refused", () => {
  assert.ok(parseEmvQr(withCheck(`${base}540498.1${rest}`)));
  assert.ok(parseEmvQr(withCheck(`${base}540398.${rest}`)));
  const amounts = ["54010", "54040.00", "5402.5", "54051,000", "5403-10", "5404 1.0", "54051.0.0"];
  for (const amount of amounts)
    refuses(() => parseEmvQr(withCheck(`${base}${amount}${rest}`)), "object 54", /above zero/);
  refuses(() => parseEmvQr(withCheck(`${base}${rest}5802CN`)), "object 58", /twice/);
  refuses(() => parseEmvQr(withCheck(`${base}${rest}62100101A0101B`)), "object 01", /twice/);
  refuses(() => parseEmvQr(withCheck(`${base}26110007XSPOS.B${rest}`)), "object 26", /twice/);
  refuses(() => parseEmvQr(withCheck(`${base}${rest.replace("Shop", "Sh\u0007p")}`)), "code", /printed/);
  refuses(() => parseEmvQr(withCheck(`010211000201${base.slice(12)}${rest}`)), "code", /first/);
  refuses(() => parseEmvQr(`${withCheck(base + rest)}6103abc`), "code", /last/);
  const good = withCheck(`${base}5802CN5904Shop6004Town`);
  assert.match(good, /[A-F]$|[A-F].{1,3}$/);
  refuses(() => parseEmvQr(good.slice(0, -4) + good.slice(-4).toLowerCase()), "object 63", /hexadecimal/);
  refuses(
    () => parseEmvQr(withCheck(`${base}${rest}${"65991".padEnd(103, "x")}${"66991".padEnd(103, "x")}`.repeat(3))),
    "code",
    /512/,
  );
});

test("consumer-presented codes: the specification's two applications and what they have in common", () => {
  const code = parseConsumerCode(
    "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5k" +
      "IZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==",
  );
  const shown = code.applications.map((elements) =>
    elements.map(({ tag, value }) => `${tag.toString(16)}=${toHex(value)}`),
  );
  assert.is(code.applications.length, 2);
  assert.equal(shown[0]!.slice(0, 3), ["4f=A0000000555555", "50=50726F6475637431", "5a=1234567890123458"]);
  assert.is(shown[1]![0], "4f=A0000000666666");
  assert.ok(shown[1]!.includes("9f26=584FD385FA234BCC"));
  assert.ok(shown[1]!.includes("9f37=6D58EF13"));
});

test("consumer-presented codes: track data of one application, and a UnionPay phone's cryptogram", () => {
  const first = parseConsumerCode("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=").applications[0]!;
  assert.is(toHex(first[1]!.value), "1234567890123458D191220112345F");
  const [unionPay] = parseConsumerCode(
    "hQVDUFYwMWFYTwigAAADMwEBAVcTYpJhA1hEQzVkHSIQIBAAABiAH180AQBjM58mCFaLEtnaC9l/nycBgJ8QEQcAAQOgAAABCDM5OTk5OTk5nzYCAAGCAgAAnzcE6gZYyA==",
  ).applications;
  assert.equal(
    unionPay!.map(({ tag }) => tag.toString(16)),
    ["4f", "57", "5f34", "9f26", "9f27", "9f10", "9f36", "82", "9f37"],
  );
});

/** A code of these bytes. */
function coded(hex: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let bits = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16).toString(2).padStart(8, "0")).join("");
  const filling = (3 - ((bits.length / 8) % 3)) % 3;
  bits += "00".repeat(filling);
  return (bits.match(/.{6}/g) ?? []).map((each) => letters[Number.parseInt(each, 2)]).join("") + "=".repeat(filling);
}

test("consumer-presented codes: what is missing, twice there, nested, too long or written another way is refused", () => {
  const head = "85054350563031";
  const application = "61094F07A0000000555555";
  assert.is(parseConsumerCode(coded(head + application)).applications[0]![0]!.tag, 0x4f);
  for (const [hex, field, problem] of [
    ["", "object 85", /CPV01/],
    [application + head, "object 85", /CPV01/],
    [`85054350563032${application}`, "object 85", /CPV01/],
    [head, "object 61", /missing/],
    [`${head}610350014C`, "object 4f", /missing/],
    [`${head}61124F07A00000005555554F07A0000000555555`, "object 4f", /twice/],
    [`${head}61064F04A0000000`, "object 4f", /5 to 16/],
    [`${head}${application}62035F3400`, "object 5f34", /1 to 1/],
    [`${head}${application}62045F34010062045F340100`, "object 62", /twice/],
    [`${head}610E4F07A00000005555556403010100`, "template", /inside/],
    [`${head}61104F07A0000000555555630582020000`.slice(0, -2), "tlv value", /./],
    [`${head}00${application}`, "code", /shortest/],
    [`${head}6181094F07A0000000555555`, "code", /shortest/],
  ] as const) {
    refuses(() => parseConsumerCode(coded(hex)), field, problem);
  }
  for (const wrong of ["hQV", "hQ=V", "hQVDUFYwMR==", "====", "hQVDUFYw MQ="])
    refuses(() => base64ToBytes(wrong), "base64", /./);
  refuses(() => parseConsumerCode("A".repeat(516)), "code", /512/);
});

test.run();
