/** The firmware as a device has it in flash does what its sources say, and takes less. */
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shortened, shrink } from "../../simulator/shrink/shrink.ts";
import { grounds, runText } from "./grounds.ts";

/** Everything that a step could take for something else; `main` tells what each part said. */
const tricky = `
  const NUMBER = 12, NEGATIVE = -3, TEXT = "short", LONG = "${"a long text ".repeat(20)}", BIG = 5n;
  const Registers = Object.freeze({ status: 0x10, mode: -2, name: "m", on: true });
  const Dynamic = Object.freeze({ a: 1, b: 2 });
  const Spread = Object.freeze({ first: 1 });
  const early = later(2);
  function later(x) { return x * NUMBER + declared(x); }
  function declared(x) { return x; }
  function Old(value) { this.value = value; }
  function Bare() {}
  function asked() {}
  asked.counter = 7;
  function counted() { return arguments.length; }
  function* generated() { yield NUMBER; yield* [NEGATIVE, TEXT]; }
  const arrow = (x, { y = NUMBER, ...rest } = {}) => ({ x, y, rest });
  const expression = function (x) { return x === 0 ? "end" : expression(x - 1); };
  const named = function self(x) { return x === 0 ? "own" : self(x - 1); };
  const slow = async (x) => (await x) + 1;
  async function slower(x) { return (await slow(x)) * 2; }
  let changing = 1;
  function change() { changing += 1; return changing; }
  var written = 1; written = 2;
  class Base { #secret = 4; static made = 4; constructor() {} read() { return this.#secret; } has = () => this.#secret; }
  class More extends Base { #secret = 40; #told() { return this.#secret; } get #half() { return this.#told() / 2; } set #half(x) { this.#secret = x * 2; }
    own() { this.#half += 1; return [this.#half, (() => this.#told())(), new (class { #secret = 7; _secret = 8; read(other) { return [this.#secret, this._secret]; } })().read()]; } read() { return super.read() + 1; } get twice() { return this.read() * 2; } set twice(x) { this.x = x; } }
  const handlers = Object.freeze({ plus: (a, b) => a + b, "two words": (a) => a, async later() { return 3; }, soon: async (a) => a, nested: () => ({ inner: (x) => x + NUMBER }), [TEXT]: () => "computed" });
  const self = { value: 9, method() { return (() => this.value)(); }, arrow: () => typeof this };
  const chain = (o) => o?.status ?? Registers.status;
  const shadow = (NUMBER) => NUMBER + 1;
  const destructured = ({ status, mode: renamed } = Registers) => [status, renamed];
  const label = () => { outer: for (const a of [1, 2]) for (const b of [1, 2]) { if (b === 2) continue outer; if (a === 2) break outer; } return "label"; };
  const caught = () => { try { throw new Error(TEXT); } catch ({ message }) { return message; } };
  let noted;
  function note(value) { noted.push(value); return value; }
  const lengthened = (x) => x.length + NUMBER;
  const turned = (x, y) => [y, x];
  const twice = (x) => x + x;
  const perhaps = (x, y) => (x ? y : 0);
  const spelt = (changing_, y) => ({ changing_, y, NUMBER });
  const called = (f) => f(1);
  const asMember = (f) => f.call(self, 1);
  const afterChange = (x) => change() + x;
  const deep = (x) => lengthened(x) * 2;
  const deeper = (x, y) => deep(x) + y;
  const truth = (x) => !x.empty && x.size > 2;
  const shorts = (list, local) => [
    lengthened(note("abc")), turned(note(1), note(2)), turned(3, local), twice(note(4)), twice(local), perhaps(local, note(5)), perhaps(0, 6),
    spelt(local, 7), called(note), called((x) => x + 1), asMember(self.method), afterChange(changing), deep("ab"), deeper("abc", local),
    truth({ size: 3 }), !truth({ empty: true }), typeof truth(list), list.map((one) => lengthened(one)), lengthened(list[0]) ** 2, [...turned(...list)],
  ];
  const { plus: taken, ...others } = handlers;
  const [one, , three = NUMBER] = [1, 2];
  export async function main() {
    const NUMBER_ = NUMBER;
    const shorthand = { NUMBER, TEXT, NEGATIVE, on: Registers.on };
    written++;
    noted = [];
    return JSON.stringify([
      early, NUMBER_, shorthand, -NEGATIVE, 2 ** NEGATIVE, NUMBER.toString(16), TEXT.length, LONG.length, String(BIG),
      Registers.status, Registers.mode, Registers.name, Dynamic[TEXT.length > 3 ? "a" : "b"], { ...Spread },
      new Old(3).value, new Old(1) instanceof Old, new Bare() instanceof Bare, typeof Bare.prototype, asked.counter, counted(1, 2, 3), [...generated()],
      arrow(1), arrow(1, { y: 2, z: 3 }), expression(3), named(3), await slow(1), await slower(1), change(), change(), written,
      new Base().read(), new More().read(), new More().twice, new More().has(), Base.made, new More().own(),
      handlers.plus(1, 2), handlers["two words"](4), await handlers.later(), await handlers.soon(5), handlers.nested().inner(1), handlers.short(),
      self.method(), self.arrow(), chain(null), chain({ status: 1 }), shadow(1), destructured(), destructured({ status: 0 }), label(), caught(),
      shorts(["x", "yy"], 9), noted, taken(3, 4), Object.keys(others), one, three, \`\${NUMBER} \${Registers.name}\`, typeof later, [declared, arrow].map((f) => f(2)),
    ]);
  }`;

