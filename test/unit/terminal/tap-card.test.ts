import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { HostVerdict } from "../../../firmware/emv/completion.ts";
import { TapCard } from "../../../firmware/terminal/card/tap-card.ts";
import { openTransaction } from "../../../firmware/terminal/intent.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import { PinEntry } from "../../../firmware/terminal/pin-entry.ts";
import type { Services } from "../../../firmware/terminal/services.ts";
import type { ApplicationParameters } from "../../../firmware/update/parameters.ts";
import { fileControl, proximityDirectory, selectFirst, template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { Desk, type Event } from "./desk.ts";

const visa = "A0000000031010";
const application: ApplicationParameters = {
  aid: visa,
  kernel: 3,
  tacDefault: "0000000000",
  tacDenial: "0000000000",
  tacOnline: "0000000000",
  applicationVersion: "008C",
  floorLimit: 0,
  contactlessLimit: 100_000,
  contactlessCvmLimit: 30_000,
  ttq: "3600C000",
};

const approved: HostVerdict = {
  kind: "answered",
  approved: true,
  responseCode: "00",
  chipData: hexToBytes(tlv([0x91, "11223344556677883030"])),
};
const selected: Exchange = [selectFirst(visa), `${fileControl(visa, tlv([0x9f38, "9F6604"]))}9000`];
const counter: Exchange = ["80CA9F3600", "9F360200019000"];
const authenticate = "008200000A11223344556677883030";

function firstTap(information: string, qualifiers: string): Exchange[] {
  const directory = template("6F", template("A5", template("BF0C", template("61", tlv([0x4f, visa])))));
  const answer =
    tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "06010A03A00000"]) +
    tlv([0x9f27, information], [0x9f6c, qualifiers], [0x57, "4761730000000010D30122010000000000"]);
  return [
    [proximityDirectory, `${directory}9000`],
    selected,
    ["80A800000683043680C00000", `${template("77", answer)}9000`],
  ];
}

interface Tapped {
  readonly card: TapCard;
  readonly services: Services;
  readonly screens: () => readonly string[];
  readonly left: () => number;
}

/** A card that is tapped once, and again where the events of the desk say so. */
function tapped(script: readonly Exchange[], again: boolean): Promise<Tapped> {
  return tappedWith(application, 2500, script, again ? [{ kind: "tap" }] : []);
}

async function tappedWith(
  known: ApplicationParameters,
  amount: number,
  script: readonly Exchange[],
  events: readonly Event[],
): Promise<Tapped> {
  const desk = new Desk({ events });
  const services = { ...desk.services, parameters: { ...desk.services.parameters, aids: [known] } };
  const card = new ScriptedCard(script);
  const slot: CardSlot = {
    answered: true,
    activate: () => Promise.resolve(new Uint8Array(0)),
    deactivate: () => {},
    transmit: (command) => card.transmit(command),
  };
  const result = await TapCard.open(services, slot, { operation: "sale", amount });
  assert.instance(result, TapCard);
  return { card: result as TapCard, services, screens: () => desk.screens.map(({ id }) => id), left: () => card.left };
}

test("a card whose issuer has news for it is asked back and hears them", async () => {
  const { card, screens, left } = await tapped(
    [...firstTap("80", "0040"), selected, counter, [authenticate, "9000"]],
    true,
  );
  assert.is(await card.complete(approved), "agreed");
  assert.equal(screens(), ["present-card"]);
  assert.is(left(), 0);
  assert.is(card.summary().transactionStatusInformation, "1000");
});

test("a card that does not come back has agreed all the same", async () => {
  const { card, screens } = await tapped(firstTap("80", "0040"), false);
  assert.is(await card.complete(approved), "agreed");
  assert.equal(screens(), ["present-card"]);
});

test("a card that leaves in the middle of its issuer's news has agreed all the same", async () => {
  const script: Exchange[] = [...firstTap("80", "0040"), selected, counter, [authenticate, { fails: "removed" }]];
  const { card } = await tapped(script, true);
  assert.is(await card.complete(approved), "agreed");
});

