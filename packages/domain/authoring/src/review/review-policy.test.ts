/** Tests of a team's own policy: what it finds, in which prompts, and what it may not say. */
import { describe, expect, it } from "vitest";
import { globMatcher } from "./glob-matcher.ts";
import { findingsOf, textOf, type Written } from "./review.fixture.ts";
import { compilePolicy, type PolicyCheck, type ReviewPolicy } from "./review-policy.ts";

function saidBy(check: Omit<PolicyCheck, "name">, written: Written | string, more = {}): readonly string[] {
  const policy = compilePolicy({ checks: [{ name: "own", ...check }] });
  return findingsOf(written, more, policy).flatMap(({ rule, message }) =>
    rule === "policy/own" ? [message] : [],
  );
}

describe("A check of a policy", () => {
  it.each<[string, Omit<PolicyCheck, "name">, Written | string, Written | string, string]>([
    [
      "words that have to be there",
      { mustContain: ["be polite"] },
      "Be polite.",
      "Sort it.",
      "/be polite/ is not found",
    ],
    [
      "words in one role",
      { mustContain: ["polite"], in: "system" },
      '{{role "system"}}Be polite.{{role "user"}}Go on.',
      "Be polite.",
      "system text",
    ],
    [
      "words that may not",
      { mustNotContain: ["\\bacme\\b"] },
      "Sort it.",
      "Ask ACME.",
      "is found in the text",
    ],
    ["sections", { sections: ["Rules"] }, "## Rules\nNone.", "Sort it.", 'the section "Rules" is missing'],
    [
      "a length in characters",
      { maxCharacters: 20 },
      "Sort it.",
      "Sort it by what it is.",
      "22 characters are more than 20",
    ],
    [
      "a length in tokens",
      { maxTokens: 3 },
      "Sort it.",
      "Sort it by what it is.",
      "some 6 tokens are more than 3",
    ],
    [
      "models",
      { models: ["openai/gpt-5*"] },
      "Sort it.",
      { model: "claude-haiku-4-5-20251001" },
      "anthropic/claude-haiku-4-5-20251001 is not among",
    ],
    ["providers", { providers: ["openai"] }, "Sort it.", { model: "mistral-small" }, "is not among"],
    [
      "variables",
      { forbiddenVariables: ["*name*"] },
      "Sort {{ticket}}.",
      "Dear {{first_name}}.",
      "{{first_name}} is a variable that is not allowed",
    ],
  ])("asks for %s", (...[, check, good, bad, words]) => {
    expect(saidBy(check, good)).toEqual([]);
    expect(saidBy(check, bad)).toEqual([expect.stringContaining(words)]);
  });

  it("asks for partials, in any pinned version or in one", () => {
    const partials = new Map([["shared.safety@v3", textOf({ body: "Be safe." })]]);
    const [pinned, open] = ["{{> shared.safety@v3}}", "{{> shared.safety}}"];
    expect(saidBy({ partials: ["shared.safety"] }, pinned, { partials })).toEqual([]);
    expect(saidBy({ partials: ["shared.safety"] }, open)).toHaveLength(1);
    expect(saidBy({ partials: ["shared.safety@v3"] }, pinned, { partials })).toEqual([]);
    expect(saidBy({ partials: ["shared.safety@v4"] }, pinned, { partials })).toHaveLength(1);
  });

  it("asks for metadata", () => {
    const check = { metadata: ["owner", "tags"] } as const;
    expect(saidBy(check, "Sort it.", { metadata: { owner: "ada", tags: ["a"] } })).toEqual([]);
    expect(saidBy(check, "Sort it.", { metadata: { tags: [] } })).toEqual([
      "owner is not said.",
      "tags is not said.",
    ]);
  });

  it("says the team's own words before what was found, as grave as the team has it", () => {
    const check = {
      name: "own",
      mustContain: ["polite"],
      severity: "low",
      message: "We are polite.",
      advice: "Be it.",
    } as const;
    const [found] = findingsOf("Sort it.", {}, compilePolicy({ checks: [check] }));
    expect(found).toMatchObject({
      severity: "low",
      message: "We are polite: /polite/ is not found in the text.",
      advice: "Be it.",
    });
  });

  it("is high where nobody says otherwise, and stands at the line that it is about", () => {
    const [found] = findingsOf(
      "Sort it.\nAsk ACME.",
      {},
      compilePolicy({ checks: [{ name: "own", mustNotContain: ["acme"] }] }),
    );
    expect(found).toMatchObject({ severity: "high", place: "body, line 2" });
  });

  it.each([
    [{ keys: ["support.*"] }, 1],
    [{ keys: ["sales.*"] }, 0],
    [{ risk: ["high"] }, 1],
    [{ risk: ["low"] }, 0],
    [{ tags: ["x", "public"] }, 1],
    [{ tags: ["x"] }, 0],
    [{ keys: ["support.*"], tags: ["x"] }, 0],
  ] as const)("is for %j alone", (scope, count) => {
    const metadata = { risk: "high", tags: ["public"] } as const;
    expect(saidBy({ mustContain: ["polite"], for: scope }, "Sort it.", { metadata })).toHaveLength(count);
  });

  it("takes a prompt without a risk for one of medium risk", () => {
    expect(saidBy({ mustContain: ["polite"], for: { risk: ["medium"] } }, "Sort it.")).toHaveLength(1);
  });

  it("knows the hosts that texts may name", () => {
    const policy = compilePolicy({ hosts: ["*.acme.com", "acme.com"] });
    const hosts = (body: string) =>
      findingsOf(body, {}, policy).filter(({ rule }) => rule === "policy/hosts").length;
    expect(hosts("See https://help.acme.com/a and https://acme.com.")).toBe(0);
    expect(hosts("See https://acme.com.evil.io/a.")).toBe(1);
  });
});

