/** Explains one exchange with a card for people: the command by its name, the answer element by element, secrets masked. */
import { hex, toLatin1 } from "../acquirer/bytes.ts";
import { describeTlv } from "./describe-tlv.ts";

interface Instruction {
  readonly name: string;
  /** How the data field is shown; absent: as bytes. */
  readonly data?: "name" | "elements" | "masked";
}

/** By instruction byte (EMV 4.3 Book 3, 6.5; EMV contactless Book C-2, 5). */
const instructions: Readonly<Record<number, Instruction>> = {
  164: { name: "SELECT", data: "name" },
  178: { name: "READ RECORD" },
  168: { name: "GET PROCESSING OPTIONS", data: "elements" },
  174: { name: "GENERATE AC" },
  136: { name: "INTERNAL AUTHENTICATE" },
  130: { name: "EXTERNAL AUTHENTICATE" },
  132: { name: "GET CHALLENGE" },
  202: { name: "GET DATA" },
  192: { name: "GET RESPONSE" },
  32: { name: "VERIFY", data: "masked" },
  208: { name: "RECOVER AC" },
  234: { name: "EXCHANGE RELAY RESISTANCE DATA" },
};

/** Parameters that say more than their bytes: what GENERATE AC asks for, which record is read. */
function parameterText(instruction: number, first: number, second: number): string {
  if (instruction === 0xae) {
    const kind = { 0: "AAC", 64: "TC", 128: "ARQC" }[first & 0xc0] ?? "reserved";
    return ` ${kind}${(first & 0x10) === 0 ? "" : ", signed (CDA)"}`;
  }
  if (instruction === 0xb2) return ` file ${second >> 3} record ${first}`;
  if (instruction === 0xca) return ` ${hex(first === 0 ? Uint8Array.of(second) : Uint8Array.of(first, second))}`;
  return "";
}

function dataText(data: Uint8Array, shown: Instruction["data"]): string[] {
  if (data.length === 0) return [];
  if (shown === "masked") return [`(${data.length} bytes, masked)`];
  if (shown === "elements") return describeTlv(data);
  const text = toLatin1(data);
  return [shown === "name" && /^[\x20-\x7e]+$/.test(text) ? `${hex(data)} "${text}"` : hex(data)];
}

/** Lines of one exchange. An answer of undefined is silence. Never throws. */
export function describeExchange(command: Uint8Array, answer: Uint8Array | undefined): string[] {
  const [, instruction = 0, first = 0, second = 0, length = 0] = command;
  const { name, data: shown }: Instruction = instructions[instruction] ?? {
    name: `instruction ${hex(Uint8Array.of(instruction))}`,
    data: "masked",
  };
  const data = command.length > 5 ? command.subarray(5, 5 + length) : new Uint8Array(0);
  const head = `> ${hex(command.subarray(0, 4))} ${name}${parameterText(instruction, first, second)}`;
  const question = [head, ...dataText(data, shown).map((line) => `    ${line}`)];
  if (answer === undefined || answer.length < 2) return [...question, "< silence"];
  const body = answer.subarray(0, -2);
  return [
    ...question,
    `< ${hex(answer.subarray(-2))}`,
    ...(body.length === 0
      ? []
      : instruction === 0x84
        ? ["    (challenge)"]
        : describeTlv(body).map((line) => `    ${line}`)),
  ];
}
