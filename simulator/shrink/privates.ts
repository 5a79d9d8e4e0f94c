import type { AnyNode, ClassBody } from "acorn";
import { Edits } from "./edits.ts";
import { childrenOf, readModule } from "./scopes.ts";

/**
 * Makes private members of classes ordinary ones with names that nothing else has. XS keeps a variable for each private name, which
 * each function that uses it sees in a slot of its own, and gives every private method to each instance anew. What keeps them private
 * is the source and its compiler; nothing in the firmware lists the properties of an instance.
 */
export function openPrivates(text: string): string {
  const { program } = readModule(text);
  const prefix = prefixOf(program);
  const edits = new Edits();
  let derived = 0;
  const visit = (node: AnyNode, outer: ReadonlyMap<string, string>): void => {
    let names = outer;
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") {
      // A class that extends another has names of its own: the other one's may be the same.
      const suffix = node.superClass ? `_${derived++}` : "";
      names = new Map([
        ...outer,
        ...privateNames(node.body).map((name) => [name, `${prefix}${name}${suffix}`] as const),
      ]);
    }
    if (node.type === "BinaryExpression" && node.left.type === "PrivateIdentifier")
      throw new Error(`#${node.left.name} in an object is not asked here`);
    if (node.type === "PrivateIdentifier") edits.replace(node, names.get(node.name)!);
    for (const child of childrenOf(node)) visit(child, names);
  };
  visit(program, new Map());
  return edits.apply(text);
}

const privateNames = ({ body }: ClassBody): string[] =>
  body.flatMap((member) => ("key" in member && member.key.type === "PrivateIdentifier" ? [member.key.name] : []));

/** What no name of a property begins with. */
function prefixOf(program: AnyNode): string {
  let prefix = "_";
  const visit = (node: AnyNode): void => {
    if (node.type === "Identifier") while (node.name.startsWith(prefix)) prefix += "_";
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return prefix;
}
