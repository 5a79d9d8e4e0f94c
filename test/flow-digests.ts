/**
 * Each scenario's recording on each ground, as a digest: written by the scenarios' tests, compared when all grounds have run.
 * A run that is the same to the byte on another engine replays there to the byte.
 */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Recording, sha256 } from "../simulator/scenario/recording.ts";

/** Names the folder for digests; without it nobody compares. */
const folder = process.env.XSPOS_FLOW_DIGESTS;

export function keepDigest(ground: string, file: string, recording: Recording): void {
  if (folder === undefined) return;
  const digest = sha256(new TextEncoder().encode(recording.toString()));
  appendFileSync(join(folder, ground), `${file} ${digest}\n`);
}

/** How many runs on other grounds are to the byte what they are on Node; says which are not. */
export function compareDigests(from: string): { readonly passed: number; readonly failed: number } {
  const onNode = digestsOf(from, "node");
  let [passed, failed] = [0, 0];
  for (const ground of readdirSync(from).filter((name) => name !== "node")) {
    for (const [file, digest] of digestsOf(from, ground)) {
      const expected = onNode.get(file);
      if (expected === digest) passed++;
      else if (expected !== undefined) {
        failed++;
        console.log(`test/flow/${file}: on ${ground} other bytes than on node (record it there and replay it here)`);
      }
    }
  }
  return { passed, failed };
}

function digestsOf(from: string, ground: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(from, ground), "utf8").trimEnd().split("\n");
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}
