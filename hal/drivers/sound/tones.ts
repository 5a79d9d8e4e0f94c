import type { Note } from "../../buzzer.ts";

/** What a cardholder hears of a tap (EMV Contactless Book A, user interface, audio): the card was read. */
export const successTone: readonly Note[] = Object.freeze([
  Object.freeze({ hertz: 1_500, milliseconds: 500 } as const),
]);

/** The same book's alert: try again, or use another way. */
export const alertTone: readonly Note[] = Object.freeze([
  Object.freeze({ hertz: 750, milliseconds: 200 } as const),
  Object.freeze({ hertz: 0, milliseconds: 200 } as const),
  Object.freeze({ hertz: 750, milliseconds: 200 } as const),
]);
