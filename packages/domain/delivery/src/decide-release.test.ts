/** Tests of releases and of the gate in front of them. */
import { type ApprovalData, type EvidenceData, hashText } from "@colophon/kernel";
import { aRolloutDraft } from "@colophon/testkit";
import { describe, expect, it } from "vitest";
import { BY, contract, DeliveryLog, KEY, textOf } from "./delivery-log.fixture.ts";
import { liveOf } from "./live.ts";
import { releaseLog } from "./release-log.ts";

function approval(by: string, hash: string, more: Partial<ApprovalData> = {}) {
  const judged = { safety: true, compliance: true, style: true, comment: null };
  const about = { key: KEY, version: 1, hash, environment: "production" };
  return { ...about, ...judged, ...more, by: { id: by, via: "cli" as const } };
}

function logWith(versions: number): DeliveryLog {
  const log = new DeliveryLog();
  log.versions(versions);
  return log;
}

describe("decideRelease", () => {
  it("makes a version live and says what was live before", () => {
    const log = logWith(2);
    expect(log.release(1, "staging")).toMatchObject({
      version: 1,
      previous: null,
      unchanged: false,
      warnings: [],
    });
    expect(log.release(2, "staging", { reason: " shorter " })).toMatchObject({ version: 2, previous: 1 });
    expect(liveOf(log.state, KEY, "staging")).toMatchObject({
      version: 2,
      inherited: null,
      release: { reason: "shorter" },
    });
    expect(liveOf(log.state, KEY, "production")).toBeUndefined();
  });

  it("changes nothing when that version is live there already", () => {
    const log = logWith(1);
    log.release(1, "staging");
    const before = log.records.length;
    expect(log.release(1, "staging")).toMatchObject({ unchanged: true, previous: 1 });
    expect(log.records).toHaveLength(before);
  });

  it("records a release of the same version when the environment only inherited it, or the model is another", () => {
    const log = logWith(1);
    log.add("preview", "staging");
    log.release(1, "staging");
    expect(log.release(1, "preview")).toMatchObject({ unchanged: false, previous: 1 });
    expect(log.release(1, "staging", { model: { provider: "openai", id: "gpt-5" } }).unchanged).toBe(false);
    expect(liveOf(log.state, KEY, "staging")?.release.model?.id).toBe("gpt-5");
  });

  it.each([
    [{ reason: "  " }, "reason-missing", "--reason"],
    [{ key: "suport.triage" }, "key-unknown", "did you mean support.triage?"],
    [{ version: 9 }, "version-unknown", "newest is v2"],
    [{ environment: "stagin" }, "environment-unknown", "did you mean staging?"],
    [{ environment: "moon" }, "environment-unknown", "development, staging, production"],
    [{ version: null }, "usage", "@vN"],
    [{ version: null, fromEnvironment: "staging" }, "version-unknown", "live in staging"],
    [{ fromEnvironment: "moon" }, "environment-unknown", "moon"],
  ])("refuses %j with %s", (more, code, sentence) => {
    const log = logWith(2);
    const before = log.records.length;
    expect(() => log.release(1, "production", more)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
    );
    expect(log.records).toHaveLength(before);
  });

  it("refuses a withdrawn version, also one that is live", () => {
    const log = logWith(1);
    log.release(1, "staging");
    log.withdraw(1, "leaks names");
    for (const environment of ["staging", "production"]) {
      expect(() => log.release(1, environment)).toThrow(
        expect.objectContaining({ code: "withdrawn", message: expect.stringContaining("leaks names") }),
      );
    }
  });

  it("takes version and model from another environment", () => {
    const log = logWith(2);
    const model = { provider: "openai", id: "gpt-5" };
    log.release(2, "staging", { model });
    expect(log.release(null, "production", { fromEnvironment: "staging" }).version).toBe(2);
    expect(liveOf(log.state, KEY, "production")?.release.model).toEqual(model);
    expect(() => log.release(1, "production", { fromEnvironment: "staging" })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("v2") }),
    );
  });

  it("warns of a model name that may point elsewhere any day", () => {
    const log = new DeliveryLog();
    log.version(textOf("{{ticket}}", { model: { provider: "openai", id: "gpt-5-latest" } }));
    expect(log.release(1, "staging").warnings).toEqual([expect.stringContaining("gpt-5-latest")]);
  });

  it("names the texts that it needs and was not given", () => {
    const log = logWith(1);
    const hash = hashText(textOf("v1 {{ticket}}"));
    expect(() => log.release(1, "staging", { texts: new Map() })).toThrow(
      expect.objectContaining({ code: "store-corrupt", details: { missingTexts: [hash] } }),
    );
  });
});

