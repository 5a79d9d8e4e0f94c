/** Holds the terminal's reading of a real card's answers to a recorded session (kind `card-conversation`). */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { encodeTlv, parseTlv } from "../../../firmware/codec/tlv.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { exchange } from "../../../firmware/emv/exchange.ts";
import { asFields, bytes, compareText, type Fields, firstOf, text, type Verdict } from "./case.ts";
import { describeTree, readTree } from "./tree.ts";

const notFollowed = "6F00";

/** Checks one exchange; resolves with undefined when it holds, otherwise with what did not. */
export async function check(testCase: unknown): Promise<string | undefined> {
  const fields = asFields(testCase);
  const mustFail = fields.valid === false;
  try {
    const verdict = await read(fields);
    return mustFail ? "was not refused" : verdict;
  } catch (error) {
    const isRefusal = error instanceof FormatError || error instanceof CardError;
    return mustFail && isRefusal ? undefined : String(error);
  }
}

/**
 * The answer as the terminal takes it: what it does next with 61xx and 6Cxx, the status, and the data objects, which
 * must be the same when they are written and read again.
 */
async function read(fields: Fields): Promise<Verdict> {
  const request = bytes(fields, "request");
  const response = bytes(fields, "response");
  const sent: Uint8Array[] = [];
  const card = {
    transmit(command: Uint8Array): Promise<Uint8Array> {
      sent.push(command);
      return Promise.resolve(sent.length === 1 ? response : Uint8Array.of(0x6f, 0x00));
    },
  };
  const answer = await exchange(card, request, "conversation");
  const word = bytesToHex(response.subarray(-2));
  const status = "sw" in fields ? compareText("sw", text(fields, "sw").toUpperCase(), word) : undefined;
  const next = followUp(request, word);
  if (next !== undefined) {
    return firstOf([
      status,
      compareText("next command", next, bytesToHex(sent[1] ?? new Uint8Array(0))),
      compareText("end", notFollowed, hex16(answer.status)),
      "tree" in fields ? "a tree without data" : undefined,
    ]);
  }
  if (!("tree" in fields)) {
    return firstOf([status, compareText("status", word, hex16(answer.status))]);
  }
  const objects = parseTlv(answer.data);
  const tree = readTree(fields.tree);
  return firstOf([
    status,
    compareText("status", word, hex16(answer.status)),
    compareText("tree", describeTree(tree), describeTree(objects)),
    compareKinds(fields.tree),
    compareText("read again", describeTree(tree), describeTree(parseTlv(encodeTlv(tree)))),
  ]);
}

/** What the terminal has to send next (EMV 4.3 Book 1, 9.3.1.2 and 9.3.1.3), where the answer is not the last word. */
function followUp(request: Uint8Array, word: string): string | undefined {
  const length = word.slice(2);
  if (word.startsWith("61")) {
    return `${bytesToHex(Uint8Array.of(request[0]! & 3))}C00000${length}`;
  }
  if (!word.startsWith("6C")) {
    return undefined;
  }
  const header = request.length <= 5 ? 4 : 5 + request[4]!;
  return bytesToHex(request.subarray(0, header)) + length;
}

/** `constructed` of every node says whether it has children. */
function compareKinds(tree: unknown): Verdict {
  const nodes = Array.isArray(tree) ? tree.map(asFields) : [];
  return firstOf(
    nodes.flatMap((node) => [
      "constructed" in node && node.constructed !== "children" in node ? "constructed: not as its tag says" : undefined,
      "children" in node ? compareKinds(node.children) : undefined,
    ]),
  );
}

function hex16(status: number): string {
  return bytesToHex(Uint8Array.of(status >> 8, status & 0xff));
}
