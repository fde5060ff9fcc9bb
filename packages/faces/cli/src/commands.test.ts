/** Runs every command once as it is meant, and holds its JSON against the contract. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, INPUT, KEY, openWorld, promptFile } from "./cli-world.fixture.ts";

const HASH = /^[0-9a-f]{64}$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

/** Serves one call in production at the world's time. */
async function serve(fields: Parameters<typeof anExecution>[1]): Promise<string> {
  const harness = await world.open();
  try {
    const state = await harness.records.state();
    const hash = state.prompts.get(KEY)?.versions.get(fields?.version ?? 1)?.hash ?? "";
    const row = anExecution(harness.ids, { hash, revision: state.revision, ...fields });
    await harness.ledger.append([row]);
    return row.id;
  } finally {
    await harness.close();
  }
}

describe("Making prompts", () => {
  test("the store of the applications is that of the command line, also by COLOPHON_URL", async () => {
    const env = { COLOPHON_STORE: "", COLOPHON_URL: join(world.folder, "url.db") };
    await world.run(["env", "add", "preview"], { env });
    expect((await world.run(["env", "list", "--json"], { env })).rows()).toHaveLength(4);
    expect(existsSync(join(world.folder, "url.db"))).toBe(true);
  });

  test("init makes a store here once", async () => {
    const first = await world.run(["init", "--json"]);
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.json()).toMatchObject({
      created: true,
      environments: ["development", "staging", "production"],
    });
    expect(existsSync(join(world.folder, ".colophon", "store.db"))).toBe(true);
    expect((await world.run(["init", "--json"])).json()).toMatchObject({ created: false });
    const shared = "with --store or COLOPHON_STORE (a path, postgres://… or https://…)";
    expect((await world.run(["init"])).out).toContain(shared);
    expect((await world.run(["init", "--store", "named.db"])).out).not.toContain(shared);
  });

  test("init in a fresh clone says that the new store knows none of the lock's versions", async () => {
    world.write("colophon.lock", { format: 1, prompts: {} });
    const first = await world.run(["init"]);
    expect(first.out).toContain("colophon.lock is of another registry: this store knows none");
    expect((await world.run(["init"])).out).not.toContain("colophon.lock");
  });

  test.each(["--version", "-V"])("%s prints the version of the package", async (flag) => {
    const manifest = new URL("../../sdk/package.json", import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
    const ran = await world.run([flag]);
    expect([ran.code, ran.out]).toEqual([0, `${version}\n`]);
    expect((await world.run(["help"])).out).toContain("--version");
  });

  test("register prints key, version, hash, bodyHash and created, and the same content creates nothing", async () => {
    world.write("triage.json", promptFile());
    const first = await world.run(["register", "triage.json", "--json"]);
    expect(first.code).toBe(0);
    expect(first.json()).toMatchObject({
      key: KEY,
      version: 1,
      hash: expect.stringMatching(HASH),
      bodyHash: expect.stringMatching(HASH),
      created: true,
    });
    const again = await world.run(["register", "triage.json", "--json"]);
    expect(again.json()).toMatchObject({ version: 1, created: false, hash: first.json().hash });
  });

  test("YAML from standard input is the same prompt as JSON from a file", async () => {
    world.write("triage.json", promptFile());
    const file = await world.run(["register", "triage.json", "--json"]);
    const yaml = [
      `key: ${KEY}`,
      "owner: support",
      "model: gpt-5-mini",
      `input: ${JSON.stringify(INPUT)}`,
      "body: |-",
      "  Is this billing, bug or other?",
      "  {{ticket}}",
    ].join("\n");
    const input = await world.run(["register", "-", "--json"], { input: yaml });
    expect(input.json()).toMatchObject({ created: false, hash: file.json().hash });
  });

  test("list, show, log and diff tell of what was made", async () => {
    await fillWorld(world);
    const [row] = (await world.run(["list", "--json"])).rows();
    expect(row).toMatchObject({
      key: KEY,
      owner: "support",
      risk: "medium",
      versions: 2,
      newest: 2,
      live: { production: 1 },
    });
    const shown = (await world.run(["show", `${KEY}@v2`, "--json"])).json();
    expect(shown).toMatchObject({
      key: KEY,
      version: 2,
      text: { body: "Sort this: {{ticket}}" },
      questions: { baseline: { answer: "none", record: "none" } },
    });
    const log = (await world.run(["log", KEY, "--json"])).rows();
    expect(log.map((entry) => entry.version)).toEqual([2, 1]);
    expect(log[1]).toMatchObject({
      author: "grace",
      at: expect.stringMatching(ISO),
      releases: [{ reason: "first" }],
    });
    const diff = (await world.run(["diff", KEY, "v1", "v2", "--json"])).json();
    expect(diff).toMatchObject({ key: KEY, same: false, before: { version: 1 }, after: { version: 2 } });
    await world.run(["release", `${KEY}@v2`, "--env", "staging", "--reason", "try"]);
    const live = (await world.run(["diff", KEY, "--env", "staging..production", "--json"])).json();
    expect(live).toMatchObject({ before: { version: 2 }, after: { version: 1 } });
    const human = await world.run(["diff", KEY, "v1", "v2"]);
    expect(human.out).toContain("+ Sort this: {{ticket}}");
  });

  test("environments are listed, added and protected", async () => {
    expect(
      (await world.run(["env", "add", "preview", "--inherits", "staging", "--json"])).json(),
    ).toMatchObject({
      name: "preview",
      inherits: "staging",
      unchanged: false,
    });
    expect((await world.run(["env", "protect", "staging", "--json"])).json()).toMatchObject({
      name: "staging",
      gate: "always",
      protected: true,
    });
    const rows = (await world.run(["env", "list", "--json"])).rows();
    expect(rows.map((row) => [row.name, row.protected])).toEqual([
      ["development", false],
      ["staging", true],
      ["production", true],
      ["preview", false],
    ]);
  });

  test("what code declared is numbered by its key", async () => {
    const { aDeclarationDraft, aText } = await import("@colophon/testkit");
    const harness = await world.open();
    const text = aText();
    await harness.records.append(() => ({
      drafts: [aDeclarationDraft(text, { environment: "staging" })],
      texts: [text],
      result: null,
    }));
    await harness.close();
    const rows = (await world.run(["register", "--declared", KEY, "--env", "staging", "--json"])).rows();
    expect(rows).toMatchObject([{ key: KEY, version: 1, created: true }]);
  });
});

