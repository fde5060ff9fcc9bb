/** Tests what of the registry goes into a snapshot. */
import { describe, expect, it } from "vitest";
import { EVERY_RECORD } from "./records/records.fixture.ts";
import type { RegistryRecord, RegistryRecords, RolloutState } from "./records/registry-records.ts";
import { projectRecords } from "./registry-state.ts";
import { projectPrompt, type Reveal, type SnapshotPrompt, textsNeeded } from "./snapshot-document.ts";
import type { Pseudonym } from "./subject.ts";

type Data = Partial<RegistryRecords[keyof RegistryRecords]>;
type Kind = "environment" | "version" | "release" | "override" | "withdrawal" | "rollout" | "metadata";

/** Builds a log entry by entry and projects its one prompt. */
class Log {
  readonly #records: RegistryRecord[] = [];

  add(kind: Kind, data: Data): this {
    const revision = this.#records.length + 1;
    const whole = { ...EVERY_RECORD[kind], ...data };
    this.#records.push({
      kind,
      data: whole,
      by: { id: "t", via: "system" },
      revision,
      at: revision,
    } as RegistryRecord);
    return this;
  }

  environments(...pairs: readonly (readonly [string, string | null])[]): this {
    for (const [name, inherits] of pairs) this.add("environment", { name, inherits });
    return this;
  }

  versions(last: number): this {
    for (let version = 1; version <= last; version++) this.add("version", { version, hash: `h${version}` });
    return this;
  }

  release(environment: string, version: number | null, lane: "live" | "canary" = "live"): this {
    return this.add("release", { environment, version, lane, model: null });
  }

  project(more: { readonly reveal?: Reveal; readonly pins?: readonly number[] } = {}): SnapshotPrompt {
    const state = projectRecords(this.#records);
    const prompt = state.prompts.get("k");
    if (prompt === undefined) throw new Error("The log has no prompt.");
    return projectPrompt(state, prompt, {
      reveal: more.reveal ?? ((subject) => `plain ${subject}`),
      pins: more.pins,
    });
  }
}

const log = (last = 4): Log =>
  new Log()
    .environments(["development", null], ["staging", null], ["preview", "staging"], ["deep", "preview"])
    .versions(last);
const numbers = (prompt: SnapshotPrompt): readonly number[] => Object.keys(prompt.versions).map(Number);

