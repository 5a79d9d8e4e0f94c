/** Issuer script commands on the card's side: MAC first, then what they do (EMV 4.3 Book 3, 6.5 and Book 2, 9). */
import { equal, hex } from "../acquirer/bytes.ts";
import { SCRIPT_MAC_LENGTH, type ScriptContext, scriptCommandMac } from "../acquirer/issuer/script-command.ts";
import { type Command, type Reply, refuse, reply, status } from "./apdu.ts";

/** What a script may change on the card. */
export interface Scriptable {
  unblockPin(): void;
  blockApplication(): void;
  unblockApplication(): void;
  blockCard(): void;
  putData(tag: string, value: Uint8Array): void;
}

type Action = (command: Command, data: Uint8Array, card: Scriptable) => Reply;

/** A command whose parameters are zero and that brings nothing but its MAC (Book 3, 6.5.1, 6.5.2, 6.5.3 and 6.5.10). */
function plain(act: (card: Scriptable) => void): Action {
  return (command, data, card) => {
    if (command.parameter1 !== 0 || command.parameter2 !== 0) return refuse(status.badParameters);
    if (data.length > 0) return refuse(status.wrongLength);
    act(card);
    return reply();
  };
}

const actions: Record<string, Action> = {
  "8424": plain((card) => card.unblockPin()),
  "841E": plain((card) => card.blockApplication()),
  "8418": plain((card) => card.unblockApplication()),
  "8416": plain((card) => card.blockCard()),
  "04DA": (command, data, card) => {
    if (data.length === 0) return refuse(status.wrongLength);
    const tag = hex(Uint8Array.of(command.parameter1, command.parameter2));
    card.putData(tag.startsWith("00") ? tag.slice(2) : tag, data);
    return reply();
  },
};

/** True for the class and instruction of a script command. */
export function isScriptCommand(command: Command): boolean {
  return key(command) in actions;
}

function key(command: Command): string {
  return hex(Uint8Array.of(command.class, command.instruction));
}

/** Runs a script command; a wrong MAC gives 6988 and changes nothing. */
export function runScript(command: Command, context: ScriptContext | undefined, card: Scriptable): Reply {
  const action = actions[key(command)]!;
  if (!context) return refuse(status.conditions);
  if (command.data.length < SCRIPT_MAC_LENGTH) return refuse(status.wrongLength);
  const data = command.data.slice(0, -SCRIPT_MAC_LENGTH);
  const expected = scriptCommandMac(command.header, data, context);
  if (!equal(expected, command.data.slice(-SCRIPT_MAC_LENGTH))) return refuse(status.messagingData);
  return action(command, data, card);
}
