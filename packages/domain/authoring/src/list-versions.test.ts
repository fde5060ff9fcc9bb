/** Tests of the version log. */

import { buildText, getPrompt, getVersion } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { decideVersion } from "./decide-version.ts";
import { listVersions } from "./list-versions.ts";
import { BY, RegistryLog } from "./registry-log.fixture.ts";

function logWithVersions(): RegistryLog {
  const log = new RegistryLog();
  for (const body of ["one", "two"]) {
    const text = buildText({ model: "gpt-5-mini", body });
    const command = {
      key: "triage",
      text,
      author: "ada",
      message: body,
      source: "file",
      commit: null,
    } as const;
    log.append((state) => decideVersion(state, { ...command, by: BY, texts: log.texts }));
  }
  return log;
}

function release(log: RegistryLog, version: number, environment: string): void {
  const nothing = {
    model: null,
    fingerprint: null,
    evidence: [],
    breakGlass: null,
    rollbackFrom: null,
    set: null,
  };
  const data = {
    key: "triage",
    environment,
    lane: "live",
    version,
    reason: `v${version}`,
    ...nothing,
  } as const;
  log.write({ kind: "release", by: BY, data });
}

describe("listVersions", () => {
  it("gives each version, newest first, with the times it was served", () => {
    const log = logWithVersions();
    release(log, 1, "staging");
    release(log, 1, "production");
    release(log, 2, "staging");
    const [second, first] = listVersions(log.state, "triage");
    expect([second?.version, first?.version]).toEqual([2, 1]);
    expect(second?.releases).toMatchObject([
      { environment: "staging", until: null, by: "ada", reason: "v2" },
    ]);
    expect(first?.releases).toMatchObject([
      { environment: "staging", until: second?.releases[0]?.from },
      { environment: "production", until: null },
    ]);
  });

  it("says when a version was withdrawn, and why", () => {
    const log = logWithVersions();
    log.write({ kind: "withdrawal", by: BY, data: { key: "triage", version: 1, reason: "rude" } });
    expect(listVersions(log.state, "triage")[1]?.withdrawn).toMatchObject({ reason: "rude", at: log.now });
  });

  it("names the nearest key when there is no such prompt, and the newest version when there is no such one", () => {
    const { state } = logWithVersions();
    expect(() => listVersions(state, "triagge")).toThrow(
      expect.objectContaining({
        code: "key-unknown",
        message: expect.stringContaining("did you mean triage?"),
      }),
    );
    expect(() => getVersion(getPrompt(state, "triage"), 9)).toThrow(
      expect.objectContaining({ code: "version-unknown", message: expect.stringContaining("newest is v2") }),
    );
  });
});
