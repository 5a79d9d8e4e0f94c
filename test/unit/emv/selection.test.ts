import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { buildCandidateList, selectionRequired } from "../../../firmware/emv/candidates.ts";
import { openContactCard } from "../../../firmware/emv/contact.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { parseFileLocator, readRecords } from "../../../firmware/emv/records.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import {
  application,
  contactScript,
  directory,
  fileControl,
  records,
  selectFirst,
  template,
  tlv,
} from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const known = [application("A0000003330101")];
const list = async (script: readonly Exchange[]): Promise<string[]> => {
  const card = new ScriptedCard(script);
  const candidates = await buildCandidateList(card, known);
  assert.is(card.left, 0);
  return candidates.map((candidate) => bytesToHex(candidate.aid));
};

async function problem(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof CardError ? error.problem : String(error);
  }
  return "none";
}

test("a blocked card is told apart at its first SELECT", async () => {
  assert.is(await problem(list([[directory, "6A81"]])), "cardBlocked");
});

test("a card whose applications are all blocked says so", async () => {
  const script: Exchange[] = [
    [directory, "6A82"],
    [selectFirst("A0000003330101"), "6283"],
    ["00C0000000", "6D00"],
  ];
  assert.is(await problem(list(script)), "applicationBlocked");
});

test("a directory that is rubbish is left for the terminal's own list", async () => {
  const found = await list([
    [directory, "6F03AA05009000"],
    [selectFirst("A0000003330101"), `${fileControl("A000000333010101")}9000`],
    ["00A4040207A000000333010100", "6A82"],
  ]);
  assert.equal(found, ["A000000333010101"]);
});

test("a name that two of the terminal's names fit is that of the longer one", async () => {
  const both = [application("A000000333"), application("A000000333010102"), application("A0000003330101")];
  const entry = template("61", tlv([0x4f, "A000000333010102"]));
  const file = template("6F", template("A5", tlv([0x88, "01"])));
  const card = new ScriptedCard([
    [directory, `${file}9000`],
    ["00B2010C00", `${template("70", entry)}9000`],
    ["00B2020C00", "6A83"],
  ]);
  const [candidate] = await buildCandidateList(card, both);
  assert.is(bytesToHex(candidate!.supported), "A000000333010102");
});

test("so it is without a directory, whichever of the two found it", async () => {
  const both = [application("A0000003330101"), application("A000000333010102")];
  const card = new ScriptedCard([
    [directory, "6A82"],
    [selectFirst("A0000003330101"), `${fileControl("A000000333010102")}9000`],
    ["00A4040207A000000333010100", "6A82"],
    [selectFirst("A000000333010102"), `${fileControl("A000000333010102")}9000`],
  ]);
  const candidates = await buildCandidateList(card, both);
  assert.equal(
    candidates.map(({ supported }) => bytesToHex(supported)),
    ["A000000333010102"],
  );
});

test("of a directory without end the first sixteen applications count", async () => {
  const script = Array.from({ length: 30 }, (_, place): Exchange => {
    const number = (place + 1).toString(16).padStart(2, "0").toUpperCase();
    const entries = ["01", "02", "02"].map((end) => template("61", tlv([0x4f, `A0000003330101${number}${end}`])));
    return [`00B2${number}0C00`, `${template("70", entries.join(""))}9000`];
  });
  const file = template("6F", template("A5", tlv([0x88, "01"])));
  const found = await list([[directory, `${file}9000`], ...script]);
  assert.is(found.length, 16);
  assert.is(new Set(found).size, 16, "and none twice");
});

/** Tags of three bytes, one a number. */
const tagOf = (number: number): number => 0x9f8100 + (number >> 6) * 0x100 + (number & 0x3f);

test("a card of more elements than a card has is none", async () => {
  const elements = (from: number): string =>
    Array.from({ length: 50 }, (_, place) => tlv([tagOf(from + place), ""])).join("");
  const data = new SessionData([]);
  data.setFromCard(tags.applicationFileLocator, hexToBytes("08010300"));
  const card = new ScriptedCard([
    ["00B2010C00", `${template("70", elements(1))}9000`],
    ["00B2020C00", `${template("70", elements(51))}9000`],
    ["00B2030C00", `${template("70", elements(101).slice(0, 8 * 27))}9000`],
  ]);
  assert.is(await problem(readRecords(card, data)), "none");
  const tooMany = new SessionData([]);
  tooMany.setFromCard(tags.applicationFileLocator, hexToBytes("08010300"));
  const swollen = new ScriptedCard([
    ["00B2010C00", `${template("70", elements(1))}9000`],
    ["00B2020C00", `${template("70", elements(51))}9000`],
    ["00B2030C00", `${template("70", elements(101))}9000`],
  ]);
  assert.is(await problem(readRecords(swollen, tooMany)), "protocol");
});

