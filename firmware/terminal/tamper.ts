import type { Device } from "../../hal/device.ts";
import { destroyKeys, type VaultDevice } from "../vault/provision.ts";
import type { KeyVault } from "../vault/vault.ts";

/** The case was opened: no flow may go on. It unwinds like for any fault, which wipes its secrets on the way. */
export class TamperedError extends Error {
  override readonly name = "TamperedError";

  constructor() {
    super("the case was opened");
  }
}

/** What ends at once when the case is opened. */
export interface Ending {
  giveUp(): void;
}

/**
 * Watches over the case from before anything else is looked at. The keys go first, in the very call that hears of an
 * opening; then whoever asked to be told is told. The journal keeps what stands in it: a transaction under way is ended
 * at a later start, as after a power cut.
 */
export class TamperAlarm {
  readonly #device: VaultDevice;
  #vault: Pick<KeyVault, "destroy"> | undefined;
  readonly #listeners: Ending[] = [];
  #isRaised = false;

  /** Opens the switch. A case that is open at the start has its keys wiped here, with nothing else read. */
  constructor(device: VaultDevice & Pick<Device, "tamper">) {
    this.#device = device;
    const sensor = device.tamper?.({ onTamper: () => this.#opened() });
    // An open case without keys was found before: that is no news, and the terminal says why it is out of service.
    if (sensor?.tampered === true) this.#isRaised = destroyKeys(device);
  }

  /** True once keys were wiped in this life of the terminal. */
  get isRaised(): boolean {
    return this.#isRaised;
  }

  /** The keys are in this vault from now on; call it in the turn that made the vault. */
  guard(vault: Pick<KeyVault, "destroy">): void {
    this.#vault = vault;
  }

  /** Told when the case is opened, in the order of asking; at once where it was already. */
  whenRaised(listener: Ending): void {
    if (this.#isRaised) listener.giveUp();
    else this.#listeners.push(listener);
  }

  #opened(): void {
    this.#isRaised = true;
    try {
      if (this.#vault === undefined) destroyKeys(this.#device);
      else this.#vault.destroy();
    } finally {
      for (const listener of this.#listeners) listener.giveUp();
    }
  }
}
