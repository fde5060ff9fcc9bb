/** An application on a server over real HTTP: what it serves while the server lives, goes away, comes back and lies. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildText, hashText, type SnapshotPrompt } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Colophon } from "../colophon.ts";
import { definePrompt } from "../define/define-prompt.ts";
import { openRemote, type RemoteOptions } from "./open-remote.ts";
import { QUICK } from "./quick-pace.fixture.ts";
import type { RemotePace } from "./remote-pace.ts";
import { aDocument, KEY, startServer, type TestServer } from "./server.fixture.ts";
import { until } from "./until.fixture.ts";

const triage = definePrompt({
  key: "remote.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const text = (word: string) => buildText({ body: `${word}: {{ticket}}`, model: "gpt-5-mini", input });
const WORDS = ["zero", "one", "two", "three", "four"] as const;
const TEXTS = Object.fromEntries(WORDS.map((word) => [hashText(text(word)), text(word)]));

function versionOf(number: number, withdrawn = false) {
  return { hash: hashText(text(WORDS[number] as string)), withdrawn };
}

function promptAt(live: number, more: Partial<SnapshotPrompt> = {}): SnapshotPrompt {
  return {
    risk: "medium",
    versions: Object.fromEntries([1, live].map((number) => [number, versionOf(number)])),
    releases: { production: { version: live, model: null, inherited: null, plan: null } },
    overrides: [],
    ...more,
  };
}

const documentAt = (revision: number, live: number) =>
  aDocument(revision, { prompts: { [triage.key]: promptAt(live) }, texts: TEXTS });

let folder: string;
let server: TestServer;
let notices: string[];
const opened: Colophon[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-remote-"));
  notices = [];
  server = await startServer({ document: documentAt(1, 1) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

function open(options: RemoteOptions = {}, pace: Partial<RemotePace> = {}): Colophon {
  const colophon = openRemote({
    address: server.url,
    options: {
      environment: "production",
      apiKey: KEY,
      folder,
      application: "test",
      onNotice: (message) => {
        if (!message.includes("the text in the code is another")) notices.push(message);
      },
      ...options,
    },
    variables: {},
    pace: { ...QUICK, ...pace },
  });
  opened.push(colophon);
  return colophon;
}

const words = (colophon: Colophon, context = {}) =>
  colophon.resolve(triage, context).render({ ticket: "t" }).text;
const resolution = (colophon: Colophon, context = {}) => colophon.resolve(triage, context).resolution;
const servesVersion = (colophon: Colophon, version: number) =>
  until(
    () => resolution(colophon).version === version,
    () => resolution(colophon),
  );

/** Longer than the pauses between two marks on disk, and between two looks for what others left. */
async function someBeats(): Promise<void> {
  const beats = () => server.requests.filter(({ path }) => path.includes("/followers/")).length;
  const before = beats();
  await until(() => beats() > before + 3);
}

async function restart(document = server.document): Promise<void> {
  const { port } = server;
  server = await startServer({ port, like: server, document });
}

