/** Payments by code at the host: the customer shows a code, or scans what the terminal has announced. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { codeTill, orderIn } from "./code-till.ts";

const MINUTE = 60_000;

test("a customer's code pays once, and the money goes from the wallet to the shop", () => {
  const { host, send, sale, ask } = codeTill();
  const code = host.wallets.showCode("phone-wechat");
  assert.match(code, /^1[0-5]\d{16}$/);
  const fields = sale(1234, code);
  const { fields: answer } = send(fields);
  assert.is(answer[39], "00");
  assert.match(answer[38]!, /^\d{6}$/);
  assert.match(answer[37]!, /^\d{12}$/);
  assert.equal([answer[44]?.slice(0, 11), answer[63]], ["WECHATPAY  ", "WXP"]);
  assert.is(answer[59], `A4028${orderIn(answer)}A5008wx****83`);
  assert.equal([answer[2], answer[14], answer[55]], [undefined, undefined, undefined]);
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 1234);
  assert.equal(host.ledger.merchant().approved, { count: 1, total: 1234 });
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
  const known = ask(fields);
  assert.equal(
    [known.state, known.amount, known.order, known.wallet, known.payer, known.authorisationCode],
    ["approved", 1234, orderIn(answer), "WXP", "wx****83", answer[38]],
  );
  assert.is(send(sale(1234, code)).fields[39], "54", "the same code again");
  assert.is(send(fields).fields[39], "94", "the same STAN again");
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 1234);
});

test("each wallet's codes are in its own range", () => {
  const { host } = codeTill();
  assert.match(host.wallets.showCode("phone-alipay"), /^(2[5-9]|30)\d{14,22}$/);
  assert.match(host.wallets.showCode("phone-unionpay"), /^62\d{17}$/);
  assert.throws(() => host.wallets.showCode("nobody"), /no wallet/);
});

test("a code serves for a minute", () => {
  const { host, time, send, sale } = codeTill();
  const first = host.wallets.showCode("phone-alipay");
  const second = host.wallets.showCode("phone-alipay");
  time.now = MINUTE;
  assert.is(send(sale(100, first)).fields[39], "00");
  time.now = MINUTE + 1;
  assert.is(send(sale(100, second)).fields[39], "54");
  assert.is(host.ledger.wallets()["phone-alipay"]?.debited, 100);
});

test("what cannot be paid is said with its code, and moves nothing", () => {
  const { host, send, sale } = codeTill();
  const pay = (amount: number, name: string) => send(sale(amount, host.wallets.showCode(name))).fields[39];
  assert.is(send(sale(100, "134567890123456789")).fields[39], "14", "a code that nobody showed");
  assert.is(pay(100, "phone-no-money"), "51");
  assert.is(pay(100_001, "phone-wechat"), "61");
  const code = host.wallets.showCode("phone-wechat");
  assert.is(send({ ...sale(100, code), 59: "A3" }).fields[39], "30");
  assert.is(send({ ...sale(100, code), 59: undefined }).fields[39], "30");
  assert.is(send({ ...sale(100, code), 59: `A3018${code}A3018${code}` }).fields[39], "30");
  assert.is(send({ ...sale(100, code), 60: sale(100, code)[60]!.replace(/^22/, "36") }).fields[39], "12");
  assert.is(host.ledger.merchant().balance, 0);
});

test("a customer who has still to do something is waited for: pending, then approved or declined", () => {
  const { host, send, sale, ask } = codeTill();
  const pending = (name: string) => {
    const fields = sale(2000, host.wallets.showCode(name));
    return { fields, answer: send(fields).fields };
  };
  const { fields, answer } = pending("phone-password");
  assert.is(answer[39], "09");
  assert.is(answer[38], undefined);
  assert.match(orderIn(answer), /^\d{28}$/);
  assert.equal([ask(fields).state, ask(fields).waitingFor], ["pending", "password"]);
  assert.is(host.ledger.merchant().balance, 0);
  assert.equal(host.wallets.password("phone-password", "000000"), { kind: "refused", code: "55" });
  assert.is(ask(fields).state, "pending");
  assert.is(host.wallets.password("phone-password", "246810").kind, "paid");
  assert.equal([ask(fields).state, ask(fields).order], ["approved", orderIn(answer)]);
  assert.is(host.ledger.wallets()["phone-password"]?.debited, 2000);

  const refused = pending("phone-refuses");
  assert.is(ask(refused.fields).waitingFor, "confirmation");
  host.wallets.confirm("phone-refuses", false);
  assert.equal([ask(refused.fields).state, ask(refused.fields).responseCode], ["declined", "05"]);

  const forgotten = pending("phone-password");
  for (const typed of ["1", "2", "3"]) host.wallets.password("phone-password", typed);
  assert.equal([ask(forgotten.fields).state, ask(forgotten.fields).responseCode], ["declined", "75"]);
  assert.is(host.ledger.merchant().balance, 2000);
});

test("a reversal ends a pending payment: its owner comes too late, and nothing moves", () => {
  const { host, send, sale, ask, reverse } = codeTill();
  const fields = sale(2000, host.wallets.showCode("phone-password"));
  send(fields);
  assert.is(reverse({ ...fields, 4: "000000001999" }), "64");
  assert.is(reverse(fields), "00");
  assert.is(ask(fields).state, "reversed");
  assert.equal(host.wallets.password("phone-password", "246810"), { kind: "refused", code: "25" });
  assert.is(reverse(fields), "25");
  assert.is(host.ledger.merchant().balance, 0);
});

test("a reversal gives the money back; one that came first leaves nothing to be paid", () => {
  const { host, send, sale, ask, reverse } = codeTill();
  const paid = sale(700, host.wallets.showCode("phone-wechat"));
  send(paid);
  assert.is(reverse(paid), "00");
  assert.is(ask(paid).state, "reversed");
  const late = sale(700, host.wallets.showCode("phone-wechat"));
  assert.is(reverse(late), "00");
  assert.is(send(late).fields[39], "94");
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 0);
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("a pending payment that nobody decides is over after a quarter of an hour, and when its batch is closed", () => {
  const { host, time, send, sale, ask, till } = codeTill();
  const old = sale(100, host.wallets.showCode("phone-password"));
  send(old);
  time.now += 15 * MINUTE + 1;
  assert.equal([ask(old).state, ask(old).responseCode], ["declined", "54"]);
  const open = sale(100, host.wallets.showCode("phone-password"));
  assert.is(send(open).fields[39], "09");
  till.ask("0320", "207");
  assert.equal(host.wallets.password("phone-password", "246810"), { kind: "refused", code: "25" });
  assert.is(ask(open).state, "reversed");
});

test("a phone pays what the terminal has announced, with that amount, once", () => {
  const { host, send, announcement, ask } = codeTill();
  const announced = announcement(4200);
  const { reference } = announced;
  const pay = (name: string, amount: number, merchant?: string) => host.wallets.pay(name, reference, merchant, amount);
  assert.equal(pay("phone-wechat", 4200), { kind: "refused", code: "25" }, "nobody has announced it yet");
  assert.is(send(announced).fields[39], "09");
  assert.equal([ask(announced).state, ask(announced).waitingFor], ["pending", "scan"]);
  assert.is(host.wallets.priceOf(reference), 4200);
  assert.equal(pay("phone-wechat", 4300), { kind: "refused", code: "64" });
  assert.equal(pay("phone-wechat", 4200, "898310172991002"), { kind: "refused", code: "25" });
  assert.equal(pay("phone-no-money", 4200), { kind: "refused", code: "51" });
  assert.is(pay("phone-alipay", 4200).kind, "paid");
  assert.equal(pay("phone-wechat", 4200), { kind: "refused", code: "25" });
  const known = ask(announced);
  assert.equal([known.state, known.wallet, known.payer, known.amount], ["approved", "ALP", "138****5678", 4200]);
  assert.is(host.ledger.wallets()["phone-alipay"]?.debited, 4200);
  assert.is(host.ledger.merchant().balance, 4200);
});

test("one who does not type their password leaves an announced payment to the next who scans it", () => {
  const { host, send, announcement, ask } = codeTill();
  const announced = announcement(4200);
  send(announced);
  assert.equal(host.wallets.pay("phone-password", announced.reference, undefined, 4200), {
    kind: "asked",
    ask: "password",
    amount: 4200,
  });
  assert.is(ask(announced).waitingFor, "password");
  assert.equal(host.wallets.pay("phone-alipay", announced.reference, undefined, 4200), { kind: "refused", code: "94" });
  host.wallets.confirm("phone-password", false);
  assert.is(ask(announced).waitingFor, "scan");
  assert.is(host.wallets.pay("phone-alipay", announced.reference, undefined, 4200).kind, "paid");
});

test("a terminal announces its own references only", () => {
  const { send, announcement } = codeTill();
  const announced = announcement(100);
  assert.is(send({ ...announced, 59: "A602012345679000001000009" }).fields[39], "30");
});

test("what a phone paid is news to a terminal that listens, and names its STAN", () => {
  const { host, till, send, announcement } = codeTill();
  till.ask("0600", "966");
  const announced = announcement(4200);
  send(announced);
  assert.is(till.news.length, 0);
  host.wallets.pay("phone-alipay", announced.reference, undefined, 4200);
  assert.is(till.news.length, 1);
  assert.is(till.news[0]?.fields[60]?.slice(8), "967");
});

test("news that get lost are said with the next ones, a minute later at the earliest; the payment stands", () => {
  const { host, time, till, send, announcement, ask } = codeTill();
  till.ask("0600", "966");
  const announced = announcement(4200);
  send(announced);
  host.losePush();
  host.wallets.pay("phone-alipay", announced.reference, undefined, 4200);
  assert.is(till.news.length, 0);
  assert.is(ask(announced).state, "approved");
  const later = announcement(100);
  send(later);
  time.now += MINUTE;
  host.wallets.pay("phone-alipay", later.reference, undefined, 100);
  assert.is(till.news.length, 1);
});

test("a void gives the money back to the wallet; a card's void cannot", () => {
  const { host, send, sale, undo, ask } = codeTill();
  const fields = sale(900, host.wallets.showCode("phone-unionpay"));
  const sold = { ...fields, ...send(fields).fields };
  assert.is(undo(sold, 800).fields[39], "64");
  const voided = undo(sold, 900).fields;
  assert.equal([voided[39], voided[63], orderIn(voided)], ["00", "CUP", orderIn(sold)]);
  assert.is(ask(sold).state, "voided");
  assert.is(host.ledger.wallets()["phone-unionpay"]?.debited, 0);
  assert.is(undo(sold, 900).fields[39], "12");
});

test("a card's payment is not voided as one by code, nor the other way round", () => {
  const { host, till, send, sale, undo } = codeTill();
  const cardSale = till.saleFields({ card: "magstripe-credit", amount: 300, pin: "123456" });
  const byCard = { ...cardSale, ...till.send("0200", cardSale).fields };
  assert.is(undo(byCard, 300).fields[39], "64");
  const fields = sale(300, host.wallets.showCode("phone-wechat"));
  const byCode = { ...fields, ...send(fields).fields };
  const wrong = till.followUp("23", "200000", "00", { ...byCard, 11: byCode[11], 38: byCode[38] }, 300);
  assert.is(till.send("0200", wrong).fields[39], "64");
});

test("refunds are found by the order number, today or another day, and give back no more than was paid", () => {
  const { host, time, till, send, sale, refund } = codeTill();
  const fields = sale(1000, host.wallets.showCode("phone-alipay"));
  const order = orderIn(send(fields).fields);
  assert.is(refund(order, 400).fields[39], "00");
  assert.is(host.ledger.wallets()["phone-alipay"]?.debited, 600);
  till.ask("0320", "207");
  time.now += 24 * 60 * MINUTE;
  till.signIn();
  assert.is(refund(order, 601).fields[39], "64");
  const answer = refund(order, 600).fields;
  assert.equal([answer[39], answer[63], orderIn(answer)], ["00", "ALP", order]);
  assert.is(host.ledger.wallets()["phone-alipay"]?.debited, 0);
  assert.is(refund("1".repeat(28), 1).fields[39], "25");
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("an order number that is not the named payment's is no refund", () => {
  const { host, send, sale, refund } = codeTill();
  const [one, other] = [1, 2].map(() => {
    const fields = sale(1000, host.wallets.showCode("phone-alipay"));
    return { ...fields, ...send(fields).fields };
  });
  const changes = { 61: `${one![60]!.slice(2, 8)}${one![11]}1123` };
  assert.is(refund(orderIn(other!), 100, changes).fields[39], "64");
  assert.is(refund(orderIn(one!), 100, changes).fields[39], "00");
});

test("settlement counts UnionPay's wallet with its cards, the others with all others; details without a number are wallets'", () => {
  const { host, till, send, sale } = codeTill();
  const sold = [
    ["phone-unionpay", 100],
    ["phone-wechat", 20],
    ["phone-alipay", 3],
  ].map(([name, amount]) => {
    const fields = sale(Number(amount), host.wallets.showCode(String(name)));
    send(fields);
    return fields;
  });
  const side = (amount: number, count: number) =>
    `${String(amount).padStart(12, "0")}${String(count).padStart(3, "0")}${"0".repeat(15)}`;
  const { fields } = till.ask("0500", "201", { 48: `${side(100, 1)}0${side(23, 2)}0`, 49: "156" });
  assert.is(fields[48], `${side(100, 1)}1${side(23, 2)}1`);
  const details = sold.map((item) => `00${item[11]}${"0".repeat(20)}${item[4]}`);
  assert.is(till.ask("0320", "201", { 48: `03${details.join("")}` }).fields[39], "00");
  assert.is(till.ask("0320", "202", { 48: "0003" }).fields[39], "00");
  assert.equal(host.ledger.discrepancies(), []);
});

test("the shop pays the wallets' fee", () => {
  const { host, send, sale } = codeTill();
  send(sale(100_000, host.wallets.showCode("phone-wechat")));
  assert.is(host.ledger.charges("12345678")[0]?.fee, 380);
});

const SHOP = ["12345678", "898310172991001"] as const;

test("what customers pay to the shop's own code waits for the terminal, which takes it over once", () => {
  const { host, till, paidToShop, claim, ask, undo } = codeTill();
  till.ask("0600", "966");
  const { kind } = host.wallets.payShop("phone-wechat", ...SHOP, 1250);
  assert.is(kind, "paid");
  assert.is(till.news.length, 1, "the terminal is woken");
  host.wallets.payShop("phone-alipay", ...SHOP, 300);
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 1250);
  assert.equal(host.ledger.merchant().approved, { count: 0, total: 0 });
  const { payments, more } = paidToShop();
  const [first, second] = payments;
  assert.equal([more, payments.length], [false, 2]);
  assert.equal(
    [first!.amount, first!.wallet, first!.payer, first!.date, first!.time],
    [1250, "WXP", "wx****83", "1123", "100000"],
  );
  assert.is(paidToShop(Number(first!.number)).payments.length, 1);
  const stan = till.nextStan();
  assert.is(claim(Number(first!.number), stan), "00");
  assert.is(claim(Number(first!.number), stan), "00", "again");
  assert.is(claim(Number(first!.number), till.nextStan()), "94", "under another STAN");
  assert.is(claim(Number(second!.number), stan), "94", "another under the same STAN");
  assert.is(claim(999, till.nextStan()), "25");
  assert.equal(paidToShop().payments, [second]);
  const known = ask({ 11: stan, 60: `22${till.batch}` });
  assert.equal(
    [known.state, known.amount, known.order, known.authorisationCode, known.referenceNumber],
    ["approved", 1250, first!.order, first!.authorisationCode, first!.referenceNumber],
  );
  assert.equal(host.ledger.merchant().approved, { count: 1, total: 1250 });
  const sold = { 11: stan, 37: String(first!.referenceNumber), 60: `22${till.batch}` };
  assert.is(undo(sold, 1250).fields[39], "00");
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 0);
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("a payment to the shop's own code is not taken over under a STAN that a reversal has closed, nor reversed", () => {
  const { host, till, paidToShop, claim, reverse, sale } = codeTill();
  host.wallets.payShop("phone-wechat", ...SHOP, 1250);
  const number = Number(paidToShop().payments[0]!.number);
  const closed = sale(1250, host.wallets.showCode("phone-alipay"));
  assert.is(reverse(closed), "00");
  assert.is(claim(number, closed[11]!), "94");
  const stan = till.nextStan();
  assert.is(claim(number, stan), "00");
  assert.is(reverse({ ...closed, 11: stan }), "22");
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited, 1250);
});

test("nobody pays an announced payment after a quarter of an hour", () => {
  const { host, time, send, announcement } = codeTill();
  const announced = announcement(100);
  send(announced);
  time.now += 15 * MINUTE + 1;
  assert.is(host.wallets.pay("phone-wechat", announced.reference, undefined, 100).kind, "refused");
  assert.is(host.ledger.wallets()["phone-wechat"]?.debited ?? 0, 0);
});

test("a payment to the shop's code is one of that shop's terminal, within limits, and waits for its password", () => {
  const { host, paidToShop } = codeTill();
  const { wallets } = host;
  assert.equal(wallets.payShop("phone-wechat", "12345680", SHOP[1], 100), { kind: "refused", code: "25" });
  assert.equal(wallets.payShop("phone-wechat", "99999999", SHOP[1], 100), { kind: "refused", code: "25" });
  assert.equal(wallets.payShop("phone-wechat", ...SHOP, 0), { kind: "refused", code: "25" });
  assert.equal(wallets.payShop("phone-wechat", ...SHOP, 100_001), { kind: "refused", code: "61" });
  assert.equal(wallets.payShop("phone-no-money", ...SHOP, 100), { kind: "refused", code: "51" });
  assert.equal(wallets.payShop("phone-password", ...SHOP, 100), { kind: "asked", ask: "password", amount: 100 });
  assert.equal(paidToShop().payments, []);
  assert.equal(wallets.password("phone-password", "1"), { kind: "refused", code: "55" });
  assert.is(wallets.password("phone-password", "246810").kind, "paid");
  assert.is(paidToShop().payments.length, 1);
});

test("more payments to the shop's code than an answer holds are told in several", () => {
  const { host, paidToShop } = codeTill();
  for (let count = 1; count <= 12; count++) host.wallets.payShop("phone-wechat", ...SHOP, count);
  const amounts: unknown[] = [];
  for (let after = 0, more = true; more; ) {
    const answer = paidToShop(after);
    assert.ok(answer.payments.length > 0);
    amounts.push(...answer.payments.map(({ amount }) => amount));
    after = Number(answer.payments.at(-1)!.number);
    more = answer.more;
  }
  assert.equal(
    amounts,
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
});

test("a payment code is never to be read in the log, before it is used or after", () => {
  const { host, send, sale } = codeTill();
  const code = host.wallets.showCode("phone-wechat");
  send(sale(100, code));
  const text = JSON.stringify(host.log());
  assert.not.match(text, new RegExp(code));
  assert.match(text, new RegExp(`A3=${code.slice(0, 2)}\\*{12}${code.slice(-4)}`));
});

test.run();