describe("the snapshot of a prompt", () => {
  it("follows inheritance, and says from where a release came", () => {
    const prompt = log().release("staging", 1).project();
    expect(prompt.releases).toEqual({
      staging: { version: 1, model: null, inherited: null, plan: null },
      preview: { version: 1, model: null, inherited: "staging", plan: null },
      deep: { version: 1, model: null, inherited: "staging", plan: null },
    });
  });

  it("lets an environment's own release win over what it inherits", () => {
    const { releases } = log().release("staging", 1).release("preview", 2).project();
    expect(releases.deep).toMatchObject({ version: 2, inherited: "preview" });
    expect(releases.staging).toMatchObject({ version: 1 });
  });

  it("lets an emptied lane hide what would be inherited", () => {
    const prompt = log().release("staging", 1).release("preview", 2).release("preview", null).project();
    expect(Object.keys(prompt.releases)).toEqual(["staging"]);
  });

  it("carries the model that a release names", () => {
    const model = { provider: "azure", id: "gpt-5" };
    const prompt = log().add("release", { environment: "staging", version: 1, model }).project();
    expect(prompt.releases.staging?.model).toEqual(model);
  });

  it.each<[RolloutState, boolean]>([
    ["pending", false],
    ["shadowing", false],
    ["ramping", true],
    ["holding", true],
    ["waiting-for-approval", true],
    ["completed", false],
    ["stopped", false],
    ["rolled-back", false],
  ])("draws by a rollout that is %s: %s", (state, serves) => {
    const rollout = {
      environment: "staging",
      state,
      where: null,
      arms: [{ version: 2, share: 0.1 }],
      control: 0.1,
    };
    const prompt = log().release("staging", 1).add("rollout", rollout).project();
    const plan = { rollout: "r1", salt: "s", arms: [{ version: 2, share: 0.1 }], control: 0.1, where: null };
    expect(prompt.releases.staging?.plan).toEqual(serves ? plan : null);
    // Conversations that began on an arm stay on it, whatever became of the rollout.
    expect(numbers(prompt)).toEqual([1, 2]);
  });

  it("inherits the rollout with the release", () => {
    const rollout = { environment: "staging", where: null };
    const prompt = log().release("staging", 1).add("rollout", rollout).project();
    expect(prompt.releases.preview?.plan?.rollout).toBe("r1");
  });

  it("draws by the nearest rollout that serves, also where the release is inherited", () => {
    const prompts = log()
      .release("staging", 1)
      .add("rollout", { environment: "preview", where: null, id: "own" });
    expect(prompts.project().releases.preview?.plan?.rollout).toBe("own");
    expect(prompts.project().releases.staging?.plan).toBeNull();
    prompts.add("rollout", { environment: "staging", where: null });
    expect(prompts.project().releases.preview?.plan?.rollout).toBe("own");
    prompts.add("rollout", { environment: "preview", where: null, id: "own", state: "stopped" });
    expect(prompts.project().releases.deep?.plan?.rollout).toBe("r1");
  });

  it("names the tenant that an override is within, and drops one within an erased tenant", () => {
    const within = {
      subject: "contract" as Pseudonym,
      tenant: "t" as Pseudonym,
      kind: "documentType",
    } as const;
    const prompts = log().add("override", { version: 2, environment: null, expires: null, ...within });
    expect(prompts.project().overrides).toMatchObject([{ subject: "plain contract", tenant: "plain t" }]);
    const erased: Reveal = (subject) => (subject === "t" ? undefined : subject);
    expect(prompts.project({ reveal: erased }).overrides).toEqual([]);
  });

  it("names the tenant of a scoped rollout in plain, and drops the plan of an erased one", () => {
    const where = { documentType: "invoice", tenant: "t1" as Pseudonym };
    const scoped = log().release("staging", 1).add("rollout", { environment: "staging", where });
    expect(scoped.project().releases.staging?.plan?.where).toEqual({
      documentType: "invoice",
      tenant: "plain t1",
    });
    expect(scoped.project({ reveal: () => undefined }).releases.staging?.plan).toBeNull();
  });

  it("lists overrides newest first, in plain words, and leaves out erased subjects", () => {
    const set = (subject: string, version: number, more: Data = {}): Data => ({
      version,
      subject: subject as Pseudonym,
      environment: null,
      expires: null,
      ...more,
    });
    const prompts = log()
      .add("override", set("a", 1))
      .add("override", set("b", 2, { environment: "staging" }))
      .add("override", set("erased", 3))
      .add("override", set("a", 4, { expires: 99 }));
    const reveal: Reveal = (subject) => (subject === "erased" ? undefined : `plain ${subject}`);
    const prompt = prompts.project({ reveal });
    expect(prompt.overrides).toEqual([
      { kind: "user", subject: "plain a", version: 4, environment: null, expires: 99 },
      { kind: "user", subject: "plain b", version: 2, environment: "staging", expires: null },
      { kind: "user", subject: "plain a", version: 1, environment: null, expires: null },
    ]);
    expect(numbers(prompt)).toEqual([1, 2, 4]);
  });

  it("drops a cleared override", () => {
    const prompt = log()
      .add("override", { version: 1, environment: "staging" })
      .add("override", { version: null, environment: "staging" })
      .project();
    expect(prompt.overrides).toEqual([]);
  });

  it("keeps versions that were live once, also when another environment is released over and over", () => {
    const history = log(60).release("staging", 1).release("staging", 2);
    for (let version = 3; version <= 60; version++) history.release("development", version);
    const kept = numbers(history.project());
    expect(kept.slice(0, 2)).toEqual([1, 2]);
    expect(kept.slice(2)).toEqual(Array.from({ length: 20 }, (_, index) => index + 41));
  });

  it("counts a version once, however often it was released", () => {
    const history = log(4).release("staging", 1);
    for (let round = 0; round < 30; round++) history.release("staging", 2 + (round % 2));
    expect(numbers(history.project())).toEqual([1, 2, 3]);
  });

  it("brings the versions that code pins, where they exist", () => {
    const prompt = log()
      .release("staging", 1)
      .project({ pins: [3, 99] });
    expect(prompt.versions).toEqual({
      1: { hash: "h1", withdrawn: false },
      3: { hash: "h3", withdrawn: false },
    });
  });

  it("marks withdrawn versions", () => {
    const prompt = log().release("staging", 1).add("withdrawal", { version: 1 }).project();
    expect(prompt.versions[1]?.withdrawn).toBe(true);
  });

  it("is of medium risk unless its metadata say otherwise", () => {
    expect(log().release("staging", 1).project().risk).toBe("medium");
    expect(log().add("metadata", { risk: "high" }).project().risk).toBe("high");
  });

  it("leaves models to the code that the registry never named, and names none where it names none any more", () => {
    const model = { provider: "openai", id: "m" };
    const none = { backup: [], routes: {} };
    const models = ({ backup, routes }: SnapshotPrompt) => [backup, routes];
    expect(models(log().project())).toEqual([undefined, undefined]);
    expect(models(log().add("metadata", none).project())).toEqual([undefined, undefined]);
    const named = log().add("metadata", { backup: [model], routes: {} });
    expect(models(named.project())).toEqual([[model], undefined]);
    expect(models(named.add("metadata", { backup: [], routes: { cheap: model } }).project())).toEqual([
      [],
      { cheap: model },
    ]);
    expect(models(named.add("metadata", none).project())).toEqual([[], {}]);
  });

  it("is plain JSON, also with an environment named like a built-in property", () => {
    const prompt = new Log().environments(["__proto__", null]).versions(1).release("__proto__", 1).project();
    expect(Object.keys(prompt.releases)).toEqual(["__proto__"]);
    expect(JSON.parse(JSON.stringify(prompt))).toStrictEqual(prompt);
  });
});

describe("the texts that prompts need", () => {
  it("are those of every version, each once", () => {
    const prompt = log().release("staging", 1).release("development", 2).project();
    expect(textsNeeded([prompt, prompt])).toEqual(new Set(["h1", "h2"]));
    expect(textsNeeded([])).toEqual(new Set());
  });
});
