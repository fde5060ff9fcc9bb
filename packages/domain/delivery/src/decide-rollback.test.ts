/** Tests of rollbacks: where they go back to, and that nothing holds them up. */
import { describe, expect, it } from "vitest";
import { contract, DeliveryLog, KEY, pseudonym, textOf } from "./delivery-log.fixture.ts";
import { liveOf } from "./live.ts";
import { rollbackTarget } from "./rollback-target.ts";

/** Versions 1, 2, … each released to staging in turn. */
function lived(count: number): DeliveryLog {
  const log = new DeliveryLog();
  log.versions(count);
  for (let version = 1; version <= count; version++) log.release(version, "staging");
  return log;
}

describe("decideRollback", () => {
  it("goes back to the version that was live before", () => {
    const log = lived(3);
    expect(log.rollback("staging")).toMatchObject({ from: 3, version: 2, unchanged: false });
    expect(liveOf(log.state, KEY, "staging")?.release).toMatchObject({
      version: 2,
      rollbackFrom: 3,
      reason: "worse",
    });
  });

  it("never goes back to a version that was rolled back from, also when it was released again since", () => {
    const log = lived(3);
    log.rollback("staging");
    expect(log.rollback("staging").version).toBe(1);
    log.release(3, "staging");
    log.version("v4 {{ticket}}");
    log.release(4, "staging");
    expect(log.rollback("staging").version).toBe(1);
  });

  it("remembers what was rolled back for each environment by itself", () => {
    const log = lived(2);
    log.rollback("staging");
    for (const version of [2, 1]) log.release(version, "production");
    expect(log.rollback("production").version).toBe(2);
  });

  it("passes over withdrawn versions", () => {
    const log = lived(3);
    log.withdraw(2);
    expect(log.rollback("staging").version).toBe(1);
  });

  it("passes over versions that no longer fit the code", () => {
    const log = new DeliveryLog();
    log.version("old {{ticket}}");
    log.version(textOf("{{user}}", { input: contract("user") }));
    log.version("new {{ticket}}");
    for (const version of [1, 2, 3]) log.release(version, "staging");
    log.declare("staging");
    expect(log.rollback("staging").version).toBe(1);
  });

  it("works when the live version is withdrawn, and when the lane is empty", () => {
    const withdrawn = lived(2);
    withdrawn.withdraw(2);
    expect(withdrawn.rollback("staging")).toMatchObject({ from: 2, version: 1 });
    const emptied = lived(2);
    emptied.empty("staging");
    expect(emptied.rollback("staging")).toMatchObject({ from: null, version: 2 });
  });

  it("goes to a version that is named, if it was live there and is not withdrawn", () => {
    const log = lived(4);
    expect(log.rollback("staging", { to: 1 }).version).toBe(1);
    expect(log.rollback("staging", { to: 1 }).unchanged).toBe(true);
    expect(log.rollback("staging", { to: 4 }).version).toBe(4);
    log.withdraw(2);
    log.version("v5 {{ticket}}");
    const never = expect.objectContaining({
      code: "nothing-to-roll-back",
      message: expect.stringContaining("never live in staging, where only v1, v2, v3, v4 was"),
    });
    expect(() => log.rollback("staging", { to: 5 })).toThrow(never);
    expect(() => log.rollback("staging", { to: 2 })).toThrow(expect.objectContaining({ code: "withdrawn" }));
    expect(() => log.rollback("staging", { to: 9 })).toThrow(
      expect.objectContaining({ code: "version-unknown" }),
    );
    expect(() => log.rollback("production", { to: 1 })).toThrow(
      expect.objectContaining({ code: "nothing-to-roll-back" }),
    );
  });

  it("refuses a named version that no longer fits the code", () => {
    const log = lived(2);
    log.declare("staging", { input: contract("user") });
    expect(() => log.rollback("staging", { to: 1 })).toThrow(
      expect.objectContaining({ code: "misfit", message: expect.stringContaining("{{ticket}}") }),
    );
  });

  it("says for each version why there is no way back", () => {
    const log = lived(3);
    log.withdraw(1);
    log.rollback("staging");
    expect(() => log.rollback("staging")).toThrow(
      expect.objectContaining({
        code: "nothing-to-roll-back",
        message: expect.stringContaining("v2 is the live one, v3 was rolled back from, v1 is withdrawn"),
      }),
    );
    expect(() => log.rollback("production")).toThrow(
      expect.objectContaining({
        code: "nothing-to-roll-back",
        message: expect.stringContaining("nothing was ever live"),
      }),
    );
  });

  it("needs a reason, a key and an environment", () => {
    const log = lived(2);
    expect(() => log.rollback("staging", { reason: "" })).toThrow(
      expect.objectContaining({ code: "reason-missing" }),
    );
    expect(() => log.rollback("stagin")).toThrow(expect.objectContaining({ code: "environment-unknown" }));
    expect(() => log.rollback("staging", { key: "x" })).toThrow(
      expect.objectContaining({ code: "key-unknown" }),
    );
  });

  it("asks for no evidence where the environment is protected", () => {
    const log = lived(2);
    log.protect("staging", "always", { approvals: 2 });
    expect(log.rollback("staging")).toMatchObject({ from: 2, version: 1 });
  });

  it("brings back the model that the version was live with", () => {
    const log = new DeliveryLog();
    log.versions(2);
    const model = { provider: "openai", id: "gpt-5" };
    log.release(1, "staging", { model });
    log.release(2, "staging");
    log.rollback("staging");
    expect(liveOf(log.state, KEY, "staging")?.release.model).toEqual(model);
  });

  it("gives an environment that inherited a release of its own", () => {
    const log = lived(2);
    log.add("preview", "staging");
    const back = log.rollback("preview");
    expect(back).toMatchObject({
      from: 2,
      version: 1,
      warnings: [expect.stringContaining("follows staging")],
    });
    expect(liveOf(log.state, KEY, "preview")).toMatchObject({ version: 1, inherited: null });
    expect(liveOf(log.state, KEY, "staging")?.version).toBe(2);
  });

  it("lists the overrides that go on serving what was rolled back from, and no others", () => {
    const log = lived(3);
    const staging = { environment: "staging" };
    log.override(3, { subject: pseudonym("everywhere") });
    log.override(3, { subject: pseudonym("here"), ...staging });
    log.override(3, { subject: pseudonym("elsewhere"), environment: "production" });
    log.override(3, { subject: pseudonym("expired"), expires: log.now + 1_500 });
    log.override(2, { subject: pseudonym("another") });
    log.override(3, { subject: pseudonym("replaced") });
    log.override(1, { subject: pseudonym("replaced") });
    log.override(3, { subject: pseudonym("nearer") });
    log.override(1, { subject: pseudonym("nearer"), ...staging });
    log.override(3, { subject: pseudonym("cleared") });
    log.clear({ subject: pseudonym("cleared") });
    const { overrides } = log.rollback("staging");
    expect(overrides.map((one) => one.subject)).toEqual(["here", "everywhere"]);
  });
});

describe("rollbackTarget", () => {
  it("is a question that changes nothing", () => {
    const log = lived(3);
    log.withdraw(2);
    const before = log.records.length;
    const target = rollbackTarget(log.state, { key: KEY, environment: "staging", texts: log.texts });
    expect(target.version).toBe(1);
    expect(target.considered.map(({ version, outcome }) => `v${version} ${outcome}`)).toEqual([
      "v3 live",
      "v2 withdrawn",
      "v1 target",
    ]);
    expect(log.records).toHaveLength(before);
  });
});