describe("Several applications on one store", () => {
  test("are told by list and show, asked for by name, and retired", async () => {
    const { aDeclarationDraft, aText } = await import("@colophon/testkit");
    const harness = await world.open();
    const texts = [aText({ body: "Shop: {{ticket}}" }), aText({ body: "Admin: {{ticket}}" })];
    const drafts = texts.map((text, index) =>
      aDeclarationDraft(text, { environment: "staging", application: ["shop", null][index] ?? null }),
    );
    await harness.records.append(() => ({ drafts, texts, result: null }));
    await harness.close();
    const staging = ["--env", "staging"];
    await world.run(["register", "--declared", KEY, ...staging]);
    expect((await world.run(["list", ...staging])).out).toContain("shop v1, v2");
    expect((await world.run(["show", KEY])).out).toContain("declared in staging: shop v1, v2");
    const asShop = await world.run(["resolve", KEY, ...staging, "--application", "shop", "--json"]);
    expect(asShop.json()).toMatchObject({ application: "shop", applications: ["shop", null] });
    const last = await world.run(["resolve", KEY, ...staging]);
    expect(last.out).toContain("as the code of the application without a name · --application for shop");
    const wrong = await world.run(["resolve", KEY, ...staging, "--application", "shpo"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("did you mean shop?") });
    const silent = await world.run(["retire", "shop", ...staging]);
    expect(silent).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
    const retired = await world.run(["retire", "shop", KEY, ...staging, "--reason", "gone", "--json"]);
    expect(retired.json()).toEqual({ application: "shop", environment: "staging", prompts: [KEY] });
    const unnamed = await world.run(["retire", "-", ...staging, "--reason", "gone"]);
    expect(unnamed.out).toContain(`Retired the application without a name in staging for ${KEY}.`);
    const none = await world.run(["retire", "-", ...staging, "--reason", "gone"]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining("nobody does") });
  });
});

