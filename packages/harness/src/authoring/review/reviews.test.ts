/** Tests of reviews on real stores: what is recorded, what gates find, what previews leave alone. */
import { readFileSync } from "node:fs";
import { REVIEW_RULES, RULES_EDITION } from "@colophon/authoring";
import type { RegistryRecord, ReviewData } from "@colophon/kernel";
import { anActor } from "@colophon/testkit";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  acceptReview,
  createReview,
  type Harness,
  importEvalSet,
  openMemoryHarness,
  previewReview,
  protectEnvironment,
  registerPrompt,
  releaseVersion,
  reviewFiles,
  reviewSarif,
  setOverride,
  showPrompt,
  startRollout,
} from "../../index.ts";
import { HOUSES, KEY, type OpenedHouse, promptFile } from "../../opened-house.fixture.ts";
import { readReviewPolicy, reviewPolicySchema } from "./policy-shape.ts";
import { previewInTurn } from "./preview-review.ts";

/** What is grave about it: a question of users in system text. */
const GRAVE = [
  { role: "system", content: "You sort tickets. Hear {{ticket}}." },
  { role: "user", content: "Go on." },
];
const SUPPRESS = { suppress: [{ of: "untrusted-in-system", reason: "the form allows a few words" }] };

async function register(
  harness: Harness,
  messages: unknown = GRAVE,
  more: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const { body: _, ...facts } = promptFile("x", more) as Record<string, unknown>;
  return (await registerPrompt(harness, { value: { ...facts, messages }, file: "triage.yaml" })).version;
}

async function reviewsIn(harness: Harness): Promise<readonly ReviewData[]> {
  const records: readonly RegistryRecord[] = await harness.records.listRecords({ kinds: ["review"] });
  return records.flatMap((record) => (record.kind === "review" ? [record.data] : []));
}

function openOf({
  findings,
}: {
  readonly findings: readonly { rule: string; severity: string; accepted: unknown }[];
}) {
  return findings.flatMap(({ rule, severity, accepted }) =>
    accepted === null ? [`${severity} ${rule}`] : [],
  );
}

const WRONG = `${KEY}@v1 is not let out: its review has found what is grave (untrusted-in-system in system message, line 1`;

