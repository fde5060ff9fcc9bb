/** Tests of reviews behind a server: nobody gets around what is grave by what they send. */
import { protectEnvironment, registerPrompt } from "@colophon/harness";
import type { Scope } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openServerWorld, type ServerWorld } from "./server-world.fixture.ts";

const KEY = "support.review";
const PROJECT = "/v1/projects/main";
const SUPPRESS = { suppress: [{ of: "untrusted-in-system", reason: "fine with me" }] };

let world: ServerWorld;
beforeEach(async () => {
  world = await openServerWorld();
  const store = await world.desk.project("main");
  const value = {
    key: KEY,
    model: "gpt-5-mini",
    input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
    messages: [
      { role: "system", content: "You sort tickets. Hear {{ticket}}." },
      { role: "user", content: "Go on." },
    ],
  };
  await registerPrompt(store, { value, file: "review.yaml" });
  await protectEnvironment(store, { name: "production", gate: "always" });
});
afterEach(() => world.close());

interface Report {
  readonly findings: readonly { readonly rule: string; readonly accepted: object | null }[];
  readonly accepts: boolean;
}

async function ask(scopes: readonly Scope[], path: string, body: object) {
  const key = await world.key({ scopes });
  return world.ask("POST", `${PROJECT}/prompts/${KEY}/${path}`, { key, body });
}

function openOf({ findings }: Report): readonly string[] {
  return findings.flatMap(({ rule, accepted }) => (accepted === null ? [rule] : []));
}

async function release(): Promise<string> {
  const { text } = await ask(["release"], "releases", {
    version: 1,
    environment: "production",
    reason: "now",
  });
  return text;
}

describe("An author's review", () => {
  it("accepts nothing grave, whatever its policy says", async () => {
    for (const policy of [
      SUPPRESS,
      { rules: { "untrusted-in-system": "low" } },
      { rules: { "untrusted-in-system": { off: true, reason: "fine with me" } } },
    ]) {
      const answer = await ask(["author"], "reviews", { version: 1, policy });
      expect(answer.status).toBe(200);
      expect(answer.json<Report>()).toMatchObject({ accepts: true });
      expect(openOf(answer.json<Report>())).toContain("untrusted-in-system");
      expect(await release()).toContain("its review has found what is grave");
    }
  });

  it("takes no findings from whoever asks", async () => {
    const sent = {
      version: 1,
      findings: [],
      suppressions: [{ of: "untrusted-in-system", reason: "x", expires: null }],
    };
    const answer = await ask(["author"], "reviews", sent);
    if (answer.status === 200) expect(openOf(answer.json<Report>())).toContain("untrusted-in-system");
    expect(await release()).toContain("its review has found what is grave");
  });

  it("does not take back what a reviewer has accepted", async () => {
    await ask(["review"], "reviews/acceptances", { version: 1, policy: SUPPRESS });
    const answer = await ask(["author"], "reviews", { version: 1 });
    expect(openOf(answer.json<Report>())).not.toContain("untrusted-in-system");
    expect(await release()).not.toContain("grave");
  });
});

describe("A reviewer's", () => {
  it("accepts what its policy says, until it says so no more", async () => {
    const accepted = await ask(["review"], "reviews/acceptances", { version: 1, policy: SUPPRESS });
    expect(openOf(accepted.json<Report>())).not.toContain("untrusted-in-system");
    expect(await release()).toContain("no ship evidence");
    expect(await release()).not.toContain("grave");
    await ask(["review"], "reviews/acceptances", { version: 1 });
    expect(await release()).toContain("grave");
  });

  it("is refused to an author", async () => {
    const answer = await ask(["author", "release", "evaluate"], "reviews/acceptances", {
      version: 1,
      policy: SUPPRESS,
    });
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("asks for the scope review")]);
  });
});

describe("A preview", () => {
  it("is for readers, of files too, and refuses what is no policy", async () => {
    const key = await world.key({ scopes: ["read"] });
    const path = `${PROJECT}/reviews/previews`;
    const files = [{ file: "a.yaml", value: { key: "a", model: "gpt-5-mini", body: "Sort it." } }];
    const body = { versions: [{ key: KEY, version: 1 }], files, policy: SUPPRESS };
    const answer = await world.ask("POST", path, { key, body });
    expect(answer.json<readonly object[]>()).toMatchObject([
      { key: KEY, version: 1, recorded: null, accepts: true },
      { key: "a", version: null, file: "a.yaml" },
    ]);
    const wrong = await world.ask("POST", path, { key, body: { policy: { cheks: [] } } });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("cheks")]);
  });
});
