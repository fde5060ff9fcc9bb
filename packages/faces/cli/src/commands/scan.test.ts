/** Tests of `colophon scan`: its formats, its baseline and its exit codes, on files of its own. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";

const SERVICE = `import OpenAI from "openai";
const client = new OpenAI();
const SYSTEM = "You are a support agent of a bicycle shop. Answer in two sentences.";
export const answer = (ticket: { body: string }) =>
  client.chat.completions.create({
    model: "gpt-5-mini",
    temperature: 0.2,
    messages: [{ role: "system", content: SYSTEM }, { role: "user", content: \`Ticket: \${ticket.body}\\nSort it into billing, bug or other.\` }],
  });
`;
const COPY = 'AGENT = "You are a support agent of a bicycle shop. Answer in three sentences."\n';

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
  world.write("src/service.ts", SERVICE);
  world.write("jobs/agent.py", COPY);
});
afterEach(() => world.close());

describe("colophon scan", () => {
  it("tells people where prompts are, which are alike, where they go and what to do next", async () => {
    const { code, out, err } = await world.run(["scan"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("3 prompt(s), 3 different, in 2 file(s)");
    expect(out).toMatch(
      /src\/service\.ts\nline {2}sure .*\n +3 +100% {2}openai\.chat {2}gpt-5-mini {2}system {2}c1/,
    );
    expect(out).toContain("jobs/agent.py:1");
    expect(out).toMatch(/\{\+(?:two|three)\+\}/);
    expect(out).toMatch(/gpt-5-mini +openai\.chat +2 +1 +\{"temperature":0\.2\}/);
    expect(out).toMatch(/no call seen +– +1 +0/);
    expect(out).toContain("Next: colophon extract .");
  });

  it("gives JSON Lines with the same fields on every line, placeholders with their source", async () => {
    const rows = (await world.run(["scan", "src", "jobs", "--json"])).rows();
    expect(rows).toMatchObject([
      { file: "jobs/agent.py", line: 1, language: "python", client: null, model: null, cluster: "c1" },
      { file: "src/service.ts", line: 3, role: "system", name: "SYSTEM", kind: "literal" },
      {
        file: "src/service.ts",
        line: 8,
        endLine: 8,
        kind: "template",
        text: "Ticket: {{ticketBody}}\nSort it into billing, bug or other.",
        placeholders: [{ name: "ticketBody", source: "ticket.body" }],
        uses: [{ client: "openai.chat", parameters: { temperature: 0.2 } }],
        state: null,
      },
    ]);
    const fields = rows.map((row) => Object.keys(row).join());
    expect(new Set(fields).size).toBe(1);
  });

  it("fails with a baseline only on what is new, and says what it was before", async () => {
    const known = await world.run(["scan", "--write-baseline", "known.json"]);
    expect(known).toMatchObject({ code: 0, err: "Wrote 3 text(s) as known to known.json; commit it.\n" });
    expect((await world.run(["scan", "--baseline", "known.json"])).code).toBe(0);
    world.write("jobs/agent.py", `# moved\n\n${COPY}`);
    expect((await world.run(["scan", "--baseline", "known.json"])).code).toBe(0);
    world.write("jobs/agent.py", COPY.replace("three", "four"));
    const { code, out } = await world.run(["scan", "--baseline", "known.json"]);
    expect(code).toBe(1);
    expect(out).toContain("2 known, 1 new");
    expect(out).toMatch(/new jobs\/agent\.py:1 .* probably a change of what stood in jobs\/agent\.py/);
    expect(out).toMatch(/gone: 1 of 1 × jobs\/agent\.py/);
    const rows = (await world.run(["scan", "--baseline", "known.json", "--json"])).rows();
    expect(rows.map(({ state }) => state)).toEqual(["new", "known", "known"]);
    expect(rows[0]?.changeOf).toMatch(/^[0-9a-f]{16}$/);
  });

  it("fails on any prompt where it is asked to", async () => {
    expect((await world.run(["scan", "--fail-on-findings"])).code).toBe(1);
    mkdirSync(join(world.folder, "empty"));
    const { code, out } = await world.run(["scan", "empty", "--fail-on-findings"]);
    expect(code).toBe(0);
    expect(out).toContain("No prompts found");
  });

  it("reports only what is sure enough", async () => {
    const sure = (await world.run(["scan", "--json", "--min-confidence", "99%"])).rows();
    expect(sure.map(({ file }) => file)).toEqual(["src/service.ts", "src/service.ts"]);
  });

  it.each([
    [
      "sarif",
      (text: string) => (JSON.parse(text) as { runs: [{ results: unknown[] }] }).runs[0].results.length,
      4,
    ],
    ["html", (text: string) => text.match(/<h3>/g)?.length, 2],
    ["json", (text: string) => text.trim().split("\n").length, 3],
  ])("writes %s into a file", async (format, count, expected) => {
    const { code, out, err } = await world.run(["scan", "--format", format, "-o", "report"]);
    expect([code, out, err]).toEqual([0, "", "3 prompt(s); the report is in report\n"]);
    expect(count(readFileSync(join(world.folder, "report"), "utf8"))).toBe(expected);
  });

  it.each([
    [["scan", "nowhere"], "nowhere is not there"],
    [["scan", "--format", "pdf"], "--format pdf is unknown"],
    [["scan", "--json", "--format", "html"], "--json and --format html are given at once"],
    [["scan", "--min-confidence", "2"], "--min-confidence takes a share"],
    [["scan", "--baseline", "none.json"], "none.json cannot be read (ENOENT)"],
    [["scan", "--baseline", "src/service.ts"], "src/service.ts is no baseline"],
    [["scan", "-o", "no/such/folder"], "no/such/folder cannot be written (ENOENT)"],
  ])("refuses %j in one sentence", async (args, sentence) => {
    const { code, err } = await world.run(args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});