test("every application with the same beginning is found, and none twice", async () => {
  const found = await list([
    [directory, "6A82"],
    [selectFirst("A0000003330101"), `${fileControl("A000000333010102")}9000`],
    ["00A4040207A000000333010100", `${fileControl("A000000333010101")}9000`],
    ["00A4040207A000000333010100", `${fileControl("A000000333010102")}9000`],
  ]);
  assert.equal(found, ["A000000333010102", "A000000333010101"]);
});

test("one application that must be confirmed is not taken without asking", () => {
  const candidate = { aid: new Uint8Array(7), supported: new Uint8Array(7), label: "A", priority: 1 };
  assert.not(selectionRequired([{ ...candidate, needsConfirmation: false }]));
  assert.ok(selectionRequired([{ ...candidate, needsConfirmation: true }]));
});

test("a card is opened to its records, and its elements cannot change the terminal's", async () => {
  const data = new SessionData([[tags.amountAuthorised, hexToBytes("000000001234")]]);
  const card = new ScriptedCard(contactScript({ extra: "9F0206999999999999" }));
  const chosen = await openContactCard(card, data, known, { choose: neverAsked, beforeProcessing });
  assert.is(chosen, known[0]);
  assert.is(bytesToHex(data.get(tags.amountAuthorised)!), "000000001234");
  assert.is(bytesToHex(data.get(tags.primaryAccountNumber)!), "6228480000000000");
  assert.is(
    bytesToHex(data.get(tags.terminalVerificationResults)!),
    "0000000000",
    "offline authentication not performed",
  );
});

const neverAsked = (): Promise<number> => Promise.reject(new Error("nobody has to choose"));
const beforeProcessing = (): Promise<void> => Promise.resolve();

/** Two applications, of which the first takes itself back when it is to be used. */
const takenBack = (): Exchange[] => [
  [directory, "6A82"],
  [selectFirst("A000000333010101"), `${fileControl("A000000333010101")}9000`],
  [selectFirst("A000000333010102"), `${fileControl("A000000333010102")}9000`],
  [selectFirst("A000000333010101"), `${fileControl("A000000333010101")}9000`],
  ["80A8000002830000", "6985"],
  [selectFirst("A000000333010102"), `${fileControl("A000000333010102")}9000`],
  ...records(),
];

test("an application that takes itself back gives way to the next one", async () => {
  const two = [application("A000000333010101", { terminalType: 0x22 }), application("A000000333010102")];
  const data = new SessionData([[tags.terminalType, Uint8Array.of(0x21)]]);
  const asked: number[] = [];
  const choose = (candidates: readonly unknown[]): Promise<number> => {
    asked.push(candidates.length);
    return Promise.resolve(0);
  };
  const chosen = await openContactCard(new ScriptedCard(takenBack()), data, two, { choose, beforeProcessing });
  assert.is(chosen, two[1]);
  assert.equal(asked, [2]);
  assert.is(data.get(tags.terminalType)?.[0], 0x21, "the type of the application that was left is not the next one's");
});

test("an application whose PIN may not go to the bank does not offer that, and the next one does again", async () => {
  const two = [application("A000000333010101", { onlinePin: false }), application("A000000333010102")];
  const data = new SessionData([[tags.terminalCapabilities, hexToBytes("E0F8C8")]]);
  const said: string[] = [];
  await openContactCard(new ScriptedCard(takenBack()), data, two, {
    choose: () => Promise.resolve(0),
    beforeProcessing: async () => void said.push(bytesToHex(data.need(tags.terminalCapabilities, "test"))),
  });
  assert.equal(said, ["E0B8C8", "E0F8C8"]);
});

test("an application that is blocked gives way to the next one, and says so when there is none", async () => {
  const fallen: Exchange[] = [
    ...contactScript({}).slice(0, 3),
    [selectFirst("A000000333010101"), "6283"],
    ["00C0000000", "6C02"],
    ["00C0000002", "6F009000"],
  ];
  const questions = { choose: neverAsked, beforeProcessing };
  assert.is(
    await problem(openContactCard(new ScriptedCard(fallen), new SessionData(), known, questions)),
    "applicationBlocked",
  );
});

