/** Tests of a feed that is behind its store, or whose source begins anew: no client goes back, none is left out. */
import type { Revision, SnapshotDocument, SnapshotListener, SnapshotSource } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerPrompt } from "../index.ts";
import { HOUSES, type House, type OpenedHouse, registerBodies, releaseTo } from "../opened-house.fixture.ts";
import { findVersions } from "./find-versions.ts";
import { type FeedListener, ProjectFeed } from "./project-feed.ts";

const [memory] = HOUSES as readonly [House];
const ENVIRONMENT = "production";

/** The house's own source, whose word comes late, or once more from the beginning. */
class LateSource {
  #listener: SnapshotListener | undefined;
  #held: (() => void)[] | undefined;

  over(source: SnapshotSource): SnapshotSource {
    return {
      ...source,
      start: (listener) => {
        this.#listener = listener;
        source.start({
          ...listener,
          onSnapshot: (document) => listener.onSnapshot(document),
          onChange: (change) => {
            if (this.#held === undefined) listener.onChange(change);
            else this.#held.push(() => listener.onChange(change));
          },
        });
      },
    };
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  lose(): void {
    this.#listener?.onLost(new Error("The store is away."));
  }

  find(): void {
    this.#listener?.onRecovered();
  }

  beginAnew(document: SnapshotDocument): void {
    this.#listener?.onSnapshot(document);
  }
}

let house: OpenedHouse;
let source: LateSource;
let feed: ProjectFeed;

beforeEach(async () => {
  house = await memory.open();
  await registerBodies(house.harness, ["One", "Two"]);
  await releaseTo(house.harness, 1);
  source = new LateSource();
  const { harness } = house;
  const openSource = (): SnapshotSource => source.over(harness.openSource(() => undefined));
  feed = new ProjectFeed({ harness: { ...harness, openSource }, onNotice: () => undefined });
});
afterEach(async () => {
  await feed.close();
  await house.close();
});

function revisions(): { readonly heard: (Revision | "reset")[]; readonly listener: FeedListener } {
  const heard: (Revision | "reset")[] = [];
  const listener = {
    onChange: ({ revision }: { readonly revision: Revision }) => void heard.push(revision),
    onReset: () => void heard.push("reset"),
  };
  return { heard, listener };
}

function currentDocument(): SnapshotDocument {
  return JSON.parse(Buffer.from(feed.document(ENVIRONMENT).bytes).toString()) as SnapshotDocument;
}

describe("A feed that is behind the store", () => {
  test("lets a client wait that another server has served further, and then serves what that one has", async () => {
    await feed.ready(ENVIRONMENT);
    source.hold();
    await releaseTo(house.harness, 2);
    const revision = await house.harness.records.revision();
    expect(feed.revision).toBeLessThan(revision);
    let isReached = false;
    const reached = feed.reached(revision).then(() => {
      isReached = true;
    });
    await house.harness.records.revision();
    expect(isReached).toBe(false);
    source.release();
    await reached;
    expect(currentDocument()).toMatchObject({ revision });
  });

  test("finds a version of a prompt that it has not heard of", async () => {
    await feed.ready(ENVIRONMENT);
    source.hold();
    const input = { type: "object", properties: {} };
    const value = {
      key: "new.prompt",
      owner: "support",
      risk: "high",
      model: "gpt-5-mini",
      input,
      body: "New.",
    };
    await registerPrompt(house.harness, { value, file: "new.yaml" });
    const wanted = [{ key: "new.prompt", version: 1 }];
    const { prompts, texts, revision } = await findVersions({ ...house, feed }, ENVIRONMENT, wanted);
    expect(revision).toBe(feed.revision);
    expect(prompts).toMatchObject({ "new.prompt": { risk: "high", releases: {}, versions: { 1: {} } } });
    expect(Object.values(texts)).toMatchObject([{ body: "New." }]);
  });

  test("lets nobody wait for a revision that the store never came to, as one that was put back", async () => {
    await feed.ready(ENVIRONMENT);
    await feed.reached(feed.revision + 100);
    await feed.reached(feed.revision);
  });
});

describe("A feed whose store cannot be read", () => {
  test("says for a while that what it has is current, and then no more until it is back", async () => {
    await feed.ready(ENVIRONMENT);
    source.lose();
    house.clock.advance(29_999);
    source.lose();
    await feed.reached(feed.revision);
    house.clock.advance(1);
    expect(feed.isBlind).toBe(true);
    await expect(feed.reached(feed.revision)).rejects.toMatchObject({ code: "store-unavailable" });
    // Whoever has nothing yet is better off with what was read last.
    await feed.ready(ENVIRONMENT);
    expect(currentDocument().revision).toBe(feed.revision);
    source.find();
    await feed.reached(feed.revision);
  });
});

describe("A feed whose source begins anew", () => {
  test("tells who listens on of what comes next, also where nobody asks for the snapshot", async () => {
    await feed.ready(ENVIRONMENT);
    const { heard, listener } = revisions();
    feed.listen(ENVIRONMENT, listener);
    source.beginAnew({ ...currentDocument(), environments: ["production"] });
    await releaseTo(house.harness, 2);
    expect(heard).toEqual(["reset", await house.harness.records.revision()]);
  });
});
