import { concat } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { parseTlv, type Tlv } from "../codec/tlv.ts";
import type { SessionData } from "./data.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { setStatus, setVerification } from "./results.ts";
import { tags } from "./tags.ts";

const scriptTags = { before: tags.issuerScript1, after: tags.issuerScript2 } as const;
const failureBits = { before: "scriptFailedBefore", after: "scriptFailedAfter" } as const;

/** More commands than a script of the allowed length can hold. */
const maximumCommands = 64;

/** More scripts than an answer of the allowed length can hold; their results have to fit into a journal's record. */
const maximumScripts = 16;
const resultLength = 5;

/**
 * Runs the issuer's scripts that belong before or after the second cryptogram (EMV 4.3 Book 3, 10.10). A script ends at
 * the first command that the card refuses. The results (DF31: 5 bytes a script, Book 4, annex A5) go into `data`.
 * A card that is gone ends it with `CardError`, and the script that it did not answer has failed.
 */
export async function runScripts(
  card: CardChannel,
  data: SessionData,
  scripts: readonly Tlv[],
  when: "before" | "after",
): Promise<void> {
  for (const script of scripts) {
    if (script.tag !== scriptTags[when]) {
      continue;
    }
    const results = data.fromTerminal(tags.issuerScriptResults) ?? new Uint8Array(0);
    if (results.length >= maximumScripts * resultLength) {
      setVerification(data, failureBits[when]);
      return;
    }
    const result = new Uint8Array(resultLength);
    result[0] = failed;
    try {
      await runScript(card, script, result);
    } finally {
      setStatus(data, "scriptPerformed");
      if (result[0] !== successful) {
        setVerification(data, failureBits[when]);
      }
      data.set(tags.issuerScriptResults, concat([results, result]));
    }
  }
}

const successful = 0x20;
const failed = 0x10;

/**
 * @param result "failed" before anything was tried; says at every moment what has come of the script. Upper nibble: 2 done,
 *   1 failed; lower: number of the failed command, 15 for later ones, 0 where none was tried; then its identifier
 */
async function runScript(card: CardChannel, script: Tlv, result: Uint8Array): Promise<void> {
  const objects = commandsOf(script);
  if (objects === undefined) {
    return;
  }
  let number = 0;
  for (const object of objects) {
    if (object.tag === tags.issuerScriptIdentifier) {
      result.set(object.value.subarray(0, 4), 1);
    }
    if (object.tag !== tags.issuerScriptCommand) {
      continue;
    }
    number++;
    result[0] = failed | Math.min(number, 15);
    const runnable = object.value.length >= 4 && object.value.length <= 261 && number <= maximumCommands;
    if (!runnable || !isAccepted((await exchange(card, object.value, "issuer script")).status)) {
      return;
    }
  }
  result[0] = successful;
}

/** What is in a script; undefined when it is no TLV: then nothing of it runs. */
function commandsOf(script: Tlv): readonly Tlv[] | undefined {
  try {
    return parseTlv(script.value);
  } catch (error) {
    if (error instanceof FormatError) {
      return undefined;
    }
    throw error;
  }
}

function isAccepted(status: number): boolean {
  const first = status >> 8;
  return status === 0x9000 || first === 0x62 || first === 0x63;
}
