import type { AnyNode, Expression, VariableDeclaration, VariableDeclarator } from "acorn";
import { Edits } from "./edits.ts";
import { type Binding, type Module, namesOf, readModule } from "./scopes.ts";
import { functionsThatSee, isWrittenLater, onlyValue, removeDeclarators, replaceReference } from "./top-level.ts";

const SLOT = 16;
/** What it takes to name a variable in bytecode. */
const NAMED = 2;

/**
 * Writes the value of a module's constant where it is named, and that of a property of a frozen table where it is read, if that takes
 * less flash than a variable with a slot for itself and one in each function that sees it.
 */
export function inlineConstants(text: string): string {
  const module = readModule(text);
  const edits = new Edits();
  const removed = new Set<VariableDeclarator>();
  for (const binding of module.top.bindings.values()) {
    const declarator = onlyValue(module, binding);
    if (declarator === undefined) continue;
    const gone = inlineValue(module, binding, declarator, edits) || inlineTable(module, binding, declarator, edits);
    if (gone) removed.add(declarator);
  }
  removeDeclarators(module, removed, edits);
  for (const statement of module.program.body) {
    const kept = statement.type === "VariableDeclaration" && statement.declarations.some((one) => !removed.has(one));
    if (kept && isConstant(module, statement))
      edits.replace({ start: statement.start, end: statement.start + "var".length }, "const");
  }
  return edits.apply(text);
}

/** Whether a `var` of esbuild may be the `const` that it was: the SDK's linker keeps a place in the heap for each that may change. */
function isConstant({ top }: Module, { kind, declarations }: VariableDeclaration): boolean {
  const names = declarations.flatMap(({ id, init }) => (init ? namesOf(id) : []));
  if (kind !== "var" || declarations.some(({ init }) => !init)) return false;
  return names.every(({ name }) => {
    const binding = top.bindings.get(name)!;
    return binding.declarations.length === 1 && !isWrittenLater(binding);
  });
}

function inlineValue(module: Module, binding: Binding, { init }: VariableDeclarator, edits: Edits): boolean {
  const value = literalOf(module, init!);
  if (value === undefined) return false;
  const nodes = binding.references.map(({ node }) => node);
  const asVariable = SLOT + SLOT * functionsThatSee(module, nodes) + NAMED * nodes.length;
  if (nodes.length * value.size > asVariable) return false;
  for (const node of nodes) replaceReference(module, node, value.text, edits);
  return true;
}

/** `const table = Object.freeze({ name: value })`, all of whose uses read a property by its name. */
function inlineTable(module: Module, binding: Binding, { init }: VariableDeclarator, edits: Edits): boolean {
  const values = tableOf(module, init!);
  if (values === undefined) return false;
  const reads = binding.references.map(({ node }) => readOf(module, node));
  const texts = reads.map((read) => (read === undefined ? undefined : values.get(read.name)?.text));
  if (texts.some((value) => value === undefined)) return false;
  for (const [index, read] of reads.entries()) edits.replace(read!.member, texts[index]!);
  return true;
}

function readOf({ parents }: Module, node: AnyNode): { readonly member: AnyNode; readonly name: string } | undefined {
  const member = parents.get(node)!;
  if (member.type !== "MemberExpression" || member.object !== node || member.computed) return undefined;
  if (member.property.type !== "Identifier") return undefined;
  const user = parents.get(member)!;
  const isChanged = user.type === "UnaryExpression" && user.operator === "delete";
  return isChanged || isTarget(member, user) ? undefined : { member, name: member.property.name };
}

const isTarget = (member: AnyNode, user: AnyNode): boolean =>
  user.type === "UpdateExpression" ||
  (user.type === "AssignmentExpression" && user.left === member) ||
  user.type === "ChainExpression";

function tableOf(module: Module, init: Expression): ReadonlyMap<string, Literal> | undefined {
  const table = frozenObject(init);
  if (table?.type !== "ObjectExpression") return undefined;
  const values = new Map<string, Literal>();
  for (const one of table.properties) {
    if (one.type !== "Property" || one.kind !== "init" || one.computed || one.method || one.shorthand) return undefined;
    const value = literalOf(module, one.value);
    if (one.key.type !== "Identifier" || value === undefined) return undefined;
    values.set(one.key.name, value);
  }
  return values;
}

function frozenObject(node: Expression): AnyNode | undefined {
  if (node.type !== "CallExpression" || node.arguments.length !== 1) return undefined;
  const { callee } = node;
  const isFreeze =
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    callee.object.name === "Object" &&
    callee.property.type === "Identifier" &&
    callee.property.name === "freeze";
  return isFreeze ? node.arguments[0] : undefined;
}

interface Literal {
  readonly text: string;
  /** Bytes of bytecode. */
  readonly size: number;
}

/** A number, text or truth value; a big number is made anew each time it is read, so it stays a variable. */
function literalOf({ text }: Module, node: Expression): Literal | undefined {
  if (node.type === "UnaryExpression" && (node.operator === "-" || node.operator === "!" || node.operator === "void")) {
    const inside = literalOf({ text } as Module, node.argument);
    return inside && { text: `(${node.operator} ${inside.text})`, size: inside.size + 1 };
  }
  if (node.type !== "Literal") return undefined;
  const { value } = node;
  if (typeof value === "number") return { text: `(${text.slice(node.start, node.end)})`, size: numberSize(value) };
  if (typeof value === "string")
    return { text: `${text.slice(node.start, node.end)}`, size: 3 + Buffer.byteLength(value) };
  return typeof value === "boolean" ? { text: String(value), size: 1 } : undefined;
}

function numberSize(value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > 0x7fffffff) return 9;
  return Math.abs(value) < 0x80 ? 2 : Math.abs(value) < 0x8000 ? 3 : 5;
}
