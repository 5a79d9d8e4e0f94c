import { test } from "uvu";
import * as assert from "uvu/assert";
import { Peripherals } from "../../../firmware/terminal/peripherals/peripherals.ts";
import { FlowScreen } from "../../../firmware/terminal/peripherals/screen.ts";
import { typeSecret } from "../../../firmware/terminal/secret-entry.ts";
import type { Services } from "../../../firmware/terminal/services.ts";
import { TamperAlarm, TamperedError } from "../../../firmware/terminal/tamper.ts";
import { KeyVault } from "../../../firmware/vault/vault.ts";
import type { KeyName } from "../../../hal/keypad.ts";
import type { Tamper } from "../../../hal/tamper.ts";
import { Timers } from "../../../hal/timers.ts";
import { deviceOf, type MemorySecure, provisioned } from "../vault/secure.ts";

/** A device with a case, and what opens it. */
function cased(secure: MemorySecure, tampered = false) {
  let call: (() => void) | undefined;
  const device = {
    ...deviceOf(secure),
    tamper: ({ onTamper }: { readonly onTamper: () => void }): Tamper => {
      call = onTamper;
      return { tampered, close: () => {} };
    },
  };
  return { device, open: () => call?.() };
}

/** A terminal whose keys are in its store already. */
function inUse(): MemorySecure {
  const secure = provisioned();
  secure.write("tlsClientKey", Uint8Array.of(1, 2, 3));
  assert.is(new KeyVault(deviceOf(secure)).state, "ready");
  return secure;
}

const secrets = ["deviceKey", "terminalMasterKey", "transportKey", "keyBlocks", "journalKey", "tlsClientKey"];

function assertWiped(secure: MemorySecure): void {
  for (const name of secrets) assert.is(secure.read(name), undefined, name);
  const { size } = secure.keys.status();
  assert.ok(secure.keys.read(size, 0).every((byte) => byte === 0xff));
}

test("keys of a vault in use are gone in the call that hears of an opening, before anybody is told", () => {
  const secure = inUse();
  const { device, open } = cased(secure);
  const alarm = new TamperAlarm(device);
  const vault = new KeyVault(device);
  alarm.guard(vault);
  const told: string[] = [];
  alarm.whenRaised({ giveUp: () => void told.push(`first, ${vault.state}`) });
  alarm.whenRaised({ giveUp: () => void told.push("second") });
  assert.is(alarm.isRaised, false);
  open();
  assert.equal(told, ["first, tampered", "second"]);
  assert.is(alarm.isRaised, true);
  assertWiped(secure);
  assert.is(new KeyVault(device).state, "tampered");
});

test("a case that is open at the start costs the keys before the vault is opened", () => {
  const secure = inUse();
  const { device } = cased(secure, true);
  const alarm = new TamperAlarm(device);
  assert.is(alarm.isRaised, true);
  assertWiped(secure);
  assert.is(new KeyVault(device).state, "tampered");
  let told = 0;
  alarm.whenRaised({ giveUp: () => void told++ });
  assert.is(told, 1);
});

test("keys that are loaded into an open case are wiped at the start", () => {
  const secure = inUse();
  assert.is(new TamperAlarm(cased(secure, true).device).isRaised, true);
  secure.write("terminalMasterKey", new Uint8Array(16).fill(7));
  assert.is(new TamperAlarm(cased(secure, true).device).isRaised, true);
  assertWiped(secure);
});

test("a case that stays open is no news at the next start, and wears no flash", () => {
  const secure = inUse();
  new TamperAlarm(cased(secure, true).device);
  const { device } = cased(secure, true);
  const alarm = new TamperAlarm({
    ...device,
    flash: () => {
      throw new Error("the flash is not for touching");
    },
  });
  assert.is(alarm.isRaised, false);
});

test("an opening before the vault is there wipes what is stored", () => {
  const secure = inUse();
  const { device, open } = cased(secure);
  const alarm = new TamperAlarm(device);
  open();
  assert.is(alarm.isRaised, true);
  assertWiped(secure);
});

test("the device key is the first thing to go, whatever fails afterwards, and everybody is told all the same", () => {
  const secure = inUse();
  const { device, open } = cased(secure);
  const alarm = new TamperAlarm({
    ...device,
    flash: () => {
      throw new Error("worn out");
    },
  });
  let told = 0;
  alarm.whenRaised({ giveUp: () => void told++ });
  assert.throws(open, "worn out");
  assert.is(secure.read("deviceKey"), undefined);
  assert.is(told, 1);
});

test("a board without a switch keeps its keys", () => {
  const secure = inUse();
  const alarm = new TamperAlarm(deviceOf(secure));
  assert.is(alarm.isRaised, false);
  assert.is(new KeyVault(deviceOf(secure)).state, "ready");
});

test("whoever types a secret when the case is opened is told at once, and nobody waits for a key again", async () => {
  const timers = new Timers();
  const keys = ["1", "2", "3"].map((key) => ({ key: key as KeyName, pressed: true }));
  const clock = {
    monotonic: () => 0,
    wall: () => 0,
    setTimer: (callback: () => void, milliseconds: number) => timers.set(callback, milliseconds, 0),
    clearTimer: (id: number) => timers.clear(id),
  };
  const keypad = { read: () => keys.shift(), close: () => {} };
  const peripherals = new Peripherals({ clock, keypad: () => keypad });
  const screen = new FlowScreen(
    { language: "en", show: () => {}, setLanguage: () => {}, setStatus: () => {} },
    undefined,
  );
  const digits = new Uint8Array(12);
  const services = { screen, peripherals } as unknown as Services;
  const typing = typeSecret(services, digits, { screenFor: () => ({ id: "idle" }), least: 4, by: "customer" });
  const ended = typing.then(
    () => "typed",
    (error: unknown) => (error instanceof TamperedError ? "told" : "failed"),
  );
  for (let turn = 0; turn < 100; turn++) await undefined;
  assert.equal([...digits.subarray(0, 4)], [0x31, 0x32, 0x33, 0]);
  peripherals.stop();
  assert.is(await ended, "told");
  assert.is(timers.nextDeadline(), undefined);
  assert.ok(await peripherals.key().catch((error: unknown) => error instanceof TamperedError));
});

test("a sealed screen shows nothing else, and says so to whoever tries", async () => {
  const shown: string[] = [];
  const show = ({ id }: { readonly id: string }): void => void shown.push(id);
  const screen = new FlowScreen({ language: "en", show, setLanguage: () => {}, setStatus: () => {} }, undefined);
  await screen.show({ id: "idle" });
  const late = screen.show({ id: "menu", choices: [], selected: 0 }).catch((error: unknown) => error);
  await screen.seal({ id: "tampered" });
  assert.instance(await late, TamperedError);
  assert.instance(await screen.show({ id: "idle" }).catch((error: unknown) => error), TamperedError);
  assert.equal(shown, ["idle", "tampered"]);
});

test.run();