describe("A server that answers", () => {
  it("is served after ready, and its changes as they come, without another look at the whole", async () => {
    const colophon = open();
    expect(resolution(colophon)).toMatchObject({ version: null, reason: "not-ready" });
    expect(await colophon.ready()).toEqual({ ready: true, revision: 1, environment: "production" });
    expect(words(colophon)).toBe("one: t");
    await until(() => server.streams() === 1);
    server.release({ revision: 2, prompts: { [triage.key]: promptAt(2) }, texts: {} });
    await servesVersion(colophon, 2);
    expect(resolution(colophon)).toMatchObject({ revision: 2, stale: false, reason: "live" });
    const looks = server.requests.filter(({ path }) => path.includes("/snapshot?"));
    expect(looks.length).toBeLessThan(3);
    expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${KEY}`)).toBe(true);
    expect(notices).toEqual([]);
  });

  it("is asked for the project that the address names", async () => {
    const colophon = openRemote({
      address: `${server.url}/projects/shop`,
      options: { environment: "production", apiKey: KEY, folder },
      variables: {},
      pace: QUICK,
    });
    opened.push(colophon);
    await colophon.ready();
    expect(server.requests[0]?.path).toBe("/v1/projects/shop/snapshot?environment=production");
  });

  it("hears what the code declares, and which revision each process serves until it ends", async () => {
    const colophon = open();
    await colophon.flush();
    expect(server.declarations).toMatchObject([
      { application: "test", environment: "production", number: true, declarations: [{ key: triage.key }] },
    ]);
    await until(() => server.followers.size === 1);
    expect([...server.followers.values()]).toMatchObject([
      { application: "test", environment: "production", revision: 1, appliedAt: expect.any(Number) },
    ]);
    await until(() => server.streams() === 1);
    server.release({ revision: 2, prompts: {}, texts: {} });
    await until(() =>
      [...server.followers.values()].some((one) => (one as { revision: number }).revision === 2),
    );
    await colophon.close();
    expect(server.followers.size).toBe(0);
  });

  it("is polled where events cannot be had, or are held back on the way", async () => {
    for (const events of ["none", "buffered"] as const) {
      server.events = events;
      const { revision } = server.document;
      const colophon = open();
      await colophon.ready();
      server.release({
        revision: revision + 1,
        prompts: { [triage.key]: promptAt(2 + (revision % 2)) },
        texts: {},
      });
      await servesVersion(colophon, 2 + (revision % 2));
      expect(server.requests.some(({ headers }) => headers["if-none-match"] !== undefined)).toBe(true);
      await colophon.close();
    }
  });

  it("is read anew after a reset, and after a change that cannot be read", async () => {
    const colophon = open();
    await until(() => server.streams() === 1);
    server.document = documentAt(5, 2);
    server.tell("reset");
    await servesVersion(colophon, 2);
    await until(() => server.streams() === 1);
    server.document = documentAt(6, 3);
    server.tell("change", "{half");
    await servesVersion(colophon, 3);
    expect(resolution(colophon).revision).toBe(6);
  });

  it("loses no change while events are cut over and over", async () => {
    const colophon = open();
    await colophon.ready();
    for (let revision = 2; revision < 30; revision++) {
      server.release({ revision, prompts: { [triage.key]: promptAt(1 + (revision % 4)) }, texts: {} });
      if (revision % 3 === 0) server.cutStreams();
      if (revision % 5 === 0) server.tell("bye");
      await servesVersion(colophon, 1 + (revision % 4));
    }
    expect(resolution(colophon)).toMatchObject({ revision: 29, stale: false });
    expect(notices).toEqual([]);
  });

  it("is told which revision is held, since another server may have been ahead of it", async () => {
    server.events = "none";
    const colophon = open();
    await colophon.ready();
    server.document = documentAt(5, 2);
    await servesVersion(colophon, 2);
    const told = () => server.requests.map(({ headers }) => headers["colophon-revision"]);
    await until(() => told().includes("5"));
    expect(told()[0]).toBeUndefined();
  });

  it("is asked again where its events say nothing for too long", async () => {
    const colophon = open({}, { silenceMs: 30 });
    await colophon.ready();
    const asked = () => server.requests.filter(({ path }) => path.includes("/events?")).length;
    await until(() => asked() > 3);
    expect(resolution(colophon)).toMatchObject({ version: 1, stale: false });
  });

  it("is asked for versions that its snapshot lacks, and they stay through its changes", async () => {
    const colophon = open();
    await colophon.ready();
    await until(() => server.streams() === 1);
    server.versions = { ...documentAt(1, 4), prompts: { [triage.key]: promptAt(4) } };
    const pinned = () => colophon.resolve(colophon.get(triage.key, { version: "v4" }));
    pinned();
    await until(() => pinned().version === 4);
    server.release({ revision: 2, prompts: { [triage.key]: promptAt(2) }, texts: {} });
    await servesVersion(colophon, 2);
    expect(pinned().version).toBe(4);
    const withdrawn = promptAt(2, { versions: { 2: versionOf(2), 4: versionOf(4, true) } });
    server.versions = { ...documentAt(3, 2), prompts: { [triage.key]: withdrawn } };
    server.release({ revision: 3, prompts: { [triage.key]: promptAt(2) }, texts: {} });
    await until(() => pinned().resolution.considered[0]?.outcome === "withdrawn");
  });

  it("says of versions that its snapshot lacks that they were withdrawn, by a change that shows nothing else", async () => {
    const colophon = open();
    await colophon.ready();
    await until(() => server.streams() === 1);
    server.versions = { ...documentAt(1, 4), prompts: { [triage.key]: promptAt(4) } };
    const pinned = () => colophon.resolve(colophon.get(triage.key, { version: "v4" }));
    pinned();
    await until(() => pinned().version === 4);
    const withdrawn = promptAt(1, { versions: { 1: versionOf(1), 4: versionOf(4, true) } });
    server.versions = { ...documentAt(2, 1), prompts: { [triage.key]: withdrawn } };
    server.release({ revision: 2, prompts: {}, texts: {}, touched: [triage.key] });
    await until(() => pinned().resolution.considered[0]?.outcome === "withdrawn");
  });

  it("is asked again for versions that its snapshot lacks, whenever the whole was fetched", async () => {
    server.events = "none";
    const colophon = open();
    await colophon.ready();
    server.versions = { ...documentAt(1, 4), prompts: { [triage.key]: promptAt(4) } };
    const pinned = () => colophon.resolve(colophon.get(triage.key, { version: "v4" }));
    pinned();
    await until(() => pinned().version === 4);
    const withdrawn = promptAt(1, { versions: { 1: versionOf(1), 4: versionOf(4, true) } });
    server.versions = { ...documentAt(2, 1), prompts: { [triage.key]: withdrawn } };
    server.document = documentAt(2, 1);
    await until(() => pinned().resolution.considered[0]?.outcome === "withdrawn");
  });

  it("that does not know the environment is told apart from one that was not read", async () => {
    const colophon = open({ environment: "prodution" });
    await until(() => resolution(colophon).reason === "unknown-environment");
    expect(words(colophon)).toBe("From the code: t");
    expect(notices.filter((message) => message.includes("prodution"))).toHaveLength(1);
  });
});

describe("A server that is away", () => {
  it("at the start, without a snapshot on disk: the code serves, and the server as soon as it is there", async () => {
    await server.stop();
    const colophon = open();
    expect(await colophon.ready({ timeoutMs: 50 })).toMatchObject({ ready: false, revision: null });
    expect(resolution(colophon)).toMatchObject({ reason: "not-ready", tier: "default" });
    await until(() => notices.length === 1);
    expect(notices[0]).toContain("does not answer (ECONNREFUSED)");
    await restart();
    await servesVersion(colophon, 1);
    expect(notices.at(-1)).toContain("answers again");
    expect(notices).toHaveLength(2);
  });

  it("at the start, with a snapshot on disk: that one serves and says since when it may be stale", async () => {
    const first = open();
    await first.ready();
    await until(() => server.streams() === 1);
    server.release({ revision: 2, prompts: { [triage.key]: promptAt(2) }, texts: {} });
    await servesVersion(first, 2);
    await first.close();
    await server.stop();
    const snapshot = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
      name.endsWith(".snapshot"),
    );
    const file = join(folder, snapshot as string);
    expect(statSync(file).mode & 0o077).toBe(0);
    utimesSync(file, 1_700_000_000, 1_700_000_000);

    const second = open();
    expect(resolution(second)).toMatchObject({ version: 2, revision: 2, stale: true, reason: "live" });
    expect(second.status()).toMatchObject({ staleSince: 1_700_000_000_000 });
    expect(await second.ready()).toMatchObject({ ready: true, revision: 2 });
    await restart();
    await until(() => !second.status().stale);
    expect(resolution(second)).toMatchObject({ version: 2, stale: false });
  });

  it("goes away and comes back while it is served: no resolution is any the worse for it", async () => {
    const colophon = open();
    await colophon.ready();
    await until(() => server.streams() === 1);
    const seen = new Set<string>();
    const watching = setInterval(() => seen.add(words(colophon) ?? ""), 1);
    await server.stop();
    await until(() => colophon.status().stale);
    expect(colophon.status().staleSince).toBeLessThanOrEqual(Date.now());
    await until(() => notices.some((message) => message.includes("goes on being served")));
    await restart(documentAt(7, 3));
    await servesVersion(colophon, 3);
    await until(() => notices.some((message) => message.includes("answers again")));
    clearInterval(watching);
    expect(colophon.status()).toMatchObject({ revision: 7, stale: false });
    expect([...seen].filter((one) => one !== "one: t" && one !== "three: t")).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["half a file", '{"lastKnownGood":1,"etag":null}\n{"format":1,"revision"'],
    [
      "a file of another age",
      '{"lastKnownGood":0,"etag":null}\n{"format":1,"revision":9,"environments":["production"],"prompts":{},"texts":{}}',
    ],
    ["a text", "hello"],
  ])("leaves %s on disk: it is taken for no snapshot, and replaced", async (_, content) => {
    const first = open();
    await first.ready();
    await first.close();
    const name = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((one) =>
      one.endsWith(".snapshot"),
    );
    const file = join(folder, name as string);
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, content);
    const second = open();
    expect(resolution(second).reason).toBe("not-ready");
    await second.ready();
    await second.close();
    expect(readFileSync(file, "utf8")).toBe(whole);
  });

  it("is served from memory where nothing can be kept on disk, which is said once", async () => {
    writeFileSync(join(folder, "file"), "");
    const colophon = open({ folder: join(folder, "file", "below") });
    await colophon.ready();
    await until(() => notices.some((message) => message.includes("cannot be kept on disk (ENOTDIR)")));
    expect(words(colophon)).toBe("one: t");
  });
});

describe("A disk that takes no snapshot", () => {
  it("is not said to have the current one, and gets it when it takes something again", async () => {
    const first = open();
    await first.ready();
    await first.close();
    const name = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((one) =>
      one.endsWith(".snapshot"),
    );
    const file = join(folder, name as string);
    rmSync(file);
    mkdirSync(file);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
    const second = open();
    await second.ready();
    const refused = () => notices.filter((message) => message.includes("cannot be kept on disk"));
    await until(() => refused().length === 1);
    for (let revision = 2; revision < 5; revision++) {
      server.release({ revision, prompts: { [triage.key]: promptAt(revision - 1) }, texts: {} });
      await servesVersion(second, revision - 1);
      await someBeats();
    }
    expect(statSync(file).mtimeMs).toBe(1_700_000_000_000);
    rmdirSync(file);
    server.tell("reset");
    await until(() => existsSync(file));
    expect(readFileSync(file, "utf8")).toContain('"revision":4');
    expect(refused()).toHaveLength(1);
  });
});

describe("Rows that a process of another environment left", () => {
  it("wait for one that may record there", async () => {
    const started = (colophon: Colophon) => colophon.resolve(triage).start({ ticket: "t" });
    const { port } = server;
    await server.stop();
    const staging = open({ environment: "staging" });
    expect(started(staging).finish({ text: "bug" })).toBe("spooled");
    await staging.close();
    server = await startServer({ port, document: documentAt(1, 1) });
    // As a key does that is for production alone.
    server.refuse = (entry) =>
      entry.kind === "execution" && entry.row.environment === "staging" ? "not-allowed" : undefined;
    const production = open();
    expect(started(production).finish({ text: "bug" })).toBe("spooled");
    await production.flush();
    await someBeats();
    await production.flush();
    server.refuse = () => undefined;
    server.document = { ...documentAt(1, 1), environments: ["staging"] };
    const later = open({ environment: "staging" });
    await until(() => server.rows.size > 1);
    const rows = [...server.rows.values()];
    expect(rows.map(({ kind }) => kind)).toEqual(["execution", "execution"]);
    await later.close();
  });
});

describe("Rows that are left under a key that was rotated", () => {
  const OTHER_KEY = "clp_test_of_the_other_9876543210";
  const started = (colophon: Colophon) => colophon.resolve(triage).start({ ticket: "t" });

  /** The rows of a process whose server went away; gives what the server has once another key is in use. */
  async function rotate(projects: readonly [string | undefined, string | undefined]) {
    const { port } = server;
    [server.project] = projects;
    const first = open();
    await first.ready();
    await server.stop();
    expect(started(first).finish({ text: "bug" })).toBe("spooled");
    await first.close();
    server = await startServer({ port, document: documentAt(1, 1) });
    [, server.project] = projects;
    server.keys.splice(0, 1, `Bearer ${OTHER_KEY}`);
    const second = open({ apiKey: OTHER_KEY });
    await second.ready();
    await someBeats();
    return [...server.rows.values()].map(({ kind }) => kind);
  }

  it("go their way under the next key of the same project", async () => {
    expect(await rotate(["main", "main"])).toEqual(["execution"]);
  });

  it.each([
    ["the next key is of another project", "main", "shop"],
    ["nobody knows of which project the first was", undefined, "main"],
    ["nobody knows of which project the next is", "main", undefined],
  ])("stay where %s", async (_, first, second) => {
    expect(await rotate([first, second])).toEqual([]);
  });
});

describe("Overrides that are too many for a snapshot", () => {
  const override = (version: number, more = {}) => {
    return { kind: "user" as const, subject: "ada", version, environment: null, expires: null, ...more };
  };
  const asked = () => server.requests.filter(({ path }) => path.endsWith("/overrides/find")).length;

  async function openFetched(): Promise<Colophon> {
    server.document = { ...documentAt(1, 1), overrides: "fetched" };
    const prompts = { [triage.key]: promptAt(1, { versions: { 1: versionOf(1), 2: versionOf(2) } }) };
    server.document = { ...server.document, prompts };
    const colophon = open();
    await colophon.ready();
    await until(() => server.streams() === 1);
    return colophon;
  }

  it("are unknown until they are fetched ahead, which resolutions say while the next tier serves", async () => {
    const colophon = await openFetched();
    server.overrides.set("user ada", { [triage.key]: [override(2)] });
    expect(resolution(colophon, { user: "ada" })).toMatchObject({
      version: 1,
      tier: "environment",
      reason: "live",
    });
    expect(resolution(colophon, { user: "ada" }).considered).toContainEqual({
      tier: "user",
      outcome: "override-unknown",
      reason: "user",
    });
    await Promise.all([
      colophon.prefetch({ user: "ada" }),
      colophon.prefetch({ user: "ada", document: "d" }),
    ]);
    expect(asked()).toBe(1);
    expect(resolution(colophon, { user: "ada", document: "d" })).toMatchObject({
      version: 2,
      reason: "override",
    });
    expect(resolution(colophon, { user: "ada", document: "d" }).considered).toEqual([
      { tier: "document", outcome: "absent" },
      { tier: "user", outcome: "chosen" },
    ]);
    await colophon.prefetch({ user: "ada", document: "d" });
    expect(asked()).toBe(1);
  });

  it("are fetched again after a change, and those of nobody are remembered too", async () => {
    const colophon = await openFetched();
    await colophon.prefetch({ user: "ada" });
    expect(resolution(colophon, { user: "ada" }).considered).toContainEqual({
      tier: "user",
      outcome: "absent",
    });
    server.overrides.set("user ada", { [triage.key]: [override(2)] });
    server.release({ revision: 2, prompts: {}, texts: {} });
    await until(() => colophon.status().revision === 2);
    expect(resolution(colophon, { user: "ada" }).version).toBe(1);
    await colophon.prefetch({ user: "ada" });
    expect(asked()).toBe(2);
    expect(resolution(colophon, { user: "ada" }).version).toBe(2);
  });

  it("stay unknown while the server is away: prefetch does not reject, and that is said once", async () => {
    const colophon = await openFetched();
    await server.stop();
    await colophon.prefetch({ user: "ada" });
    await colophon.prefetch({ user: "bob", tenant: "x".repeat(2_000) });
    expect(resolution(colophon, { user: "ada" }).considered).toContainEqual(
      expect.objectContaining({ outcome: "override-unknown" }),
    );
    expect(notices.filter((message) => message.includes("could not be fetched ahead"))).toHaveLength(1);
  });

  it("are not asked for where the snapshot has them all", async () => {
    server.document = {
      ...documentAt(1, 1),
      prompts: {
        [triage.key]: promptAt(1, {
          versions: { 1: versionOf(1), 2: versionOf(2) },
          overrides: [override(2)],
        }),
      },
    };
    const colophon = open();
    await colophon.ready();
    await colophon.prefetch({ user: "ada" });
    expect(resolution(colophon, { user: "ada" }).version).toBe(2);
    expect(asked()).toBe(0);
  });
});

describe("The key", () => {
  it("goes to no other address, wherever the server sends", async () => {
    const other = await startServer();
    server.answer = (_, response) => {
      response.writeHead(307, { location: `${other.url}/v1/projects/~/snapshot` }).end();
      return true;
    };
    const colophon = open();
    await colophon.ready();
    await until(() => notices.length > 0);
    expect(notices[0]).toContain("sends elsewhere (307)");
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  it("stands in no sentence, also where the server repeats it", async () => {
    const secret = "clp_wrong_secret";
    const colophon = open({ apiKey: secret }, { flushMs: 200 });
    const call = colophon.resolve(triage, {});
    await call.record({ ticket: "t" }, async () => "answer");
    await expect(colophon.flush()).rejects.toMatchObject({ code: "not-signed-in" });
    const error = (await colophon.flush().catch((thrown: unknown) => thrown)) as Error;
    const said = [
      ...notices,
      error.message,
      JSON.stringify(error),
      String((error.cause as Error)?.stack),
    ].join("\n");
    expect(said).toContain("no such key: Bearer (key)");
    expect(said).not.toContain(secret);
  });

  it("is asked for where it is missing, and an address that is none is not repeated", () => {
    const opening = { options: { folder }, variables: {} };
    expect(() => openRemote({ ...opening, address: "https://host.example" })).toThrow(/COLOPHON_API_KEY/);
    const keyed = { ...opening, variables: { COLOPHON_API_KEY: KEY } };
    for (const address of ["https://me:secret@host.example", "https://host.example/else", "http://"]) {
      expect(() => openRemote({ ...keyed, address })).toThrow("The address of the server is none");
    }
    expect(() =>
      openRemote({ ...opening, address: server.url, variables: { COLOPHON_API_KEY: "a\nb" } }),
    ).toThrow("characters that no key has");
  });
});
