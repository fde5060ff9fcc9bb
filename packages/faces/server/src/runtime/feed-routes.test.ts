/** What applications are told to serve is the registry's own snapshot, cut to their environment. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  eraseSubject,
  exportSnapshot,
  type Harness,
  registerPrompt,
  setOverride,
  withdrawVersion,
} from "@colophon/harness";
import {
  HOUSES,
  KEY,
  postgresHouse,
  registerBodies,
  releaseTo,
} from "@colophon/harness/opened-house.fixture";
import {
  canonicalJson,
  type SnapshotChange,
  type SnapshotDocument,
  type SnapshotListener,
} from "@colophon/kernel";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { afterEach, describe, expect, test } from "vitest";
import { EventReader, openRuntimeWorld, type RuntimeWorld } from "./runtime-world.fixture.ts";

const postgres = usePostgres();

interface Fetched {
  readonly response: Response;
  readonly text: string;
  readonly document: SnapshotDocument;
}

async function fetchSnapshot(world: RuntimeWorld, environment = "production"): Promise<Fetched> {
  const response = await world.ask("GET", `/snapshot?environment=${environment}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { response, text, document: JSON.parse(text) as SnapshotDocument };
}

/** Waits until the feed has come to what was just written. */
async function catchUp(world: RuntimeWorld): Promise<void> {
  const revision = await world.harness.records.revision();
  const feed = await world.service.feedOf("main");
  await expect.poll(() => feed.revision, { timeout: 20_000, interval: 20 }).toBe(revision);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function errorOf(response: Response): Promise<{ readonly status: number; readonly code: string }> {
  const { error } = (await response.json()) as { readonly error: { readonly code: string } };
  return { status: response.status, code: error.code };
}

function override(value: string, version: number, environment: string | null) {
  const subject = { kind: "user", value } as const;
  return { key: KEY, subject, version, environment, expires: null, reason: "because" };
}

for (const house of [...HOUSES, postgresHouse(postgres)]) {
  describe(`on ${house.name}`, () => {
    let world: RuntimeWorld;
    afterEach(() => world.close());

    test("a snapshot comes packed to whoever takes it so, plain to all others, under one hash", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One"]);
      await catchUp(world);
      const plain = await fetchSnapshot(world);
      const fetched = async (accepted: string) => {
        const path = "/snapshot?environment=production";
        const response = await world.ask("GET", path, { headers: { "accept-encoding": accepted } });
        expect(response.headers.get("etag")).toBe(plain.response.headers.get("etag"));
        const bytes = Buffer.from(await response.arrayBuffer());
        return response.headers.get("content-encoding") === "gzip"
          ? `packed ${gunzipSync(bytes)}`
          : `plain ${bytes}`;
      };
      for (const accepted of ["gzip", "br, gzip;q=0.5", "GZIP , deflate", "gzip;q=0.001"]) {
        expect(await fetched(accepted)).toBe(`packed ${plain.text}`);
      }
      for (const accepted of ["identity", "gzip;q=0", "br, gzip; q=0.000, deflate", "x-gzip2"]) {
        expect(await fetched(accepted)).toBe(`plain ${plain.text}`);
      }
    });

    test("a snapshot is the registry's own, without other environments, as canonical JSON under its hash", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One", "Two", "Three"]);
      await releaseTo(world.harness, 1, "production");
      await releaseTo(world.harness, 2, "staging");
      await setOverride(world.harness, override("ada", 3, "production"));
      await setOverride(world.harness, override("bob", 2, "staging"));
      await setOverride(world.harness, override("eve", 1, null));
      const { response, text, document } = await fetchSnapshot(world);
      expect(text).toBe(canonicalJson(document));
      const whole = await exportSnapshot(world.harness);
      const { [KEY]: prompt } = whole.prompts;
      if (prompt === undefined) throw new Error("The prompt is there.");
      expect(document).toEqual({
        ...whole,
        environments: ["production"],
        prompts: {
          [KEY]: {
            ...prompt,
            releases: { production: prompt.releases.production },
            overrides: prompt.overrides.filter(({ subject }) => subject !== "bob"),
          },
        },
      });
      const hash = sha256(text);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        etag: `"${hash}"`,
        "colophon-revision": String(whole.revision),
        "content-location": `/v1/projects/main/snapshots/${hash}`,
        "cache-control": "private, no-cache",
      });
    });

    test("who has the snapshot is told so, until something changes; what was current is fetched by its hash", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One", "Two"]);
      await releaseTo(world.harness, 1);
      const before = await fetchSnapshot(world);
      const etag = before.response.headers.get("etag") ?? "";
      const asking = { headers: { "if-none-match": `"other", W/${etag}` } };
      const unchanged = await world.ask("GET", "/snapshot?environment=production", asking);
      expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
      await releaseTo(world.harness, 2);
      await catchUp(world);
      const after = await world.ask("GET", "/snapshot?environment=production", asking);
      expect(after.status).toBe(200);
      const kept = await world.ask("GET", `/snapshots/${sha256(before.text)}`);
      expect(await kept.text()).toBe(before.text);
      expect(kept.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(await errorOf(await world.ask("GET", `/snapshots/${"0".repeat(64)}`))).toEqual({
        status: 404,
        code: "snapshot-unknown",
      });
    });

    test("an environment is one that the registry has and the caller may resolve in", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One"]);
      const ask = async (environment: string) =>
        errorOf(await world.ask("GET", `/snapshot?environment=${environment}`));
      expect(await ask("constructor")).toEqual({ status: 404, code: "environment-unknown" });
      expect(await ask("")).toEqual({ status: 400, code: "input-malformed" });
      world.allow({ scopes: ["resolve"], environment: "staging" }, { scopes: ["record"], environment: null });
      expect(await ask("production")).toEqual({ status: 403, code: "not-allowed" });
      expect((await world.ask("GET", "/snapshot?environment=staging")).status).toBe(200);
      const body = { environment: "production", versions: [], subjects: [] };
      for (const path of ["/versions/find", "/overrides/find"])
        expect(await errorOf(await world.ask("POST", path, { body }))).toMatchObject({ status: 403 });
      expect(await errorOf(await world.ask("GET", "/events?environment=production"))).toMatchObject({
        status: 403,
      });
    });

    test("versions that the snapshot lacks are found with the partials that they pin, and it does not grow", async () => {
      world = await openRuntimeWorld(house);
      const partial = { key: "shared.tone", owner: "support", model: "gpt-5-mini", body: "Be kind." };
      await registerPrompt(world.harness, { value: partial, file: "tone.yaml" });
      await registerBodies(world.harness, ["{{> shared.tone@v1}} One", "Two"]);
      await releaseTo(world.harness, 2);
      const before = await fetchSnapshot(world);
      expect(Object.keys(before.document.prompts[KEY]?.versions ?? {})).toEqual(["2"]);
      const body = {
        environment: "production",
        versions: [
          { key: KEY, version: 1 },
          { key: KEY, version: 99 },
          { key: "nobody.knows", version: 1 },
        ],
      };
      const found = (await (await world.ask("POST", "/versions/find", { body })).json()) as SnapshotChange;
      expect(found).toMatchObject({ revision: before.document.revision, environments: ["production"] });
      expect(Object.keys(found.prompts).sort()).toEqual(["shared.tone", KEY]);
      expect(Object.keys(found.prompts[KEY]?.versions ?? {})).toEqual(["1", "2"]);
      expect(found.prompts["shared.tone"]?.versions[1]?.withdrawn).toBe(false);
      const texts = Object.values(found.texts).map(({ body: words }) => words);
      expect(texts).toEqual(expect.arrayContaining(["Be kind.", "{{> shared.tone@v1}} One\n{{ticket}}"]));
      expect((await fetchSnapshot(world)).text).toBe(before.text);
    });

    test("beyond so many overrides they are found by subject, as plainly as the snapshot had them", async () => {
      world = await openRuntimeWorld(house, { options: { feed: { overrides: 2 } } });
      await registerBodies(world.harness, ["One", "Two"]);
      await releaseTo(world.harness, 1);
      await setOverride(world.harness, override("ada", 2, "production"));
      await setOverride(world.harness, override("bob", 2, null));
      await setOverride(world.harness, override("eve", 2, "staging"));
      const few = await fetchSnapshot(world);
      expect(few.document.prompts[KEY]?.overrides).toHaveLength(2);
      expect(few.document).not.toHaveProperty("overrides");
      const events = new EventReader(
        await world.ask("GET", `/events?environment=production&after=${few.document.revision}`),
      );
      await setOverride(world.harness, override("mallory", 2, "production"));
      // The shape of the document changes, which no change can say.
      expect(await events.next()).toEqual({ event: "reset", id: null, data: "" });
      const many = await fetchSnapshot(world);
      expect(many.document).toMatchObject({ overrides: "fetched", prompts: { [KEY]: { overrides: [] } } });
      expect(many.text).toBe(canonicalJson(many.document));
      const subjects = ["ada", "eve", "stranger"].map((value) => ({ kind: "user", value }));
      const body = { environment: "production", subjects };
      expect(await (await world.ask("POST", "/overrides/find", { body })).json()).toEqual({
        overrides: { [KEY]: few.document.prompts[KEY]?.overrides.filter(({ subject }) => subject === "ada") },
        revision: many.document.revision,
      });
      expect(await world.harness.records.findPseudonym({ kind: "user", value: "stranger" })).toBeUndefined();
      await setOverride(world.harness, override("zoe", 2, "production"));
      const change = await events.next();
      expect(change).toMatchObject({ event: "change", id: String(many.document.revision + 1) });
      expect(JSON.parse(change?.data ?? "")).toMatchObject({ prompts: {}, texts: {} });
      await events.leave();
    });

    test("nothing that is kept from before names somebody who was erased", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One", "Two"]);
      await releaseTo(world.harness, 1);
      const { revision } = (await fetchSnapshot(world)).document;
      await setOverride(world.harness, override("ada", 2, "production"));
      await catchUp(world);
      const named = await fetchSnapshot(world);
      expect(named.text).toContain('"ada"');
      await eraseSubject(world.harness, { kind: "user", value: "ada" });
      await catchUp(world);
      expect((await fetchSnapshot(world)).text).not.toContain('"ada"');
      const status = async () => (await world.ask("GET", `/snapshots/${sha256(named.text)}`)).status;
      await expect.poll(status).toBe(404);
      const response = await world.ask("GET", `/events?environment=production&after=${revision}`);
      const events = new EventReader(response);
      expect(await events.next()).toMatchObject({ event: "reset" });
      await events.leave();
    });

    test("changes are heard as they come, cut to the environment, and nothing else", async () => {
      world = await openRuntimeWorld(house);
      await registerBodies(world.harness, ["One", "Two"]);
      await releaseTo(world.harness, 1);
      const { document } = await fetchSnapshot(world);
      const path = `/events?environment=production&after=${document.revision}`;
      const response = await world.ask("GET", path);
      expect(response.headers.get("content-type")).toContain("text/event-stream");
      const events = new EventReader(response);
      await releaseTo(world.harness, 2);
      const heard = await events.next();
      const change = JSON.parse(heard?.data ?? "") as SnapshotChange;
      expect(heard).toMatchObject({ event: "change", id: String(document.revision + 1) });
      expect(change).toMatchObject({
        revision: document.revision + 1,
        environments: ["production"],
        prompts: { [KEY]: { releases: { production: { version: 2 } } } },
      });
      expect(Object.values(change.texts).map(({ body }) => body)).toEqual(["Two\n{{ticket}}"]);
      await withdrawVersion(world.harness, { key: KEY, version: 1, reason: "wrong" });
      const withdrawn = JSON.parse((await events.next())?.data ?? "") as SnapshotChange;
      expect(withdrawn.prompts[KEY]?.versions[1]).toMatchObject({ withdrawn: true });
      expect(withdrawn.texts).toEqual({});
      world.stop.abort();
      expect(await events.next()).toEqual({ event: "bye", id: null, data: "" });
      expect(await events.next()).toBeUndefined();
      expect(await errorOf(await world.ask("GET", path))).toEqual({ status: 503, code: "store-unavailable" });
    });
  });
}

