/** Who listens misses nothing, however often it goes away, and harms nobody when it does not read. */
import { clearOverride, setOverride } from "@colophon/harness";
import { HOUSES, type House, KEY, registerBodies, releaseTo } from "@colophon/harness/opened-house.fixture";
import type { SnapshotChange, SnapshotDocument } from "@colophon/kernel";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { EventReader, openRuntimeWorld, type RuntimeWorld } from "./runtime-world.fixture.ts";

const [memory, sqlite] = HOUSES as readonly [House, House];
const ENVIRONMENT = "production";

/** A client as the protocol asks for: the snapshot first, then changes, and the snapshot again where it is told so. */
class Client {
  readonly #world: RuntimeWorld;
  #document: SnapshotDocument | undefined;
  #events: EventReader | undefined;
  resets = 0;

  constructor(world: RuntimeWorld) {
    this.#world = world;
  }

  get document(): SnapshotDocument {
    if (this.#document === undefined) throw new Error("The client has fetched nothing yet.");
    return this.#document;
  }

  async fetch(): Promise<void> {
    const answer = await this.#world.ask("GET", `/snapshot?environment=${ENVIRONMENT}`);
    this.#document = (await answer.json()) as SnapshotDocument;
  }

  async connect(): Promise<void> {
    const path = `/events?environment=${ENVIRONMENT}&after=${this.document.revision}`;
    this.#events = new EventReader(await this.#world.ask("GET", path));
  }

  async leave(): Promise<void> {
    await this.#events?.leave();
    this.#events = undefined;
  }

  async readUntil(revision: number): Promise<void> {
    while (this.document.revision < revision) {
      const heard = await this.#events?.next();
      if (heard === undefined) throw new Error("The stream ended early.");
      if (heard.event === "reset") {
        this.resets += 1;
        await this.fetch();
      } else this.#apply(JSON.parse(heard.data) as SnapshotChange);
    }
  }

  #apply({ touched: _, ...change }: SnapshotChange): void {
    const { document } = this;
    if (change.revision <= document.revision) return;
    this.#document = {
      ...document,
      ...change,
      prompts: { ...document.prompts, ...change.prompts },
      texts: { ...document.texts, ...change.texts },
    };
  }
}

type Step =
  | { readonly kind: "release"; readonly version: number; readonly environment: string }
  | { readonly kind: "override"; readonly version: number | null; readonly user: string }
  | { readonly kind: "register" }
  | { readonly kind: "leave" | "connect" | "read" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("release" as const),
    version: fc.integer({ min: 1, max: 3 }),
    environment: fc.constantFrom("production", "staging"),
  }),
  fc.record({
    kind: fc.constant("override" as const),
    version: fc.option(fc.integer({ min: 1, max: 3 })),
    user: fc.constantFrom("ada", "bob", "eve"),
  }),
  fc.constantFrom<Step>({ kind: "register" }, { kind: "leave" }, { kind: "connect" }, { kind: "read" }),
);

async function change(world: RuntimeWorld, done: Step, nth: number): Promise<void> {
  if (done.kind === "release") await releaseTo(world.harness, done.version, done.environment);
  if (done.kind === "register") await registerBodies(world.harness, [`More ${nth}`]);
  if (done.kind !== "override") return;
  const subject = { kind: "user", value: done.user } as const;
  const target = { key: KEY, subject, environment: ENVIRONMENT, reason: "because" };
  // A text that only an override needs leaves the snapshot with it, and comes back with the next.
  if (done.version === null) await clearOverride(world.harness, target);
  else await setOverride(world.harness, { ...target, version: done.version, expires: null });
}

test("a client that comes back at any point has every change, or is told to fetch the snapshot", async () => {
  let resets = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = await openRuntimeWorld(memory, { options: { feed: { changes: 3, overrides: 2 } } });
      try {
        await registerBodies(world.harness, ["One", "Two", "Three"]);
        const client = new Client(world);
        await client.fetch();
        let connected = false;
        for (const [nth, done] of steps.entries()) {
          await change(world, done, nth);
          if (done.kind === "leave") await client.leave();
          if (done.kind === "connect" && !connected) await client.connect();
          if (done.kind === "leave" || done.kind === "connect") connected = done.kind === "connect";
          if (done.kind === "read" && connected)
            await client.readUntil(await world.harness.records.revision());
        }
        await client.leave();
        await client.connect();
        await client.readUntil(await world.harness.records.revision());
        const answer = await world.ask("GET", `/snapshot?environment=${ENVIRONMENT}`);
        const current = (await answer.json()) as SnapshotDocument;
        expect(client.document).toMatchObject({ ...current, texts: current.texts });
        expect(client.document.prompts).toEqual(current.prompts);
        resets += client.resets;
      } finally {
        await world.close();
      }
    }),
    { numRuns: 30 },
  );
  // Else nothing would have been asked of the ring.
  expect(resets).toBeGreaterThan(0);
}, 60_000);