describe("a release and the code that runs there", () => {
  it("is refused with every misfit when the code cannot serve it", () => {
    const log = new DeliveryLog();
    log.version(
      textOf("{{ticket}} {{user}}", {
        input: contract("ticket", "user"),
        model: { provider: "anthropic", id: "claude-haiku-4-5" },
        tools: [{ name: "look", input: {} }],
      }),
    );
    log.declare("staging");
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({
        code: "misfit",
        details: {
          key: KEY,
          version: 1,
          misfits: [
            expect.stringContaining("{{user}}"),
            expect.stringContaining("anthropic"),
            expect.stringContaining("look"),
          ],
        },
      }),
    );
    expect(log.release(1, "production").unchanged).toBe(false);
  });

  it("is refused when it does not fit an environment that inherits it", () => {
    const log = new DeliveryLog();
    log.version(textOf("{{ticket}} {{user}}", { input: contract("ticket", "user") }));
    log.add("preview", "staging");
    log.declare("preview");
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("in preview") }),
    );
    log.version("fits {{ticket}}");
    log.release(2, "preview");
    expect(log.release(1, "staging").inheritedBy).toEqual([]);
  });

  it("is judged by the model of the release, not by the text's own", () => {
    const log = logWith(1);
    log.declare("staging");
    expect(() => log.release(1, "staging", { model: { provider: "google", id: "gemini-3-flash" } })).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("google") }),
    );
  });

  it("reads unpinned partials as they are in that environment", () => {
    const log = new DeliveryLog();
    log.version(textOf("{{> shared.tone}} {{ticket}}"));
    log.declare("staging");
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({
        code: "misfit",
        message: expect.stringContaining("neither live nor declared"),
      }),
    );
    const tone = textOf("Be kind to {{user}}.", { input: contract("user") });
    log.declare("staging", { key: "shared.tone", text: tone });
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("{{user}}") }),
    );
    const translated = textOf("Be kind.", { locales: { de: "Sei nett zu {{user}}." } });
    log.declare("staging", { key: "shared.tone", text: translated });
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("{{user}}") }),
    );
    log.version(textOf("Be kind."), "shared.tone");
    log.release(1, "staging", { key: "shared.tone" });
    expect(log.release(1, "staging").unchanged).toBe(false);
  });

  it("is refused when a pinned partial was withdrawn, or partials run in a circle", () => {
    const log = new DeliveryLog();
    log.version(textOf("Be kind."), "shared.tone");
    const hash = hashText(textOf("Be kind."));
    log.version(textOf("{{> shared.tone@v1}} {{ticket}}", { partials: { "shared.tone@v1": hash } }));
    log.write({ kind: "withdrawal", by: BY, data: { key: "shared.tone", version: 1, reason: "rude" } });
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({
        code: "misfit",
        message: expect.stringContaining("shared.tone@v1 was withdrawn"),
      }),
    );
    log.version(textOf("{{> shared.tone}} {{ticket}}"));
    log.version(textOf(`{{> ${KEY}}}`), "shared.tone");
    log.release(2, "staging", { key: "shared.tone" });
    expect(() => log.release(2, "staging")).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("includes itself") }),
    );
  });
});

