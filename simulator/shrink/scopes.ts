/** Which name means which variable: the scopes of one module that esbuild made, in which strict mode rules and `with` and `eval` do not occur. */
import { type AnyNode, type Identifier, type Pattern, type Program, parse } from "acorn";

/** A variable, with all places that name it; `declarations` are those that make it. */
export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly declarations: Identifier[];
  readonly references: Reference[];
}

/** A place that names a variable; `written` where it may get another value there. */
export interface Reference {
  readonly node: Identifier;
  readonly written: boolean;
}

export interface Scope {
  readonly outer: Scope | undefined;
  /** Where `var` goes: a function's scope or the module's. */
  readonly holdsVar: boolean;
  readonly bindings: Map<string, Binding>;
}

export interface Module {
  readonly text: string;
  readonly program: Program;
  readonly parents: ReadonlyMap<AnyNode, AnyNode>;
  /** The variable that a place names, where the module declares it. */
  readonly named: ReadonlyMap<AnyNode, Binding>;
  /** The module's own scope. */
  readonly top: Scope;
  /** Names that the module uses and does not declare. */
  readonly free: ReadonlySet<string>;
  /** Names that are declared in a scope inside of the module's own. */
  readonly inner: ReadonlySet<string>;
}

type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;
export const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";

/** The nodes right below one. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === "object" && one !== null && typeof (one as AnyNode).type === "string")
        children.push(one as AnyNode);
  }
  return children;
}

/** Reads a module. Throws acorn's `SyntaxError`. */
export function readModule(text: string): Module {
  const program = parse(text, { ecmaVersion: 2022, sourceType: "module" });
  const reader = new Reader(program);
  return { text, program, ...reader.read() };
}

const newScope = (outer: Scope | undefined, holdsVar: boolean): Scope => ({ outer, holdsVar, bindings: new Map() });

class Reader {
  readonly #program: Program;
  readonly #parents = new Map<AnyNode, AnyNode>();
  readonly #named = new Map<AnyNode, Binding>();
  readonly #top = newScope(undefined, true);
  readonly #free = new Set<string>();
  readonly #inner = new Set<string>();
  readonly #declared = new Set<AnyNode>();
  /** Found first and resolved when all scopes are known: a function is used above its declaration. */
  readonly #found: [node: Identifier, scope: Scope, written: boolean][] = [];

  constructor(program: Program) {
    this.#program = program;
  }

  read(): Omit<Module, "text" | "program"> {
    this.#visitChildren(this.#program, this.#top);
    for (const [node, scope, written] of this.#found) this.#resolve(node, scope, written);
    return { parents: this.#parents, named: this.#named, top: this.#top, free: this.#free, inner: this.#inner };
  }

  #resolve(node: Identifier, from: Scope, written: boolean): void {
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.outer) {
      const binding = scope.bindings.get(node.name);
      if (binding === undefined) continue;
      binding.references.push({ node, written });
      this.#named.set(node, binding);
      return;
    }
    this.#free.add(node.name);
  }

  #declare(node: Identifier, scope: Scope): void {
    this.#declared.add(node);
    if (scope !== this.#top) this.#inner.add(node.name);
    const known = scope.bindings.get(node.name);
    if (known === undefined)
      scope.bindings.set(node.name, { name: node.name, scope, declarations: [node], references: [] });
    else known.declarations.push(node);
  }

  #declareAll(pattern: Pattern, scope: Scope): void {
    for (const node of namesOf(pattern)) this.#declare(node, scope);
  }

  #visitChildren(node: AnyNode, scope: Scope): void {
    for (const child of childrenOf(node)) {
      this.#parents.set(child, node);
      this.#visit(child, scope);
    }
  }

  #visit(node: AnyNode, scope: Scope): void {
    if (isFunction(node)) {
      this.#visitFunction(node, scope);
      return;
    }
    switch (node.type) {
      case "VariableDeclaration":
        for (const { id } of node.declarations) this.#declareAll(id, node.kind === "var" ? varScope(scope) : scope);
        break;
      case "ClassDeclaration":
        if (node.id !== null) this.#declare(node.id, scope);
        break;
      case "ImportSpecifier":
      case "ImportDefaultSpecifier":
      case "ImportNamespaceSpecifier":
        this.#declare(node.local, scope);
        break;
      case "Identifier":
        if (!this.#declared.has(node) && isReference(node, this.#parents))
          this.#found.push([node, scope, isWritten(node, this.#parents)]);
        return;
      default:
    }
    this.#visitChildren(node, this.#scopeOf(node, scope));
  }

  /** The scope of what is inside of a node. */
  #scopeOf(node: AnyNode, scope: Scope): Scope {
    switch (node.type) {
      case "BlockStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "SwitchStatement":
        return newScope(scope, false);
      case "StaticBlock":
        return newScope(scope, true);
      case "ClassExpression": {
        const inside = newScope(scope, false);
        if (node.id) this.#declare(node.id, inside);
        return inside;
      }
      case "CatchClause": {
        const inside = newScope(scope, false);
        if (node.param) this.#declareAll(node.param, inside);
        return inside;
      }
      default:
        return scope;
    }
  }

  #visitFunction(node: FunctionNode, scope: Scope): void {
    if (node.type === "FunctionDeclaration" && node.id !== null) this.#declare(node.id, scope);
    const inside = newScope(scope, true);
    if (node.type === "FunctionExpression" && node.id) this.#declare(node.id, inside);
    for (const parameter of node.params) this.#declareAll(parameter, inside);
    for (const child of childrenOf(node)) {
      this.#parents.set(child, node);
      // A function's body has the scope of its parameters.
      if (child === node.body && child.type === "BlockStatement") this.#visitChildren(child, inside);
      else this.#visit(child, inside);
    }
  }
}

function varScope(scope: Scope): Scope {
  let at = scope;
  while (!at.holdsVar && at.outer !== undefined) at = at.outer;
  return at;
}

/** The names that a pattern makes. */
export function namesOf(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => namesOf(one.type === "RestElement" ? one.argument : one.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((one) => (one === null ? [] : namesOf(one)));
    case "RestElement":
      return namesOf(pattern.argument);
    case "AssignmentPattern":
      return namesOf(pattern.left);
    default:
      return [];
  }
}

/** Whether an identifier names a variable: not a property, a label or a name outside. */
export function isReference(node: Identifier, parents: ReadonlyMap<AnyNode, AnyNode>): boolean {
  const parent = parents.get(node)!;
  switch (parent.type) {
    case "MemberExpression":
      return parent.computed || parent.object === node;
    case "Property":
      return parent.computed || parent.value === node;
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.computed || parent.value === node;
    case "ExportSpecifier":
      return parent.local === node;
    case "ImportSpecifier":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return false;
    default:
      return true;
  }
}

/** Whether a variable gets a value where it is named. */
function isWritten(node: AnyNode, parents: ReadonlyMap<AnyNode, AnyNode>): boolean {
  const parent = parents.get(node)!;
  switch (parent.type) {
    case "UpdateExpression":
      return true;
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return parent.left === node;
    case "AssignmentPattern":
      return parent.left === node && isWritten(parent, parents);
    case "ArrayPattern":
    case "ObjectPattern":
    case "RestElement":
      return isWritten(parent, parents);
    case "Property":
      return parent.value === node && parents.get(parent)!.type === "ObjectPattern" && isWritten(parent, parents);
    default:
      return false;
  }
}
