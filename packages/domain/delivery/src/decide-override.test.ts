/** Tests of overrides. */
import { describe, expect, it } from "vitest";
import { BY, contract, DeliveryLog, KEY, pseudonym, textOf } from "./delivery-log.fixture.ts";
import { decideDrill } from "./drill/decide-drill.ts";
import { listOverrides } from "./override-entries.ts";

function logWith(versions: number): DeliveryLog {
  const log = new DeliveryLog();
  log.versions(versions);
  return log;
}

const TENANT = { kind: "tenant", subject: pseudonym("acme") } as const;
const TYPE = { kind: "documentType", subject: pseudonym("invoice") } as const;

describe("decideOverride", () => {
  it("sets a version for a subject", () => {
    const log = logWith(1);
    expect(log.override(1, { expires: log.now + 60_000, reason: "pilot" })).toMatchObject({
      kind: "user",
      subject: "ada",
      version: 1,
      unchanged: false,
      replaced: [],
    });
    expect(listOverrides(log.state, { now: log.now })).toMatchObject([
      { key: KEY, status: "active", reason: "pilot" },
    ]);
  });

  it("changes nothing when the same is set again, but records another expiry", () => {
    const log = logWith(1);
    log.override(1);
    const before = log.records.length;
    expect(log.override(1).unchanged).toBe(true);
    expect(log.records).toHaveLength(before);
    expect(log.override(1, { expires: log.now + 60_000 })).toMatchObject({
      unchanged: false,
      replaced: [{ version: 1 }],
    });
  });

  it.each([
    [{ kind: "group" as never }, "usage", "group"],
    [{ key: "support.triag" }, "key-unknown", "did you mean"],
    [{ environment: "moon" }, "environment-unknown", "moon"],
    [{ version: 9 }, "version-unknown", "v9"],
    [{ expires: 0 }, "time-invalid", "1970-01-01"],
    [{ expires: Number.NaN }, "time-invalid", "NaN"],
  ])("refuses %j with %s", (more, code, sentence) => {
    const log = logWith(1);
    const before = log.records.length;
    expect(() => log.override(1, more)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(sentence) }),
    );
    expect(log.records).toHaveLength(before);
  });

  it("refuses a withdrawn version", () => {
    const log = logWith(1);
    log.withdraw(1);
    expect(() => log.override(1)).toThrow(expect.objectContaining({ code: "withdrawn" }));
  });

  it("refuses what does not fit the code where it would be served", () => {
    const log = new DeliveryLog();
    log.version(textOf("{{user}}", { input: contract("user") }));
    log.declare("production");
    const misfit = expect.objectContaining({
      code: "misfit",
      message: expect.stringContaining("in production"),
    });
    expect(() => log.override(1)).toThrow(misfit);
    expect(() => log.override(1, { environment: "production" })).toThrow(misfit);
    expect(log.override(1, { environment: "staging" }).unchanged).toBe(false);
  });

  it("clears what was set for the same subject and environment, and nothing else", () => {
    const log = logWith(2);
    log.override(1);
    log.override(2);
    log.override(1, { environment: "staging" });
    log.override(1, { subject: pseudonym("bob") });
    expect(log.clear()).toMatchObject({
      version: null,
      unchanged: false,
      replaced: [{ version: 2 }, { version: 1 }],
    });
    expect(
      listOverrides(log.state, { now: log.now }).map((one) => `${one.subject} ${one.environment}`),
    ).toEqual(["bob null", "ada staging"]);
    expect(log.clear().unchanged).toBe(true);
  });
});

describe("an override in a protected environment", () => {
  it.each([TENANT, TYPE])("obeys the rule of a release for a whole %j", (who) => {
    const log = logWith(1);
    log.evalSet("tickets");
    for (const environment of ["production", null]) {
      expect(() => log.override(1, { ...who, environment })).toThrow(
        expect.objectContaining({ code: "evidence-missing", message: expect.stringContaining("production") }),
      );
    }
    expect(log.override(1, { ...who, environment: "staging" }).unchanged).toBe(false);
    expect(log.override(1, { ...who, environment: null, breakGlass: "demo" }).breakGlass).toBe("demo");
    expect(listOverrides(log.state, { now: log.now })[0]).toMatchObject({
      breakGlass: "demo",
      environment: null,
    });
  });

  it("takes no evidence against what a drill has put there for a moment", () => {
    const log = logWith(3);
    for (const version of [1, 2]) log.release(version, "production");
    log.evalSet("tickets");
    const against = (baseline: string) => [log.evidence(3, { baseline })];
    log.append((state) =>
      decideDrill(state, {
        ...{ id: "d1", key: KEY, environment: "production", share: 1, processes: 1, scheduled: false },
        ...{ by: BY, now: log.now, texts: log.texts },
      }),
    );
    const to = { ...TENANT, environment: "production" };
    expect(() => log.override(3, { ...to, evidence: against("v1") })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("against v2") }),
    );
    expect(log.override(3, { ...to, evidence: against("v2") }).unchanged).toBe(false);
  });

  it("is free for a user and a document", () => {
    const log = logWith(1);
    log.evalSet("tickets");
    expect(log.override(1, { kind: "user", environment: "production" }).unchanged).toBe(false);
    expect(log.override(1, { kind: "document", environment: null }).unchanged).toBe(false);
  });

  it("needs pinned partials where it reaches more than one", () => {
    const log = new DeliveryLog();
    log.version(textOf("Be kind."), "shared.tone");
    log.version(textOf("{{> shared.tone}} {{ticket}}"));
    log.evalSet("tickets");
    expect(() => log.override(1, { ...TENANT, breakGlass: "demo" })).toThrow(
      expect.objectContaining({ code: "prompt-invalid" }),
    );
    expect(log.override(1).unchanged).toBe(false);
  });
});

describe("listOverrides", () => {
  it("tells active, expired, superseded and withdrawn ones apart, newest first", () => {
    const log = logWith(3);
    log.override(1);
    log.override(2);
    log.override(3, { environment: "staging" });
    log.override(1, { environment: "production", expires: log.now + 1_500 });
    log.withdraw(3);
    const seen = listOverrides(log.state, { now: log.now }).map(
      ({ version, status }) => `v${version} ${status}`,
    );
    expect(seen).toEqual(["v1 expired", "v3 withdrawn", "v2 active", "v1 superseded"]);
  });

  it("lets an older one speak again when the newer has expired", () => {
    const log = logWith(2);
    log.override(1);
    log.override(2, { expires: log.now + 10_000 });
    const at = (now: number) => listOverrides(log.state, { now, status: "active" }).map((one) => one.version);
    expect(at(log.now)).toEqual([2]);
    expect(at(log.now + 60_000)).toEqual([1]);
  });

  it("filters by key, kind, subject, environment and version", () => {
    const log = logWith(2);
    log.override(1);
    log.override(2, { ...TENANT, environment: "staging" });
    const { now } = log;
    expect(listOverrides(log.state, { now, key: "other" })).toEqual([]);
    expect(listOverrides(log.state, { now, kind: "tenant" })).toHaveLength(1);
    expect(listOverrides(log.state, { now, subject: pseudonym("ada") })).toHaveLength(1);
    expect(listOverrides(log.state, { now, environment: "production" })).toMatchObject([{ version: 1 }]);
    expect(listOverrides(log.state, { now, version: 2 })).toHaveLength(1);
  });
});
