/** Versions that a server's snapshot lacks, asked for by number over real HTTP: what waits for them, and what a call says that did not. */
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildText, hashText, type SnapshotChange, type SnapshotPrompt } from "@colophon/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Colophon } from "../colophon.ts";
import type { Variables } from "../open-options.ts";
import { openRemote } from "./open-remote.ts";
import { QUICK } from "./quick-pace.fixture.ts";
import { aDocument, KEY, startServer, type TestServer } from "./server.fixture.ts";
import { until } from "./until.fixture.ts";

const PROMPT = "remote.pinned";
const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const textOf = (version: number) =>
  buildText({ body: `v${version}: {{ticket}}`, model: "gpt-5-mini", input: INPUT });

/** A snapshot in which version 1 is live, and what `POST /versions/find` answers with more of them. */
function promptWith(versions: readonly number[]): SnapshotPrompt {
  const entries = versions.map((version) => [version, { hash: hashText(textOf(version)), withdrawn: false }]);
  return {
    risk: "medium",
    versions: Object.fromEntries(entries),
    releases: { production: { version: 1, model: null, inherited: null, plan: null } },
    overrides: [],
  };
}

function changeWith(...versions: readonly number[]): SnapshotChange {
  const texts = Object.fromEntries(versions.map((version) => [hashText(textOf(version)), textOf(version)]));
  return { ...aDocument(1), prompts: { [PROMPT]: promptWith(versions) }, texts };
}

const documentAt = (revision: number) => ({ ...aDocument(revision), ...changeWith(1), revision });

