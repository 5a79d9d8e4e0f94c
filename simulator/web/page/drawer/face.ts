import type { CardData } from "../../protocol.ts";
import { make } from "../dom.ts";

export type Brand = "unionpay" | "visa" | "mastercard" | "other";

const PREFIXES: readonly (readonly [RegExp, Brand])[] = [
  [/^62/, "unionpay"],
  [/^4/, "visa"],
  [/^(5[1-5]|2[2-7])/, "mastercard"],
];
const LOGOS: Readonly<Record<Brand, string>> = {
  unionpay: "UnionPay",
  visa: "VISA",
  mastercard: "mastercard",
  other: "",
};

/** The payment system, by the number's first digits. */
export function brandOf({ number }: CardData): Brand {
  return PREFIXES.find(([prefix]) => prefix.test(number))?.[1] ?? "other";
}

export function isPhone({ name }: CardData): boolean {
  return name.includes("phone");
}

/** A small picture of the card or phone; the words beside it say the same to a screen reader. */
export function cardFace(card: CardData): HTMLElement {
  const brand = brandOf(card);
  const phone = isPhone(card);
  return make(
    "span",
    { class: `face face-${brand}${phone ? " face-phone" : ""}`, "aria-hidden": "true" },
    card.interfaces.includes("contact") ? make("i", { class: "chip" }) : undefined,
    card.interfaces.includes("contactless") ? make("i", { class: "waves", text: ")))" }) : undefined,
    make("b", { text: phone ? "" : card.number.slice(-4) }),
    make("em", { text: LOGOS[brand] }),
  );
}