async function bundled(text: string): Promise<string> {
  const options = { bundle: true, format: "esm", platform: "neutral", target: "es2022", write: false } as const;
  const made = await build({
    stdin: { contents: text, loader: "js" },
    ...options,
    ...shortened,
    pure: [...shortened.pure],
  });
  return made.outputFiles[0]!.text;
}

/** Each time a module of its own: Node remembers what it has imported by the address. */
let imports = 0;
const imported = (text: string) => import(`data:text/javascript,${encodeURIComponent(`${text}\n//${imports++}`)}`);

test("a shrunk module does what the module does", async () => {
  const expected = await (await imported(tricky)).main();
  const small = shrink(await bundled(tricky));
  assert.is(await (await imported(small)).main(), expected);
  assert.is(await (await imported(shrink(small))).main(), expected, "and once more");
});

test("no variable of a module gets the name of a function's own, which would hide it", async () => {
  const functions = Array.from(
    { length: 40 },
    (_, index) => `function f${index}(x) { return x < 0 ? [f${index}] : x + ${index}; }`,
  );
  // Names as those that are left when no property lends one, as a function's own.
  const own = Array.from({ length: 40 }, (_, index) => `$${index.toString(36)}`);
  const text = `${functions.join("\n")}
    function told(x) { const ${own.map((name, index) => `${name} = f${index}(x)`).join(", ")}; return [${own.join()}]; }
    export { told as main };`;
  const expected = (await imported(text)).main(1);
  assert.equal((await imported(shrink(text))).main(1), expected);
});

test("a class that asks whether an object is its own cannot be shrunk, and is named", () => {
  const text = "export class One { #own = 1; static is(other) { return #own in other; } }";
  assert.throws(() => shrink(text), /#own/);
});

for (const ground of grounds) {
  test(`${ground}: a shrunk module does what the module does`, async () => {
    const expected = await (await imported(tricky)).main();
    const text = `${tricky.replace("async function main", "async function told")}
      import { print } from "xspos:host";
      export function main() { void told().then(print); }`;
    for (const shrunk of [false, true])
      assert.equal((await runText(ground, text, { preload: true, shrunk })).lines, [expected]);
  });

  test(`${ground}: functions, constants and names take less flash when they are shrunk`, async () => {
    const indexes = Array.from({ length: 20 }, (_, index) => index);
    const text = `
      const LIMIT = 12, NAME = "name";
      ${indexes.map((i) => `function function${i}(value) { return value.property${i} > LIMIT ? NAME : value[NAME]; }`).join("\n")}
      export const kept = Object.freeze([${indexes.map((i) => `function${i}`).join()}]);
      export function main() { if (kept.length > 100) throw new Error(); }`;
    const flash = async (shrunk: boolean) =>
      (await runText(ground, text, { preload: true, shrunk })).exit.metrics!.flash;
    const plain = await flash(false);
    const small = await flash(true);
    assert.is(plain.slots.functions - small.slots.functions, 20 + 19, "prototypes, and homes but for one");
    assert.is(plain.slots.tables - small.slots.tables, 20 * 2 - 1, "their prototypes, less the one object they share");
    assert.is(plain.slots.environments - small.slots.environments, 20 * 4, "two constants and nothing else to see");
    assert.is(plain.slots.variables - small.slots.variables, 2);
    assert.ok(small.slots.names <= plain.slots.names - 20, `${small.slots.names} ${plain.slots.names}`);
    assert.ok(small.bytecode <= plain.bytecode + 20 * 9, `${small.bytecode} ${plain.bytecode}`);
  });
}

test.run();
