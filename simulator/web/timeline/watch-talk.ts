/** Entries of what the terminal says to cards and to its host, decoded. */
import { describeIso8583 } from "../../acquirer/describe.ts";
import { describeExchange } from "../../cards/describe-apdu.ts";
import type { Simulation } from "../../world/simulation.ts";
import { messageZh } from "../words/messages-zh.ts";
import { maskedAnswer, maskedCommand, maskedMessage } from "./masked-bytes.ts";
import type { Timeline } from "./timeline.ts";

const GET_RESPONSE = 0xc0;
const GET_CHALLENGE = 0x84;
const MORE = 0x61;

export function watchCardTalk(simulation: Simulation, timeline: Timeline): void {
  const isWithin = answersInParts();
  simulation.onCardExchange.push((command, answer) => {
    const isPart = isWithin(command, answer);
    const instruction = command[1] ?? 0;
    const lines = describeExchange(command, isPart && answer !== undefined ? answer.subarray(-2) : answer);
    if (isPart && answer !== undefined) lines.push(`    (${answer.length - 2} bytes that belong to an answer before)`);
    const said = answer === undefined ? "" : ` < ${maskedAnswer(instruction, answer, isPart)}`;
    timeline.add("apdu", titleOf(lines), { lines, bytes: `> ${maskedCommand(command)}${said}` });
  });
}

/** "READ RECORD file 1 record 2: 9000" of an exchange's lines. */
function titleOf(lines: readonly string[]): string {
  const command = (lines[0] ?? "").replace(/^> [0-9A-F]+ /, "");
  const answer = lines.find((line) => line.startsWith("<")) ?? "";
  return `${command}: ${answer.slice(2)}`;
}

/**
 * Tells whether an answer goes on where another one ended: what GET RESPONSE fetches after the first part, which cannot be read
 * by itself, and anything that follows a secret answer.
 */
function answersInParts(): (command: Uint8Array, answer: Uint8Array | undefined) => boolean {
  let before: { readonly hadData: boolean; readonly isSecret: boolean } | undefined;
  return (command, answer) => {
    const isFetching = command[1] === GET_RESPONSE;
    const isPart = isFetching && before !== undefined && (before.hadData || before.isSecret);
    const goesOn = answer !== undefined && answer.at(-2) === MORE;
    const isSecret = command[1] === GET_CHALLENGE || (isFetching && before?.isSecret === true);
    before = goesOn && answer !== undefined ? { hadData: answer.length > 2 || isPart, isSecret } : undefined;
    return isPart;
  };
}

export function watchHostTalk(simulation: Simulation, timeline: Timeline): void {
  simulation.bank.onTraffic((direction, bytes) => {
    const lines = describeIso8583(bytes);
    const type = lines.find((line) => line.startsWith("MTI ")) ?? "?";
    const code = lines.find((line) => line.startsWith("F39 "))?.replace(/^.*: /, "");
    const arrow = direction === "request" ? ">" : "<";
    const title = {
      en: `${arrow} ${type.slice(4)}${code === undefined ? "" : `, ${code}`}`,
      zh: `${arrow} ${messageZh(type.slice(4), code)}`,
    };
    timeline.add("host", title, { lines, bytes: maskedMessage(bytes) });
  });
}
