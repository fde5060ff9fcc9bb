/** Tests of releases where several applications declare one prompt in one environment. */
import { describe, expect, it } from "vitest";
import { contract, DeliveryLog, KEY, textOf } from "./delivery-log.fixture.ts";

const ofTone = textOf("{{ticket}} {{tone}}", { input: contract("ticket", "tone") });

/** v1 fits both, v2 the shop alone. */
function logOfTwo(): DeliveryLog {
  const log = new DeliveryLog();
  log.version("v1 {{ticket}}");
  log.version(ofTone);
  log.declare("staging", { application: "shop", input: contract("ticket", "tone") });
  log.declare("staging", { application: "admin", input: contract("ticket") });
  return log;
}

const refused = (text: string) =>
  expect.objectContaining({ code: "misfit", message: expect.stringContaining(text) });

describe("where several applications declare a prompt", () => {
  it("a release must fit each of them, whichever started last, and names those that it does not fit", () => {
    const log = logOfTwo();
    expect(log.release(1, "staging").unchanged).toBe(false);
    for (const last of ["shop", "admin"]) {
      log.declare("staging", {
        application: last,
        input: last === "shop" ? contract("ticket", "tone") : contract("ticket"),
      });
      expect(() => log.release(2, "staging")).toThrow(refused("in staging, for admin, {{tone}} is not"));
    }
    log.declare("staging", { application: "web", input: contract("ticket") });
    expect(() => log.release(2, "staging")).toThrow(refused("for admin and web, {{tone}} is not"));
  });

  it("an override and a rollback must fit each of them too", () => {
    const log = logOfTwo();
    expect(() => log.override(2, { environment: "staging" })).toThrow(refused("for admin, {{tone}}"));
    log.retire("admin", "staging");
    log.release(2, "staging");
    log.release(1, "staging");
    log.declare("staging", { application: "admin", input: contract("ticket") });
    expect(() => log.rollback("staging", { to: 2 })).toThrow(refused("for admin, {{tone}}"));
  });

  it("one without a name is named where there are others, and alone needs no name", () => {
    const log = new DeliveryLog();
    log.version(ofTone);
    log.declare("staging", { input: contract("ticket") });
    expect(() => log.release(1, "staging")).toThrow(refused("in staging, {{tone}} is not"));
    log.declare("staging", { application: "shop", input: contract("ticket", "tone") });
    expect(() => log.release(1, "staging")).toThrow(refused("for the application without a name, {{tone}}"));
  });

  it("an unpinned partial that nobody released is that of the same application", () => {
    const log = new DeliveryLog();
    log.version(textOf("{{> shared.tone}} {{ticket}}"));
    log.declare("staging", { application: "shop" });
    log.declare("staging", { application: "admin" });
    const tone = { key: "shared.tone", text: textOf("Be kind.", { input: contract() }) };
    log.declare("staging", { ...tone, application: "shop" });
    expect(() => log.release(1, "staging")).toThrow(refused("for admin, partial shared.tone is neither"));
    const rude = { key: "shared.tone", text: textOf("Be kind to {{user}}.", { input: contract("user") }) };
    log.declare("staging", { ...rude, application: "admin" });
    expect(() => log.release(1, "staging")).toThrow(refused("for admin, {{user}} is not"));
    log.declare("staging", { ...tone, application: "admin" });
    expect(log.release(1, "staging").unchanged).toBe(false);
  });
});

describe("retiring an application", () => {
  it("lets releases go on that did not fit it, in that environment alone, until it starts again", () => {
    const log = logOfTwo();
    log.declare("production", { application: "admin", input: contract("ticket") });
    expect(log.retire("admin", "staging")).toEqual({
      application: "admin",
      environment: "staging",
      prompts: [KEY],
    });
    expect(log.release(2, "staging").unchanged).toBe(false);
    expect(() => log.release(2, "production")).toThrow(refused("in production, for admin"));
    log.release(1, "staging");
    log.declare("staging", { application: "admin", input: contract("ticket") });
    expect(() => log.release(2, "staging")).toThrow(refused("for admin"));
  });

  it("is a record for each prompt, with its reason", () => {
    const log = logOfTwo();
    log.declare("staging", { key: "other", application: "admin" });
    const { length } = log.records;
    expect(log.retire("admin", "staging", { reason: "  switched off " }).prompts).toEqual([KEY, "other"]);
    const where = { environment: "staging", application: "admin", reason: "switched off" };
    expect(log.records.slice(length)).toMatchObject([
      { kind: "retirement", data: { key: KEY, ...where } },
      { kind: "retirement", data: { key: "other", ...where } },
    ]);
  });

  it("of one prompt leaves the others", () => {
    const log = logOfTwo();
    log.declare("staging", { key: "other", application: "admin" });
    expect(log.retire("admin", "staging", { key: "other" }).prompts).toEqual(["other"]);
    expect(() => log.release(2, "staging")).toThrow(refused("for admin"));
  });

  it("needs a reason, and an application that declares something there", () => {
    const log = logOfTwo();
    log.declare("production", {});
    const { length } = log.records;
    const code = (expected: string, message: string) =>
      expect.objectContaining({ code: expected, message: expect.stringContaining(message) });
    expect(() => log.retire("admin", "staging", { reason: " " })).toThrow(code("reason-missing", "admin"));
    expect(() => log.retire("admni", "staging")).toThrow(code("application-unknown", "did you mean admin?"));
    expect(() => log.retire("billing", "staging", { key: KEY })).toThrow(
      code("application-unknown", `billing does not declare ${KEY} in staging: those that do: shop, admin.`),
    );
    expect(() => log.retire("shop", "development")).toThrow(code("application-unknown", "nobody does."));
    expect(() => log.retire("shop", "prod")).toThrow(code("environment-unknown", "prod"));
    expect(() => log.retire("shop", "staging", { key: "none" })).toThrow(code("key-unknown", "none"));
    expect(log.records).toHaveLength(length);
    expect(log.retire(null, "production").prompts).toEqual([KEY]);
  });
});
