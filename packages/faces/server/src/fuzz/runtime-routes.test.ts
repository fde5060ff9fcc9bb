/** Sends the routes of applications what no SDK sends: snapshots, streams, batches, declarations, presence. */
import { gzipSync } from "node:zlib";
import { buildText } from "@colophon/kernel";
import { anExecution, anOutcome, aStart } from "@colophon/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FuzzWorld, judgeLog, KEY, openFuzzWorld, runs } from "./fuzz-world.fixture.ts";
import { hostileText, hostileValue, mutated, textOf } from "./hostile-json.fixture.ts";

const AT = "/v1/projects/main";
const MOST_BYTES = 1_000_000;

let world: FuzzWorld;
beforeAll(async () => {
  world = await openFuzzWorld({ intake: MOST_BYTES, body: MOST_BYTES });
});
afterAll(() => world.close());

const NUMBERS = [
  "NaN",
  "-1",
  "1e999",
  "9".repeat(30),
  "0x1",
  " 1",
  "1 2",
  "1, 1",
  "Infinity",
  "",
  "1.5",
  "12",
];
/** What a header can hold. */
const headerText = fc.oneof(
  fc.constantFrom(...NUMBERS, "*", '"', 'W/"a"', '"a","b"', ",".repeat(2000), "gzip, gzip", "GZIP", "br"),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) }),
);
const queryText = fc.oneof(hostileText, fc.constantFrom("staging", "production", "nowhere", ...NUMBERS));
const encoded = queryText.map((text) => encodeURIComponent(text.toWellFormed()));

const environment = fc.constantFrom("staging", "production", "development");
const subject = fc.record({
  kind: fc.constantFrom("user", "document"),
  value: fc.constantFrom("ada", "bob"),
});
const input = { type: "object", properties: { ticket: { type: "string" } } } as const;
const text = buildText({ model: { provider: "openai", id: "gpt-5-mini" }, body: "Read {{ticket}}", input });
const declaration = fc.record({
  key: fc.constantFrom("shop.reply", KEY),
  text: fc.constant(text),
  input: fc.constant(input),
  ...{ bound: fc.constant(["ticket"]), providers: fc.constant(["openai"]), tools: fc.constant([]) },
});

const BODIES: Readonly<Record<string, fc.Arbitrary<object>>> = {
  "POST /versions/find": fc.record({
    environment,
    versions: fc.array(fc.record({ key: fc.constant(KEY), version: fc.constantFrom(1, 2, 9) }), {
      maxLength: 3,
    }),
  }),
  "POST /overrides/find": fc.record({ environment, subjects: fc.array(subject, { maxLength: 3 }) }),
  "POST /declarations": fc.record({
    ...{ environment, application: fc.constantFrom("shop", null), number: fc.boolean() },
    declarations: fc.array(declaration, { maxLength: 2 }),
    commit: fc.constantFrom("abc", null),
  }),
  "PUT /followers/follower-1": fc.record({
    ...{ environment, application: fc.constantFrom("shop", null) },
    ...{ revision: fc.nat(), appliedAt: fc.nat() },
  }),
};

describe("a hostile application", () => {
  it("that asks for snapshots and streams is answered or refused in known words", async () => {
    const place = fc.constantFrom(
      "/snapshot",
      "/events",
      "/jobs",
      "/snapshots/x",
      `/snapshots/${"a".repeat(64)}`,
    );
    const names = fc.constantFrom("environment", "after", "limit", "state", "__proto__");
    const query = fc.array(fc.tuple(names, encoded), { maxLength: 4 });
    const asking = fc.tuple(place, query, headerText, headerText);
    const property = fc.asyncProperty(asking, async ([path, said, tag, last]) => {
      const asked = said.map(([name, value]) => `&${name}=${value}`).join("");
      const headers = { "if-none-match": tag, "last-event-id": last, accept: last };
      await world.send({ method: "GET", path: `${AT}${path}?environment=staging`, headers });
      await world.send({ method: "GET", path: `${AT}${path}?${asked}` });
      await world.send({ method: "GET", path: `${AT}${path}?environment=staging${asked}`, headers });
    });
    await fc.assert(property, runs(100));
  });

  it.each(Object.entries(BODIES))("with %s is answered or refused in known words", async (place, sound) => {
    const [method = "", path = ""] = place.split(" ");
    const type = fc.constantFrom(
      "application/json",
      "application/json",
      "text/plain",
      "multipart/form-data",
      "",
    );
    const property = fc.asyncProperty(mutated(sound), type, async (value, contentType) => {
      const headers = { "content-type": contentType };
      await world.send({ method, path: `${AT}${path}`, body: textOf(value), headers });
    });
    await fc.assert(property, runs(60));
  });

  it("with a strange id of a follower is refused in known words", async () => {
    const property = fc.asyncProperty(encoded, fc.constantFrom("PUT", "DELETE"), async (id, method) => {
      await world.send({
        method,
        path: `${AT}/followers/${id}`,
        ...(method === "PUT" ? { body: "{}" } : {}),
      });
    });
    await fc.assert(property, runs(40));
  });
});