describe("a version that the snapshot lacks", () => {
  test("is named by its prompt when it comes and when it is withdrawn, for clients that asked for it", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const world = await openRuntimeWorld(memory);
    await registerBodies(world.harness, ["One"]);
    await releaseTo(world.harness, 1);
    await catchUp(world);
    const before = (await fetchSnapshot(world)).document;
    const stream = new EventReader(
      await world.ask("GET", `/events?environment=production&after=${before.revision}`),
    );
    await registerBodies(world.harness, ["Two"]);
    await withdrawVersion(world.harness, { key: KEY, version: 2, reason: "wrong" });
    for (let heard = before.revision; heard < (await world.harness.records.revision()); ) {
      const change = JSON.parse((await stream.next())?.data ?? "") as SnapshotChange;
      heard = change.revision;
      expect([...Object.keys(change.prompts), ...(change.touched ?? [])]).toEqual([KEY]);
    }
    expect((await fetchSnapshot(world)).document.prompts).toEqual(before.prompts);
    await stream.leave();
    await world.close();
  });
});

describe("a client that another server has served further", () => {
  test("is given what it has or newer, and what there is where the store was put back", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const world = await openRuntimeWorld(memory);
    await registerBodies(world.harness, ["One"]);
    await catchUp(world);
    const path = "/snapshot?environment=production";
    const held = String(await world.harness.records.revision());
    const ask = (revision: string) => world.ask("GET", path, { headers: { "colophon-revision": revision } });
    for (const revision of [held, "999999"]) {
      const { headers } = await ask(revision);
      expect([headers.get("colophon-revision"), headers.get("colophon-project")]).toEqual([held, "main"]);
    }
    expect(await errorOf(await ask("newest"))).toEqual({ status: 400, code: "input-malformed" });
    await world.close();
  });
});

