import { wipe } from "../codec/bytes.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import type { PartedKey, PartFault, PartTaken } from "../vault/components.ts";
import type { KeyUsage } from "../vault/key-rights.ts";
import { administratorNumber, supervisorNumber } from "../vault/operators.ts";
import type { KeyFault, KeyLoading } from "../vault/provision.ts";
import { choose } from "./choose.ts";
import { allow } from "./operator/authority.ts";
import { askPassword } from "./password.ts";
import type { RegisterRequest } from "./register/messages.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long a key block, or the next key of the keypad, may take, in milliseconds. */
const patience = 120_000;
/** How long the end is read, in milliseconds. */
const readingTime = 30_000;

/** Whose password goes with each part: no two parts are one person's. The first has given it to get here. */
const custodians: readonly string[] = Object.freeze([supervisorNumber, administratorNumber, "01"]);

/** The longest key: 32 bytes, two digits each. */
const mostDigits = 64;

const actions = Object.freeze(["states", "block", "terminalMaster", "transport"] as const);

const texts = Object.freeze({
  zh: {
    title: "密钥管理",
    states: "密钥状态",
    block: "接收密钥块",
    terminalMaster: "输入主密钥分量",
    transport: "输入传输密钥分量",
    loaded: "已灌",
    parts: "个分量",
  },
  en: {
    title: "Keys",
    states: "Keys in this terminal",
    block: "Receive a key block",
    terminalMaster: "Type master key parts",
    transport: "Type transport key parts",
    loaded: "loaded",
    parts: "parts",
  },
} as const);

/** In the order in which they are listed. */
const placeNames: Readonly<Record<KeyUsage, { readonly zh: string; readonly en: string }>> = Object.freeze({
  terminalMaster: { zh: "主密钥", en: "Master" },
  transport: { zh: "传输密钥", en: "Transport" },
  dukpt: { zh: "DUKPT", en: "DUKPT" },
  pin: { zh: "PIN 密钥", en: "PIN" },
  mac: { zh: "MAC 密钥", en: "MAC" },
  track: { zh: "磁道密钥", en: "Track" },
  storage: { zh: "本机密钥", en: "Own" },
});

/**
 * What a supervisor does with keys: looks which slots are filled, has a key block come over the cash register's line, or
 * has a key typed in parts by two or three people. Nothing of a key is ever shown but its check value.
 */
export async function manageKeys(services: Services): Promise<void> {
  await allow(services, "keys");
  const words = texts[services.screen.language];
  const choices = actions.map((id) => ({ id, text: words[id] }));
  const picked = await choose(services, choices, { id: "menu", heading: words.title });
  const action = picked.kind === "picked" ? actions[picked.index] : undefined;
  if (action === "states") await showStates(services);
  else if (action === "block") await receiveBlock(services);
  else if (action === "terminalMaster" || action === "transport") await typeParts(services, action);
}

async function showStates(services: Services): Promise<void> {
  const { language } = services.screen;
  const states = await inTurnOfItsOwn(() => services.keys.keyStates());
  const rows = Object.entries(placeNames).map(([id, name]) => {
    const state = states.find(({ place }) => place === id);
    return {
      id,
      text: `${name[language]} ${state === undefined ? "-" : (state.checkValue ?? texts[language].loaded)}`,
    };
  });
  await choose(services, rows, { id: "menu", heading: texts[language].title });
}

/** A key block that the line of the cash register brings, while the supervisor waits for it and at no other time. */
async function receiveBlock(services: Services): Promise<void> {
  const { screen, peripherals, register, keys } = services;
  for (let early = register.next(); early !== undefined; early = register.next()) refuse(register, early);
  await screen.show({ id: "load-keys", stage: "waiting" });
  for (;;) {
    const happening = await peripherals.wait({ keys: true, register: true, timeout: patience });
    if (happening.kind === "timeout") throw new UserError({ id: "cancelled", by: "timeout" });
    if (happening.kind === "key" && happening.key === "CANCEL")
      throw new UserError({ id: "cancelled", by: "merchant" });
    const request = happening.kind === "register" ? register.next() : undefined;
    if (request?.type === "keyBlock") {
      const loading = await inTurnOfItsOwn(() => keys.loadKeyBlock(request.block));
      const checkValue = checkValueOf(services, loading);
      register.tell({
        type: "keyBlock",
        ...(loading.kind === "loaded"
          ? { status: "loaded", ...(checkValue === undefined ? {} : { checkValue }) }
          : { status: "refused", reason: loading.why }),
      });
      return tell(services, loading, checkValue);
    }
    if (request !== undefined) refuse(register, request);
  }
}

