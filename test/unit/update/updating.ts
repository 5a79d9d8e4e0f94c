import * as assert from "uvu/assert";
import { equal } from "../../../firmware/codec/bytes.ts";
import {
  beginDelivery,
  type Delivery,
  type DeliveryProblem,
  deliver,
  deliveredProblemOf,
} from "../../../firmware/update/delivery.ts";
import { type PackageHead, parsePackageHead } from "../../../firmware/update/package.ts";
import type { PackageRules } from "../../../firmware/update/package-check.ts";
import { markFailed, type Spare } from "../../../firmware/update/spare.ts";
import { choose, confirm, type Trial, trialOf, tryChosen } from "../../../firmware/update/trial.ts";
import type { FirmwareSlots } from "../../../hal/update.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { contentOf } from "./package-content.ts";
import { headOf, type PackageName, packageKeys, packageNames } from "./packages.ts";

export const blockLength = 1024;
/** No content of the tests is longer than 2,000 bytes. */
const blocks = 2;

const contents = packageNames.map((name) => [name, contentOf(name)] as const);

/** What a boot loader with a rollback knows: which slot is good, and what is to be tried. */
interface Boot {
  readonly good: 0 | 1;
  readonly state: "good" | "new" | "trial";
}

/** A terminal's two slots for firmware, its record, and a boot loader that starts a new slot once. */
export class Updating {
  readonly flash: readonly [NorFlash, NorFlash];
  readonly record: NorFlash;
  boot: Boot;
  running: 0 | 1;
  /** Told before and after each change of what the boot loader knows: a cut leaves the one or the other. */
  onBoot: (() => void) | undefined;

  constructor(flash: readonly [NorFlash, NorFlash], record: NorFlash, boot: Boot, running: 0 | 1) {
    this.flash = flash;
    this.record = record;
    this.boot = boot;
    this.running = running;
  }

  /** As the factory leaves them: "first" in the first slot. */
  static made(): Updating {
    const first = NorFlash.blank(blocks, blockLength);
    first.write(contentOf("first"), 0);
    const flash = [first, NorFlash.blank(blocks, blockLength)] as const;
    return new Updating(flash, NorFlash.blank(2, blockLength), { good: 0, state: "good" }, 0);
  }

  /** What a power cut leaves, which goes its own way from here; one of the three flashes may hold other bytes. */
  copy(of?: NorFlash, bytes?: Uint8Array): Updating {
    const copied = (flash: NorFlash) =>
      new NorFlash(flash === of && bytes !== undefined ? bytes.slice() : flash.bytes.slice(), blockLength);
    const flash = [copied(this.flash[0]), copied(this.flash[1])] as const;
    return new Updating(flash, copied(this.record), this.boot, this.running);
  }

  get spare(): Spare {
    return { content: this.flash[this.running === 0 ? 1 : 0], record: this.record };
  }

  /** Where the rest of an image is not what the first block belongs to the boot loader starts nothing. */
  get slots(): FirmwareSlots {
    return {
      running: () => this.running,
      start: (firstBlock) => {
        const other = this.running === 0 ? 1 : 0;
        this.flash[other].eraseBlock(0);
        this.flash[other].write(firstBlock, 0);
        if (this.nameIn(other) === undefined) throw new RangeError("no image");
        this.#knows({ good: this.running, state: "new" });
      },
      keep: () => this.#knows({ good: this.running, state: "good" }),
      close: () => {},
    };
  }

  #knows(boot: Boot): void {
    this.onBoot?.();
    this.boot = boot;
    this.onBoot?.();
  }

  /** The power comes: the boot loader starts a slot, and what is in it looks what there is of new firmware. */
  start(): Trial {
    for (let starts = 0; starts < 10; starts++) {
      const { good, state } = this.boot;
      this.running = state === "new" ? (good === 0 ? 1 : 0) : good;
      if (state !== "good") this.#knows({ good, state: state === "new" ? "trial" : "good" });
      assert.ok(this.nameIn(this.running), "what is started is no firmware");
      const trial = trialOf(this.record, () => this.slots);
      if (trial !== "again") return trial;
      tryChosen(this.spare, this.slots);
    }
    throw new Error("the terminal is started for ever");
  }

  /** What runs reaches its idle screen. */
  idle(trial: Trial): void {
    if (trial === "here") confirm(this.record, this.slots);
    if (trial === "failed") markFailed(this.record);
  }

  /** The power comes, and the terminal gets to its idle screen. */
  startToIdle(): PackageName | undefined {
    this.idle(this.start());
    return this.nameRunning;
  }

  get nameRunning(): PackageName | undefined {
    return this.nameIn(this.running);
  }

  /** The package whose content is in a slot, where all of it is there to the byte. */
  nameIn(slot: 0 | 1): PackageName | undefined {
    return contents.find(([, bytes]) => equal(this.flash[slot].bytes.subarray(0, bytes.length), bytes))?.[0];
  }

  get rules(): PackageRules {
    const { version, securityVersion }: PackageHead = parsePackageHead(headOf(this.nameRunning ?? "first"));
    return { keys: packageKeys, board: "p1", kind: "firmware", version, securityVersion };
  }

  receive(name: PackageName): Delivery | DeliveryProblem {
    return beginDelivery(this.spare, headOf(name), this.rules);
  }

  /** All of a package that is there is judged again and chosen. */
  choose(): DeliveryProblem | undefined {
    const problem = deliveredProblemOf(this.spare, this.rules);
    if (problem === undefined) choose(this.spare, this.slots);
    return problem;
  }

  /** The first trial of what was chosen. */
  try(): void {
    tryChosen(this.spare, this.slots);
  }

  /** Delivers what is still missing, in pieces, chooses it and has it tried at the next start; gives where it went on. */
  update(name: PackageName, pieceLength = 128): number {
    const delivery = begun(this.receive(name));
    const from = delivery.offset;
    deliverAll(delivery, name, pieceLength);
    assert.is(this.choose(), undefined);
    this.try();
    return from;
  }
}

export function begun(delivery: Delivery | string): Delivery {
  if (typeof delivery === "string") throw new Error(delivery);
  return delivery;
}

export function deliverAll(delivery: Delivery, name: PackageName, pieceLength = 128): void {
  const bytes = contentOf(name);
  while (delivery.offset < bytes.length)
    deliver(delivery, bytes.subarray(delivery.offset, delivery.offset + pieceLength));
}
