import * as assert from "uvu/assert";
import { equal } from "../../../firmware/codec/bytes.ts";
import { type Delivery, type DeliveryProblem, deliver } from "../../../firmware/update/delivery.ts";
import { headLength } from "../../../firmware/update/package.ts";
import { choose, confirm, receive, type Slots, type Started, start } from "../../../firmware/update/slots.ts";
import type { SecureStorage } from "../../../hal/io.ts";
import { NorFlash } from "../journal/nor-flash.ts";
import { contentOf } from "./package-content.ts";
import { headOf, type PackageName, packageKeys, packageNames, packageOf } from "./packages.ts";

export const blockLength = 512;
/** Five of package, one of trailer: no package of the tests is longer than 2,512 bytes. */
const blocks = 6;

const packages = packageNames.map((name) => [name, packageOf(name)] as const);

/** The security version's place, which a power cut leaves old or new. */
class Secure implements SecureStorage {
  readonly values: Map<string, Uint8Array>;
  onWrite: (() => void) | undefined;

  constructor(values: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.values = new Map(values);
  }

  read(name: string): Uint8Array | undefined {
    return this.values.get(name)?.slice();
  }

  write(name: string, value: Uint8Array): void {
    this.onWrite?.();
    this.values.set(name, value.slice());
    this.onWrite?.();
  }

  erase(name: string): void {
    this.values.delete(name);
  }

  close(): void {}
}

/** A terminal's two slots for firmware, and what a terminal does with them. */
export class TwoSlots implements Slots {
  readonly flash: readonly [NorFlash, NorFlash];
  readonly secure: Secure;
  readonly keys = packageKeys;
  readonly board = "p1";
  readonly kind = "firmware";

  constructor(
    flash: readonly [NorFlash, NorFlash] = [NorFlash.blank(blocks, blockLength), NorFlash.blank(blocks, blockLength)],
    secure = new Secure(),
  ) {
    this.flash = flash;
    this.secure = secure;
  }

  /** What a power cut leaves, which goes its own way from here; one of the slots may hold other bytes. */
  copy(slot?: 0 | 1, bytes?: Uint8Array): TwoSlots {
    const [first, second] = this.flash.map((flash, place) => {
      return new NorFlash(place === slot && bytes !== undefined ? bytes.slice() : flash.bytes.slice(), blockLength);
    });
    return new TwoSlots([first!, second!], new Secure(this.secure.values));
  }

  /** As the factory leaves them: "first" in the first slot, which has confirmed itself. */
  static made(): TwoSlots {
    const slots = new TwoSlots();
    slots.update(undefined, "first");
    slots.startConfirmed();
    return slots;
  }

  start(): Started {
    const started = start(this);
    assert.ok(started, "nothing to start");
    return started;
  }

  startConfirmed(): Started {
    const started = this.start();
    confirm(this, started);
    return started;
  }

  /** The package in a slot, where all of it is there to the byte. */
  nameIn(slot: 0 | 1): PackageName | undefined {
    return packages.find(([, bytes]) => equal(this.flash[slot].bytes.subarray(0, bytes.length), bytes))?.[0];
  }

  receive(running: Started | undefined, name: PackageName): Delivery | DeliveryProblem | "unconfirmed" {
    return receive(this, running, headOf(name));
  }

  /** Delivers what is still missing, in pieces, and chooses it; gives where it went on. */
  update(running: Started | undefined, name: PackageName, pieceLength = 100): number {
    const delivery = this.receive(running, name);
    if (typeof delivery === "string") throw new Error(delivery);
    const from = delivery.offset;
    const bytes = packageOf(name);
    while (delivery.offset < bytes.length) {
      deliver(delivery, bytes.subarray(delivery.offset, delivery.offset + pieceLength));
    }
    assert.is(choose(this, running), undefined);
    return from;
  }
}

export const lengthOf = (name: PackageName): number => headLength + contentOf(name).length;
