import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseTlv } from "../../../firmware/codec/tlv.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import { requestData, scriptNotice } from "../../../firmware/emv/field55.ts";
import { runScripts } from "../../../firmware/emv/scripts.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "./conversations.ts";
import { ScriptedCard } from "./scripted-card.ts";

/** The session of a card that was tapped and goes online; `more` is what it says beside the usual. */
async function tapped(kernel: 3 | 7, more = ""): Promise<SessionData> {
  const aid = kernel === 3 ? "A0000000031010" : "A000000333010102";
  const directory = template("6F", template("A5", template("BF0C", template("61", tlv([0x4f, aid])))));
  const answer =
    tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "07010103A00000"], [0x9f27, "80"]) +
    tlv([0x57, "6228480000000000D3012201"]) +
    more;
  const card = new ScriptedCard([
    [proximityDirectory, `${directory}9000`],
    [selectFirst(aid), `${fileControl(aid, tlv([0x9f38, "9F6604"]))}9000`],
    ["80A800000683042680000000", `${template("77", answer)}9000`],
  ]);
  const data = tapSession(100);
  const outcome = await tap(card, data, [application(aid, { kernel })], 100, tapTools());
  assert.is(outcome.kind, "online");
  return data;
}

function elementsOf(field: Uint8Array): string[] {
  return parseTlv(field).map(({ tag }) => tag.toString(16).toUpperCase());
}

for (const kernel of [3, 7] as const) {
  test(`a tap by kernel ${kernel}, which knows no list of methods, tells the issuer of no results of one`, async () => {
    assert.equal(
      elementsOf(requestData(await tapped(kernel))).join(" "),
      "9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F35 84 9F09",
    );
  });
}

test("what the terminal has to say to the issuer no card can say for it", async () => {
  const forged = tlv([0x9f34, "1F0302"], [0x9f1e, "4647484950515253"], [0x9f41, "00000099"]);
  const said = elementsOf(requestData(await tapped(7, forged)));
  assert.equal(
    said.filter((tag) => ["9F34", "9F1E", "9F41"].includes(tag)),
    [],
  );
});

test("a card cannot report scripts that nobody sent", async () => {
  const data = await tapped(7, tlv([0xdf31, "2000000000"]));
  assert.is(scriptNotice(data), undefined);
  const script = parseTlv(hexToBytes(template("72", template("86", "8424000000"))));
  await runScripts(new ScriptedCard([["8424000000", "9000"]]), data, script, "after");
  const notice = scriptNotice(data);
  assert.ok(notice);
  const results = parseTlv(notice).find(({ tag }) => tag === tags.issuerScriptResults);
  assert.is(bytesToHex(results!.value), "2000000000");
});

test.run();
