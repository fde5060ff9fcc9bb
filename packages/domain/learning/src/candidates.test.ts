/** Tests how candidates are numbered, found again, traced to a version, and promoted. */
import {
  type Actor,
  applyRecord,
  emptyRegistryState,
  hashText,
  type RecordDecision,
  type RecordDraft,
  type RegistryRecord,
  type VersionText,
} from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidateNumber } from "./candidate-number.ts";
import { type CandidateCommand, type CandidateDecided, decideCandidate } from "./decide-candidate.ts";
import { decidePromotion } from "./decide-promotion.ts";
import { parentVersion } from "./parent-version.ts";

const BY: Actor = { id: "ada", via: "cli" };
const KEY = "support.triage";

function textOf(body: string): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5-mini" }, input: { type: "object" } };
}

/** A log in memory: takes decisions and keeps the state. */
class Log {
  readonly state = emptyRegistryState();
  readonly records: RegistryRecord[] = [];

  write(draft: RecordDraft): void {
    const revision = this.records.length + 1;
    const record = { ...draft, revision, at: revision * 10 } as RegistryRecord;
    this.records.push(record);
    applyRecord(this.state, record);
  }

  take<T>({ drafts, result }: RecordDecision<T>): T {
    for (const draft of drafts) this.write(draft);
    return result;
  }

  version(version: number, body: string): void {
    const hash = hashText(textOf(body));
    const about = { key: KEY, version, hash, bodyHash: hash, author: "ada", message: null };
    this.write({ kind: "version", by: BY, data: { ...about, parent: null, source: "file", commit: null } });
  }

  add(body: string, more: Partial<CandidateCommand> = {}): CandidateDecided {
    const text = textOf(body);
    const command = { key: KEY, text, hash: hashText(text), origin: "human", rationale: "clearer" } as const;
    return this.take(decideCandidate(this.state, { ...command, by: BY, ...more }));
  }

  promote(candidate: number, version: number, reason = "clearer") {
    return this.take(decidePromotion(this.state, { key: KEY, candidate, version, reason, by: BY }));
  }

  get prompt() {
    const prompt = this.state.prompts.get(KEY);
    if (prompt === undefined) throw new Error("There is no prompt.");
    return prompt;
  }
}

function logWithVersion(): Log {
  const log = new Log();
  log.version(1, "one");
  return log;
}

describe("A candidate", () => {
  test("gets the next number of its prompt, with what it was made from", () => {
    const log = logWithVersion();
    expect(log.add("two")).toMatchObject({ candidate: 1, version: null, created: true });
    expect(log.add("three", { parent: "c1", origin: "external" })).toMatchObject({ candidate: 2 });
    expect(log.prompt.candidates.get(1)).toMatchObject({ parent: "v1", origin: "human", decision: null });
    expect(log.prompt.candidates.get(2)).toMatchObject({ parent: "c1", origin: "external" });
  });

  test("whose text is there already is answered with the one that is there", () => {
    const log = logWithVersion();
    log.add("two");
    const before = log.records.length;
    expect(log.add("two", { rationale: "again" })).toMatchObject({ candidate: 1, created: false });
    expect(log.add("one")).toMatchObject({ candidate: null, version: 1, created: false });
    expect(log.records).toHaveLength(before);
  });

  test("is refused without a rationale, of an unknown prompt, origin or parent", () => {
    const log = logWithVersion();
    const code = (more: Partial<CandidateCommand>) => () => log.add("two", more);
    const refused = (name: string) => expect.objectContaining({ code: name });
    expect(code({ rationale: " " })).toThrow(refused("reason-missing"));
    expect(code({ key: "support.trage" })).toThrow(refused("key-unknown"));
    expect(code({ origin: "oracle" as never })).toThrow(refused("usage"));
    expect(code({ parent: "v9" })).toThrow(refused("version-unknown"));
    expect(code({ parent: "c9" })).toThrow(refused("version-unknown"));
    expect(code({ parent: "main" })).toThrow(refused("usage"));
    expect(log.prompt.candidates.size).toBe(0);
  });

  test("is numbered 1, 2, 3, … in the order of the log, each text once, whatever comes in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("one", "two", "three", "four", "five")), (bodies) => {
        const log = logWithVersion();
        for (const body of bodies) log.add(body);
        const fresh = [...new Set(bodies)].filter((body) => body !== "one");
        expect([...log.prompt.candidates.values()].map(({ candidate, hash }) => [candidate, hash])).toEqual(
          fresh.map((body, at) => [at + 1, hashText(textOf(body))]),
        );
      }),
    );
  });

  test("releases nothing and changes no version, neither when it is added nor when it is promoted", () => {
    const log = logWithVersion();
    log.add("two");
    log.promote(1, 1);
    expect(log.records.map(({ kind }) => kind)).toEqual(["version", "candidate", "decision"]);
    expect(log.prompt.releases).toEqual([]);
    expect(log.prompt.versions.size).toBe(1);
  });
});

describe("A promotion", () => {
  test("is recorded once, and says which version the candidate became", () => {
    const log = logWithVersion();
    log.add("two");
    log.version(2, "two");
    expect(log.promote(1, 2)).toMatchObject({ version: 2, unchanged: false });
    expect(log.prompt.candidates.get(1)?.decision).toMatchObject({ decision: "promote", version: 2 });
    expect(log.promote(1, 2)).toMatchObject({ unchanged: true });
    expect(() => log.promote(2, 2)).toThrow(expect.objectContaining({ code: "version-unknown" }));
    log.add("three");
    expect(() => log.promote(2, 3, " ")).toThrow(expect.objectContaining({ code: "reason-missing" }));
  });

  test("goes back to the version at the beginning of the candidate's line", () => {
    const log = logWithVersion();
    log.add("two");
    log.add("three", { parent: "c1" });
    log.add("four", { parent: "c2" });
    expect(parentVersion(log.prompt, "c2")).toBe(1);
    log.version(2, "three");
    log.promote(2, 2);
    expect(parentVersion(log.prompt, "c2")).toBe(2);
    expect(parentVersion(log.prompt, null)).toBeNull();
  });
});

test("A candidate's name is c and a number, and nothing else", () => {
  expect(candidateNumber("c12")).toBe(12);
  for (const text of ["c0", "12", "v1", "c01", "c-1"]) {
    expect(() => candidateNumber(text)).toThrow(expect.objectContaining({ code: "usage" }));
  }
});
