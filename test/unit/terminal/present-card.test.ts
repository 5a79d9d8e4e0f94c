import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import type { Happening } from "../../../firmware/terminal/peripherals/peripherals.ts";
import { sale } from "../../../firmware/terminal/sale.ts";
import { contactScript, template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { approval, Desk, type DeskOptions, type Event, swiped } from "./desk.ts";

const digit = { kind: "digit", key: "1" } as const;
const inserted: Happening = { kind: "chipInserted" };
const removed: Happening = { kind: "chipRemoved" };
const withChip = (): Happening => swiped("6228480000000000=30122010000000000");

async function play(chip: CardSlot | undefined, events: readonly Event[], more: DeskOptions = {}): Promise<Desk> {
  const options = chip === undefined ? { outcomes: [approval], ...more } : { outcomes: [approval], chip, ...more };
  const desk = new Desk({ ...options, events: ["2 3 4 ENTER", ...events] });
  await sale(desk.services, digit);
  return desk;
}

/** A chip that plays a script; `mute` ones do not even answer their reset. */
function chipOf(script: readonly Exchange[] | "mute"): CardSlot {
  const card = new ScriptedCard(script === "mute" ? [] : script);
  return {
    activate: () =>
      script === "mute" ? Promise.reject(new CardError("mute", "reset")) : Promise.resolve(hexToBytes("3B00")),
    transmit: (command) => card.transmit(command),
    get answered() {
      return script.length - card.left > 1;
    },
    deactivate: () => {},
  };
}

/** Profile 3C00 with a signature as its one method, a request cryptogram, and the last word. */
const conversation = (...rest: readonly Exchange[]): Exchange[] => [
  ...contactScript({ extra: tlv([0x8e, "00000000000000001E00"]) }),
  ["80AE80000600000000123400", `${template("80", `800001${"A1".repeat(8)}`)}9000`],
  ...rest,
];
const agreed: Exchange = ["80AE400002303000", `${template("80", `400001${"A2".repeat(8)}0701010360000001`)}9000`];
const refused: Exchange = ["80AE400002303000", `${template("80", `000001${"A2".repeat(8)}`)}9000`];

test("a chip sale ends with the card's certificate on paper, and the card is taken out", async () => {
  const desk = await play(chipOf(conversation(agreed)), [inserted, "wait", "wait", removed]);
  assert.is(desk.story, "enter-amount present-card processing approved printing remove-card");
  assert.is(desk.books, "receipted");
  const [transaction] = [...desk.journal.transactions()];
  assert.is(transaction?.chip?.cryptogramType, "TC");
  assert.is(transaction?.chip?.cryptogram, "A2".repeat(8));
  assert.is(transaction?.signature, true);
});

test("a card that refuses what its bank approved is not charged", async () => {
  const desk = await play(chipOf(conversation(refused)), [inserted, "wait", "wait", removed], {
    reversals: [{ kind: "reversed", responseCode: "00" }],
  });
  assert.is(desk.story, "enter-amount present-card processing refused reversing reversed remove-card");
  assert.is(desk.books, "reversed");
  assert.is([...desk.journal.transactions()][0]?.reversalReason, "06");
});

for (const problem of ["removed", "mute", "protocol"] as const) {
  test(`a card that is ${problem} after the approval is not charged`, async () => {
    const desk = await play(
      chipOf(conversation([agreed[0], { fails: problem }])),
      [inserted, "wait", "wait", removed],
      {
        reversals: [{ kind: "reversed", responseCode: "00" }],
      },
    );
    assert.is(desk.books, "reversed");
  });
}

test("a card that declines by itself sends nothing", async () => {
  const script: Exchange[] = [
    ...conversation().slice(0, -1),
    ["80AE80000600000000123400", `${template("80", `000001${"A1".repeat(8)}`)}9000`],
  ];
  const desk = await play(chipOf(script), [inserted, "wait", removed]);
  assert.is(desk.story, "enter-amount present-card processing declined remove-card");
  assert.is(desk.books, "cancelled");
  assert.is(desk.sent.length, 0);
});

test("a holder who could not be verified signs, whatever the host says", async () => {
  const script: Exchange[] = [
    ...contactScript({ extra: tlv([0x8e, "00000000000000000200"]) }),
    ["80AE80000600000000123400", `${template("80", `800001${"A1".repeat(8)}`)}9000`],
    agreed,
  ];
  const desk = await play(chipOf(script), [inserted, "ENTER", "wait", "wait", removed]);
  const [transaction] = [...desk.journal.transactions()];
  assert.is(transaction?.state, "receipted");
  assert.is(transaction?.pinEntered, false);
  assert.is(transaction?.signature, true);
});

test("a card that falls silent at its first cryptogram sends nothing", async () => {
  const script: Exchange[] = [...conversation().slice(0, -1), ["80AE80000600000000123400", { fails: "mute" }]];
  const desk = await play(chipOf(script), [inserted, "wait", removed]);
  assert.is(desk.story, "enter-amount present-card processing card-unreadable remove-card");
  assert.is(desk.books, "cancelled");
});

test("a card that is pulled out while it is read ends the sale", async () => {
  const script = contactScript({}).slice(0, 3);
  const desk = await play(chipOf([...script, ["00A4040008A00000033301010100", { fails: "removed" }]]), [
    inserted,
    removed,
  ]);
  assert.equal(
    desk.screens.filter((screen) => screen.id === "cancelled"),
    [{ id: "cancelled", by: "card-removed" }],
  );
  assert.is(desk.books, "");
});

test("a blocked card says so", async () => {
  const desk = await play(chipOf([["00A404000E315041592E5359532E444446303100", "6A81"]]), [inserted, "wait", removed]);
  assert.is(desk.story, "enter-amount present-card processing card-blocked remove-card");
});

test("the stripe of a chip card is sent to the chip reader", async () => {
  const desk = await play(chipOf(conversation(agreed)), [withChip(), inserted, "wait", "wait", removed]);
  assert.match(desk.story, /^enter-amount present-card use-chip processing approved/);
  assert.is([...desk.journal.transactions()][0]?.entryMode, "chip");
});

test("only after its chip was dead may a chip card be swiped, and the host is told", async () => {
  const desk = await play(chipOf("mute"), [inserted, removed, withChip(), "1 2 3 4 ENTER"]);
  assert.is(desk.story, "enter-amount present-card processing card-unreadable enter-pin processing approved printing");
  assert.is(desk.sent[0]?.entryMode, "fallback");
});

test("a chip that answers its reset and then nothing counts as dead", async () => {
  const silent = chipOf([["00A404000E315041592E5359532E444446303100", { fails: "mute" }]]);
  const desk = await play(silent, [inserted, removed, withChip(), "1 2 3 4 ENTER"]);
  assert.is(desk.sent[0]?.entryMode, "fallback");
});

test("a chip that answered before it failed is no reason to swipe", async () => {
  const script = contactScript({}).slice(0, 3);
  const failing = chipOf([...script, ["00A4040008A00000033301010100", { fails: "mute" }]]);
  const desk = await play(failing, [inserted, removed, withChip(), "CANCEL"]);
  assert.is(desk.story, "enter-amount present-card processing card-unreadable use-chip cancelled");
});

test("a chip that answered after it was dead is no reason to swipe either", async () => {
  const failing = chipOf([...contactScript({}).slice(0, 3), ["00A4040008A00000033301010100", { fails: "mute" }]]);
  let resets = 0;
  const worn: CardSlot = {
    activate: () => (resets++ < 3 ? Promise.reject(new CardError("mute", "reset")) : failing.activate()),
    transmit: (command) => failing.transmit(command),
    get answered() {
      return failing.answered;
    },
    deactivate: () => {},
  };
  const desk = await play(worn, [inserted, removed, inserted, removed, withChip(), "CANCEL"]);
  assert.match(desk.story, /card-unreadable use-chip cancelled$/);
});

test("a stripe that cannot be read may be swiped again", async () => {
  const damaged: Happening = { kind: "swipe", swipe: { damaged: true } };
  const desk = await play(undefined, [damaged, swiped(), "1 2 3 4 ENTER"]);
  assert.is(desk.story, "enter-amount present-card card-unreadable enter-pin processing approved printing");
});

for (const track2 of [
  "",
  "6228480000000000",
  "=30121010000",
  "6228480000000000=3012",
  "62284800000000AB=30121010",
  "6228480000000000=30131010",
]) {
  test(`"${track2}" is no track of a card`, async () => {
    const desk = await play(undefined, [swiped(track2), "CANCEL"]);
    assert.is(desk.story, "enter-amount present-card card-unreadable cancelled");
    assert.is(desk.books, "");
  });
}

test("two cards in the field are told apart by the customer", async () => {
  const events: Event[] = [{ kind: "collision" }, { kind: "fieldEmpty" }, swiped(), "1 2 3 4 ENTER"];
  const desk = await play(undefined, events);
  assert.is(desk.story, "enter-amount present-card one-card-only enter-pin processing approved printing");
});

test("paper that is out can be put in, and both copies come", async () => {
  const prints = [{ ok: false, error: "paper-out" }, { ok: true }, { ok: true }] as const;
  const desk = await play(undefined, [swiped(), "1 2 3 4 ENTER", "wait", "7 ENTER"], { prints });
  assert.is(desk.story, "enter-amount present-card enter-pin processing approved printing paper-out printing");
  assert.is(desk.printed, 3);
  assert.is(desk.books, "receipted");
});

test("a receipt that is given up leaves the approval in the books", async () => {
  const prints = [{ ok: false, error: "cover-open" }] as const;
  const desk = await play(undefined, [swiped(), "1 2 3 4 ENTER", "wait", "CANCEL"], { prints });
  assert.is(desk.story, "enter-amount present-card enter-pin processing approved printing printer-error");
  assert.is(desk.books, "confirmed");
});

/** What the card prompts said of asking the bank. */
async function promptsOf(terminalType: string, events: readonly Event[]): Promise<unknown[]> {
  const desk = await play(undefined, [...events, swiped(), "1 2 3 4 ENTER"], { parameters: { terminalType } });
  return desk.screens.flatMap((screen) => (screen.id === "present-card" ? [screen.askBank] : []));
}

test("where a card may approve alone the merchant can have the bank asked, and change that again", async () => {
  assert.equal(await promptsOf("22", ["F1", "F1", "F1"]), [false, true, false, true]);
  assert.equal(await promptsOf("25", ["F1"]), [false, true]);
});

test("a terminal that asks every time, or has no bank to ask, offers no choice", async () => {
  for (const type of ["21", "24", "23"]) {
    assert.equal(await promptsOf(type, ["F3"]), [undefined, undefined], type);
  }
});

test.run();
