import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { analyseActions, analyseWithoutHost } from "../../../firmware/emv/analysis.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Case, type Element, numbered, sessionOf } from "./series.ts";

/** Action codes, each of 5 bytes; no bits where one is left out. */
interface Codes {
  readonly denial?: string;
  readonly online?: string;
  readonly default?: string;
}

interface Analysis extends Case {
  readonly results: string;
  readonly decision: "AAC" | "ARQC" | "TC";
  readonly terminal?: Codes;
  /** The issuer's; absent: all three have no bits. "missing": the card has none. */
  readonly issuer?: Codes | "missing";
  /** Terminal type; one that has a host and may do without where it does not matter. */
  readonly type?: string;
  /** The host was tried in vain. */
  readonly unreachable?: boolean;
}

const none = "0000000000";
const all = "FFFFFFFFFF";

const row = (
  what: string,
  results: string,
  decision: Analysis["decision"],
  inputs: Omit<Analysis, "requirement" | "what" | "results" | "decision"> = {},
): Analysis => ({ requirement: "Book 3, 10.7", what, results, decision, ...inputs });

const expired = "0040000000";
const floor = "0000008000";
const offlineOnly = "23";
const onlineOnly = "21";
const unreachable = true;

const cases: readonly Analysis[] = [
  row("without any bit a terminal with a host may approve", none, "TC"),
  row("a TVR without bits matches no code", none, "TC", { terminal: { denial: all, online: all, default: all } }),
  row("bits that no code names do not matter", all, "TC"),
  row("the terminal's denial code declines", expired, "AAC", { terminal: { denial: expired } }),
  row("the issuer's denial code declines", expired, "AAC", { issuer: { denial: expired } }),
  row("both denial codes decline", expired, "AAC", { terminal: { denial: expired }, issuer: { denial: expired } }),
  row("denial goes before online", expired, "AAC", { terminal: { denial: expired, online: expired } }),
  row("the issuer's denial goes before the terminal's online", expired, "AAC", {
    terminal: { online: expired },
    issuer: { denial: expired },
  }),
  row("a bit beside the denied one does not decline", expired, "TC", { terminal: { denial: "0020000000" } }),
  row("one denied bit among others declines", "C0E8FCF8F0", "AAC", { terminal: { denial: expired } }),
  row("the terminal's online code asks the host", floor, "ARQC", { terminal: { online: floor } }),
  row("the issuer's online code asks the host", floor, "ARQC", { issuer: { online: floor } }),
  row("a bit beside the online one does not", floor, "TC", { terminal: { online: "0000004000" } }),
  row("without an issuer's online code every bit asks the host", floor, "ARQC", { issuer: "missing" }),
  row("without an issuer's online code no bit asks no host", none, "TC", { issuer: "missing" }),
  row("without an issuer's denial code nothing more is denied", all, "ARQC", { issuer: "missing" }),
  row("default codes do not matter where there is a host", floor, "TC", { terminal: { default: all } }),
  row("the terminal's default code declines without the host", floor, "AAC", {
    terminal: { default: floor },
    unreachable,
  }),
  row("the issuer's default code declines without the host", floor, "AAC", { issuer: { default: floor }, unreachable }),
  row("without default bits the host is not missed", floor, "TC", { terminal: { online: floor }, unreachable }),
  row("without the issuer's default code every bit declines", floor, "AAC", { issuer: "missing", unreachable }),
  row("without the issuer's default code no bit declines nothing", none, "TC", { issuer: "missing", unreachable }),
  row("online codes do not matter where the host was tried", floor, "TC", { terminal: { online: all }, unreachable }),
  row("a terminal without a host declines by the default code", floor, "AAC", {
    terminal: { default: floor },
    type: offlineOnly,
  }),
  row("a terminal without a host approves what no default code names", floor, "TC", { type: offlineOnly }),
  row("a terminal without a host has no online code", floor, "TC", { terminal: { online: all }, type: offlineOnly }),
  row("a terminal without a host has denial codes", floor, "AAC", { terminal: { denial: floor }, type: offlineOnly }),
  row("an online-only terminal asks the host about all", none, "ARQC", { type: onlineOnly }),
  row("an online-only terminal declines what is denied", floor, "AAC", {
    terminal: { denial: floor },
    type: onlineOnly,
  }),
  row("an online-only terminal without its host declines", none, "AAC", { type: onlineOnly, unreachable }),
  row("a cardholder's online-only terminal asks the host about all", none, "ARQC", { type: "34" }),
  row("a bank's unattended terminal without a host decides by default codes", floor, "AAC", {
    type: "16",
    terminal: { default: floor },
  }),
  row("a bank's unattended terminal with a host may approve", none, "TC", { type: "15" }),
  row("a bank's online-only terminal asks the host about all", none, "ARQC", { type: "11" }),
  row("every byte is compared: the first", "8000000000", "AAC", { terminal: { denial: "8000000000" } }),
  row("every byte is compared: the third", "0000040000", "ARQC", { terminal: { online: "0000040000" } }),
  row("every byte is compared: the fifth", "0000000010", "AAC", { terminal: { default: "0000000010" }, unreachable }),
  row("bytes are compared in their places", "8000000000", "TC", { terminal: { denial: "0080808080" } }),
  row("offline authentication not performed is denied where the issuer says so", "8000000000", "AAC", {
    issuer: { denial: "8000000000" },
  }),
  row("a random selection goes online where the terminal says so", "0000001000", "ARQC", {
    terminal: { online: "FC50ACF800" },
  }),
  row("the merchant's wish goes online where the terminal says so", "0000000800", "ARQC", {
    terminal: { online: "FC50ACF800" },
  }),
  row("a new card goes online where only the issuer says so", "0008000000", "ARQC", {
    terminal: { online: "FC50ACF800" },
    issuer: { online: "F868FCF800" },
  }),
  row("the issuer cannot take a bit back from the terminal", floor, "AAC", {
    terminal: { denial: floor },
    issuer: { denial: none },
  }),
];

const issuerTags = [
  ["denial", tags.issuerActionDenial],
  ["online", tags.issuerActionOnline],
  ["default", tags.issuerActionDefault],
] as const;

numbered("TAA", cases, ({ results, decision, terminal = {}, issuer = {}, type = "22", unreachable: noHost }) => {
  const card = issuer === "missing" ? [] : issuerTags.map(([which, tag]): Element => [tag, issuer[which] ?? none]);
  const data = sessionOf(
    [
      [tags.terminalType, type],
      [tags.terminalVerificationResults, results],
    ],
    card,
  );
  const codes = {
    denial: hexToBytes(terminal.denial ?? none),
    online: hexToBytes(terminal.online ?? none),
    default: hexToBytes(terminal.default ?? none),
  };
  assert.is(noHost === true ? analyseWithoutHost(data, codes) : analyseActions(data, codes), decision);
});

test.run();
