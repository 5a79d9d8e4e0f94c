import { test } from "uvu";
import * as assert from "uvu/assert";
import { junit } from "../../simulator/scenario/junit.ts";
import type { ScenarioResult } from "../../simulator/scenario/run.ts";

const good: ScenarioResult = {
  name: 'A sale & a "void"',
  file: "test/flow/a.yaml",
  ground: "node",
  passed: true,
  screens: ["idle"],
  receipts: [],
  host: [],
  ledger: {},
  journal: [],
  virtualTimeMs: 10,
  metrics: { realTimeMs: 1234.5 },
};
const bad: ScenarioResult = {
  ...good,
  name: "B",
  passed: false,
  failure: { step: 3, message: "expected <approved>\nbut \u0001 came" },
};

test("a build server is told of each scenario, and of what failed where", () => {
  assert.is(
    junit([good, bad]),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" skipped="0" time="2.469">
  <testsuite name="xspos" tests="2" failures="1" errors="0" skipped="0" time="2.469">
    <testcase name="A sale &amp; a &quot;void&quot;" classname="node" file="test/flow/a.yaml" time="1.234"/>
    <testcase name="B" classname="node" file="test/flow/a.yaml" time="1.234">
      <failure message="step 3: expected &lt;approved&gt; but \ufffd came" type="ScenarioFailure">step 3: expected &lt;approved&gt;
but \ufffd came
screens: idle</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test("a scenario that could not be read has its file for a name", () => {
  assert.match(junit([{ ...bad, name: "" }]), /testcase name="test\/flow\/a.yaml"/);
});

test.run();
