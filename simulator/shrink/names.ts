import type { AnyNode } from "acorn";
import { Edits } from "./edits.ts";
import { type Binding, childrenOf, type Module, readModule } from "./scopes.ts";
import { replaceReference } from "./top-level.ts";

const RESERVED = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function get if implements import in instanceof interface let new null of package private protected public return set static super " +
    "switch this throw true try typeof undefined var void while with yield NaN Infinity globalThis"
  ).split(" "),
);

/**
 * Gives the variables of a module names that are in flash anyway, as those of properties are: XS keeps each name in a slot, with its
 * text. Where there are more variables than such names, the others get short ones.
 */
export function shareNames(text: string): string {
  const module = readModule(text);
  const { top, free, inner } = module;
  const pool = new Set(propertyNames(module.program));
  for (const taken of [RESERVED, free, inner]) for (const name of taken) pool.delete(name);
  // A variable with a name of the pool keeps it.
  const bindings = [...top.bindings.values()].filter((binding) => !pool.delete(binding.name));
  const edits = new Edits();
  const names = pool.values();
  // What a function calls its own hides a variable of the module from it.
  const isOther = (name: string): boolean => top.bindings.has(name) || inner.has(name) || free.has(name);
  let short = 0;
  for (const binding of bindings) {
    const next = names.next();
    let name = next.done === true ? undefined : next.value;
    while (name === undefined || isOther(name)) name = `$${(short++).toString(36)}`;
    rename(module, binding, name, edits);
  }
  return edits.apply(text);
}

function rename(module: Module, { declarations, references }: Binding, name: string, edits: Edits): void {
  for (const node of [...declarations, ...references.map(({ node }) => node)]) {
    const user = module.parents.get(node)!;
    if (user.type === "ExportSpecifier") edits.replace(user, `${name} as ${textOf(user.exported)}`);
    else if (user.type === "ImportSpecifier") edits.replace(user, `${textOf(user.imported)} as ${name}`);
    else replaceReference(module, node, name, edits);
  }
}

const textOf = (node: AnyNode): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? JSON.stringify(node.value) : "";

function propertyNames(node: AnyNode, names = new Set<string>()): ReadonlySet<string> {
  const key =
    node.type === "MemberExpression" && !node.computed
      ? node.property
      : (node.type === "Property" || node.type === "MethodDefinition" || node.type === "PropertyDefinition") &&
          !node.computed
        ? node.key
        : undefined;
  if (key?.type === "Identifier") names.add(key.name);
  for (const child of childrenOf(node)) propertyNames(child, names);
  return names;
}