describe("a release to a protected environment", () => {
  function guarded(versions: number): DeliveryLog {
    const log = logWith(versions);
    log.evalSet("tickets");
    return log;
  }

  it("needs evidence, and the refusal names the way around it", () => {
    const log = guarded(1);
    expect(() => log.release(1, "production")).toThrow(
      expect.objectContaining({
        code: "evidence-missing",
        message: expect.stringContaining("--break-glass"),
      }),
    );
    expect(log.release(1, "production", { evidence: [log.evidence(1)] }).evidence).toEqual(["e1"]);
    expect(liveOf(log.state, KEY, "production")?.release).toMatchObject({
      evidence: ["e1"],
      breakGlass: null,
    });
  });

  it.each<[string, Partial<EvidenceData>]>([
    ["of another prompt", { key: "other" }],
    ["of another version", { challenger: "v2" }],
    ["for another environment", { environment: "staging" }],
    ["that does not ship", { verdict: "inconclusive" }],
    ["of a mode that does not count here", { mode: "smoke" }],
    ["of another text under the same number", { hash: "other" }],
    ["on another model", { model: { provider: "openai", id: "gpt-5-nano" } }],
    [
      "from the split that is tuned against",
      { evalSet: { name: "tickets", version: 1, hash: "h", split: "dev" } },
    ],
    [
      "from another set than the prompt's",
      { evalSet: { name: "easy", version: 1, hash: "h", split: "test" } },
    ],
  ])("does not take evidence %s", (_, more) => {
    const log = guarded(2);
    expect(() => log.release(1, "production", { evidence: [log.evidence(1, more)] })).toThrow(
      expect.objectContaining({ code: "evidence-missing" }),
    );
  });

  it("takes the newest verdict: an older ship does not outlive a block", () => {
    const log = guarded(1);
    const verdicts = [log.evidence(1), log.evidence(1, { id: "later", verdict: "block" })];
    expect(() => log.release(1, "production", { evidence: verdicts })).toThrow(
      expect.objectContaining({ code: "evidence-missing" }),
    );
  });

  it("takes the modes that the environment names", () => {
    const log = guarded(1);
    log.protect("production", "always", { modes: ["superiority"] });
    expect(() => log.release(1, "production", { evidence: [log.evidence(1)] })).toThrow(
      expect.objectContaining({ code: "evidence-missing" }),
    );
    const superior = [log.evidence(1, { mode: "superiority" })];
    expect(log.release(1, "production", { evidence: superior }).unchanged).toBe(false);
  });

  it("takes evidence of both modes for either of them", () => {
    const log = guarded(1);
    log.protect("production", "always", { modes: ["strict"] });
    const both = [log.evidence(1, { mode: "both" })];
    expect(log.release(1, "production", { evidence: both }).unchanged).toBe(false);
  });

  it("takes evidence on the very model that the release names", () => {
    const log = guarded(1);
    const model = { provider: "openai", id: "gpt-5" };
    const release = { evidence: [log.evidence(1, { model })], model };
    expect(log.release(1, "production", release).unchanged).toBe(false);
  });

  it("does not take evidence against a version that is live no more", () => {
    const log = guarded(3);
    log.release(1, "production", { evidence: [log.evidence(1)] });
    const old = [log.evidence(3)];
    log.release(2, "production", { breakGlass: "outage" });
    expect(() => log.release(3, "production", { evidence: old })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("no ship evidence for it against v2") }),
    );
  });

  it("does not take evidence for another model than the text's own", () => {
    const model = { provider: "openai", id: "gpt-5" };
    const log = guarded(1);
    expect(() => log.release(1, "production", { evidence: [log.evidence(1)], model })).toThrow(
      expect.objectContaining({ code: "evidence-missing" }),
    );
    const own = { provider: "openai", id: "gpt-5-mini" };
    expect(log.release(1, "production", { evidence: [log.evidence(1)], model: own }).unchanged).toBe(false);
  });

  it("replaces a live version only out of a completed rollout", () => {
    const log = guarded(2);
    log.release(1, "production", { evidence: [log.evidence(1)] });
    expect(() => log.release(2, "production", { evidence: [log.evidence(2)] })).toThrow(
      expect.objectContaining({ code: "evidence-missing", message: expect.stringContaining("rollout") }),
    );
    const about = { key: KEY, environment: "production", state: "completed", cause: "completed" } as const;
    log.write(aRolloutDraft({ ...about, arms: [{ version: 2, share: 1 }], control: 0, step: 3 }));
    expect(log.release(2, "production", { evidence: [log.evidence(2)] }).unchanged).toBe(false);
  });

  describe("on another model", () => {
    const model = { provider: "openai", id: "gpt-5-nano" };
    /** v2 came out of its rollout and is live on the model of its text. */
    function rolledOut(): DeliveryLog {
      const log = guarded(2);
      log.release(1, "production", { evidence: [log.evidence(1)] });
      const about = { key: KEY, environment: "production", state: "completed", cause: "completed" } as const;
      log.write(aRolloutDraft({ ...about, arms: [{ version: 2, share: 1 }], control: 0, step: 3 }));
      log.release(2, "production", { evidence: [log.evidence(2)] });
      return log;
    }

    it("asks for evidence against the live version itself, not against one that was live before", () => {
      const log = rolledOut();
      const old = [log.evidence(2, { model, baseline: "v1" })];
      expect(() => log.release(2, "production", { evidence: old, model })).toThrow(
        expect.objectContaining({ message: expect.stringContaining("no ship evidence for it against v2") }),
      );
    });

    it("takes evidence against the live version on its own model", () => {
      const log = rolledOut();
      const evidence = [log.evidence(2, { model, baseline: "v2" })];
      expect(log.release(2, "production", { evidence, model }).unchanged).toBe(false);
    });

    it("asks more of a version that is not live: no rollout tried it on that model", () => {
      const log = guarded(2);
      log.release(1, "production", { evidence: [log.evidence(1)] });
      const about = { key: KEY, environment: "production", state: "completed", cause: "completed" } as const;
      log.write(aRolloutDraft({ ...about, arms: [{ version: 2, share: 1 }], control: 0, step: 3 }));
      const evidence = [log.evidence(2, { model })];
      expect(() => log.release(2, "production", { evidence, model })).toThrow(
        expect.objectContaining({
          code: "evidence-missing",
          message: expect.stringContaining("no rollout tried it on gpt-5-nano"),
        }),
      );
      expect(log.release(2, "production", { evidence, model, breakGlass: "shutdown" }).unchanged).toBe(false);
    });
  });

  it("lets an exception through with its written reason, and keeps it in the record", () => {
    const log = guarded(1);
    expect(() => log.release(1, "production", { breakGlass: " " })).toThrow(
      expect.objectContaining({ code: "reason-missing", message: expect.stringContaining("--break-glass") }),
    );
    expect(log.release(1, "production", { breakGlass: "outage" }).breakGlass).toBe("outage");
    expect(releaseLog(log.state, KEY)[0]).toMatchObject({ breakGlass: "outage", evidence: [] });
  });

  it("records no exception where none was needed, and says so", () => {
    const log = logWith(1);
    expect(log.release(1, "production", { breakGlass: "outage" })).toMatchObject({
      breakGlass: null,
      warnings: [expect.stringContaining("No exception was needed")],
    });
  });

  it("cannot go through an environment that the protected one inherits from", () => {
    const log = logWith(1);
    log.add("europe", "staging");
    log.protect("europe");
    expect(() => log.release(1, "staging")).toThrow(
      expect.objectContaining({ code: "evidence-missing", message: expect.stringContaining("europe") }),
    );
  });

  it("counts approvals by others than the author, the newest of each", () => {
    const log = guarded(1);
    log.protect("production", "always", { approvals: 1 });
    const hash = hashText(textOf("v1 {{ticket}}"));
    const given = (...approvals: readonly ReturnType<typeof approval>[]) =>
      log.release(1, "production", { evidence: [log.evidence(1)], approvals });
    const refusal = expect.objectContaining({
      code: "evidence-missing",
      message: expect.stringContaining("approval"),
    });
    expect(() => given()).toThrow(refusal);
    expect(() => given(approval("ada", hash))).toThrow(refusal);
    expect(() => given(approval("bob", "other"))).toThrow(refusal);
    expect(() => given(approval("bob", hash, { safety: false }))).toThrow(refusal);
    expect(() => given(approval("bob", hash), approval("bob", hash, { style: false }))).toThrow(refusal);
    expect(() => given(approval("bob", hash, { environment: "staging" }))).toThrow(refusal);
    expect(given(approval("bob", hash)).unchanged).toBe(false);
  });

  it("needs pinned partials, exception or not", () => {
    const log = new DeliveryLog();
    log.version(textOf("Be kind."), "shared.tone");
    log.release(1, "production", { key: "shared.tone" });
    log.version(textOf("{{> shared.tone}} {{ticket}}"));
    expect(log.release(1, "staging").unchanged).toBe(false);
    log.evalSet("tickets");
    expect(() => log.release(1, "production", { breakGlass: "outage" })).toThrow(
      expect.objectContaining({ code: "prompt-invalid", message: expect.stringContaining("shared.tone@vN") }),
    );
  });

  it("needs them pinned at every depth", () => {
    const log = new DeliveryLog();
    log.version(textOf("Kind."), "shared.word");
    log.release(1, "production", { key: "shared.word" });
    const tone = textOf("Be {{> shared.word}}");
    log.version(tone, "shared.tone");
    log.version(
      textOf("{{> shared.tone@v1}} {{ticket}}", { partials: { "shared.tone@v1": hashText(tone) } }),
    );
    log.evalSet("tickets");
    expect(() => log.release(1, "production", { breakGlass: "outage" })).toThrow(
      expect.objectContaining({ code: "prompt-invalid", message: expect.stringContaining("shared.word") }),
    );
  });
});

describe("releaseLog", () => {
  it("gives releases, rollbacks and emptied lanes with the time they lasted", () => {
    const log = logWith(2);
    log.release(1, "staging");
    log.release(2, "staging");
    log.release(1, "production");
    log.rollback("staging");
    log.empty("staging");
    const entries = releaseLog(log.state, KEY, { environment: "staging", lane: "live" });
    expect(entries.map(({ action, version }) => `${action} ${version}`)).toEqual([
      "emptied null",
      "rollback 1",
      "release 2",
      "release 1",
    ]);
    expect(entries[0]?.until).toBeNull();
    expect(entries[1]?.until).toBe(entries[0]?.at);
    expect(entries[3]?.until).toBe(entries[2]?.at);
    expect(releaseLog(log.state, KEY)).toHaveLength(5);
  });
});