test("a card that takes all its applications back has none", async () => {
  const script: Exchange[] = [...contactScript({}).slice(0, 4), ["80A8000002830000", "6985"]];
  const open = openContactCard(new ScriptedCard(script), new SessionData(), known, {
    choose: neverAsked,
    beforeProcessing,
  });
  assert.is(await problem(open), "noApplication");
});

const format = /^FormatError: element/;

/** A record whose expiry is another one. */
const elements = ({ expiry }: { readonly expiry: string }): string =>
  `${template("70", tlv([0x5a, "6228480000000000"], [0x5f24, expiry], [0x8c, "9F0206"], [0x8d, "8A02"]))}9000`;

for (const [what, options, wanted] of [
  ["lacks its risk management lists", { lists: "" }, /^data$/],
  ["gives an element twice", { extra: "5A086228480000000000" }, /^data$/],
  ["gives an expiry of two bytes", { record: elements({ expiry: "3012" }) }, format],
  ["gives an expiry in month 13", { record: elements({ expiry: "301301" }) }, format],
  ["gives an expiry that is no decimal", { record: elements({ expiry: "3A1231" }) }, format],
  ["becomes effective on no day", { extra: "5F2503300100" }, format],
  ["gives action codes of four bytes", { extra: "9F0F0400000000" }, format],
  ["gives a usage control of one byte", { extra: "9F0701FF" }, format],
  ["gives a country of three bytes", { extra: "5F2803000156" }, format],
  ["gives an offline limit of two bytes", { extra: "9F14020001" }, format],
  ["lacks a record that it names", { record: "6A83" }, /^refusal$/],
] as const) {
  test(`a card that ${what} is not used`, async () => {
    const open = openContactCard(new ScriptedCard(contactScript(options)), new SessionData(), known, {
      choose: neverAsked,
      beforeProcessing,
    });
    assert.match(await problem(open), wanted);
  });
}

test("what the card said when it was selected stands, and is no second word", async () => {
  const data = new SessionData();
  const card = new ScriptedCard(contactScript({ extra: "500341414182025C00" }));
  await openContactCard(card, data, known, { choose: neverAsked, beforeProcessing });
  assert.is(bytesToHex(data.fromCard(tags.applicationLabel)!), "54455354");
  assert.is(bytesToHex(data.fromCard(tags.applicationInterchangeProfile)!), "3C00");
});

test("a signature covers the values of the standard's own records and the whole of others", async () => {
  const data = new SessionData();
  data.setFromCard(tags.applicationFileLocator, hexToBytes("080102015801020160010100"));
  const own = tlv([0x5a, "6228480000000000"]);
  const card = new ScriptedCard([
    ["00B2010C00", `${template("70", own)}9000`],
    ["00B2020C00", "70049F070100" + "9000"],
    ["00B2015C00", "7004DF0101AA" + "9000"],
    ["00B2025C00", "1234" + "9000"],
    ["00B2016400", "1234" + "9000"],
  ]);
  await readRecords(card, data);
  assert.is(bytesToHex(data.staticData()!), `${own}7004DF0101AA`);
  assert.is(card.left, 0);
});

test("a signed record in no template spoils the signature and nothing else", async () => {
  const data = new SessionData();
  data.setFromCard(tags.applicationFileLocator, hexToBytes("58010101"));
  await readRecords(new ScriptedCard([["00B2015C00", "12349000"]]), data);
  assert.is(data.staticData(), undefined);
});

for (const locator of [
  "",
  "0801",
  "09010100",
  "00010100",
  "F8010100",
  "08000100",
  "08020100",
  "08010102",
  "0801FF00",
]) {
  test(`file locator ${locator || "of no byte"} is none`, () => {
    assert.throws(() => parseFileLocator(hexToBytes(locator)), /file locator/);
  });
}

for (const answer of ["", "80", "8003780008", "800778000801010000", "7704820278009000", "77078202780094029000"]) {
  test(`processing options ${answer || "without a byte"} end the session, not the terminal`, async () => {
    const script: Exchange[] = [...contactScript({}).slice(0, 4), ["80A8000002830000", `${answer}9000`]];
    const open = openContactCard(new ScriptedCard(script), new SessionData(), known, {
      choose: neverAsked,
      beforeProcessing,
    });
    assert.match(await problem(open), /^(data|FormatError.*)$/);
  });
}

test.run();
