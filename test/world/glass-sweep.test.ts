/** Scenarios of p1 by fingers on glass of 320 x 240: on the CoreS3 as it is sold, and with the readers that it lacks beside it. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runScenario } from "../../simulator/scenario/run.ts";
import { askedForAll } from "../everything.ts";
import { coreS3Ground, counterWiring, solderCoreS3 } from "./cores3-board.ts";

const folder = new URL("../flow/", import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(`${name}.yaml`, folder), "utf8");
/** Packages for p1, which another board refuses, are no matter of keys. */
const everything = readdirSync(folder).flatMap((file) => /^(?!update)(.*)\.yaml$/.exec(file)?.[1] ?? []);

/** What needs or asks for a slot, a stripe reader, a case switch or a cash register's cable, or for the slip of such a payment. */
const isForOtherBoards = (name: string): boolean =>
  /^ *- (?:insert|swipe|tamper|order|retype):|screen: insert-card/m.test(textOf(name));

/** Where glass is another thing than keys, and right so: how far such a scenario gets. */
const otherwise: Readonly<Record<string, { readonly step: number; readonly because: RegExp }>> = {
  // The real-time clock on the board goes on as it did.
  "clock-beyond-certificates": { step: 8, because: /expected the screen offline/ },
  "clock-jumps": { step: 53, because: /expected the screen settlement-result/ },
  // What does nothing now is not shown at all.
  "manual-entry-not-allowed": { step: 3, because: /shows no key "F2"/ },
  "tamper-at-the-pin": { step: 9, because: /shows no key "4"/ },
  "tamper-idle": { step: 8, because: /shows no key "1"/ },
  // What is shown to the customer has the whole glass: nobody types an amount meanwhile.
  "order-mismatch": { step: 3, because: /shows no key "1"/ },
  spending: { step: 21, because: /shows no key "5"/ },
  "spending-not-available": { step: 15, because: /shows no key "7"/ },
};

/** One or two of each kind of screen: lists of two pages, passwords, notices, an order, keys as hexadecimal digits. */
const some = [
  ...["history", "download-applications-tap", "over-limit", "tap-torn-forgotten", "settlement-without-network"],
  ...["operators-managed", "keys-typed", "paper-out-before", "multi-application", "order", "offline-pin-last-try"],
];

const isAskedFor = askedForAll("most scenarios on glass");
/** What no such counter has: a scanner, lights, a buzzer, p1's battery and loudspeaker; and a customer's phone looks at p1's own display. */
const isOfP1 = (name: string): boolean =>
  /^ *- (?:scan|lights|beep|hear|battery):|scan: display|voice: true/m.test(textOf(name));
const boards = [
  { board: "a CoreS3", wiring: undefined, can: (name: string) => !isOfP1(name) && !isForOtherBoards(name) },
  { board: "a CoreS3 with all readers beside it", wiring: counterWiring, can: (name: string) => !isOfP1(name) },
];

for (const { board, wiring, can } of boards) {
  for (const name of everything.filter((each) => can(each) && (isAskedFor || some.includes(each)))) {
    const expected = otherwise[name];
    test(`${name} ${expected === undefined ? "goes the same way" : "ends where keys would differ"} on ${board}`, async () => {
      const { ground, keysNow } = coreS3Ground(wiring);
      let soldered: ReturnType<typeof solderCoreS3> | undefined;
      const { failure, passed } = await runScenario({
        file: `${name}.yaml`,
        text: textOf(name),
        ground,
        prepare: (simulation) => {
          soldered = solderCoreS3(simulation, keysNow);
        },
      });
      const { panel, touch, contactless, expander, power } = soldered!;
      for (const chip of [panel, touch, contactless, expander, power]) assert.is(chip.protocolErrors, 0);
      if (expected === undefined) {
        assert.is(failure?.message, undefined);
        assert.ok(passed);
      } else {
        assert.is(failure?.step, expected.step);
        assert.match(failure!.message, expected.because);
      }
    });
  }
}

test.run();
