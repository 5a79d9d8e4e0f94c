import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { XsGround } from "../../simulator/runtime/xs/bundle.ts";
import { startChecker } from "../../simulator/runtime/xs/checker.ts";
import { grounds, runText } from "./grounds.ts";

const language = fileURLToPath(new URL("fixtures/language.ts", import.meta.url));

async function answerOf(ground: "node" | XsGround): Promise<unknown> {
  const checker = await startChecker(language, ground);
  const answer = await checker.ask("hello, 世界");
  await checker.close();
  return answer;
}

const onNode = await answerOf("node");

for (const ground of grounds) {
  test(`${ground} speaks the same language as Node`, async () => {
    assert.equal(await answerOf(ground), onNode);
  });

  test(`${ground} freezes the built-ins`, async () => {
    const text = `
      import { print } from "xspos:host";
      const attempts = [
        () => { Array.prototype.at = () => 1; },
        () => { JSON.parse = null; },
        () => { Object.getPrototypeOf(function* () {}).prototype.next = null; },
        () => { Promise.prototype.then.name2 = 1; },
        () => { delete Array.prototype.map; },
      ];
      export function main() {
        print(attempts.map((attempt) => { try { attempt(); return "patched"; } catch (error) { return error.name; } }).join());
      }`;
    const { lines } = await runText(ground, text);
    assert.equal(lines, ["TypeError,TypeError,TypeError,TypeError,TypeError"]);
  });

  test(`${ground} has no parser at run time, as the device has none`, async () => {
    const text = `
      import { print } from "xspos:host";
      export function main() {
        try { (0, eval)("1 + 1"); print("evaluated"); } catch (error) { print(error.name); }
        try { new Function("return 1"); print("evaluated"); } catch (error) { print(error.name); }
      }`;
    const { lines } = await runText(ground, text);
    assert.equal(lines, ["SyntaxError", "SyntaxError"]);
  });

  test(`${ground} calls what main returns until it says false, and runs promise jobs in between`, async () => {
    const text = `
      import { print } from "xspos:host";
      export function main() {
        let turns = 3;
        return () => { Promise.resolve().then(() => print("job " + turns)); print("turn " + turns); return --turns > 0; };
      }`;
    const { exit, lines } = await runText(ground, text);
    assert.equal(lines, ["turn 3", "job 2", "turn 2", "job 1", "turn 1", "job 0"]);
    assert.is(exit.status, 0);
    assert.is(exit.reason, undefined);
  });
}

test("a checker's error reaches the one who asked, and the next question is answered", async () => {
  for (const ground of ["node", ...grounds] as const) {
    const failing = fileURLToPath(new URL("fixtures/failing.ts", import.meta.url));
    const checker = await startChecker(failing, ground);
    const answers = await Promise.allSettled([checker.ask(-1), checker.ask(4), checker.ask(Uint8Array.of(1, 2))]);
    const [refused, root, bytes] = answers;
    assert.is(refused?.status === "rejected" && refused.reason.message, "no root of -1", ground);
    assert.is(root?.status === "fulfilled" && root.value, 2, ground);
    assert.equal(
      bytes?.status === "fulfilled" && Uint8Array.from(bytes.value as Uint8Array),
      Uint8Array.of(2, 1),
      ground,
    );
    await checker.close();
  }
});

test("wrong source is an error with the line", async () => {
  const [ground] = grounds;
  if (ground === undefined) return;
  try {
    await runText(ground, "export function main() {\n  let 1;\n}");
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /2:6/);
  }
});

test.run();
