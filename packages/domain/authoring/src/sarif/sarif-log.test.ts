/** Tests of SARIF logs: what code hosts ask of them. */
import { describe, expect, it } from "vitest";
import { sarifLog } from "./sarif-log.ts";

const RULE = {
  id: "secret",
  summary: "A secret stands in the text.",
  help: "Take it out.",
  level: "error",
} as const;
const RESULT = {
  rule: "secret",
  level: "error",
  message: "An AWS key stands in the text.",
  file: "prompts/support/triage.prompt",
  line: 3,
  endLine: 4,
  fingerprint: "0123456789abcdef",
} as const;

function runOf(...results: Parameters<typeof sarifLog>[0]["results"][number][]) {
  return sarifLog({ tool: { name: "colophon review" }, rules: [RULE], results }).runs[0];
}

describe("a SARIF log", () => {
  it("says its version, its tool and its rules", () => {
    const log = sarifLog({ tool: { name: "colophon review", version: "1.2.3" }, rules: [RULE], results: [] });
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "colophon review", version: "1.2.3", rules: [{ id: "secret" }] } },
          results: [],
        },
      ],
    });
  });

  it("gives each result its rule, its lines and a fingerprint that outlives moved lines", () => {
    expect(runOf(RESULT).results[0]).toEqual({
      ruleId: "secret",
      ruleIndex: 0,
      level: "error",
      message: { text: "An AWS key stands in the text." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "prompts/support/triage.prompt" },
            region: { startLine: 3, endLine: 4 },
          },
        },
      ],
      partialFingerprints: { "colophon/v1": "0123456789abcdef" },
    });
  });

  it("leaves the region out where no line is known, and the file where there is none", () => {
    const [whole, nowhere] = runOf(
      { ...RESULT, line: null, endLine: null },
      { ...RESULT, file: null, line: null, about: "support.triage@v7" },
    ).results;
    expect(whole?.locations[0]).toEqual({
      physicalLocation: { artifactLocation: { uri: "prompts/support/triage.prompt" } },
    });
    expect(nowhere?.locations[0]).toEqual({
      logicalLocations: [{ fullyQualifiedName: "support.triage@v7" }],
    });
  });

  it("escapes what has a meaning in addresses", () => {
    const [result] = runOf({ ...RESULT, file: "prompts\\a b#1.prompt" }).results;
    expect(JSON.stringify(result)).toContain('"uri":"prompts/a%20b%231.prompt"');
  });

  it("adds rules that nobody described, so that every index holds", () => {
    const run = runOf(RESULT, { ...RESULT, rule: "policy/no-rivals" });
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(["secret", "policy/no-rivals"]);
    expect(run.results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1]);
  });

  it("keeps accepted results with who accepted them and why", () => {
    const [result] = runOf({
      ...RESULT,
      suppressions: [{ kind: "external", reason: "an example of the provider's own" }],
    }).results;
    expect(result?.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "an example of the provider's own" },
    ]);
  });
});