const PACKINGS: readonly ((text: string) => Uint8Array)[] = [
  (text) => gzipSync(text),
  (text) => gzipSync(text).subarray(0, -5),
  (text) => gzipSync(text).subarray(0, 4),
  (text) => Buffer.concat([gzipSync(text), Buffer.from("more")]),
  (text) => Buffer.concat([gzipSync(text), gzipSync(text)]),
  (text) => gzipSync(gzipSync(text)),
  (text) => Buffer.from(text),
  () => gzipSync(Buffer.alloc(12 * MOST_BYTES)),
  () => gzipSync("[".repeat(MOST_BYTES / 2)),
  () => Buffer.from([0x1f, 0x8b, 8, 0xff, 0xff, 0xff]),
  (text) => Buffer.from(text, "utf16le"),
];

const FAR_IDS = ["ffffffff-ffff-7fff-bfff-ffffffffffff", "00000000-0000-7000-8000-000000000000"];
const EXTREMES = [0, 1, 2 ** 31, 8.64e15 + 1, Number.MAX_SAFE_INTEGER];
const FIGURES = [...EXTREMES, -1, 1e308, -1e308, 1e-320, 0.5];

/** Entries of every kind, new each time, as a sound client would send them. */
function soundEntries(): fc.Arbitrary<unknown> {
  return fc
    .constantFrom("execution", "outcome", "start", "gap")
    .chain((kind) => fc.constant(null).map(() => entryOf(kind)));
}

function entryOf(kind: string): unknown {
  const { ids, clock } = world;
  const row = anExecution(ids, { prompt: KEY, environment: "staging", subjects: { user: "ada" } });
  if (kind === "execution") return { kind, row };
  if (kind === "outcome") return { kind, row: anOutcome(ids, row.id) };
  if (kind === "start") return { kind, row: aStart(ids) };
  return { kind, row: { at: clock.now(), kind: "dropped-row", count: 2, prompt: null, reason: "full" } };
}

/** Well-formed, and as extreme as that allows. */
function extremeEntries(): fc.Arbitrary<unknown> {
  const count = fc.constantFrom(...EXTREMES);
  const figure = fc.constantFrom(...FIGURES);
  const word = fc.constantFrom("", "\u0000", "__proto__", KEY, "staging", "x".repeat(50_000), "\u{1f469}");
  const id = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...FAR_IDS));
  const drawn = fc.record({ ...{ count, figure, word, id, other: count }, kind: fc.nat(3) });
  return drawn.map(({ count: n, figure: one, word: name, id: far, other, kind }) => {
    const known = anExecution(world.ids, { prompt: KEY, environment: "staging" });
    const row = { ...known, id: far ?? known.id };
    if (kind === 0) {
      const gap = { at: n, kind: "dropped-row", count: other, prompt: name, reason: name };
      return { kind: "gap", row: gap };
    }
    if (kind === 1)
      return { kind: "outcome", row: { ...anOutcome(world.ids, row.id as never), name: "ours", value: one } };
    const tokens = { input: n, output: other, reasoning: n, cacheRead: n, cacheWrite: other };
    const said = { ...{ tokens, latency: n, firstToken: other, outputLength: n }, attempt: one, step: one };
    const stated = { statedCost: { amount: one, currency: name }, revision: n, version: other || null };
    const words = kind === 2 ? { prompt: name, requestedModel: name, provider: name, tenant: name } : {};
    const { tenant = "acme", ...names } = words;
    return {
      kind: "execution",
      row: { ...row, ...said, ...stated, ...names, subjects: { ...row.subjects, tenant, user: name } },
    };
  });
}