describe("a server that has not reached its store for a while", () => {
  test("ends streams and opens none, and tells nobody that what they hold is current, but serves who has nothing", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const sources: SnapshotListener[] = [];
    const change = (harness: Harness): Harness => ({
      ...harness,
      openSource(onNotice) {
        const source = harness.openSource(onNotice);
        return {
          ...source,
          start: (listener) => source.start(sources[sources.push(listener) - 1] ?? listener),
        };
      },
    });
    const world = await openRuntimeWorld(memory, { change });
    await registerBodies(world.harness, ["One"]);
    await catchUp(world);
    const { revision } = (await fetchSnapshot(world)).document;
    const held = { headers: { "colophon-revision": String(revision) } };
    const events = `/events?environment=production&after=${revision}`;
    const stream = new EventReader(await world.ask("GET", events));
    for (const listener of sources) listener.onLost(new Error("The store is away."));
    world.clock.advance(31_000);
    await world.service.beat();
    expect(await stream.next()).toMatchObject({ event: "bye" });
    const away = { status: 503, code: "store-unavailable" };
    expect(await errorOf(await world.ask("GET", events))).toEqual(away);
    expect(await errorOf(await world.ask("GET", "/snapshot?environment=production", held))).toEqual(away);
    expect((await fetchSnapshot(world)).document.revision).toBe(revision);
    for (const listener of sources) listener.onRecovered();
    expect((await world.ask("GET", "/snapshot?environment=production", held)).status).toBe(200);
    await new EventReader(await world.ask("GET", events)).leave();
    await world.close();
  });
});

