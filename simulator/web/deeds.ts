/** What a person can do to the world on the page: each checked first, then done from within the world. */
import { cardDefinition } from "../cards/cards.ts";
import { copyCard } from "../cards/copy.ts";
import type { CardDefinition } from "../cards/definition.ts";
import { worldNames } from "../world/names.ts";
import type { Simulation } from "../world/simulation.ts";
import type { CardCopy, PageAction } from "./protocol.ts";

/** An action that changes the world, so that it is repeated when the world is taken back; packages come by themselves. */
export type WorldAction =
  | Extract<
      PageAction,
      {
        do:
          | "card"
          | "key"
          | "insert"
          | "tap"
          | "swipe"
          | "remove"
          | "network"
          | "paper"
          | "power"
          | "case"
          | "keys"
          | "step";
      }
    >
  | { readonly do: "package"; readonly bytes: Uint8Array };

type Plain = Exclude<WorldAction, { readonly do: "step" }>;

interface Way<Name extends Plain["do"]> {
  /** Throws to refuse, with a sentence for the person. */
  readonly check?: (simulation: Simulation, action: Extract<Plain, { do: Name }>) => void;
  readonly act: (simulation: Simulation, action: Extract<Plain, { do: Name }>) => void;
}

const WAYS: { readonly [Name in Plain["do"]]: Way<Name> } = {
  key: {
    check: (_, { key }) => {
      if (typeof key !== "string" || !worldNames.isKey(key)) throw new Error("unknown key");
    },
    act: (simulation, { key, pressed }) => simulation.key(key, pressed === true),
  },
  card: {
    check: (simulation, { copy }) => {
      const { name } = copyOf(copy);
      if (simulation.options.kept !== undefined) throw new Error("a profile keeps no cards but those that ship");
      if (simulation.hasCard(name)) throw new Error(`there is a card ${name} already`);
    },
    act: (simulation, { copy }) => simulation.issue(copyOf(copy)),
  },
  insert: { check: handFree, act: (simulation, { card }) => simulation.insert(card) },
  tap: { check: handFree, act: (simulation, { card }) => simulation.tap([card]) },
  swipe: { check: handFree, act: (simulation, { card }) => simulation.swipe(card) },
  remove: { act: (simulation) => void simulation.remove() },
  network: { act: ({ network }, { wrong }) => network.set({ kind: wrong === true ? "down" : "up" }) },
  paper: { act: ({ printer }, { wrong }) => printer.paper(wrong !== true) },
  power: { act: ({ power }, { wrong }) => (wrong === true ? power.cut() : power.on()) },
  case: { act: ({ caseSwitch }, { wrong }) => (wrong === true ? caseSwitch.open() : caseSwitch.close()) },
  keys: { act: (simulation) => simulation.loadKeys() },
  package: { act: ({ bank }, { bytes }) => bank.offerPackage(bytes) },
};

/** The card that is asked for. Throws with a sentence where there can be none. */
function copyOf(copy: CardCopy): CardDefinition {
  if (typeof copy?.of !== "string" || !worldNames.isCard(copy.of)) throw new Error("unknown card");
  const { of, expiry, ...changes } = copy;
  return copyCard(cardDefinition(of), { ...changes, ...(expiry === undefined ? {} : { expires: expiry }) });
}

function handFree(simulation: Simulation, { card }: { readonly card: string }): void {
  const { slot, field } = simulation;
  if (typeof card !== "string" || !simulation.hasCard(card)) throw new Error("unknown card");
  if (slot !== undefined || field.length > 0) throw new Error(`${slot ?? field.join(", ")} is still in the terminal`);
}

export function isWorldAction(action: { readonly do: unknown }): action is WorldAction {
  return action.do === "step" || (typeof action.do === "string" && Object.hasOwn(WAYS, action.do));
}

/** Throws where the world is not in a state for it, or it is no such action at all. */
export function checkAction<Name extends Plain["do"]>(
  simulation: Simulation,
  action: Extract<Plain, { do: Name }>,
): void {
  (WAYS[action.do as Name] as Way<Name>).check?.(simulation, action);
}

/** Does it; to be called from within the world. */
export function doAction<Name extends Plain["do"]>(simulation: Simulation, action: Extract<Plain, { do: Name }>): void {
  (WAYS[action.do as Name] as Way<Name>).act(simulation, action);
}