describe.each(HOUSES)("Reviews on $name", ({ open }) => {
  async function withHouse(work: (opened: OpenedHouse) => Promise<void>): Promise<void> {
    const opened = await open();
    try {
      await work(opened);
    } finally {
      await opened.close();
    }
  }

  it("are recorded for the text, once for what they say, and told with the version", () =>
    withHouse(async ({ harness }) => {
      const version = await register(harness);
      expect(await showPrompt(harness, { key: KEY, version, environment: "production" })).toMatchObject({
        review: null,
      });
      const report = await createReview(harness, { key: KEY, version });
      expect(openOf(report)).toEqual(["high untrusted-in-system", "low floating-model"]);
      const [review, ...others] = await reviewsIn(harness);
      expect(others).toEqual([]);
      expect(review).toMatchObject({
        id: report.recorded,
        key: KEY,
        version,
        rules: RULES_EDITION,
        policy: null,
        judge: null,
        suppressions: [],
      });
      expect((await createReview(harness, { key: KEY, version })).recorded).toBe(review?.id);
      expect(await reviewsIn(harness)).toHaveLength(1);
      const shown = await showPrompt(harness, { key: KEY, version, environment: "production" });
      expect(shown).toMatchObject({
        review: { id: review?.id, open: { high: 1, medium: 0, low: 1 }, accepted: 0 },
      });
    }));

  it("have high findings accepted by `acceptReview` alone, which then outlasts a review anew", () =>
    withHouse(async ({ harness }) => {
      const version = await register(harness);
      const request = { key: KEY, version, policy: SUPPRESS };
      const created = await createReview(harness, request);
      expect(created).toMatchObject({
        accepts: true,
        notes: [expect.stringContaining("It asks for the scope review")],
      });
      expect(openOf(created)).toContain("high untrusted-in-system");
      expect(openOf(await acceptReview(harness, request))).toEqual(["low floating-model"]);
      expect(openOf(await createReview(harness, { key: KEY, version }))).toEqual(["low floating-model"]);
      expect(openOf(await acceptReview(harness, { key: KEY, version }))).toContain(
        "high untrusted-in-system",
      );
    }));

  it("are held to an environment's own policy, whatever policy an author brings", () =>
    withHouse(async ({ harness }) => {
      const checks = [{ name: "safe", mustContain: ["be kind"] }];
      const version = await register(harness, [{ role: "user", content: "Sort {{ticket}}." }]);
      await protectEnvironment(harness, { name: "production", gate: "always", reviewPolicy: { checks } });
      await createReview(harness, { key: KEY, version, policy: {} });
      const release = { key: KEY, version, environment: "production", reason: "try it" };
      const refused = (words: string) =>
        expect(releaseVersion(harness, release)).rejects.toMatchObject({
          code: "evidence-missing",
          message: expect.stringContaining(words),
        });
      await refused("what is grave (policy/safe");
      // Neither another one without the check nor nobody's reviewer takes it away; whoever may accept it does.
      await createReview(harness, { key: KEY, version, policy: {} });
      await refused("its review by the policy of production has found what is grave (policy/safe");
      await refused(`colophon review ${KEY}@v${version} --policy FILE`);
      const suppress = [{ of: "policy/safe", reason: "it is a trial" }];
      await acceptReview(harness, { key: KEY, version, policy: { checks, suppress } });
      await expect(releaseVersion(harness, release)).rejects.not.toMatchObject({
        message: expect.stringContaining("grave"),
      });
      await acceptReview(harness, { key: KEY, version });
      await refused("policy/safe");
      await protectEnvironment(harness, { name: "production", gate: "always", reviewPolicy: null });
      await acceptReview(harness, { key: KEY, version });
      await expect(releaseVersion(harness, release)).rejects.not.toMatchObject({
        message: expect.stringContaining("grave"),
      });
    }));

  it("take nothing from the policy of another environment, and all of their own after an author's review", () =>
    withHouse(async ({ harness }) => {
      const version = await register(harness);
      const protect = (name: string, reviewPolicy: object | null) =>
        protectEnvironment(harness, { name, gate: "always", reviewPolicy });
      await protect("staging", SUPPRESS);
      await protect("production", null);
      const grave = async (environment: string): Promise<boolean> => {
        const release = { key: KEY, version, environment, reason: "try it" };
        const refused = await releaseVersion(harness, release).catch((error: Error) => error.message);
        return String(refused).includes("what is grave");
      };
      expect([await grave("staging"), await grave("production")]).toEqual([false, true]);
      await protect("production", { rules: { latest: "high" } });
      expect(await grave("production")).toBe(true);
      const recorded = (await reviewsIn(harness)).length;
      expect([await grave("staging"), await grave("production")]).toEqual([false, true]);
      expect(await reviewsIn(harness)).toHaveLength(recorded);
      await createReview(harness, { key: KEY, version, policy: SUPPRESS });
      expect([await grave("staging"), await grave("production")]).toEqual([false, true]);
      // What an environment accepted is not accepted any more when its policy does not say so any more.
      await protect("staging", { rules: { latest: "high" } });
      expect(await grave("staging")).toBe(true);
      await acceptReview(harness, { key: KEY, version, policy: SUPPRESS });
      expect([await grave("staging"), await grave("production")]).toEqual([false, false]);
    }));

  it("are made by whoever lets a version out, and hold what is grave", () =>
    withHouse(async ({ harness, clock }) => {
      const version = await register(harness);
      await protectEnvironment(harness, { name: "production", gate: "always" });
      const release = { key: KEY, version, environment: "production", reason: "try it" };
      await expect(releaseVersion(harness, release)).rejects.toMatchObject({
        code: "evidence-missing",
        message: expect.stringContaining(WRONG),
      });
      expect(await reviewsIn(harness)).toMatchObject([{ version, rules: RULES_EDITION }]);
      const tomorrow = new Date(clock.now() + 86_400_000).toISOString().slice(0, 10);
      const policy = { suppress: [{ of: "untrusted-in-system", reason: "for a day", expires: tomorrow }] };
      await acceptReview(harness, { key: KEY, version, policy });
      await expect(releaseVersion(harness, release)).rejects.toMatchObject({
        message: expect.stringMatching(/^support.triage@v1 is not let out: production has no ship evidence/),
      });
      clock.advance(2 * 86_400_000);
      await expect(releaseVersion(harness, release)).rejects.toMatchObject({
        message: expect.stringContaining(WRONG),
      });
      const broken = await releaseVersion(harness, { ...release, breakGlass: "outage" });
      expect(broken.breakGlass).toBe("outage");
    }));

  it("are not made for environments where nobody asks for one", () =>
    withHouse(async ({ harness }) => {
      const version = await register(harness);
      await releaseVersion(harness, { key: KEY, version, environment: "production", reason: "first" });
      expect(await reviewsIn(harness)).toEqual([]);
    }));

  it("are made by the present rules where there is an older one, with what was accepted", () =>
    withHouse(async ({ harness }) => {
      const version = await register(harness);
      const { findings } = await acceptReview(harness, { key: KEY, version, policy: SUPPRESS });
      expect(findings).toHaveLength(2);
      const [review] = await reviewsIn(harness);
      if (review === undefined) throw new Error("There is no review.");
      const older = { ...review, id: "older", rules: RULES_EDITION - 1 };
      await harness.records.append(() => ({
        drafts: [{ kind: "review", by: harness.actor, data: older }],
        result: null,
      }));
      await protectEnvironment(harness, { name: "production", gate: "always" });
      const release = { key: KEY, version, environment: "production", reason: "try it" };
      await expect(releaseVersion(harness, release)).rejects.toMatchObject({
        message: expect.stringMatching(/is not let out: production has no ship evidence/),
      });
      const [, , fresh] = await reviewsIn(harness);
      expect(fresh).toMatchObject({ rules: RULES_EDITION, suppressions: [{ of: "untrusted-in-system" }] });
    }));

  it("carry what was accepted by its id over to the next version, and the policy with its checks", () =>
    withHouse(async ({ harness }) => {
      const first = await register(harness);
      const id = (await createReview(harness, { key: KEY, version: first })).findings[0]?.id ?? "";
      const policy = {
        suppress: [{ of: id, reason: "the form allows a few words" }],
        checks: [{ name: "polite", mustContain: ["polite"], severity: "high" }],
      };
      await acceptReview(harness, { key: KEY, version: first, policy });
      const second = await register(harness, [...GRAVE, { role: "assistant", content: "Well." }]);
      await protectEnvironment(harness, { name: "production", gate: "always" });
      await expect(
        releaseVersion(harness, { key: KEY, version: second, environment: "production", reason: "try it" }),
      ).rejects.toMatchObject({ message: expect.stringContaining("grave (policy/polite in body") });
      const last = (await reviewsIn(harness)).at(-1);
      expect(last).toMatchObject({ version: second, suppressions: [{ of: id }] });
      const third = await register(harness, [...GRAVE, { role: "assistant", content: "Good." }]);
      expect(openOf(await createReview(harness, { key: KEY, version: third }))).toContain(
        "high policy/polite",
      );
    }));

  it("hold overrides for many and rollouts as they hold releases", () =>
    withHouse(async ({ harness }) => {
      const plain = [{ role: "user", content: "{{ticket}}" }];
      const live = await register(harness, plain);
      await releaseVersion(harness, { key: KEY, version: live, environment: "production", reason: "first" });
      const grave = await register(harness);
      await protectEnvironment(harness, { name: "production", gate: "always" });
      const subject = { kind: "tenant", value: "acme" } as const;
      await expect(
        setOverride(harness, { key: KEY, version: grave, subject, environment: "production", expires: null }),
      ).rejects.toMatchObject({ code: "evidence-missing", message: expect.stringContaining("grave") });
      const { state, lacks } = await startRollout(harness, {
        members: [{ key: KEY, versions: [grave] }],
        environment: "production",
        reason: "try it",
      });
      expect([state, lacks[0]]).toEqual(["pending", expect.stringContaining("grave (untrusted-in-system")]);
    }));

  it("find cases of the prompt's eval set in its body, by their ids alone", () =>
    withHouse(async ({ harness }) => {
      const ticket = "the invoice of march shows the amount twice and nobody answers the phone";
      const text = JSON.stringify({ id: "march", variables: { ticket }, expected: "billing", split: "test" });
      await importEvalSet(harness, { file: { file: "cases.jsonl", format: "jsonl", text }, name: "tickets" });
      const example = { role: "system", content: `One ticket says: ${ticket}.` };
      const messages = [example, { role: "user", content: "{{ticket}}" }];
      const version = await register(harness, messages, { evalSet: "tickets" });
      const { findings } = await createReview(harness, { key: KEY, version });
      expect(findings[0]).toMatchObject({
        severity: "high",
        rule: "copied-case",
        message: expect.stringContaining("(march)"),
      });
    }));
});

