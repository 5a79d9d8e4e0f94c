import type { ScenarioResult } from "./run.ts";

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The results of scenarios in the XML that build servers read (JUnit): a test case a scenario, a class name a ground. */
export function junit(results: readonly ScenarioResult[]): string {
  const failures = results.filter(({ passed }) => !passed).length;
  const seconds = results.reduce((sum, result) => sum + secondsOf(result), 0);
  const totals = `tests="${results.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="xspos" ${totals}>`,
    ...results.flatMap(caseOf),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseOf(result: ScenarioResult): string[] {
  const { name, file, ground, failure } = result;
  const start = `    <testcase ${attributes({ name: name || file, classname: ground, file })} time="${secondsOf(result).toFixed(3)}"`;
  if (failure === undefined) return [`${start}/>`];
  const message = `step ${failure.step}: ${failure.message}`;
  const text = `${message}\nscreens: ${result.screens.join(" ")}`;
  return [
    `${start}>`,
    `      <failure ${attributes({ message, type: "ScenarioFailure" })}>${escaped(text)}</failure>`,
    "    </testcase>",
  ];
}

function secondsOf({ metrics }: ScenarioResult): number {
  return (metrics.realTimeMs ?? 0) / 1000;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value).replace(/\s+/g, " ")}"`)
    .join(" ");
}

/** XML 1.0 has no other control characters than tab and the ends of lines, escaped or not. */
function escaped(text: string): string {
  return [...text].map((sign) => escapes[sign] ?? (sign < " " && !"\t\n\r".includes(sign) ? "\ufffd" : sign)).join("");
}