test("another card that comes back hears nothing of the first one's issuer, and the customer is asked for the right one", async () => {
  const other: Exchange[] = [selected, ["80CA9F3600", "9F360200029000"]];
  const again: readonly Event[] = [{ kind: "tap" }, { kind: "fieldEmpty" }, { kind: "tap" }];
  const script = [...firstTap("80", "0040"), ...other, selected, counter, [authenticate, "9000"] as const];
  const { card, screens, left } = await tappedWith(application, 2500, script, again);
  assert.is(await card.complete(approved), "agreed");
  assert.equal(screens(), ["present-card", "other-card"]);
  assert.is(left(), 0);
});

test("after three other cards nobody is asked any more", async () => {
  const other: Exchange[] = [selected, ["80CA9F3600", "9F360200029000"]];
  const again: readonly Event[] = [1, 2, 3].flatMap(() => [{ kind: "tap" }, { kind: "fieldEmpty" }] as const);
  const { card, left } = await tappedWith(
    application,
    2500,
    [...firstTap("80", "0040"), ...other, ...other, ...other],
    again,
  );
  assert.is(await card.complete(approved), "agreed");
  assert.is(left(), 0);
});

test("a card that takes no news, a host without news and a host without an answer ask nobody back", async () => {
  const none = await tapped(firstTap("80", "0000"), true);
  assert.is(await none.card.complete(approved), "agreed");
  const { card, screens } = await tapped(firstTap("80", "0040"), true);
  assert.is(await card.complete({ kind: "answered", approved: true, responseCode: "00" }), "agreed");
  assert.is(await card.complete({ kind: "unable" }), "agreed");
  assert.equal([...none.screens(), ...screens()], []);
});

test("a card that declines, or approves by itself, is declined", async () => {
  for (const information of ["00", "40"]) {
    const { card, services } = await tapped(firstTap(information, "0000"), false);
    const nobody = (): Promise<never> => Promise.reject(new Error("no PIN is asked for"));
    assert.equal(await card.verifyHolder(nobody), { pinEntered: false, signature: false });
    assert.is(await card.decide(await openTransaction(services, card, { type: "sale", amount: 2500 })), "declined");
  }
});

test("a PIN that a Mastercard's cryptogram speaks of cannot be left out", async () => {
  const aid = "A0000000041010";
  const directory = template("6F", template("A5", template("BF0C", template("61", tlv([0x4f, aid])))));
  const record =
    tlv([0x5a, "5413330000000010"], [0x5f24, "301231"], [0x57, "5413330000000010D30122010000000000"]) +
    tlv([0x8c, "9F3403"], [0x8e, "000000000000000042035E03"]);
  const script: Exchange[] = [
    [proximityDirectory, `${directory}9000`],
    [selectFirst(aid), `${fileControl(aid)}9000`],
    ["80A8000002830000", "770A820218809404080101009000"],
    ["00B2010C00", `${template("70", record)}9000`],
    ["80AE80000342030000", `${template("80", `800001${"C3".repeat(8)}`)}9000`],
  ];
  const { card, services } = await tappedWith({ ...application, aid, kernel: 2 }, 30_001, script, [
    "ENTER 1 2 3 4 ENTER",
  ]);
  assert.ok(services.parameters.pinBypass);
  const pin = new PinEntry(services, card, { operation: "sale" });
  assert.equal(await card.verifyHolder(pin.ask), { pinEntered: true, signature: false });
});

test("the host hears the transaction's number that the card heard: none where it asked before there was one", async () => {
  for (const [list, said] of [
    ["9F6604", "00000123"],
    ["9F66049F4104", "00000000"],
  ] as const) {
    const asked = list === "9F6604" ? "80A800000683043680C00000" : "80A800000A83083680C0000000000000";
    const [found, , last] = firstTap("80", "0000") as [Exchange, Exchange, Exchange];
    const script: Exchange[] = [
      found,
      [selectFirst(visa), `${fileControl(visa, tlv([0x9f38, list]))}9000`],
      [asked, last[1]],
    ];
    const { card } = await tapped(script, false);
    await card.decide({ stan: 123 });
    assert.ok(bytesToHex(card.chipData()).includes(`9F4104${said}`), list);
  }
});

test.run();