describe("A preview", () => {
  it("says what a review would, of versions and files, and records nothing", async () => {
    const harness = await openMemoryHarness({ actor: anActor() });
    const version = await register(harness);
    const source =
      "key: support.triage\nmessages:\n  - role: system\n    content: You sort tickets. Hear {{ticket}}.\n";
    const { body: _, ...facts } = promptFile("x") as Record<string, unknown>;
    const files = [{ file: "triage.yaml", value: { ...facts, messages: GRAVE }, source }];
    const [ofVersion, ofFile] = await previewReview(harness, {
      versions: [{ key: KEY, version }],
      files,
      policy: SUPPRESS,
    });
    expect(ofVersion).toMatchObject({ version, file: null, recorded: null, accepts: true });
    expect(ofFile).toMatchObject({ version, hash: ofVersion?.hash, file: "triage.yaml" });
    expect(ofFile?.findings[0]).toMatchObject({
      rule: "untrusted-in-system",
      line: 4,
      accepted: { expires: null },
    });
    expect(await reviewsIn(harness)).toEqual([]);
    const twice = [1, 2].map(() => ({ key: KEY, version }));
    expect(await previewReview(harness, { versions: twice })).toHaveLength(1);
    await harness.close();
  });

  it("of files needs no store, and finds partials among them", async () => {
    const facts = { model: "gpt-5-mini", input: { type: "object", properties: {} } };
    const files = [
      { file: "tone.yaml", value: { ...facts, key: "shared.tone", body: "See https://bit.ly/tone." } },
      { file: "reply.yaml", value: { ...facts, key: "support.reply", body: "{{> shared.tone}}" } },
    ];
    const [, reply] = await reviewFiles({ files });
    expect(reply).toMatchObject({ version: null, hash: null, recorded: null });
    expect(reply?.findings.map(({ rule, place }) => `${rule} in ${place}`)).toContain(
      "suspicious-url in partial shared.tone, line 1",
    );
  });

  it("names the file whose body is no template", async () => {
    const value = { key: "a", model: "gpt-5-mini", body: "{{#if x}}" };
    await expect(reviewFiles({ files: [{ file: "a.yaml", value }] })).rejects.toMatchObject({
      code: "template-syntax",
      message: expect.stringMatching(/^a\.yaml: /),
    });
  });

  it("refuses versions where there is no store", async () => {
    await expect(reviewFiles({ versions: [{ key: KEY, version: 1 }] })).rejects.toMatchObject({
      code: "usage",
    });
  });

  it("becomes SARIF with lines, and with what is accepted as suppressed", async () => {
    const { body: _, ...facts } = promptFile("x") as Record<string, unknown>;
    const value = { ...facts, messages: GRAVE };
    const reports = await reviewFiles({
      files: [{ file: "a/b.yaml", value, source: "model: gpt-5-mini\n" }],
      policy: SUPPRESS,
    });
    const { results } = JSON.parse(reviewSarif(reports)).runs[0];
    expect(results).toMatchObject([
      {
        ruleId: "untrusted-in-system",
        level: "error",
        suppressions: [{ justification: "the form allows a few words" }],
      },
      {
        ruleId: "floating-model",
        level: "note",
        locations: [
          { physicalLocation: { artifactLocation: { uri: "a/b.yaml" }, region: { startLine: 1 } } },
        ],
      },
    ]);
  });
});

