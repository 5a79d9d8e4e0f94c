import type { AnyNode, CallExpression, Expression, Identifier, VariableDeclarator } from "acorn";
import { Edits } from "./edits.ts";
import { childrenOf, isFunction, isReference, type Module, readModule } from "./scopes.ts";
import { functionsThatSee, functionWith, removeDeclarators } from "./top-level.ts";

const SLOT = 16;
/** A call of a variable in bytecode, without its arguments; the frame of a function. */
const CALL = 6;
const FRAME = 14;
/** Bytes of bytecode that a character of an expression takes, about. */
const DENSITY = 0.6;
/** One function's body may have the call of another that goes, so all is done again. */
const ROUNDS = 3;

/** A function of one expression, its parameters, and all the calls that there are of it. */
interface Short {
  readonly node: AnyNode;
  readonly declarator: VariableDeclarator | undefined;
  readonly parameters: readonly string[];
  readonly body: Expression;
  readonly calls: readonly CallExpression[];
}

/**
 * Writes the expression of a short function where it is called, if that takes less flash than the function, its slots and its calls. What
 * a caller gives stays as it is in number and order: a value that is more than a name or a number is used once, before anything else.
 */
export function inlineCalls(text: string): string {
  let module = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = inlineOnce(module);
    if (next === module) break;
    module = next;
  }
  return module;
}

function inlineOnce(text: string): string {
  const module = readModule(text);
  const edits = new Edits();
  const removed = new Set<VariableDeclarator>();
  const busy: AnyNode[] = [];
  const isBusy = (node: AnyNode) => busy.some(({ start, end }) => node.start < end && start < node.end);
  for (const short of shortFunctions(module)) {
    const { node, declarator, calls } = short;
    if (!isWorthIt(module, short) || [node, ...calls].some(isBusy)) continue;
    const texts = calls.map((call) => expressionAt(module, short, call));
    if (texts.some((one) => one === undefined)) continue;
    for (const [index, call] of calls.entries()) edits.replace(call, texts[index]!);
    busy.push(node, ...calls);
    if (declarator === undefined) edits.replace(node, "");
    else removed.add(declarator);
  }
  removeDeclarators(module, removed, edits);
  return edits.apply(text);
}

function* shortFunctions(module: Module): Generator<Short> {
  const { top, parents, inner } = module;
  for (const binding of top.bindings.values()) {
    const found = functionWith(module, binding);
    if (found === undefined || found.node.async || binding.references.length === 0) continue;
    const { node, declarator } = found;
    const body = expressionOf(node.body);
    if (body === undefined || !node.params.every((one) => one.type === "Identifier") || !isPlain(body)) continue;
    const users = binding.references.map((reference) => parents.get(reference.node)!);
    const isCall = users.map((user, index) => isPlainCall(user, binding.references[index]!.node, node.params.length));
    if (isCall.includes(false)) continue;
    const calls = users as CallExpression[];
    const parameters = node.params.map((one) => (one as Identifier).name);
    // Whatever else the expression names means the same at every call.
    const others = namesIn(module, body).filter(({ name }) => !parameters.includes(name));
    if (others.some(({ name }) => inner.has(name))) continue;
    // No call is inside of another or of the function itself.
    const all = [node, ...calls].sort((a, b) => a.start - b.start);
    if (all.some((one, index) => index > 0 && one.start < all[index - 1]!.end)) continue;
    yield { node, declarator, parameters, body, calls };
  }
}

function expressionOf(body: AnyNode): Expression | undefined {
  if (body.type !== "BlockStatement") return body as Expression;
  const [only, more] = body.body;
  return only?.type === "ReturnStatement" && more === undefined ? (only.argument ?? undefined) : undefined;
}