describe("Candidates", () => {
  test("are added, listed and promoted, and nothing that is live changes by it", async () => {
    await fillWorld(world);
    world.write("idea.json", promptFile("Which of billing, bug, other? {{ticket}}"));
    const about = ["candidate", "add", KEY, "idea.json", "--rationale", "shorter"];
    const added = await world.run([...about, "--origin", "external", "--parent", "v1", "--json"]);
    expect(added.json()).toMatchObject({ key: KEY, candidate: 1, version: null, created: true });
    expect((await world.run(about)).out).toContain(`This text is ${KEY}@c1 already`);
    expect((await world.run(["candidate", "add", KEY, "one.json", "--rationale", "x"])).out).toContain(
      `${KEY}@v1 already`,
    );
    const rows = (await world.run(["candidate", "list", KEY, "--json"])).rows();
    expect(rows).toMatchObject([
      { candidate: 1, parent: "v1", origin: "external", by: "grace", decision: null, verdict: null },
    ]);
    expect((await world.run(["candidate", "list", KEY])).out).toMatch(/^c1 .* external .* shorter$/m);
    const promoted = await world.run(["candidate", "promote", `${KEY}@c1`, "--json"]);
    expect(promoted.json()).toMatchObject({ candidate: 1, version: 3, unchanged: false });
    expect((await world.run(["candidate", "promote", `${KEY}@c1`])).out).toContain(`is ${KEY}@v3 already`);
    expect((await world.run(["show", `${KEY}@v3`, "--json"])).json()).toMatchObject({
      source: "candidate",
      parent: 1,
      message: "shorter",
      liveIn: [],
    });
    expect((await world.run(["resolve", KEY, "--env", "production", "--json"])).json()).toMatchObject({
      version: 1,
    });
  });

  test.each([
    [["add", KEY, "one.json"], /needs a written rationale/, 2],
    [["add", KEY, "one.json", "--rationale", "x", "--origin", "oracle"], /--origin oracle is unknown/, 2],
    [["add", `${KEY}@v1`, "one.json", "--rationale", "x"], /names a version/, 2],
    [["promote", `${KEY}@v1`], /names a version; write a candidate as support\.triage@c3/, 2],
    [["promote", `${KEY}@c9`], /has no candidates yet/, 2],
  ])("%j is refused in words", async (args, sentence, code) => {
    await fillWorld(world);
    const ran = await world.run(["candidate", ...args]);
    expect(ran.err).toMatch(sentence);
    expect(ran.code).toBe(code);
  });
});

describe("Letting them out", () => {
  test("release, from-env, rollback and withdraw move what is live", async () => {
    await fillWorld(world);
    const released = await world.run([
      "release",
      `${KEY}@v2`,
      "--env",
      "staging",
      "--reason",
      "try",
      "--json",
    ]);
    expect(released.json()).toMatchObject({
      key: KEY,
      version: 2,
      environment: "staging",
      previous: null,
      unchanged: false,
    });
    const taken = await world.run([
      "release",
      KEY,
      "--from-env",
      "staging",
      "--env",
      "production",
      "--reason",
      "good",
      "--json",
    ]);
    expect(taken.json()).toMatchObject({ version: 2, environment: "production", previous: 1 });
    await world.run(["override", "set", `${KEY}@v2`, "--user", "ada"]);
    const back = await world.run(["rollback", KEY, "--env", "production", "--reason", "worse", "--json"]);
    expect(back.json()).toMatchObject({
      from: 2,
      version: 1,
      overrides: [{ kind: "user", subject: "ada", version: 2 }],
    });
    const to = await world.run([
      "rollback",
      KEY,
      "--env",
      "production",
      "--to",
      "v2",
      "--reason",
      "on purpose",
      "--json",
    ]);
    expect(to.json()).toMatchObject({ from: 1, version: 2 });
    const withdrawn = await world.run(["withdraw", `${KEY}@v2`, "--reason", "insults people", "--json"]);
    expect(withdrawn.json()).toMatchObject({
      version: 2,
      live: [{ environment: "staging" }, { environment: "production" }],
    });
    expect((await world.run(["doctor", "--json"])).code).toBe(1);
    world.write("vars.json", '{"ticket": "x"}');
    const rendered = await world.run(["render", `${KEY}@v2`, "--vars", "vars.json", "--env", "production"]);
    expect([rendered.code, rendered.out]).toEqual([2, ""]);
    expect(rendered.err).toContain(`${KEY}@v2 was withdrawn (insults people)`);
  });

  test("an environment that asks for evidence refuses with a verdict, and a broken glass is a record", async () => {
    await fillWorld(world);
    await world.run(["env", "protect", "production", "--gate", "always"]);
    const release = ["release", `${KEY}@v2`, "--env", "production", "--reason", "better", "--json"];
    const refused = await world.run(release);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.err.trim().split("\n").at(-1) ?? "")).toMatchObject({
      error: { code: "evidence-missing" },
    });
    const forced = await world.run([...release, "--break-glass", "an outage"]);
    expect(forced.json()).toMatchObject({ version: 2, breakGlass: "an outage" });
    const log = (await world.run(["log", KEY, "--json"])).rows<{
      releases: { breakGlass: string | null }[];
    }>();
    expect(log[0]?.releases[0]?.breakGlass).toBe("an outage");
  });

  test("overrides are set for a subject, listed and cleared", async () => {
    await fillWorld(world);
    const expires = "2026-03-17T00:00:00.000Z";
    const set = [
      "override",
      "set",
      `${KEY}@v2`,
      "--document-type",
      "email",
      "--env",
      "production",
      "--expires",
      expires,
    ];
    expect((await world.run([...set, "--json"])).json()).toMatchObject({
      key: KEY,
      version: 2,
      kind: "documentType",
      subject: "email",
      environment: "production",
      expires,
    });
    expect((await world.run(["override", "list", KEY, "--json"])).rows()).toMatchObject([
      { status: "active", by: "grace" },
    ]);
    const clear = ["override", "clear", KEY, "--document-type", "email", "--env", "production", "--json"];
    expect((await world.run(clear)).json()).toMatchObject({ version: null, unchanged: false });
    expect((await world.run(["override", "list", "--json"])).out).toBe("");
  });
});

