/** A phone in its owner's hand: shows codes, reads others', pays, and tells its owner what came of it. */
import type { Outcome, PhoneAnswer, WalletDesk } from "../../acquirer/wallet/desk.ts";
import type { PhoneDefinition } from "./definition.ts";
import { CodeError, type MerchantCode, readMerchantCode } from "./merchant-code.ts";

/** What the owner sees: a code, a question of the wallet, the end of a payment, its money back, or nothing new. */
export type Sight = "code" | "asked" | "paid" | "refused" | "returned" | "nothing";
export const SIGHTS: readonly Sight[] = ["code", "asked", "paid", "refused", "returned", "nothing"];

/** Passwords that are not the owner's. */
const WRONG_PASSWORD = "000000";
/** What the owner is told of a code that is none. */
const NO_CODE = "12";
const NO_NETWORK = "91";

/** What a phone needs of its world. */
export interface PhoneWorld {
  readonly desk: WalletDesk;
  /** The phone's card's consumer-presented code (base64) for its next transaction. */
  readonly cardCode: (counter: number) => string;
  readonly after: (milliseconds: number, action: () => void) => void;
}

/** How a payment is to be made. */
export interface PaymentWish {
  readonly pay: boolean;
  /** Minor units: what the owner types where the code has no amount, or in its place. */
  readonly amount?: number;
}

export class Phone {
  readonly definition: PhoneDefinition;
  readonly #world: PhoneWorld;
  #online = true;
  #code: string | undefined;
  /** Transactions of the card in it. */
  #counter = 0;
  /** The newest payment when the phone was taken out. */
  #before = 0;
  #answer: PhoneAnswer | undefined;
  /** The owner is about to do by themselves what they always do. */
  #acting = false;

  constructor(definition: PhoneDefinition, world: PhoneWorld) {
    this.definition = definition;
    this.#world = world;
  }

  /** Takes the phone out with a code on it. */
  showCode(): void {
    const { name, shows, card } = this.definition;
    this.#answer = undefined;
    this.#before = this.#newest()?.number ?? 0;
    this.#code =
      shows ?? (card === undefined ? this.#world.desk.showCode(name) : this.#world.cardCode(++this.#counter));
  }

  /** What can be read off it now. */
  get shown(): string | undefined {
    return this.#code;
  }

  /** Reads the text of a shop's code and pays it, or does not. */
  scan(text: string, wish: PaymentWish): PhoneAnswer | undefined {
    this.#code = undefined;
    this.#before = this.#newest()?.number ?? 0;
    const { desk } = this.#world;
    const { name, wallet } = this.definition;
    if (wallet === undefined) throw new Error(`${name} has no wallet to pay with`);
    if (!this.#online) return this.#told({ kind: "refused", code: NO_NETWORK });
    let code: MerchantCode;
    try {
      code = readMerchantCode(text);
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      return this.#told({ kind: "refused", code: NO_CODE });
    }
    if (!wish.pay) return this.#told(undefined);
    return this.#told(code.reference === undefined ? this.#payShop(desk, code, wish) : this.#payOne(desk, code, wish));
  }

  #payOne(desk: WalletDesk, { reference = "", merchant, amount }: MerchantCode, wish: PaymentWish): PhoneAnswer {
    const price = wish.amount ?? amount ?? desk.priceOf(reference);
    return price === undefined
      ? { kind: "refused", code: NO_CODE }
      : desk.pay(this.definition.name, reference, merchant, price);
  }

  /** To the shop's own code: the amount that its owner types, and the tip that the code asks for. */
  #payShop(desk: WalletDesk, { terminal, merchant, amount, tip }: MerchantCode, wish: PaymentWish): PhoneAnswer {
    const price = wish.amount ?? amount;
    if (price === undefined || terminal === undefined || merchant === undefined)
      return { kind: "refused", code: NO_CODE };
    const extra = {
      asked: 0,
      fixed: tip?.kind === "fixed" ? tip.amount : 0,
      share: tip?.kind === "share" ? Math.round((price * tip.perCent) / 100) : 0,
    };
    return desk.payShop(this.definition.name, terminal, merchant, price + extra[tip?.kind ?? "asked"]);
  }

  /** The owner agrees to what the wallet asks, or does not. */
  confirm(yes: boolean): PhoneAnswer | undefined {
    return this.#told(this.#reach((desk, name) => desk.confirm(name, yes)));
  }

  /** The owner types their password, or another one. */
  password(right: boolean): PhoneAnswer | undefined {
    const typed = right ? (this.definition.wallet?.password ?? "") : WRONG_PASSWORD;
    return this.#told(this.#reach((desk, name) => desk.password(name, typed)));
  }

  #reach(action: (desk: WalletDesk, name: string) => PhoneAnswer): PhoneAnswer {
    return this.#online ? action(this.#world.desk, this.definition.name) : { kind: "refused", code: NO_NETWORK };
  }

  /** Something may have happened at the wallet service: the owner does what they always do. */
  look(): void {
    const { habit, name, wallet, losesNetwork } = this.definition;
    if (wallet === undefined) return;
    if (losesNetwork && (this.#outcome() !== undefined || this.#answer?.kind === "paid")) this.#online = false;
    if (habit === undefined || this.#acting || this.#world.desk.waiting(name) === undefined) return;
    this.#acting = true;
    this.#world.after(habit.after, () => {
      this.#acting = false;
      if (this.#world.desk.waiting(name) !== undefined) this.confirm(habit.agrees);
    });
  }

  /** What its owner sees now. */
  get sight(): Sight {
    const { wallet, name } = this.definition;
    if (wallet === undefined) return this.#code === undefined ? "nothing" : "code";
    if (!this.#online) return "nothing";
    if (this.#world.desk.waiting(name) !== undefined) return "asked";
    if (this.#answer?.kind === "refused") return "refused";
    if (this.#answer?.kind === "paid") return this.#outcome() ?? "paid";
    return this.#outcome() ?? (this.#code === undefined ? "nothing" : "code");
  }

  #newest(): Outcome | undefined {
    return this.definition.wallet === undefined ? undefined : this.#world.desk.latest(this.definition.name);
  }

  /** What became of what was paid since the phone was taken out. */
  #outcome(): Outcome["what"] | undefined {
    const newest = this.#newest();
    return newest !== undefined && newest.number > this.#before ? newest.what : undefined;
  }

  #told(answer: PhoneAnswer | undefined): PhoneAnswer | undefined {
    this.#answer = answer;
    this.look();
    return answer;
  }
}