describe("A preview for a caller of a server", () => {
  it("ends after ten seconds, says of each text that is left that it was not reviewed, and goes on there", async () => {
    const harness = await openMemoryHarness({ actor: anActor() });
    let elapsed = 0;
    const clock = { ...harness.clock, elapsed: () => (elapsed += 4_000) };
    const files = ["a", "b", "c", "d", "e"].map((key) => ({
      file: `${key}.yaml`,
      value: { key, model: "gpt-5-mini", body: "Sort it." },
    }));
    const ask = async (after: number) => {
      const reports = await previewInTurn({ ...harness, clock }, { files, after });
      return reports.map(({ key, findings }) => [key, findings.map(({ rule }) => rule)]);
    };
    const first = await ask(0);
    expect(first).toEqual([
      ...["a", "b", "c"].map((key) => [key, ["floating-model"]]),
      ...["d", "e"].map((key) => [key, ["not-reviewed"]]),
    ]);
    expect(await ask(3)).toEqual(["d", "e"].map((key) => [key, ["floating-model"]]));
    const [left] = (
      await previewInTurn(
        { ...harness, clock: { ...clock, elapsed: () => (elapsed += 11_000) } },
        { files, after: 3 },
      )
    ).slice(1);
    expect(left).toMatchObject({
      key: "e",
      file: "e.yaml",
      findings: [{ severity: "high", accepted: null }],
    });
    await harness.close();
  });
});