/** What comes before a supervisor waits for it, and orders meanwhile. */
function refuse(register: Services["register"], request: RegisterRequest): void {
  register.tell(
    request.type === "keyBlock"
      ? { type: "keyBlock", status: "refused", reason: "closed" }
      : { type: "error", reason: "busy", field: request.id },
  );
}

/** Two or three people, each with a part on paper; what the parts make together is confirmed by its check value. */
async function typeParts(services: Services, what: PartedKey): Promise<void> {
  const { keys, screen } = services;
  const counts = ["2", "3"].map((count) => ({
    id: count,
    text: `${count} ${texts[screen.language].parts}`,
  }));
  const picked = await choose(services, counts, { id: "menu", heading: placeNames[what][screen.language] });
  if (picked.kind !== "picked") return;
  const of = picked.index + 2;
  try {
    for (let part = 1; part <= of; part++) {
      const custodian = custodians[part - 1];
      if (part > 1 && custodian !== undefined) await askPassword(services, custodian);
      await typePart(services, what, part, of);
    }
    const whole = await inTurnOfItsOwn(() => keys.judgeParts(what));
    await confirm(services, whole, {});
    const loading = await inTurnOfItsOwn(() => keys.keepParts(what));
    await tell(services, loading, checkValueOf(services, loading));
  } finally {
    keys.dropParts();
  }
}

async function typePart(services: Services, what: PartedKey, part: number, of: number): Promise<void> {
  const bytes = await typeHexadecimal(services, { part, of });
  const taken = await inTurnOfItsOwn(() => services.keys.takePart(what, bytes, part === 1));
  await confirm(services, taken, { part, of });
}

/** The one who has the paper compares. Throws `UserError` where the value is another, or there is none. */
async function confirm(services: Services, taken: PartTaken, which: { part?: number; of?: number }): Promise<void> {
  if (taken.kind === "refused") throw refusal(taken.why);
  await services.screen.show({ id: "load-keys", stage: "check", checkValue: taken.checkValue, ...which });
  for (;;) {
    const key = await services.peripherals.key(patience);
    if (key === "ENTER") return;
    if (key === "CANCEL") throw refusal("checkValue");
    if (key === undefined) throw new UserError({ id: "cancelled", by: "timeout" });
  }
}

/**
 * Hexadecimal digits from a keypad without letters: UP, then 1 to 6, is A to F. Only their number is ever shown; CLEAR takes
 * the last one off. Gives the bytes, which whoever gets them wipes.
 */
async function typeHexadecimal(services: Services, which: { part: number; of: number }): Promise<Uint8Array> {
  const { screen, peripherals } = services;
  const bytes = new Uint8Array(mostDigits / 2);
  let count = 0;
  let isLetter = false;
  try {
    for (;;) {
      await screen.show({ id: "load-keys", stage: "part", digits: count, ...which, ...(isLetter ? { isLetter } : {}) });
      const key = await peripherals.key(patience);
      if (key === undefined) throw new UserError({ id: "cancelled", by: "timeout" });
      if (key === "CANCEL") throw new UserError({ id: "cancelled", by: "merchant" });
      if (key === "ENTER" && count > 0) {
        if (count % 2 !== 0) throw refusal("length");
        return bytes.slice(0, count / 2);
      }
      if (key === "CLEAR" && !isLetter && count > 0) setDigit(bytes, --count, 0);
      const digit = digitOf(key, isLetter);
      if (digit !== undefined && count < mostDigits) setDigit(bytes, count++, digit);
      isLetter = key === "UP" && !isLetter;
    }
  } finally {
    wipe(bytes);
  }
}

function digitOf(key: string, isLetter: boolean): number | undefined {
  if (!isLetter) return /^\d$/.test(key) ? Number(key) : undefined;
  return /^[1-6]$/.test(key) ? 9 + Number(key) : undefined;
}

function setDigit(bytes: Uint8Array, place: number, digit: number): void {
  const at = place >> 1;
  bytes[at] = place % 2 === 0 ? (bytes[at]! & 0x0f) | (digit << 4) : (bytes[at]! & 0xf0) | digit;
}

async function tell(services: Services, loading: KeyLoading, checkValue: string | undefined): Promise<void> {
  if (loading.kind === "refused") throw refusal(loading.why);
  await showResult(
    services,
    {
      id: "load-keys",
      stage: "loaded",
      name: placeNames[loading.place][services.screen.language],
      ...(checkValue === undefined ? {} : { checkValue }),
    },
    readingTime,
  );
}

function checkValueOf({ keys }: Services, loading: KeyLoading): string | undefined {
  if (loading.kind !== "loaded") return undefined;
  return keys.keyStates().find(({ place }) => place === loading.place)?.checkValue;
}

function refusal(reason: KeyFault | PartFault): UserError {
  return new UserError({ id: "load-keys", stage: "refused", reason });
}
