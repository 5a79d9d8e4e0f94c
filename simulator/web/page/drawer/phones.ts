import type { PhoneData } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { button, element, make } from "../dom.ts";
import { say, speech, type Word } from "../language.ts";
import { PHONES_ZH } from "../words/phones-zh.ts";

type Step = Readonly<Record<string, unknown>>;

/** What one does with a phone: the words on its button, when there is such a button, and the steps that it takes. */
interface Way {
  readonly word: Word;
  readonly fits: (phone: PhoneData) => boolean;
  readonly steps: (wallet: string, amount: number | undefined) => readonly Step[];
}

const asked = ({ sight }: PhoneData): boolean => sight === "asked";
const scan =
  (scanned: "display" | "receipt") =>
  (wallet: string, amount: number | undefined): readonly Step[] => [
    { phone: { wallet, scan: scanned, pay: true, ...(amount === undefined ? {} : { amount }) } },
  ];

const WAYS: readonly Way[] = [
  {
    word: "phoneShow",
    fits: () => true,
    steps: (wallet) => [{ phone: { wallet, show: "code" } }, { scan: "phone" }],
  },
  { word: "phoneScan", fits: ({ pays }) => pays, steps: scan("display") },
  { word: "phoneScanPaper", fits: ({ pays }) => pays, steps: scan("receipt") },
  { word: "phoneAgree", fits: asked, steps: (wallet) => [{ phone: { wallet, confirm: true } }] },
  { word: "phoneRefuse", fits: asked, steps: (wallet) => [{ phone: { wallet, confirm: false } }] },
  { word: "phonePassword", fits: asked, steps: (wallet) => [{ phone: { wallet, password: "right" } }] },
  { word: "phoneWrongPassword", fits: asked, steps: (wallet) => [{ phone: { wallet, password: "wrong" } }] },
];

const SIGHTS: Readonly<Record<PhoneData["sight"], Word>> = {
  code: "phoneSeesCode",
  asked: "phoneSeesAsked",
  paid: "phoneSeesPaid",
  refused: "phoneSeesRefused",
  returned: "phoneSeesReturned",
  nothing: "phoneSeesNothing",
};

/** Customers' phones that pay by code: each says in one line what it will do, and shows what its owner sees. */
export class Phones {
  readonly #act: Act;
  readonly #amount = element<HTMLInputElement>("phone-amount");
  #phones: readonly PhoneData[] = [];

  constructor(act: Act) {
    this.#act = act;
    speech.whenSpoken(() => this.#draw());
  }

  fill(phones: readonly PhoneData[]): void {
    this.#phones = phones;
    this.#draw();
  }

  #draw(): void {
    element("phones").replaceChildren(...this.#phones.map((phone) => this.#item(phone)));
  }

  #item(phone: PhoneData): HTMLElement {
    const about = speech.language === "zh" ? (PHONES_ZH[phone.name] ?? phone.about) : phone.about;
    const ways = WAYS.filter(({ fits }) => fits(phone)).map((way) =>
      button({
        text: say(way.word),
        "aria-label": `${say(way.word)}: ${phone.name}`,
        onclick: () => this.#use(phone, way),
      }),
    );
    return make(
      "li",
      {},
      make("strong", { text: phone.name }),
      make("small", { class: "sight", text: say(SIGHTS[phone.sight]) }),
      make("span", { class: "told", text: about }),
      make("span", { class: "chips" }, ...ways),
    );
  }

  #use({ name }: PhoneData, { steps }: Way): void {
    const typed = Number(this.#amount.value);
    const amount = this.#amount.value !== "" && typed > 0 ? typed : undefined;
    for (const step of steps(name, amount)) void this.#act({ do: "step", step });
  }
}
