/** What the audit log of every Installation keeps to. */
import type { AuditDraft } from "@colophon/kernel";
import { expect, test } from "vitest";
import type { OpenedInstallation, OpenFresh } from "./opened-installation.ts";

const ada = { id: "ada", via: "cli" } as const;

function anEntry(fields: Partial<AuditDraft> = {}): AuditDraft {
  return {
    ...{ actor: ada, project: "main", environment: null, action: "release.create" },
    ...{ target: "support.triage", allowed: true, detail: null },
    ...fields,
  };
}

export function auditTests(open: OpenFresh): void {
  test("numbers and chains what was done and refused, and verifies", async () => {
    const { installation, clock } = await open();
    const { audit } = installation;
    const first = await audit.append(anEntry());
    expect(first).toMatchObject({ ...anEntry(), n: 1, at: clock.now() });
    clock.turnBack(1_000);
    const second = await audit.append(
      anEntry({ allowed: false, environment: "production", detail: "no right" }),
    );
    expect(second).toMatchObject({ n: 2, at: first.at, allowed: false });
    expect(second.chain).not.toBe(first.chain);
    expect(await audit.list({})).toEqual([second, first]);
    expect(await audit.verify()).toEqual({ entries: 2, broken: [] });
  });

  test("finds entries by project, actor, action, refusal, time and place", async () => {
    const { installation, clock } = await open();
    const { audit } = installation;
    await audit.append(anEntry());
    clock.advance(10);
    await audit.append(
      anEntry({ project: null, action: "project.create", actor: { id: "bob", via: "server" } }),
    );
    await audit.append(anEntry({ project: "shop", allowed: false }));
    const found = async (filter: Parameters<typeof audit.list>[0]) =>
      (await audit.list({ order: "oldest-first", ...filter })).map(({ n }) => n);
    expect(await found({})).toEqual([1, 2, 3]);
    expect(await found({ project: "main" })).toEqual([1]);
    expect(await found({ project: null })).toEqual([2]);
    expect(await found({ actor: "bob" })).toEqual([2]);
    expect(await found({ action: "release.create" })).toEqual([1, 3]);
    expect(await found({ allowed: false })).toEqual([3]);
    expect(await found({ since: clock.now() })).toEqual([2, 3]);
    expect(await found({ until: clock.now() })).toEqual([1]);
    expect(await found({ after: 1, limit: 1 })).toEqual([2]);
    expect(await found({ limit: 2, order: "newest-first" })).toEqual([3, 2]);
  });

  test("gives numbers without gaps, however many write at once", async () => {
    const opened = await open();
    const doors = [opened, await opened.again(), await opened.again()];
    const writes = Array.from({ length: 30 }, (_, at) =>
      (doors[at % doors.length] as OpenedInstallation).installation.audit.append(
        anEntry({ target: `t${at}` }),
      ),
    );
    const numbers = (await Promise.all(writes)).map(({ n }) => n).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(await opened.installation.audit.verify()).toEqual({ entries: 30, broken: [] });
  });
}
