/** Tests of approvals outside a rollout: whose counts, for which text and where, and when none is asked for. */
import { type Actor, errorCodeOf, type RegistryRecord, type VersionEntry } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApprovalCommand, decideApproval } from "./decide-approval.ts";
import { DeliveryLog, KEY } from "./delivery-log.fixture.ts";
import type { GatePass } from "./pass-gate.ts";

const ENV = "production";
/** `ada` is the author of every version, and `grace` registered it, as the log has it. */
const person = (id: string): Actor => ({ id, via: "cli" });

class ApprovalLog extends DeliveryLog {
  constructor(approvals: number) {
    super();
    this.versions(2);
    this.protect(ENV, "always", { approvals });
  }

  get approvals(): NonNullable<GatePass["approvals"]> {
    return this.records.flatMap((record: RegistryRecord) =>
      record.kind === "approval" ? [{ ...record.data, by: record.by }] : [],
    );
  }

  approve(id: string, more: Partial<ApprovalCommand> = {}) {
    const well = { safety: true, compliance: true, style: true };
    const about = { key: KEY, version: 1, environment: ENV, by: person(id) };
    return this.append((state) =>
      decideApproval(state, { ...about, ...well, approvals: this.approvals, ...more }),
    );
  }

  let(version: number, members?: number | null) {
    const { approvals } = this;
    return this.release(version, ENV, { evidence: [this.evidence(version)], approvals, members });
  }
}

const refused = (code: string, words: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(words) });

describe("An approval", () => {
  it("is a record of the three judgements about a text, which opens the release", () => {
    const log = new ApprovalLog(2);
    const first = log.approve("bob", { comment: "reads well" });
    expect(first).toMatchObject({ inFavour: true, lacks: [expect.stringContaining("asks for 2 approvals")] });
    expect(log.records.at(-1)).toMatchObject({
      kind: "approval",
      by: { id: "bob" },
      data: { version: 1, hash: first.hash, environment: ENV, safety: true, comment: "reads well" },
    });
    expect(() => log.let(1)).toThrow(refused("evidence-missing", "and has 1"));
    expect(log.approve("eve")).toMatchObject({ lacks: [], warnings: [] });
    expect(log.let(1)).toMatchObject({ unchanged: false, warnings: [] });
  });

  it("that is not in favour takes an earlier one back", () => {
    const log = new ApprovalLog(1);
    log.approve("bob");
    expect(log.approve("bob", { compliance: false })).toMatchObject({
      inFavour: false,
      lacks: [expect.stringContaining("and has 0")],
    });
    expect(() => log.let(1)).toThrow(refused("evidence-missing", "approvals"));
  });

  it("is of the text: another version of the prompt has none", () => {
    const log = new ApprovalLog(1);
    log.approve("bob");
    expect(() => log.let(2)).toThrow(refused("evidence-missing", "approvals"));
  });

  it("is not given by the person whose key made the version, signed in or by another key", () => {
    const log = new ApprovalLog(1);
    log.append((state) => {
      const second = state.prompts.get(KEY)?.versions.get(2) as VersionEntry;
      const { key, hash, bodyHash, message, parent, source, commit } = second;
      const data = { key, hash, bodyHash, message, parent, source, commit, version: 3, author: "key-1" };
      const by: Actor = { id: "key-1", via: "server", owner: "bob" };
      return { drafts: [{ kind: "version", by, data }], result: undefined };
    });
    for (const by of [person("bob"), { id: "key-2", via: "server", owner: "bob" } as const]) {
      expect(() => log.approve("bob", { version: 3, by })).toThrow(refused("usage", "ask somebody else"));
    }
    expect(log.approve("eve", { version: 3 })).toMatchObject({ lacks: [] });
  });

  it("is not given by who made the version, in their own project or not", () => {
    const log = new ApprovalLog(1);
    const maker = log.state.prompts.get(KEY)?.versions.get(1);
    for (const members of [undefined, null, 1, 2]) {
      for (const id of [maker?.author ?? "", maker?.by.id ?? ""]) {
        expect(() => log.approve(id, { members })).toThrow(refused("usage", "cannot approve it"));
      }
    }
    expect(log.approvals).toEqual([]);
  });

  it("is refused where nothing could be let out by it", () => {
    const log = new ApprovalLog(1);
    log.withdraw(2);
    const codeOf = (more: Partial<ApprovalCommand>): string | undefined => {
      try {
        log.approve("bob", more);
      } catch (error) {
        return errorCodeOf(error);
      }
      return undefined;
    };
    expect(codeOf({ version: 2 })).toBe("withdrawn");
    expect(codeOf({ version: 7 })).toBe("version-unknown");
    expect(codeOf({ environment: "moon" })).toBe("environment-unknown");
    expect(codeOf({ key: "support.none" })).toBe("key-unknown");
  });

  it("is asked for by nobody where the environment is not protected", () => {
    const log = new ApprovalLog(1);
    expect(log.approve("bob", { environment: "staging" })).toMatchObject({ inFavour: true, lacks: [] });
  });
});

