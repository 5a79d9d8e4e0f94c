import type { AnyNode, VariableDeclarator } from "acorn";
import { Edits } from "./edits.ts";
import { type Binding, childrenOf, isFunction, type Module, readModule } from "./scopes.ts";
import { type FunctionNode, functionWith, removeDeclarators } from "./top-level.ts";

/**
 * Makes a module's functions in the form that takes least flash. XS gives a function that may be constructed a prototype (three slots)
 * and an arrow function `this` and `new.target` (two slots, four where it sees no variable); a method has neither. So functions
 * that need none of that become methods of one object, which loses them as soon as each has its name: they stay what they are,
 * functions of the module. Asynchronous functions need nothing to begin with, but for arrow functions.
 */
export function shareMethods(text: string): string {
  const module = readModule(text);
  const edits = new Edits();
  const removed = new Set<VariableDeclarator>();
  const methods: string[] = [];
  const names: string[] = [];
  const asynchronous: string[] = [];
  for (const binding of module.top.bindings.values()) {
    const found = functionWith(module, binding);
    if (found === undefined || isConstructed(module, binding) || seesItsOwnThis(found.node)) continue;
    const { node, declarator } = found;
    if (declarator === undefined) {
      if (node.async) continue;
      edits.replace(node, "");
    } else removed.add(declarator);
    const method = methodOf(text, binding.name, node);
    if (node.async) asynchronous.push(`async function ${method}`);
    else {
      methods.push(method);
      names.push(binding.name);
    }
  }
  removeDeclarators(module, removed, edits);
  const holder = freeName(module);
  const group = [
    `const ${holder}={${methods.join(",\n")}},{${names.join(",")}}=${holder};`,
    `for(const value of Reflect.ownKeys(${holder}))delete ${holder}[value];`,
    `Object.freeze(${holder});`,
  ];
  return [...(names.length === 0 ? [] : group), ...asynchronous, edits.apply(text)].join("\n");
}

/** `{ name: () => value }` as `{ name() { return value } }`, wherever it is. */
export function arrowsAsMethods(text: string): string {
  const edits = new Edits();
  const visit = (node: AnyNode): void => {
    if (node.type === "Property" && node.kind === "init" && !node.method && !node.shorthand) {
      const { value } = node;
      if (value.type === "ArrowFunctionExpression" && !seesItsOwnThis(value) && !value.params.some(hasFunction)) {
        const key = text.slice(node.start, value.start).replace(/\s*:\s*$/, "");
        const { body } = value;
        const isBlock = body.type === "BlockStatement";
        edits.replace(
          { start: node.start, end: body.start },
          `${methodHead(text, key, value)}${isBlock ? "" : "{return "}`,
        );
        edits.replace({ start: body.end, end: value.end }, isBlock ? "" : "}");
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(readModule(text).program);
  return edits.apply(text);
}

const hasFunction = (node: AnyNode): boolean => isFunction(node) || childrenOf(node).some(hasFunction);

function methodHead(text: string, key: string, { params, async }: FunctionNode): string {
  const list = params.map(({ start, end }) => text.slice(start, end)).join(",");
  return `${async ? "async " : ""}${key}(${list})`;
}

/** Name, parameters and body as a method has them. */
function methodOf(text: string, name: string, node: FunctionNode): string {
  const inside = text.slice(node.body.start, node.body.end);
  return `${methodHead(text, name, { ...node, async: false })}${node.body.type === "BlockStatement" ? inside : `{return ${inside}}`}`;
}

/** Whether a function is used as a class. */
function isConstructed({ parents }: Module, { references }: Binding): boolean {
  return references.some(({ node }) => {
    const user = parents.get(node)!;
    switch (user.type) {
      case "NewExpression":
        return user.callee === node;
      case "ClassDeclaration":
      case "ClassExpression":
        return user.superClass === node;
      case "BinaryExpression":
        return user.operator === "instanceof" && user.right === node;
      case "MemberExpression":
        return user.object === node;
      default:
        return false;
    }
  });
}

/** Whether a function's own `this`, `arguments` or `new.target` is used: that of an arrow function inside is, that of a class inside may be. */
const seesItsOwnThis = (node: FunctionNode): boolean => childrenOf(node).some(usesThis);

function usesThis(node: AnyNode): boolean {
  if (node.type === "ThisExpression" || node.type === "Super" || node.type === "MetaProperty") return true;
  if (node.type === "Identifier") return node.name === "arguments";
  if (isFunction(node) && node.type !== "ArrowFunctionExpression") return false;
  if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return true;
  return childrenOf(node).some(usesThis);
}

function freeName({ top, free, inner }: Module): string {
  let name = "methods";
  while (top.bindings.has(name) || free.has(name) || inner.has(name)) name += "_";
  return name;
}
