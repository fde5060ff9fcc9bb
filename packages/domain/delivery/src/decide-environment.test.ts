/** Tests of adding and protecting environments. */
import { getEnvironment } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { decideEnvironment } from "./decide-environment.ts";
import { BY, DeliveryLog } from "./delivery-log.fixture.ts";
import { isProtected } from "./environment-policy.ts";

describe("decideEnvironment", () => {
  it("adds an environment that inherits from another", () => {
    const log = new DeliveryLog();
    expect(log.add("preview", "staging")).toEqual({
      environment: { name: "preview", inherits: "staging", gate: "never", approvals: 0, modes: null },
      unchanged: false,
    });
    expect(log.state.environments.get("preview")?.inherits).toBe("staging");
  });

  it("changes nothing when it is there already, and refuses to make it inherit from another", () => {
    const log = new DeliveryLog();
    log.add("preview", "staging");
    const before = log.records.length;
    expect(log.add("preview", "staging").unchanged).toBe(true);
    expect(() => log.add("preview", "production")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("inherits from staging") }),
    );
    expect(() => log.add("staging", "production")).toThrow(expect.objectContaining({ code: "usage" }));
    expect(log.records).toHaveLength(before);
  });

  it.each(["", "Preview", "1st", "a b", "x".repeat(41), "prod@eu"])("refuses the name %j", (name) => {
    expect(() => new DeliveryLog().add(name)).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(`"${name}"`) }),
    );
  });

  it("refuses to inherit from an unknown environment or from itself", () => {
    const log = new DeliveryLog();
    expect(() => log.add("preview", "stagng")).toThrow(
      expect.objectContaining({ code: "environment-unknown", message: expect.stringContaining("staging?") }),
    );
    expect(() => log.add("preview", "preview")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining("itself") }),
    );
  });

  it("protects an environment and keeps what was not said", () => {
    const log = new DeliveryLog();
    log.protect("staging", "always", { approvals: 2, modes: ["superiority"] });
    log.protect("staging", "with-eval-set");
    expect(log.state.environments.get("staging")).toMatchObject({
      gate: "with-eval-set",
      approvals: 2,
      modes: ["superiority"],
    });
    expect(log.protect("staging", "with-eval-set").unchanged).toBe(true);
  });

  it.each([
    [{ gate: "sometimes" as never }, "sometimes"],
    [{ approvals: -1 }, "-1"],
    [{ approvals: 1.5 }, "1.5"],
    [{ modes: [] }, "no gate mode"],
  ])("refuses the policy %j", (policy, sentence) => {
    const { state } = new DeliveryLog();
    expect(() => decideEnvironment(state, { action: "protect", name: "staging", by: BY, ...policy })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(sentence) }),
    );
  });

  it("cannot protect an environment that is not there", () => {
    expect(() => new DeliveryLog().protect("nowhere")).toThrow(
      expect.objectContaining({ code: "environment-unknown", message: expect.stringContaining("env add") }),
    );
  });
});

describe("isProtected", () => {
  it("protects production for a prompt with an eval set, and only for such a one", () => {
    const log = new DeliveryLog();
    log.versions(1);
    const prompt = log.state.prompts.get("support.triage");
    if (prompt === undefined) throw new Error("the prompt was registered");
    const production = getEnvironment(log.state, "production");
    expect(isProtected(production, prompt)).toBe(false);
    log.evalSet("tickets");
    expect(isProtected(production, prompt)).toBe(true);
    expect(isProtected(getEnvironment(log.state, "staging"), prompt)).toBe(false);
    log.evalSet(null);
    expect(isProtected(production, prompt)).toBe(false);
  });
});