describe("an event stream", () => {
  let world: RuntimeWorld;
  afterEach(() => world.close());

  async function listen(after: number | null, headers: Readonly<Record<string, string>> = {}) {
    const query = after === null ? "" : `&after=${after}`;
    return new EventReader(await world.ask("GET", `/events?environment=${ENVIRONMENT}${query}`, { headers }));
  }

  async function open(house: House, options: Parameters<typeof openRuntimeWorld>[1] = {}): Promise<number> {
    world = await openRuntimeWorld(house, options);
    await registerBodies(world.harness, ["One", "Two"]);
    await releaseTo(world.harness, 1);
    // Changes are kept from when somebody asks.
    await world.ask("GET", `/snapshot?environment=${ENVIRONMENT}`);
    return world.harness.records.revision();
  }

  test("begins behind what the browser has heard last, whatever the address says", async () => {
    const revision = await open(memory);
    await releaseTo(world.harness, 2);
    await releaseTo(world.harness, 1);
    const events = await listen(revision, { "last-event-id": String(revision + 1) });
    expect((await events.next())?.id).toBe(String(revision + 2));
    await events.leave();
    const some = await world.ask("GET", `/events?environment=${ENVIRONMENT}&after=soon`);
    expect(some.status).toBe(400);
  });

  test("without a place begins with what comes", async () => {
    const revision = await open(memory);
    const events = await listen(null);
    await releaseTo(world.harness, 2);
    expect(await events.next()).toMatchObject({ event: "change", id: String(revision + 1) });
    await events.leave();
  });

  test("asks a client to begin anew where the store never came to what it knows", async () => {
    const revision = await open(memory);
    const events = await listen(revision + 100);
    expect(await events.next()).toMatchObject({ event: "reset" });
    await releaseTo(world.harness, 2);
    expect((await events.next())?.id).toBe(String(revision + 1));
    await events.leave();
  });

  test("never takes back a client that another server has served further", async () => {
    const revision = await open(sqlite);
    await releaseTo(world.harness, 2);
    // This server has not looked yet.
    const feed = await world.service.feedOf("main");
    expect(feed.revision).toBe(revision);
    const events = await listen(revision + 1);
    await expect.poll(() => feed.revision).toBe(revision + 1);
    await releaseTo(world.harness, 1);
    expect(await events.next()).toMatchObject({ event: "change", id: String(revision + 2) });
    await events.leave();
  });

  test("gives signs of life, and ends in time for its key to be looked at again", async () => {
    const revision = await open(memory);
    const events = await listen(revision);
    expect(await events.any()).toMatchObject({ event: "life" });
    await world.service.beat();
    expect(await events.any()).toMatchObject({ event: "life" });
    world.clock.advance(600_000);
    await world.service.beat();
    expect([await events.any(), await events.any()]).toMatchObject([{ event: "bye" }, undefined]);
    expect(world.counted.filter(([name]) => name === "listening")).toEqual([
      ["listening", "main", 1],
      ["listening", "main", 0],
    ]);
  });

  test("is cut off where nobody reads it, while others go on and it can come back", async () => {
    const revision = await open(memory, { options: { queue: 4096 } });
    const [asleep, awake] = [await listen(revision), await listen(revision)];
    for (let nth = 1; nth <= 20; nth++) {
      await releaseTo(world.harness, 1 + (nth % 2));
      expect((await awake.next())?.id).toBe(String(revision + nth));
    }
    expect(world.counted).toContainEqual(["dropped", "main"]);
    const readAll = async (): Promise<void> => {
      while ((await asleep.next()) !== undefined);
    };
    await expect(readAll()).rejects.toThrow("does not read");
    // What it missed is more than it may be sent at once.
    expect(await (await listen(revision)).next()).toMatchObject({ event: "reset" });
    expect((await (await listen(revision + 19)).next())?.id).toBe(String(revision + 20));
    await awake.leave();
  });

  test("is one of a thousand, which all hear the same", async () => {
    const revision = await open(memory);
    const readers = await Promise.all(Array.from({ length: 1000 }, () => listen(revision)));
    await releaseTo(world.harness, 2);
    const heard = await Promise.all(readers.map((reader) => reader.next()));
    expect(new Set(heard.map((event) => event?.data)).size).toBe(1);
    expect(heard[0]).toMatchObject({ event: "change", id: String(revision + 1) });
    await Promise.all(readers.map((reader) => reader.leave()));
    expect(world.counted.at(-1)).toEqual(["listening", "main", 0]);
  });
});
