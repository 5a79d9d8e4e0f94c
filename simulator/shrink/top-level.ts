/** What several steps ask about the variables of a module's own scope. */
import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  VariableDeclaration,
  VariableDeclarator,
} from "acorn";
import type { Edits } from "./edits.ts";
import { type Binding, isFunction, type Module } from "./scopes.ts";

/** The one declarator `name = value` that makes a variable which nothing else writes and nobody outside sees. */
export function onlyValue({ top, parents, program }: Module, binding: Binding): VariableDeclarator | undefined {
  const [name, more] = binding.declarations;
  if (binding.scope !== top || name === undefined || more !== undefined || isWrittenLater(binding)) return undefined;
  const declarator = parents.get(name)!;
  if (declarator.type !== "VariableDeclarator" || declarator.id !== name || !declarator.init) return undefined;
  const isTop = parents.get(parents.get(declarator)!) === program;
  return isTop && !isExported({ parents }, binding) ? declarator : undefined;
}

export const isWrittenLater = ({ references }: Binding): boolean => references.some(({ written }) => written);

export const isExported = ({ parents }: Pick<Module, "parents">, { references }: Binding): boolean =>
  references.some(({ node }) => parents.get(node)!.type === "ExportSpecifier");

/** How many functions see a variable: each has a slot for it. */
export function functionsThatSee({ parents }: Module, nodes: readonly AnyNode[]): number {
  const functions = new Set<AnyNode>();
  for (const node of nodes)
    for (let at = parents.get(node); at !== undefined; at = parents.get(at)) if (isFunction(at)) functions.add(at);
  return functions.size;
}

/** Takes declarators out of their statements, and statements that are left with none. */
export function removeDeclarators({ parents }: Module, removed: ReadonlySet<VariableDeclarator>, edits: Edits): void {
  const statements = new Set(Array.from(removed, (one) => parents.get(one) as VariableDeclaration));
  for (const statement of statements) {
    const { declarations } = statement;
    if (declarations.every((one) => removed.has(one))) {
      edits.replace(statement, "");
      continue;
    }
    const lastKept = declarations.findLastIndex((one) => !removed.has(one));
    for (const [index, one] of declarations.entries()) {
      if (!removed.has(one)) continue;
      if (index < lastKept) edits.replace({ start: one.start, end: declarations[index + 1]!.start }, "");
      else edits.replace({ start: declarations[index - 1]!.end, end: one.end }, "");
    }
  }
}

/** Puts an expression's text where a variable was named, whole and with the property's name where that was the variable's. */
export function replaceReference(
  { parents }: Module,
  node: AnyNode & { name: string },
  text: string,
  edits: Edits,
): void {
  const parent = parents.get(node)!;
  const shorthand = parent.type === "Property" && parent.shorthand;
  edits.replace(node, shorthand ? `${node.name}:${text}` : text);
}

export type FunctionNode =
  | AnonymousFunctionDeclaration
  | FunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression;

export interface Found {
  readonly node: FunctionNode;
  readonly declarator: VariableDeclarator | undefined;
}

/** The function that a variable of the module is for good, as a declaration of its own or a value. */
export function functionWith(module: Module, binding: Binding): Found | undefined {
  const declarator = onlyValue(module, binding);
  if (declarator !== undefined) {
    const node = declarator.init!;
    const isOne = node.type === "ArrowFunctionExpression" || (node.type === "FunctionExpression" && node.id === null);
    return isOne && !node.generator ? { node, declarator } : undefined;
  }
  const [name, more] = binding.declarations;
  const node = name && module.parents.get(name);
  if (more !== undefined || node?.type !== "FunctionDeclaration" || module.parents.get(node) !== module.program)
    return undefined;
  return node.generator || isWrittenLater(binding) || isExported(module, binding)
    ? undefined
    : { node, declarator: undefined };
}