describe("With one member", () => {
  it("approvals are off, and the answer says so", () => {
    const log = new ApprovalLog(1);
    expect(log.let(1, 1)).toMatchObject({
      breakGlass: null,
      warnings: [expect.stringContaining("approvals are off while the project has one member")],
    });
  });

  it("nothing is said of approvals that are there, or that nobody asks for", () => {
    const given = new ApprovalLog(1);
    given.approve("bob");
    expect(given.let(1, 1).warnings).toEqual([]);
    expect(new ApprovalLog(0).let(1, 1).warnings).toEqual([]);
  });

  it("evidence is asked for all the same, and no exception is recorded for approvals alone", () => {
    const log = new ApprovalLog(1);
    const bare = () => log.release(1, ENV, { members: 1 });
    expect(bare).toThrow(refused("evidence-missing", "no ship evidence"));
    expect(bare).not.toThrow(refused("evidence-missing", "approvals"));
    const evidence = [log.evidence(1)];
    expect(log.release(1, ENV, { members: 1, evidence, breakGlass: "outage" }).breakGlass).toBeNull();
  });

  it("an override for many says so too, and records nothing of it", () => {
    const log = new ApprovalLog(1);
    const about = { kind: "tenant", environment: ENV, evidence: [log.evidence(1)] } as const;
    expect(() => log.override(1, about)).toThrow(refused("evidence-missing", "approvals"));
    expect(log.override(1, { ...about, members: 1 }).warnings).toEqual([
      expect.stringContaining("one member"),
    ]);
    expect(Object.keys(log.records.at(-1)?.data ?? {})).not.toContain("waived");
  });
});

const PEOPLE = ["ada", "bob", "eve", "mel"];

it("A release is let out just where enough others than its author stand by its text in that environment", () => {
  const judgement = fc.record({
    id: fc.constantFrom(...PEOPLE),
    version: fc.constantFrom(1, 2),
    environment: fc.constantFrom(ENV, "staging"),
    verdict: fc.constantFrom("yes", "yes", "safety", "compliance", "style"),
  });
  const asked = fc.integer({ min: 0, max: 3 });
  const counted = fc.constantFrom(undefined, null, 0, 1, 2, 5);
  fc.assert(
    fc.property(fc.array(judgement, { maxLength: 12 }), asked, counted, (judgements, count, members) => {
      const log = new ApprovalLog(count);
      const maker = log.state.prompts.get(KEY)?.versions.get(1);
      const authors = [maker?.author, maker?.by.id];
      const stands = new Map<string, boolean>();
      for (const { id, version, environment, verdict } of judgements) {
        const says = {
          safety: verdict !== "safety",
          compliance: verdict !== "compliance",
          style: verdict !== "style",
        };
        if (authors.includes(id)) continue;
        log.approve(id, { version, environment, ...says });
        if (version === 1 && environment === ENV) stands.set(id, verdict === "yes");
      }
      const enough = [...stands.values()].filter(Boolean).length >= count;
      const isOut = (): boolean => {
        try {
          return !log.let(1, members).unchanged;
        } catch (error) {
          if (errorCodeOf(error) === "evidence-missing") return false;
          throw error;
        }
      };
      expect(isOut()).toBe(enough || members === 1);
    }),
    { numRuns: 300, seed: 11 },
  );
});
