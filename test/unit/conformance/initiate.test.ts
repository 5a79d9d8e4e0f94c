import { test } from "uvu";
import * as assert from "uvu/assert";
import { initiateProcessing } from "../../../firmware/emv/initiate.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, hexOf, numbered, outcomeOf, sessionOf } from "./series.ts";

interface Start extends Case {
  /** Processing options data object list; absent: the card has none. */
  readonly list?: string;
  /** Data of GET PROCESSING OPTIONS. */
  readonly sent?: string;
  readonly answer: string;
  readonly result: string;
  /** Profile and file locator afterwards. */
  readonly profile?: string;
  readonly locator?: string;
}

const good = { result: "ready", profile: "3C00", locator: "08010100" } as const;
const answer = "80063C00080101009000";

const row = (section: string, what: string, inputs: Omit<Start, "requirement" | "what">): Start => ({
  requirement: `Book 3, ${section}`,
  what,
  ...inputs,
});

const cases: readonly Start[] = [
  row("10.1", "a card without a list gets an empty template", { answer, ...good }),
  row("10.1", "an empty list gets an empty template", { list: "", answer, ...good }),
  row("10.1", "a list gets its elements", { list: "9F1A029C01", sent: "830301565A", answer, ...good }),
  row("10.1", "an unknown element of the list is zeros", { list: "9F7E02", sent: "83020000", answer, ...good }),
  row("10.1", "an amount that the list asks for", { list: "9F0206", sent: "8306000000012345", answer, ...good }),
  row("10.1", "6985: another application is selected", { answer: "6985", result: "again" }),
  row("6.5.8", "6A81 ends the session", { answer: "6A81", result: "refusal" }),
  row("6.5.8", "6D00 ends the session", { answer: "6D00", result: "refusal" }),
  row("6.5.8", "6283 ends the session", { answer: "80063C000801010062836283", result: "refusal" }),
  row("6.5.8.4", "format 1 with one file", { answer, ...good }),
  row("6.5.8.4", "format 1 with three files", {
    answer: "800E7C00080101001001020118010300" + "9000",
    result: "ready",
    profile: "7C00",
    locator: "080101001001020118010300",
  }),
  row("6.5.8.4", "format 1 without a file locator", { answer: "80023C009000", result: "FormatError" }),
  row("6.5.8.4", "format 1 with half a locator's entry", { answer: "80053C000801019000", result: "FormatError" }),
  row("6.5.8.4", "format 1 without anything", { answer: "80009000", result: "FormatError" }),
  row("6.5.8.4", "format 2", { answer: "770A82023C009404080101009000", ...good }),
  row("6.5.8.4", "format 2 in another order", { answer: "770A94040801010082023C009000", ...good }),
  row("6.5.8.4", "format 2 with an element that nobody knows", {
    answer: "770E82023C00DF0101AA9404080101009000",
    ...good,
  }),
  row("6.5.8.4", "format 2 without a profile", { answer: "77069404080101009000", result: "data" }),
  row("6.5.8.4", "format 2 without a file locator", { answer: "770482023C009000", result: "data" }),
  row("6.5.8.4", "format 2 with a long profile", { answer: "770B82033C00009404080101009000", result: "FormatError" }),
  row("6.5.8.4", "format 2 with a profile twice", { answer: "770E82023C0082023C009404080101009000", result: "data" }),
  row("6.5.8.4", "another template", { answer: "700A82023C009404080101009000", result: "FormatError" }),
  row("6.5.8.4", "a success without data", { answer: "9000", result: "FormatError" }),
  row("6.5.8.4", "bytes behind the template", { answer: "80063C0008010100FF9000", result: "FormatError" }),
  row("6.5.8.4", "a template that is cut short", { answer: "80083C00080101009000", result: "FormatError" }),
  row("10.1", "a list that is none ends the session before the card is asked", {
    list: "9F1A",
    sent: "never",
    answer,
    result: "FormatError",
  }),
];

function lengthOf(hex: string): string {
  return (hex.length / 2).toString(16).toUpperCase().padStart(2, "0");
}

numbered("INI", cases, async ({ list, sent = "8300", answer: response, result, profile = "", locator = "" }) => {
  const data = sessionOf(
    [
      [tags.terminalCountryCode, "0156"],
      [tags.transactionType, "5A"],
      [tags.amountAuthorised, "000000012345"],
    ],
    list === undefined ? [] : [[tags.processingOptionsList, list]],
  );
  const isAsked = sent !== "never";
  const card = new ScriptedCard(isAsked ? [[`80A80000${lengthOf(sent)}${sent}00`, response]] : []);
  assert.is(await outcomeOf(() => initiateProcessing(card, data)), result);
  assert.is(card.left, 0);
  assert.is(bitsOf(data), "0000000000 0000");
  if (result === "ready") {
    assert.is(hexOf(data, tags.applicationInterchangeProfile), profile);
    assert.is(hexOf(data, tags.applicationFileLocator), locator);
  }
});

test.run();