describe("A policy file", () => {
  it("has no more patterns than a review can look for", () => {
    const checks = ["a", "b"].map((name) => ({
      name,
      mustNotContain: Array.from({ length: 251 }, () => "x"),
    }));
    expect(() => readReviewPolicy({ checks }, "colophon.review.yaml")).toThrow(
      expect.objectContaining({ code: "input-malformed", message: expect.stringContaining("502 patterns") }),
    );
  });

  it("has the schema that the documents hold", () => {
    const published = new URL("../../../../../docs/review-policy.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(reviewPolicySchema());
  });

  it.each([
    [{ cheks: [] }, "the file: cheks is no field here; did you mean checks?"],
    [
      { checks: [{ name: "a", mustcontain: ["x"] }] },
      "checks[0]: mustcontain is no field here; did you mean mustContain?",
    ],
    [{ checks: [{ name: "A b", maxTokens: 1 }] }, "write small letters, digits and hyphens"],
    [{ rules: { secret: "grave" } }, "rules.secret: "],
    [{ suppress: [{ of: "secret" }] }, "suppress[0].reason: "],
    ["text", "the file: "],
  ])("as %j is refused with its place", (value, words) => {
    expect(() => readReviewPolicy(value, "colophon.review.yaml")).toThrow(
      expect.objectContaining({ code: "input-malformed", message: expect.stringContaining(words) }),
    );
  });

  it("that is empty asks for nothing", () => {
    expect(readReviewPolicy(null, "colophon.review.yaml")).toMatchObject({ checks: [], suppressions: [] });
  });
});

describe("docs/review.md", () => {
  const document = readFileSync(new URL("../../../../../docs/review.md", import.meta.url), "utf8");

  it("has every rule, with what it finds, and no other", () => {
    const rows = [...document.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| (.+) \|$/gm)];
    const told = rows.map(([, id, summary]) => [id, summary]);
    expect(told).toEqual(REVIEW_RULES.map(({ id, summary }) => [id, summary]));
  });

  it("shows a policy that is one", () => {
    const written = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? "";
    const { checks, suppressions } = readReviewPolicy(parse(written), "docs/review.md");
    expect([checks.length, suppressions.length]).toEqual([4, 2]);
  });
});