describe("Asking", () => {
  test("resolve names version, tier, lane, reason, model and every tier considered", async () => {
    await fillWorld(world);
    const answer = (
      await world.run(["resolve", KEY, "--user", "ada", "--env", "production", "--json"])
    ).json();
    expect(answer).toMatchObject({
      key: KEY,
      version: 1,
      hash: expect.stringMatching(HASH),
      tier: "environment",
      lane: "live",
      reason: "live",
      model: "gpt-5-mini",
    });
    expect(answer.considered).toEqual([
      { tier: "document", outcome: "not-asked", reason: expect.any(String), version: null },
      { tier: "user", outcome: "absent", reason: expect.any(String), version: null },
      { tier: "environment", outcome: "chosen", reason: expect.any(String), version: 1 },
    ]);
    const at = world.clock.now();
    world.clock.advance(60_000);
    await world.run(["release", `${KEY}@v2`, "--env", "production", "--reason", "better"]);
    const then = ["resolve", KEY, "--env", "production", "--at", new Date(at).toISOString(), "--json"];
    expect((await world.run(then)).json()).toMatchObject({ version: 1 });
    const now = await world.run(["resolve", KEY, "--json"], { env: { COLOPHON_ENV: "production" } });
    expect(now.json()).toMatchObject({ version: 2, environment: "production" });
  });

  test("render gives the messages, from JSON or YAML", async () => {
    await fillWorld(world);
    world.write("vars.yaml", "ticket: It crashes");
    const rendered = await world.run(["render", KEY, "--vars", "vars.yaml", "--env", "production", "--json"]);
    expect(rendered.json()).toMatchObject({
      version: 1,
      messages: [{ role: "user", content: "Is this billing, bug or other?\nIt crashes" }],
    });
    const pinned = await world.run(["render", `${KEY}@v2`, "--vars", "-", "--json"], {
      input: '{"ticket": "Hm"}',
    });
    expect(pinned.json()).toMatchObject({
      version: 2,
      reason: "pinned",
      messages: [{ content: "Sort this: Hm" }],
    });
  });

  test("at tells what was released and served in that minute, and ledger lists the calls", async () => {
    await fillWorld(world);
    world.clock.advance(60_000);
    const id = await serve({ version: 1, subjects: { user: "ada", document: "d-1" } });
    world.clock.advance(3_600_000);
    await world.run(["release", `${KEY}@v2`, "--env", "production", "--reason", "better"]);
    const at = await world.run(["at", "14:33", KEY, "--user", "ada", "--env", "production", "--json"]);
    expect(at.json()).toMatchObject({
      key: KEY,
      environment: "production",
      released: { version: 1, tier: "environment", lane: "live", by: "grace", releaseReason: "first" },
      served: { version: 1, executionId: id, at: "2026-03-16T14:33:00.000Z" },
      differs: null,
      text: { body: "Is this billing, bug or other?\n{{ticket}}" },
      executions: [{ id, subjects: { user: "ada", document: "d-1" } }],
    });
    const human = await world.run(["at", "14:33", KEY, "--user", "ada", "--env", "production"]);
    expect(human.out).toContain("environment production");
    expect(human.out).toContain(`execution ${id}`);
    for (const filter of [
      ["--prompt", KEY, "--version", "v1"],
      ["--user", "ada"],
      ["--document", "d-1"],
      [],
    ]) {
      const rows = (await world.run(["ledger", ...filter, "--json"])).rows();
      expect(rows.map((row) => row.id)).toEqual([id]);
    }
    for (const filter of [
      ["--user", "ben"],
      ["--since", "2026-03-16T15:00Z"],
      ["--until", "2026-03-16"],
      ["--trace", "0".repeat(32)],
    ]) {
      expect((await world.run(["ledger", ...filter, "--json"])).out).toBe("");
    }
  });

  test("ledger shows a trace to people as a tree, and to scripts as rows", async () => {
    await fillWorld(world);
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const outer = await serve({ trace, step: 1 });
    await serve({ trace, step: 2, parent: outer as never });
    await serve({ trace: "0".repeat(31).concat("1") });
    const shown = (await world.run(["ledger", "--trace", trace])).out.split("\n");
    const calls = shown.flatMap((line) => /^\S+ \S+?Z ( +)support/.exec(line)?.[1] ?? []);
    expect(calls.map((spaces) => spaces.length)).toEqual([1, 3]);
    const rows = (await world.run(["ledger", "--trace", trace, "--json"])).rows();
    expect(new Set(rows.map((row) => row.parent))).toEqual(new Set([outer, null]));
  });

  test("outcome, verify, erase and snapshot keep the books", async () => {
    await fillWorld(world);
    const id = await serve({ subjects: { user: "ada" } });
    const outcome = [
      "outcome",
      id,
      "--name",
      "editDistance",
      "--value",
      "0.25",
      "--source",
      "user",
      "--json",
    ];
    expect((await world.run(outcome)).json()).toMatchObject({
      execution: id,
      name: "editDistance",
      value: 0.25,
      source: "user",
    });
    const verified = await world.run(["verify", "--anchor", "anchor.json", "--json"]);
    expect(verified.json()).toMatchObject({
      ok: true,
      anchor: "written",
      executions: 1,
      outcomes: 1,
      findings: [],
    });
    const erased = await world.run(["erase", "--user", "ada", "--json"]);
    expect(erased.json()).toMatchObject({ kind: "user", known: true, executions: 1, compacted: true });
    expect((await world.run(["ledger", "--user", "ada", "--json"])).out).toBe("");
    expect((await world.run(["ledger", "--json"])).rows()).toHaveLength(1);
    expect((await world.run(["verify", "--anchor", "anchor.json", "--json"])).json()).toMatchObject({
      ok: true,
      anchor: "renewed",
    });
    const snapshot = await world.run(["snapshot", "-o", "snapshot.json", "--json"]);
    expect(snapshot.json()).toMatchObject({ prompts: 1 });
    const document = JSON.parse(readFileSync(join(world.folder, "snapshot.json"), "utf8"));
    expect(document).toMatchObject({
      format: 1,
      prompts: { [KEY]: { releases: { production: { version: 1 } } } },
    });
  });

  test("the doctor is content with a store that is well", async () => {
    await fillWorld(world);
    const { code, json } = await world.run(["doctor", "--json"]);
    expect(code).toBe(0);
    expect(json()).toEqual({ ok: true, findings: [] });
  });

  test("every command has help with an example, and people are told store and environment", async () => {
    const { out } = await world.run(["--help"]);
    const names = [...out.matchAll(/^ {2}([a-z]+) /gm)]
      .map((match) => match[1] ?? "")
      .filter((name) => name !== "help");
    expect(names.length).toBeGreaterThanOrEqual(42);
    for (const name of names) {
      const help = await world.run([name, "--help"]);
      expect(help.code).toBe(0);
      expect(help.out).toContain("Example:");
      expect(help.out).toContain("--json");
    }
    await fillWorld(world);
    for (const args of [["list"], ["resolve", KEY], ["release", `${KEY}@v1`, "--reason", "again"]]) {
      expect((await world.run(args)).out).toMatch(/store .*store\.db · environment development/);
    }
  });
});
