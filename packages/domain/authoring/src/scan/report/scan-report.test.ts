/** Tests of what a scan tells: columns, models, comments that leave a text out, SARIF and the page. */
import { describe, expect, it } from "vitest";
import { sarifLog } from "../../sarif/sarif-log.ts";
import { readModule } from "../scan-sources.ts";
import { baselineOf, compareBaseline } from "./compare-baseline.ts";
import { isIgnored } from "./is-ignored.ts";
import { leftOutTexts } from "./left-out-texts.ts";
import { mapModels } from "./map-models.ts";
import { placeFinding } from "./placed-finding.ts";
import { scanHtml } from "./scan-html.ts";
import { firstWords } from "./scan-report.ts";
import { scanSarif } from "./scan-sarif.ts";
import { aFinding, aReport, aUse } from "./scanned-texts.fixture.ts";

const EDITOR = "You are a careful editor. Shorten the text to two sentences.";

describe("placeFinding", () => {
  it.each([
    ["const a = `You`;", "`You`", 11, 16],
    ["\n\n  x(`You\nare`)", "`You\nare`", 5, 5],
    ["a;\r\n😀`You`", "`You`", 3, 8],
  ])("says the columns of %j in UTF-16 units", (...[source, text, column, endColumn]) => {
    const from = source.indexOf(text);
    const finding = aFinding(text, { span: { from, to: from + text.length } });
    expect(placeFinding(finding, source)).toMatchObject({ column, endColumn });
  });
});

describe("firstWords", () => {
  it("says only whole letters, in the order in which they stand", () => {
    expect(firstWords(`You ${"\u{1f600}".repeat(9)}`, 8)).toBe("You \u{1f600}…");
    expect(firstWords("a \ud800 b \u202E c", 80)).toBe("a \uFFFD b \uFFFD c");
  });
});

describe("isIgnored", () => {
  const ignored = (text: string, at: number, line: number): boolean => isIgnored([{ line: at, text }], line);

  it("leaves out what stands on the comment's line or the one after", () => {
    expect([3, 4, 5, 6].map((line) => ignored("colophon: ignore", 4, line))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([4, 5].map((line) => ignored("colophon: ignore-next-line", 4, line))).toEqual([false, true]);
  });

  it("leaves out a whole file, and nothing for another comment", () => {
    expect(ignored("colophon: ignore-file", 1, 900)).toBe(true);
    expect(ignored("colophon: ignored by many", 4, 4)).toBe(false);
  });
});

describe("leftOutTexts", () => {
  const SOURCE = `import { definePrompt as declare } from "colophon";
import { definePrompt } from "genkit";
export const a = declare("a.b", { body: "You are an editor." });
export const b = definePrompt({ prompt: "You are an editor." });
// colophon: ignore
export const c = "You are an editor.";
`;

  it("leaves out what `definePrompt` of Colophon holds, whatever it is called, and what a comment names", () => {
    const module = readModule({ file: "a.ts", language: "typescript", source: SOURCE });
    const why = leftOutTexts(module);
    const places = Array.from(SOURCE.matchAll(/"You are an editor."/g), ({ index }) => ({
      line: SOURCE.slice(0, index).split("\n").length,
      span: { from: index, to: index + 20 },
    }));
    expect(places.map(why)).toEqual(["declared", null, "ignored"]);
  });
});

describe("mapModels", () => {
  it("says which prompts go to which model, and what is not known", () => {
    const findings = [
      aFinding("One", { uses: [aUse({ parameters: { temperature: 0 } })] }),
      aFinding("Two", {
        uses: [aUse({ parameters: { temperature: 0 } }), aUse({ model: null, client: "groq" })],
      }),
      aFinding("Three"),
    ];
    expect(mapModels(findings)).toMatchObject([
      { model: "gpt-5-mini", client: "openai.chat", parameters: [{ temperature: 0 }], calls: 1 },
      { model: null, client: "groq", prompts: [findings[1]?.id] },
      { model: null, client: null, prompts: [findings[2]?.id], calls: 0 },
    ]);
  });
});

describe("a scan as SARIF", () => {
  it("has a rule, a place with columns, and a fingerprint of its own for each copy", () => {
    const report = aReport([
      aFinding(EDITOR, { line: 4 }),
      aFinding(EDITOR, { line: 9, file: "src/b c.ts" }),
    ]);
    const [run] = sarifLog(scanSarif(report)).runs;
    const rules = run.tool.driver.rules.map(({ id }) => id);
    expect(rules).toEqual(["prompt-in-code", "prompt-copies"]);
    for (const result of run.results) {
      expect(rules[result.ruleIndex]).toBe(result.ruleId);
      expect(result.message.text).not.toBe("");
    }
    const [first, second, copies] = run.results;
    expect(first?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "src/a.ts" },
          region: { startLine: 4, startColumn: 11, endLine: 4, endColumn: 71 },
        },
      },
    ]);
    expect(second?.locations).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: "src/b%20c.ts" } } },
    ]);
    expect(first).toMatchObject({ level: "note", rank: 80 });
    const prints = run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(prints.length);
    expect(copies).toMatchObject({ ruleId: "prompt-copies", relatedLocations: [{ id: 0 }] });
  });

  it("with a baseline warns of what is new alone", () => {
    const findings = [aFinding(EDITOR), aFinding("Rate the answer from 1 to 5.", { line: 2 })];
    const baseline = compareBaseline(findings, baselineOf(findings.slice(0, 1)));
    const { results } = scanSarif(aReport(findings, { findings, baseline }));
    expect(results).toMatchObject([
      { level: "note", baseline: "unchanged" },
      { level: "warning", baseline: "new" },
    ]);
  });
});

describe("a scan as a page", () => {
  it("shows texts as they are, whatever they hold", () => {
    const evil = `You are <script>alert("1")</script> & 'co'. \u202Egnirts\u0007`;
    const page = scanHtml(aReport([aFinding(evil, { file: "src/<b>.ts", name: "<i>" })]));
    expect(page).not.toContain("<script>");
    expect(page).not.toContain("<b>.ts");
    for (const sign of ["\u202E", "\u0007"]) expect(page).not.toContain(sign);
    expect(page).toContain("You are &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;.");
  });

  it("asks for nothing from elsewhere", () => {
    const page = scanHtml(aReport([aFinding(EDITOR)]));
    expect(page).not.toMatch(/\b(?:src|href)=|url\(|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  it("shows how the members of a cluster differ, which models are asked, and what was left out", () => {
    const findings = [
      aFinding(EDITOR, { uses: [aUse({ parameters: { temperature: 0.2 } })], client: "openai.chat" }),
      aFinding(EDITOR.replace("two", "three"), { line: 2 }),
    ];
    const page = scanHtml(aReport(findings, { remarks: ["Minified, read when named: 1 file (a.js)."] }));
    expect(page).toContain("<del>two</del><ins>three</ins>");
    expect(page).toContain("gpt-5-mini");
    expect(page).toContain("no call seen");
    expect(page).toContain("{&quot;temperature&quot;:0.2}");
    expect(page).toContain("Minified, read when named");
  });
});