describe("A policy that is wrong", () => {
  it.each<[ReviewPolicy, string]>([
    [{ rules: { secrets: "low" } }, "rules.secrets is no rule: did you mean secret"],
    [{ rules: { secret: { off: true, reason: " " } } }, "is off without a reason"],
    [{ checks: [{ name: "a" }] }, "checks[0] (a) asks for nothing"],
    [
      {
        checks: [
          { name: "a", maxTokens: 1 },
          { name: "a", maxTokens: 2 },
        ],
      },
      "checks has a twice",
    ],
    [
      { checks: [{ name: "a", mustContain: ["(?=x)"] }] },
      "checks[0].mustContain[0] cannot be taken as a pattern",
    ],
    [{ suppress: [{ of: "secret", reason: "" }] }, "suppress[0] has no reason"],
    [
      { suppress: [{ of: "secret", reason: "x", expires: "soon" }] },
      'suppress[0].expires is "soon", which is no time',
    ],
    [{ suppress: [{ of: "secret", reason: "x", expires: "2027-13-01" }] }, "which is no time"],
  ])("%j is refused", (policy, words) => {
    expect(() => compilePolicy(policy, "policy.yaml")).toThrow(
      expect.objectContaining({ code: "input-malformed", message: expect.stringContaining(words) }),
    );
  });

  it("is told all of what is wrong at once", () => {
    const policy: ReviewPolicy = { rules: { a: "low" }, checks: [{ name: "b" }] };
    expect(() => compilePolicy(policy)).toThrow(/\n- rules\.a .*\n- checks\[0\]/);
  });
});

describe("A glob", () => {
  it.each([
    ["*", "anything", true],
    ["support.*", "support.triage", true],
    ["support.*", "support", false],
    ["*.triage", "support.triage", true],
    ["s*t.*e", "support.triage", true],
    ["a*a", "a", false],
    ["a*b*c", "abxbc", true],
    ["support.triage", "support.triage", true],
    ["support.triage", "supportxtriage", false],
  ])("%s on %s is %s", (glob, name, expected) => {
    expect(globMatcher(glob)(name)).toBe(expected);
  });
});
