/** Tests of watching every project: alerts reach the project's own webhook, once, whichever server acts. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { InstallationDesk } from "@colophon/harness";
import { type AlertData, FIRST_PROJECT, systemClock, systemRandom } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openJobsDesk, type RunningParts, serverParts } from "../jobs/jobs-desk.fixture.ts";
import { type WatchingOptions, watchProjects } from "./watch-projects.ts";

const OTHER_PROJECT = "other";
const PATIENCE = { timeout: 15_000, interval: 20 };

interface Received {
  readonly url: string;
  readonly alert: string;
  readonly signature: string | undefined;
}

let folder: string;
let desk: InstallationDesk;
let received: Received[];
let host: string;
let closeReceiver: () => Promise<void>;
let running: { readonly server: RunningParts; readonly done: Promise<void> }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-watching-"));
  desk = await openJobsDesk(folder, systemClock);
  received = [];
  const receiver = createServer(async (request, response) => {
    const { id } = JSON.parse(await text(request)) as { readonly id: string };
    const signature = request.headers["colophon-signature"] as string | undefined;
    received.push({ url: request.url ?? "", alert: id, signature });
    response.end();
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  closeReceiver = () => new Promise((done) => receiver.close(() => done()).closeAllConnections());
});
afterEach(async () => {
  await stop();
  await desk.close();
  await closeReceiver();
  rmSync(folder, { recursive: true, force: true });
});

function watch(options: Partial<WatchingOptions> = {}): RunningParts {
  const server = serverParts(desk);
  const parts = { random: systemRandom, allow: [host], lookMs: 20, interval: 20 };
  running.push({ server, done: watchProjects(server.parts, { ...parts, ...options }) });
  return server;
}

async function stop(): Promise<void> {
  for (const { server } of running) server.stop.abort();
  await Promise.all(running.map(({ done }) => done));
  running = [];
}

async function raise(id: string, project = FIRST_PROJECT): Promise<void> {
  const { records, actor } = await desk.project(project);
  const data: AlertData = {
    ...{ id, key: "support.triage", environment: "production", metric: "schemaOk" },
    message: "schemaOk of v2 is 0.90, below 0.95, on 120 calls since 12:00; v1 serves again.",
    ...{ since: null, units: 120, value: 0.9, limit: 0.95, version: 2, action: "rolled-back" },
    ...{ rollout: null, guard: "g1", executions: [] },
  };
  await records.append(() => ({ drafts: [{ kind: "alert", by: actor, data }], result: null }));
}

async function notices(project = FIRST_PROJECT): Promise<readonly unknown[]> {
  const { records } = await desk.project(project);
  return (await records.listRecords({ kinds: ["notice"] })).map(({ data }) => data);
}

function setSecret(name: string, value: string, project = FIRST_PROJECT): Promise<void> {
  return desk.installation.secrets.set({ project, name, value, by: "grace" });
}

describe("Watching", () => {
  test("brings the alerts of each project to its own webhook, signed, also one that is set or made later", async () => {
    await setSecret("WEBHOOK_URL", `http://${host}/main`);
    await setSecret("WEBHOOK_SECRET", "shh");
    const server = watch();
    await raise("a1");
    await vi.waitFor(() => expect(received).toHaveLength(1), PATIENCE);
    expect(received[0]).toMatchObject({ url: "/main", alert: "a1", signature: expect.stringMatching(/^t=/) });
    await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
    await raise("b1", OTHER_PROJECT);
    await setSecret("WEBHOOK_URL", `http://${host}/other`, OTHER_PROJECT);
    await vi.waitFor(() => expect(received).toHaveLength(2), PATIENCE);
    expect(received[1]).toMatchObject({ url: "/other", alert: "b1", signature: undefined });
    await setSecret("WEBHOOK_URL", `http://${host}/moved`);
    await vi.waitFor(async () => {
      await raise(`a2 ${received.length}`);
      expect(received.some(({ url }) => url === "/moved")).toBe(true);
    }, PATIENCE);
    expect(server.logged.join("")).not.toContain("shh");
  });

  test("by several servers brings an alert once, and by another where one ended", async () => {
    await setSecret("WEBHOOK_URL", `http://${host}/main`);
    const first = watch();
    watch();
    await raise("a1");
    await vi.waitFor(async () => expect(await notices()).toHaveLength(1), PATIENCE);
    first.stop.abort();
    await running[0]?.done;
    await raise("a2");
    await vi.waitFor(async () => expect(await notices()).toHaveLength(2), PATIENCE);
    expect(received.map(({ alert }) => alert)).toEqual(["a1", "a2"]);
  });

  test("sends nothing to where this server may not reach, and says so in a record", async () => {
    await setSecret("WEBHOOK_URL", `http://${host}/main`);
    watch({ allow: [] });
    await raise("a1");
    await vi.waitFor(async () => expect(await notices()).toHaveLength(1), PATIENCE);
    expect(await notices()).toMatchObject([{ alert: "a1", delivered: false, attempts: 1 }]);
    expect(received).toEqual([]);
  });

  test("goes on without a webhook that is none, and with the others where a project's store is away", async () => {
    await setSecret("WEBHOOK_URL", "not an address");
    await desk.installation.projects.create({ id: OTHER_PROJECT, name: "Other" });
    await setSecret("WEBHOOK_URL", `http://${host}/other`, OTHER_PROJECT);
    const server = watch();
    await raise("b1", OTHER_PROJECT);
    await vi.waitFor(() => expect(received.map(({ url }) => url)).toEqual(["/other"]), PATIENCE);
    expect(server.logged.join("")).toContain("alerts are sent nowhere");
    await stop();
    const broken: InstallationDesk = {
      ...desk,
      project: (id) => (id === FIRST_PROJECT ? Promise.reject(new Error("away")) : desk.project(id)),
    };
    const other = serverParts(broken);
    running.push({
      server: other,
      done: watchProjects(other.parts, { random: systemRandom, allow: [host], lookMs: 20, interval: 20 }),
    });
    await raise("b2", OTHER_PROJECT);
    await vi.waitFor(() => expect(received.at(-1)?.alert).toBe("b2"), PATIENCE);
    expect(other.logged.join("")).toContain("cannot be watched");
  });
});