let folder: string;
let server: TestServer;
let notices: string[];
const opened: Colophon[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-remote-pinned-"));
  notices = [];
  server = await startServer({ document: documentAt(1) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

function open(variables: Variables = {}): Colophon {
  const colophon = openRemote({
    address: server.url,
    options: {
      ...{ environment: "production", apiKey: KEY, folder, mirror: false },
      onNotice: (message) => notices.push(message),
    },
    variables,
    pace: QUICK,
  });
  opened.push(colophon);
  return colophon;
}

const words = (colophon: Colophon, version: `v${bigint}`): string =>
  colophon.resolve(colophon.get(PROMPT, { version })).render({ ticket: "t" }).text;
const asked = (): number => server.requests.filter(({ path }) => path.endsWith("/versions/find")).length;

/** Holds back what is said of versions, until what it returns is called. */
function holdVersions(): () => void {
  const held: ServerResponse[] = [];
  const change = changeWith(1, 4);
  server.answer = (request, response) =>
    request.url?.endsWith("/versions/find") === true && held.push(response) > 0;
  return () => {
    server.versions = change;
    server.answer = undefined;
    for (const response of held) response.writeHead(200).end(JSON.stringify(change));
  };
}

test("ready waits for the versions whose handles were made before it, and says which are missing when the time is over", async () => {
  const letGo = holdVersions();
  const colophon = open();
  const handle = colophon.get(PROMPT, { version: "v4" });
  colophon.get(PROMPT, { version: "v5" });
  const early = await colophon.ready({ timeoutMs: 300 });
  const reason = `${PROMPT}@v4 and 1 more have not been fetched yet`;
  expect(early).toEqual({ ready: false, revision: 1, environment: "production", reason });
  const call = colophon.resolve(handle);
  expect(call.resolution.considered[0]).toMatchObject({
    outcome: "unknown-version",
    reason: "not fetched yet",
  });
  expect(() => call.render({ ticket: "t" })).toThrowError(
    expect.objectContaining({
      code: "version-unknown",
      message: `${PROMPT} has no text to serve here (pin v4 unknown-version not fetched yet); await colophon.ready() or colophon.prefetch() before its first call.`,
    }),
  );
  const ready = colophon.ready({ timeoutMs: 60_000 });
  letGo();
  expect(await ready).toEqual({ ready: true, revision: 1, environment: "production" });
  expect(colophon.resolve(handle).render({ ticket: "t" }).text).toBe("v4: t");
  expect(() => words(colophon, "v5")).toThrowError(
    /\(pin v5 unknown-version\); ask for a version that exists/,
  );
});

test("ready waits for what COLOPHON_PIN names, too, and what of that the server does not have is said once it is known", async () => {
  const letGo = holdVersions();
  const colophon = open({ COLOPHON_PIN: `${PROMPT}@v4,remote.other@v1` });
  await until(() => colophon.status().revision === 1);
  expect(notices).toEqual([]);
  letGo();
  expect(await colophon.ready()).toMatchObject({ ready: true });
  expect(notices).toEqual([expect.stringContaining("COLOPHON_PIN asks for remote.other@v1, which")]);
  const { resolution } = colophon.resolve(colophon.get(PROMPT, { version: "v1" }));
  expect(resolution).toMatchObject({ version: 4, reason: "pinned" });
});

test("prefetch waits for pins as a list, by itself, and in the context of a call", async () => {
  server.versions = changeWith(1, 2, 3, 4);
  const colophon = open();
  await colophon.ready();
  await colophon.prefetch(new Set([`${PROMPT}@v2`, "no pin"]));
  expect(words(colophon, "v2")).toBe("v2: t");
  await colophon.prefetch(`${PROMPT}@v3`);
  expect(words(colophon, "v3")).toBe("v3: t");
  await colophon.prefetch({ user: "ada", pin: `${PROMPT}@v4` });
  expect(words(colophon, "v4")).toBe("v4: t");
});

test("prefetch waits for what it is asked for, and for nothing else that is on its way", async () => {
  const letGo = holdVersions();
  const colophon = open();
  colophon.get(PROMPT, { version: "v4" });
  await until(() => asked() === 1);
  await colophon.prefetch({ user: "ada" });
  await colophon.prefetch(["no pin"]);
  expect(() => words(colophon, "v4")).toThrowError(/not fetched yet/);
  letGo();
});

test("ready waits for what the code needs, and not for the version of a conversation", async () => {
  const letGo = holdVersions();
  const colophon = open();
  await colophon.ready();
  const pin = `${PROMPT}@v4`;
  void colophon.prefetch([pin]);
  expect(await colophon.ready({ timeoutMs: 60_000 })).toMatchObject({ ready: true });
  colophon.get(PROMPT, { version: "v4" });
  expect(await colophon.ready({ timeoutMs: 1 })).toMatchObject({ ready: false });
  letGo();
  expect(await colophon.ready({ timeoutMs: 60_000 })).toMatchObject({ ready: true });
});

test("A server that goes away in between throws nothing and holds nobody up, and what was asked for comes with it", async () => {
  const colophon = open();
  await colophon.ready();
  const { port } = server;
  await server.stop();
  const handle = colophon.get(PROMPT, { version: "v4" });
  await colophon.prefetch([`${PROMPT}@v4`]);
  expect(() => colophon.resolve(handle).render({ ticket: "t" })).toThrowError(/not fetched yet/);
  const ready = colophon.ready({ timeoutMs: 60_000 });
  server = await startServer({ port, like: server });
  server.versions = changeWith(1, 4);
  expect(await ready).toMatchObject({ ready: true });
  expect(colophon.resolve(handle).render({ ticket: "t" }).text).toBe("v4: t");
});

test("A server that asks to be left alone is not asked with each call, nor waited for", async () => {
  server.answer = (request, response) => {
    if (request.url?.endsWith("/versions/find") !== true) return false;
    response.writeHead(503, { "retry-after": "60" }).end();
    return true;
  };
  const colophon = open();
  await colophon.ready();
  for (let turn = 0; turn < 5; turn++) await colophon.prefetch([`${PROMPT}@v${turn + 2}`]);
  expect(asked()).toBe(1);
});

test("A version that the disk has is served at the first call, also while a newer snapshot is read without it", async () => {
  server.versions = changeWith(1, 4);
  const first = open();
  await first.prefetch([`${PROMPT}@v4`]);
  await first.ready();
  await first.close();
  const letGo = holdVersions();
  server.document = documentAt(2);
  const second = open();
  expect(words(second, "v4")).toBe("v4: t");
  await until(() => second.status().revision === 2);
  expect(words(second, "v4")).toBe("v4: t");
  expect(await second.ready()).toMatchObject({ ready: true });
  letGo();
});

test("A version that nobody has is served when a change says that it came", async () => {
  const colophon = open();
  const handle = colophon.get(PROMPT, { version: "v4" });
  await colophon.ready();
  expect(() => colophon.resolve(handle).render({ ticket: "t" })).toThrowError(/pin v4 unknown-version\)/);
  await until(() => server.streams() === 1);
  server.versions = changeWith(1, 4);
  server.release({ revision: 2, prompts: {}, texts: {}, touched: [PROMPT] });
  await until(() => colophon.resolve(handle).version === 4);
});

test("Pins that no server understands end the wait, and stand in nobody's way", async () => {
  server.versions = changeWith(1, 4);
  const colophon = open();
  await colophon.prefetch(["constructor@v1", "__proto__@v2", `${PROMPT}@v4`, `${"k".repeat(300)}@v1`]);
  expect(await colophon.ready()).toMatchObject({ ready: true });
  expect(words(colophon, "v4")).toBe("v4: t");
  server.answer = (request, response) => {
    if (request.url?.endsWith("/versions/find") !== true) return false;
    response.writeHead(400).end();
    return true;
  };
  colophon.get(PROMPT, { version: "v9" });
  expect(await colophon.ready({ timeoutMs: 60_000 })).toMatchObject({ ready: true });
  expect(() => words(colophon, "v9")).toThrowError(/pin v9 unknown-version\)/);
});
