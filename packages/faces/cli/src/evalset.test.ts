/** Walks through `colophon evalset` as people and scripts do. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld } from "./cli-world.fixture.ts";

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const CASES = [
  '{"id":"a","variables":{"ticket":"I was charged twice"},"expected":"billing","split":"test","tags":["money"]}',
  '{"id":"b","variables":{"ticket":"The app crashes"},"expected":"bug","split":"dev"}',
].join("\n");

async function importCases(): Promise<void> {
  world.write("cases.jsonl", CASES);
  const { code, err } = await world.run([
    "evalset",
    "import",
    "cases.jsonl",
    "--name",
    "triage",
    "--owner",
    "ada",
  ]);
  expect([code, err]).toEqual([0, ""]);
}

test("imports a set, lists it, shows it and exports it again", async () => {
  world.write("cases.jsonl", CASES);
  const imported = await world.run([
    "evalset",
    "import",
    "cases.jsonl",
    "--name",
    "triage",
    "--refresh-days",
    "30",
    "--json",
  ]);
  expect(imported.json()).toMatchObject({
    name: "triage",
    version: 1,
    cases: { dev: 1, test: 1 },
    refreshDays: 30,
    created: true,
    unchanged: false,
    change: { added: ["a", "b"], changed: [], removed: [], movedToTest: [] },
    unmapped: [],
    added: false,
  });
  expect((await world.run(["evalset", "list", "--json"])).rows()).toMatchObject([
    { name: "triage", version: 1, prompts: [] },
  ]);
  expect((await world.run(["evalset", "list"])).out).toMatch(/^triage@v1 .* 1 {5}1 /m);
  const shown = await world.run(["evalset", "show", "triage@v1"]);
  expect(shown.out).toContain("scorers  exact");
  expect(shown.out).toMatch(/^money +0 +1$/m);
  expect(shown.out).toMatch(/^a +test +money +– +billing +\{"ticket":"I was charged twice"\}$/m);
  for (const file of ["out.yaml", "out.csv", "out.jsonl"]) {
    expect((await world.run(["evalset", "export", "triage", "-o", file])).code).toBe(0);
    const again = await world.run(["evalset", "import", file, "--name", "triage", "--json"]);
    expect(again.json()).toMatchObject({ version: 1, unchanged: true });
  }
  const printed = await world.run(["evalset", "export", "triage", "--format", "csv"]);
  expect(printed.out).toMatch(/^id,split,tags,cluster,expected,scorers,provenance,ticket\r\n/);
  expect(printed.err).toContain("The file is without the scorers of the set");
});

test("says what of a promptfoo file was not taken in, on stderr and in JSON", async () => {
  world.write(
    "promptfoo.yaml",
    "tests:\n  - vars: {ticket: a}\n    metadata: {split: test}\n    assert: [{type: equals, value: bug}, {type: javascript, value: x}]\n",
  );
  const ran = await world.run(["evalset", "import", "promptfoo.yaml", "--name", "triage", "--json"]);
  expect(ran.code).toBe(0);
  expect(ran.json()).toMatchObject({
    unmapped: [{ test: "test 1 (line 2)", assertion: "assertion 2 (javascript)", instead: null }],
  });
  expect(ran.err).toMatch(
    /^Not taken in: test 1 \(line 2\), assertion 2 \(javascript\): code is not taken in/,
  );
});

test("refuses bad input with exit code 2 and records nothing", async () => {
  await importCases();
  world.write("bad.jsonl", `${CASES}\n{"variables":{"ticket":"a"},"splitt":"dev"}\n{`);
  world.write("dev.csv", "ticket,__expected,split\na,b,dev\n");
  world.write("cases.txt", CASES);
  for (const [args, message] of [
    [["bad.jsonl"], 'line 3: "splitt" is no field here; did you mean "split"?; line 4: it is no JSON'],
    [["dev.csv"], "none of its 1 cases is in the test split"],
    [["cases.txt"], "cases.txt has no ending that says its format; add --format."],
    [["missing.jsonl"], "missing.jsonl is not there"],
    [["cases.jsonl", "--split", "half"], '--split takes auto or given, not "half".'],
    [["cases.jsonl", "--test-share", "0"], "--test-share takes a share above 0"],
    [
      ["cases.jsonl", "--scorer", "exakt"],
      'the scorers of the set: There is no scorer "exakt": did you mean exact?',
    ],
    [["cases.jsonl", "--refresh-days", "soon"], "--refresh-days takes a whole number"],
    [["cases.jsonl", "--prompt", "nobody"], "There is no prompt nobody"],
  ] as const) {
    const ran = await world.run(["evalset", "import", ...args, "--name", "triage"]);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    expect(ran.err).toContain(message);
  }
  expect((await world.run(["evalset", "list", "--json"])).rows()).toMatchObject([{ version: 1 }]);
  expect((await world.run(["evalset", "show", "triag"])).err).toContain("did you mean triage?");
  expect((await world.run(["evalset", "show", "triage@v2"])).code).toBe(2);
});

test("holds the cases against the contract with a real validator", async () => {
  await fillWorld(world);
  world.write("cases.jsonl", CASES.replace('"The app crashes"', "7"));
  const ran = await world.run(["evalset", "import", "cases.jsonl", "--name", "triage", "--prompt", KEY]);
  expect(ran.err).toContain(`line 2: ticket does not fit the contract of ${KEY}@v2: must be string`);
});

test("folds calls back in: one with what was captured, a batch for review, and nothing where nothing was captured", async () => {
  await fillWorld(world);
  await importCases();
  const harness = await world.open();
  const { ids, ledger } = harness;
  const contents = (variables: string | null) => ({
    inputDigest: sha256("in"),
    outputDigest: sha256("out"),
    variables,
    output: "other",
    days: null,
  });
  const bare = anExecution(ids, { prompt: KEY });
  const down = anExecution(ids, { prompt: KEY, contents: contents('{"ticket":"Refund, please"}') });
  await ledger.append([bare, down]);
  await ledger.appendOutcomes(
    [bare, down].map(({ id }) => anOutcome(ids, id, { name: "thumbs", value: false })),
  );
  await harness.close();

  const none = await world.run(["evalset", "add", "triage", "--from-execution", bare.id]);
  expect([none.code, none.out]).toEqual([1, "insufficient: contents not captured\n"]);
  const batch = [
    "evalset",
    "add",
    "triage",
    "--where",
    "thumbs-down",
    "--prompt",
    KEY,
    "-o",
    "proposed.jsonl",
  ];
  const proposed = await world.run([...batch, "--json"]);
  expect(proposed.json()).toEqual({
    name: "triage",
    where: "thumbs-down",
    found: 2,
    proposed: 1,
    left: { "contents not captured": 1 },
    insufficient: null,
    out: "proposed.jsonl",
  });
  const file = readFileSync(join(world.folder, "proposed.jsonl"), "utf8");
  expect(JSON.parse(file)).toMatchObject({
    proposed: true,
    observed: "other",
    expected: null,
    provenance: { ref: down.id },
  });
  world.write("proposed.jsonl", file.replace('"expected":null', '"expected":"billing"'));
  const taken = await world.run(["evalset", "import", "proposed.jsonl", "--name", "triage", "--json"]);
  expect(taken.json()).toMatchObject({ version: 2, added: true, change: { added: [down.id], removed: [] } });

  const one = [
    "evalset",
    "add",
    "triage",
    "--from-execution",
    down.id,
    "--expected",
    "bug",
    "--tag",
    "x",
    "--json",
  ];
  expect((await world.run(one)).json()).toMatchObject({
    state: "added",
    version: 3,
    change: { changed: [down.id] },
  });
  for (const [args, message] of [
    [[], "Say what to add"],
    [["--where", "thumb-down"], "did you mean thumbs-down?"],
    [["--where", "low-score", "--below", "2"], "--below takes a score"],
    [["--from-execution", "x"], "is not an execution id"],
  ] as const) {
    const ran = await world.run(["evalset", "add", "triage", ...args]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(message);
  }
});

test("audits a set, with exit code 1 where it wants attention", async () => {
  await fillWorld(world);
  world.write("cases.jsonl", CASES);
  await world.run(["evalset", "import", "cases.jsonl", "--name", "triage", "--refresh-days", "30"]);
  const well = await world.run(["evalset", "audit", "triage", "--prompt", KEY]);
  expect(well.code).toBe(0);
  expect(well.out).toContain("Traffic: insufficient: no calls in the window.");
  expect(well.out).toMatch(/^3 pp +687 \(too few\) +155 \(too few\)$/m);
  world.clock.advance(31 * 86_400_000);
  const overdue = await world.run(["evalset", "audit", "triage", "--prompt", KEY, "--json"]);
  expect(overdue.code).toBe(1);
  expect(overdue.json()).toMatchObject({
    ok: false,
    overdue: true,
    days: 31,
    bodies: [`${KEY}@v1`, `${KEY}@v2`],
  });
  const doctor = await world.run(["doctor"]);
  expect(doctor.out).toContain("The eval set triage@v1 is 31 days old and overdue for a refresh since");
});