interface Counted {
  readonly stored: number;
  readonly duplicates: number;
  readonly refused: readonly unknown[];
}

describe("a hostile batch", () => {
  it("of plain entries is counted entry by entry, whatever is in them", async () => {
    const batch = fc.array(mutated(soundEntries()), { maxLength: 6 });
    const property = fc.asyncProperty(batch, fc.boolean(), headerText, async (values, isLines, header) => {
      const texts = values.map(textOf);
      const body = isLines ? texts.join("\n") : `[${texts.join(",")}]`;
      const type = isLines ? "application/x-ndjson" : "application/json";
      const headers = { "content-type": type, "colophon-sent-at": header, "colophon-client": header };
      const answer = await world.send({ method: "POST", path: `${AT}/ledger`, body, headers });
      if (answer.status !== 200) return;
      const { stored, duplicates, refused } = answer.json<Counted>();
      expect(stored + duplicates + refused.length).toBe(texts.length);
    });
    await fc.assert(property, runs(150));
  });

  it("of extreme entries is stored or refused entry by entry", async () => {
    const property = fc.asyncProperty(fc.array(extremeEntries(), { maxLength: 6 }), async (values) => {
      const headers = { "content-type": "application/json" };
      const answer = await world.send({
        method: "POST",
        path: `${AT}/ledger`,
        body: textOf(values),
        headers,
      });
      expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    });
    await fc.assert(property, runs(60));
  });

  it("in any packing is answered or refused in known words, and never unpacked beyond the limit", async () => {
    const sent = fc.tuple(
      fc.array(mutated(soundEntries()), { maxLength: 3 }),
      fc.constantFrom(...PACKINGS),
      fc.constantFrom("gzip", "GZIP", "identity", "", "br", "gzip, gzip", "x".repeat(500)),
      fc.constantFrom(
        "application/x-ndjson",
        "application/json",
        "text/html",
        "",
        "application/x-ndjson; charset=x",
      ),
    );
    const property = fc.asyncProperty(sent, async ([values, pack, encoding, type]) => {
      const body = pack(values.map(textOf).join("\n"));
      const headers = { "content-type": type, "content-encoding": encoding };
      await world.send({ method: "POST", path: `${AT}/ledger`, body, headers });
    });
    await fc.assert(property, runs(50));
  });

  it("of anything at all is answered or refused in known words", async () => {
    const anything = fc.oneof(hostileValue.map(textOf), hostileText, fc.uint8Array({ maxLength: 200 }));
    const property = fc.asyncProperty(anything, headerText, async (body, type) => {
      await world.send({ method: "POST", path: `${AT}/ledger`, body, headers: { "content-type": type } });
    });
    await fc.assert(property, runs(80));
  });

  it("leaves a ledger that can be read and verified", async () => {
    const asked = { method: "POST", headers: { "content-type": "application/json" } };
    const since = { since: 0, until: 8.64e15 };
    const reads = [
      { ...asked, path: `${AT}/ledger/find`, body: '{"limit":1000}' },
      { ...asked, path: `${AT}/costs/find`, body: '{"by":["prompt","version","model","tenant"]}' },
      { ...asked, path: `${AT}/costs/find`, body: JSON.stringify({ ...since, by: ["owner", "purpose"] }) },
      { ...asked, path: `${AT}/prices/find`, body: "{}" },
      { method: "GET", path: `${AT}/diagnosis` },
      { method: "GET", path: `${AT}/prompts/${KEY}/metrics?environment=staging` },
      { method: "GET", path: `${AT}/snapshot/whole` },
      { method: "GET", path: `${AT}/prompts` },
      {
        ...asked,
        path: `${AT}/prompts/${KEY}/at`,
        body: JSON.stringify({ environment: "staging", time: new Date(world.clock.now()).toISOString() }),
      },
    ];
    for (const request of reads) {
      const answer = await world.send(request);
      expect([request.path, answer.status, answer.text.slice(0, 300)]).toEqual([
        request.path,
        200,
        expect.any(String),
      ]);
    }
    const { care } = await world.desk.project("main");
    expect((await care.verify()).findings).toEqual([]);
  });

  it("leaves no trace of the other project in the log, and no fault", () => {
    judgeLog(world);
  });
});
