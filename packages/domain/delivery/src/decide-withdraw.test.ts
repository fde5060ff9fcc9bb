/** Tests of withdrawing versions. */
import { describe, expect, it } from "vitest";
import { DeliveryLog, KEY, pseudonym } from "./delivery-log.fixture.ts";

describe("decideWithdraw", () => {
  it("says where the version was live and whom it was set for", () => {
    const log = new DeliveryLog();
    log.versions(2);
    log.add("preview", "staging");
    log.release(1, "staging");
    log.release(2, "production");
    log.override(1, { subject: pseudonym("bob") });
    log.override(2, { subject: pseudonym("eve") });
    expect(log.withdraw(1)).toMatchObject({
      unchanged: false,
      live: [
        { environment: "staging", inherited: null },
        { environment: "preview", inherited: "staging" },
      ],
      overrides: [{ subject: "bob", version: 1 }],
    });
    expect(log.state.prompts.get(KEY)?.versions.get(1)?.withdrawn?.reason).toBe("rude");
  });

  it("changes nothing the second time, and keeps the first reason", () => {
    const log = new DeliveryLog();
    log.versions(1);
    log.withdraw(1, "rude");
    const before = log.records.length;
    expect(log.withdraw(1, "again").unchanged).toBe(true);
    expect(log.records).toHaveLength(before);
    expect(log.state.prompts.get(KEY)?.versions.get(1)?.withdrawn?.reason).toBe("rude");
  });

  it("needs a reason and a version that is there", () => {
    const log = new DeliveryLog();
    log.versions(1);
    expect(() => log.withdraw(1, " ")).toThrow(expect.objectContaining({ code: "reason-missing" }));
    expect(() => log.withdraw(2)).toThrow(expect.objectContaining({ code: "version-unknown" }));
  });
});
