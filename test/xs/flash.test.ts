/** What a build's modules leave in flash is what the SDK's linker leaves there, and is counted so. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Metrics } from "../../simulator/runtime/xs/ground.ts";
import { grounds, runText } from "./grounds.ts";

const head = "export const kept = {}, a = [1], b = [2], c = [3], show = () => [a, b, c];";
const main = "export function main() { if (kept.length > 100) throw new Error(); }";

async function flashOf(ground: (typeof grounds)[number], text: string): Promise<Metrics["flash"]> {
  const { exit } = await runText(ground, `${head}\n${text}\n${main}`, { preload: true });
  assert.is(exit.reason, undefined);
  return exit.metrics!.flash;
}

for (const ground of grounds) {
  test(`${ground}: an asynchronous function is two slots, and many share the one that says where they are at home`, async () => {
    const one = await flashOf(ground, "kept.a = async function () {};");
    const four = await flashOf(
      ground,
      "kept.a = [async function () {}, async function () {}, async function () {}, async function () {}];",
    );
    assert.is(four.slots.functions - one.slots.functions, 3 * 2);
    assert.is(four.slots.environments, one.slots.environments);
  });

  test(`${ground}: a function that may be constructed takes three slots more, its prototype`, async () => {
    const method = await flashOf(ground, "kept.a = { a() {} }.a;");
    const declared = await flashOf(ground, "kept.a = { a: function () {} }.a;");
    assert.is(declared.slots.functions - method.slots.functions, 1);
    // The prototype takes two, the object that a method is at home in as well.
    assert.is(declared.slots.tables, method.slots.tables);
  });

  test(`${ground}: no function has a length or a name of its own`, async () => {
    const text = `export function main() {
      for (const one of [main, () => 1, class {}, Array.prototype.push])
        for (const key of ["length", "name"])
          if (Object.hasOwn(one, key)) throw new Error(key);
    }`;
    assert.is((await runText(ground, text, { preload: true })).exit.reason, undefined);
  });

  test(`${ground}: what a function sees of variables is a list of its own, of two slots and one a variable`, async () => {
    const none = await flashOf(ground, "kept.a = async function () {}; kept.b = async function () {};");
    const some = await flashOf(
      ground,
      "kept.a = async function () { return a; }; kept.b = async function () { return [a, b, c]; };",
    );
    assert.is(some.slots.environments - none.slots.environments, 2 + 1 + 2 + 3);
    const arrow = await flashOf(ground, "kept.a = async function () {}; kept.b = async () => {};");
    assert.is(arrow.slots.environments - none.slots.environments, 2 + 2, "an arrow also keeps this and new.target");
  });

  test(`${ground}: code that only the modules' start runs is not there any more`, async () => {
    const loop = "for (let i = 0; i < 100; i++) if (i === 99) kept.a = i * 3 + 1;";
    const none = await flashOf(ground, "kept.a = 1;");
    const start = await flashOf(ground, loop);
    assert.is(start.bytecode, none.bytecode);
    const later = await flashOf(ground, `kept.a = () => { ${loop} };`);
    assert.ok(later.bytecode > none.bytecode + 30, `${later.bytecode - none.bytecode}`);
  });

  test(`${ground}: a text that a table holds is in flash, one that only the modules' start reads is not`, async () => {
    const none = await flashOf(ground, 'kept.a = ["a", 0];');
    const held = await flashOf(ground, 'kept.a = ["a text of some length", 0]; kept.b = ["another one"].length;');
    assert.is(held.texts - none.texts, "a text of some length".length - 1);
  });

  test(`${ground}: a name is in flash once, with its text, and not where the engine has it anyway`, async () => {
    const none = await flashOf(ground, "kept.a = [{}, {}];");
    const known = await flashOf(ground, "kept.a = [{ length: 1 }, { push: 2 }];");
    const fresh = await flashOf(ground, "kept.a = [{ ownName: 1 }, { ownName: 2 }];");
    assert.is(known.slots.names, none.slots.names);
    assert.is(fresh.slots.names - none.slots.names, 1);
    assert.is(fresh.names - none.names, "ownName".length + 1);
  });
}

test.run();