describe("snapshots that were current before", () => {
  test("are kept so many and so large together, the newest last to go", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const world = await openRuntimeWorld(memory, { options: { feed: { documents: 2 } } });
    await registerBodies(world.harness, ["One", "Two"]);
    const hashes: string[] = [];
    for (const version of [1, 2, 1, 2]) {
      await releaseTo(world.harness, version);
      hashes.push(sha256((await fetchSnapshot(world)).text));
    }
    const statuses = [];
    for (const hash of hashes) statuses.push((await world.ask("GET", `/snapshots/${hash}`)).status);
    expect(statuses).toEqual([404, 200, 200, 200]);
    await world.close();
  });
});

describe("streams of one key", () => {
  test("are so many at once, and one that ends makes room for another", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const world = await openRuntimeWorld(memory, { limits: { streams: 2 } });
    const open = () => world.ask("GET", "/events?environment=production");
    const first = new EventReader(await open());
    const second = new EventReader(await open());
    expect(await errorOf(await open())).toEqual({ status: 429, code: "too-many-requests" });
    await first.leave();
    const third = new EventReader(await open());
    expect((await open()).status).toBe(429);
    await second.leave();
    await third.leave();
    expect((await open()).status).toBe(200);
    await world.close();
  });

  test("are none where only their headers are asked for", async () => {
    const [memory] = HOUSES;
    if (memory === undefined) throw new Error("There is a house in memory.");
    const world = await openRuntimeWorld(memory);
    const answer = await world.ask("HEAD", "/events?environment=production");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    expect(world.counted.filter(([name]) => name === "listening")).toEqual([]);
    await world.close();
  });
});