/** Neither functions nor anything that changes a variable or waits. */
function isPlain(node: AnyNode): boolean {
  switch (node.type) {
    case "AssignmentExpression":
    case "AwaitExpression":
    case "ClassExpression":
    case "MetaProperty":
    case "Super":
    case "ThisExpression":
    case "UpdateExpression":
    case "YieldExpression":
      return false;
    case "UnaryExpression":
      return node.operator !== "delete" && isPlain(node.argument);
    case "Identifier":
      return node.name !== "arguments";
    default:
      return !isFunction(node) && childrenOf(node).every(isPlain);
  }
}

const isPlainCall = (user: AnyNode, callee: AnyNode, count: number): boolean =>
  user.type === "CallExpression" &&
  user.callee === callee &&
  !user.optional &&
  user.arguments.length === count &&
  user.arguments.every((one) => one.type !== "SpreadElement");

function namesIn({ parents }: Module, node: AnyNode): Identifier[] {
  if (node.type === "Identifier") return isReference(node, parents) ? [node] : [];
  return childrenOf(node).flatMap((child) => namesIn({ parents } as Module, child));
}

function isWorthIt(module: Module, { parameters, body, calls }: Short): boolean {
  const size = (body.end - body.start) * DENSITY;
  const seen = new Set(namesIn(module, body).map(({ name }) => name));
  for (const one of parameters) seen.delete(one);
  for (const one of module.free) seen.delete(one);
  const asFunction = 2 * SLOT + (seen.size === 0 ? 0 : (2 + seen.size) * SLOT) + FRAME + size;
  const asVariable = SLOT + SLOT * functionsThatSee(module, calls) + CALL * calls.length;
  return calls.length * (size + SLOT * seen.size) <= asFunction + asVariable;
}

/** The expression with a call's values in the place of the parameters; undefined where that could change what happens. */
function expressionAt(module: Module, { parameters, body }: Short, call: CallExpression): string | undefined {
  const { text, parents } = module;
  const uses = namesIn(module, body);
  const edits = new Edits();
  let costly = 0;
  for (const [index, name] of parameters.entries()) {
    const value = call.arguments[index]!;
    const places = uses.filter((use) => use.name === name);
    const isSimple = isSimpleValue(module, value);
    if (!isSimple && (places.length !== 1 || places[0] !== firstOf(body) || ++costly > 1)) return undefined;
    for (const place of places) {
      const user = parents.get(place)!;
      if (user.type === "CallExpression" && user.callee === place && value.type !== "Identifier") return undefined;
      const isShort = user.type === "Property" && user.shorthand;
      const given = `${isShort ? `${name}:` : ""}${value.type === "Identifier" ? value.name : `(${text.slice(value.start, value.end)})`}`;
      edits.replace({ start: place.start - body.start, end: place.end - body.start }, given);
    }
  }
  return `(${edits.apply(text.slice(body.start, body.end))})`;
}

/** A number, a text, or a variable that nothing writes: it is the same whenever and however often it is read. */
function isSimpleValue({ named }: Module, value: AnyNode): boolean {
  if (value.type === "Literal")
    return value.value !== null && typeof value.value !== "object" && typeof value.value !== "bigint";
  if (value.type !== "Identifier") return false;
  const binding = named.get(value);
  return (
    binding !== undefined && binding.declarations.length === 1 && binding.references.every(({ written }) => !written)
  );
}

/** What of an expression is read before anything else can happen. */
function firstOf(node: AnyNode): AnyNode {
  switch (node.type) {
    case "BinaryExpression":
      return firstOf(node.left.type === "Literal" ? node.right : node.left);
    case "LogicalExpression":
      return firstOf(node.left);
    case "ConditionalExpression":
      return firstOf(node.test);
    case "MemberExpression":
      return firstOf(node.object);
    case "ChainExpression":
      return firstOf(node.expression);
    case "UnaryExpression":
      return firstOf(node.argument);
    case "CallExpression": {
      const [first] = node.arguments;
      return firstOf(node.callee.type === "Identifier" && first !== undefined ? first : node.callee);
    }
    default:
      return node;
  }
}
