/** What applications record reaches the ledger once, whole or by its place refused, and never floods the server. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CommittedEntries } from "@colophon/harness";
import { HOUSES, type House, KEY, postgresHouse } from "@colophon/harness/opened-house.fixture";
import type { LedgerEntry } from "@colophon/kernel";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import { anExecution, anOutcome, aStart } from "@colophon/testkit";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type Asking, openRuntimeWorld, PROJECT, type RuntimeWorld } from "./runtime-world.fixture.ts";

const postgres = usePostgres();
const [memory, sqlite] = HOUSES as readonly [House, House];
const NDJSON = "application/x-ndjson";

type Answer = CommittedEntries & { readonly skew: number | null };

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join("\n");
}

const FORMS: readonly ((entries: readonly LedgerEntry[]) => Asking)[] = [
  (body) => ({ body }),
  (entries) => ({ raw: linesOf(entries), headers: { "content-type": NDJSON } }),
  (entries) => ({
    raw: gzipSync(`${linesOf(entries)}\n`),
    headers: { "content-type": NDJSON, "content-encoding": "gzip" },
  }),
  (entries) => ({ raw: gzipSync(JSON.stringify(entries)), headers: { "content-encoding": "gzip" } }),
];

async function send(world: RuntimeWorld, asking: Asking): Promise<Answer> {
  const response = await world.ask("POST", "/ledger", asking);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as Answer;
}

interface Failed {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: string | null;
}

async function failed(sent: Promise<Response> | Response): Promise<Failed> {
  const response = await sent;
  const { error } = (await response.json()) as { readonly error: { readonly code: string } };
  return { status: response.status, code: error.code, retryAfter: response.headers.get("retry-after") };
}

/** Three calls with their outcomes, a start and two gaps. */
function someEntries({ ids, clock }: RuntimeWorld): readonly LedgerEntry[] {
  const rows = [anExecution(ids), anExecution(ids), anExecution(ids)];
  const gap = { at: clock.now(), kind: "dropped-row", count: 2, prompt: null, reason: "full" } as const;
  return [
    ...rows.map((row) => ({ kind: "execution", row }) as const),
    ...rows.map(({ id }) => ({ kind: "outcome", row: anOutcome(ids, id) }) as const),
    { kind: "start", row: aStart(ids) },
    { kind: "gap", row: gap },
    { kind: "gap", row: { ...gap, at: gap.at + 1 } },
  ];
}

async function countRows({ ledger }: RuntimeWorld["harness"]): Promise<readonly number[]> {
  const executions = await ledger.listExecutions({ limit: 1000 });
  const outcomes = await ledger.listOutcomes(executions.map(({ id }) => id));
  const lost = [executions, outcomes, await ledger.listUnfinished(), await ledger.listGaps()];
  return lost.map(({ length }) => length);
}

for (const [house, numRuns] of [
  [memory, 60],
  [sqlite, 25],
  [postgresHouse(postgres), 6],
] as const) {
  describe(`on ${house.name}`, () => {
    test("however batches are cut, repeated and mixed, each row is stored once and counted so", async () => {
      const batches = fc.array(
        fc.record({
          picks: fc.array(fc.nat(8), { maxLength: 12 }),
          form: fc.nat(FORMS.length - 1),
          waits: fc.boolean(),
        }),
        { maxLength: 8 },
      );
      const world = await openRuntimeWorld(house);
      try {
        await fc.assert(
          fc.asyncProperty(batches, async (cuts) => {
            const before = await countRows(world.harness);
            // Of a later moment, since a gap is known by what it says.
            world.clock.advance(10);
            const entries = someEntries(world);
            const all = { picks: entries.map((_, place) => place), form: 0, waits: true };
            const sending: Promise<Answer>[] = [];
            for (const { picks, form, waits } of [...cuts, all]) {
              const asking = FORMS[form]?.(picks.flatMap((pick) => entries[pick] ?? []));
              sending.push(send(world, asking ?? {}));
              if (waits) await sending.at(-1);
            }
            const answers = await Promise.all(sending);
            const sumOf = (name: "stored" | "duplicates") =>
              answers.reduce((sum, answer) => sum + answer[name], 0);
            const sent = [...cuts, all].reduce((sum, { picks }) => sum + picks.length, 0);
            expect(answers.flatMap(({ refused }) => refused)).toEqual([]);
            expect(sumOf("stored")).toBe(entries.length);
            expect(sumOf("duplicates")).toBe(sent - entries.length);
            const after = await countRows(world.harness);
            expect(after.map((count, place) => count - (before[place] ?? 0))).toEqual([3, 3, 1, 2]);
          }),
          { numRuns },
        );
        expect((await world.harness.care.verify()).findings).toEqual([]);
      } finally {
        await world.close();
      }
    }, 60_000);
  });
}

describe("entries that cannot be taken", () => {
  let world: RuntimeWorld;
  afterEach(() => world.close());

  test("are refused by their place and hinder no other", async () => {
    world = await openRuntimeWorld(sqlite);
    const [first, second] = someEntries(world);
    const deep = `{"kind":"execution","row":{"id":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
    const raw = [
      JSON.stringify(first),
      "",
      "no json",
      '{"kind":"rumour","row":{}}',
      deep,
      JSON.stringify({ ...first, row: { ...first?.row, latency: -1 } }),
      `${JSON.stringify(second)}\r`,
    ].join("\n");
    const answer = await send(world, { raw, headers: { "content-type": NDJSON } });
    expect(answer).toMatchObject({ stored: 2, duplicates: 0 });
    expect(answer.refused.map(({ index, code }) => [index, code])).toEqual(
      [1, 2, 3, 4].map((index) => [index, "input-malformed"]),
    );
    expect(answer.refused.map(({ message }) => message)).toEqual([
      expect.stringContaining("no JSON"),
      expect.stringContaining("kind is"),
      expect.stringContaining("cannot be read"),
      expect.stringContaining("latency"),
    ]);
    expect(await countRows(world.harness)).toEqual([2, 0, 0, 0]);
    expect(world.counted).toContainEqual([
      "took",
      PROJECT,
      { stored: 2, duplicates: 0, refused: 4, bytes: raw.length },
    ]);
  });

  test("are refused one by one where the caller may not record in their environment", async () => {
    world = await openRuntimeWorld(sqlite);
    world.allow({ scopes: ["record"], environment: "staging" });
    const body = [
      { kind: "execution", row: anExecution(world.ids) },
      { kind: "execution", row: anExecution(world.ids, { environment: "staging" }) },
      { kind: "start", row: aStart(world.ids, { environment: "production" }) },
    ];
    const answer = await send(world, { body });
    expect(answer.refused.map(({ index, code }) => [index, code])).toEqual([
      [0, "not-allowed"],
      [2, "not-allowed"],
    ]);
    const rows = await world.harness.ledger.listExecutions({});
    expect(rows.map(({ environment }) => environment)).toEqual(["staging"]);
    world.allow({ scopes: ["resolve"], environment: null });
    expect(await failed(world.ask("POST", "/ledger", { body }))).toMatchObject({ status: 403 });
  });

  test("are refused by their place where PostgreSQL cannot keep them", async () => {
    world = await openRuntimeWorld(postgresHouse(postgres));
    // Kept until after the end of all numbers.
    const contents = { inputDigest: null, outputDigest: null, variables: "{}", output: "", days: 1e300 };
    const rows = Array.from({ length: 9 }, (_, nth) => anExecution(world.ids, nth === 4 ? { contents } : {}));
    const body = rows.map((row) => ({ kind: "execution", row }));
    const answer = await send(world, { body });
    expect(answer.refused.map(({ index, code }) => [index, code])).toEqual([[4, "input-malformed"]]);
    expect(answer).toMatchObject({ stored: 8, duplicates: 0 });
    expect(await send(world, { body: body.slice(0, 4) })).toMatchObject({ stored: 0, duplicates: 4 });
  });

  test("do not come in what is no batch", async () => {
    world = await openRuntimeWorld(memory);
    const headers = { "content-encoding": "gzip", "content-type": NDJSON };
    const whole = gzipSync(linesOf(someEntries(world)));
    for (const asking of [
      { body: { kind: "gap" } },
      { raw: "[{" },
      { raw: whole.subarray(0, whole.length - 20), headers },
      { raw: linesOf(someEntries(world)), headers },
      { raw: whole, headers: { ...headers, "content-encoding": "br" } },
    ])
      expect(await failed(world.ask("POST", "/ledger", asking))).toMatchObject({
        status: 400,
        code: "input-malformed",
      });
    expect(await send(world, { raw: "", headers: { "content-type": NDJSON } })).toMatchObject({ stored: 0 });
  });
});

describe("a batch that does not come to its end", () => {
  test.each(["as it is", "packed"])(
    "%s keeps no room from others beyond the time of a request",
    async (how) => {
      const world = await openRuntimeWorld(memory, { limits: { time: 500 } });
      const plain = Buffer.from(`${" ".repeat(40_000)}\n`);
      const begun = how === "packed" ? gzipSync(plain).subarray(0, -8) : plain;
      const raw = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(begun) });
      const headers = { "content-type": NDJSON, ...(how === "packed" && { "content-encoding": "gzip" }) };
      const answer = await failed(world.ask("POST", "/ledger", { raw, headers }));
      expect(answer).toMatchObject({ status: 400, code: "input-malformed" });
      // How much of it was unpacked in that time is for the machine to say.
      const held = world.counted.flatMap(([name, bytes]) => (name === "held" ? [Number(bytes)] : []));
      expect(Math.max(...held)).toBeGreaterThan(how === "packed" ? begun.length : 0);
      expect(held.at(-1)).toBe(0);
      await world.close();
    },
  );
});

describe("a batch that is too much", () => {
  let world: RuntimeWorld;
  afterEach(() => world.close());

  function heldMost(): number {
    return Math.max(...world.counted.map(([name, bytes]) => (name === "held" ? Number(bytes) : 0)));
  }

  test("is refused before it is whole in memory, however well it was packed", async () => {
    world = await openRuntimeWorld(memory, { limits: { intake: 100_000 } });
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "));
    expect(bomb.length).toBeLessThan(100_000);
    const headers = { "content-encoding": "gzip", "content-type": NDJSON };
    expect(await failed(world.ask("POST", "/ledger", { raw: bomb, headers }))).toMatchObject({
      status: 413,
      code: "too-large",
    });
    const plain = gunzipSync(bomb);
    expect(await failed(world.ask("POST", "/ledger", { raw: plain }))).toMatchObject({ status: 413 });
    expect(await failed(world.ask("POST", "/ledger", { raw: `[${"1,".repeat(20_000)}1]` }))).toMatchObject({
      status: 413,
    });
    expect(heldMost()).toBeLessThanOrEqual(100_000);
    expect(world.counted.at(-1)).toEqual(["held", 0]);
  });

  test("is sent away while others fill what may wait, and taken when there is room again", async () => {
    world = await openRuntimeWorld(memory, { options: { waiting: 4000 } });
    const entries = linesOf(someEntries(world).slice(0, 2));
    const headers = { "content-type": NDJSON };
    let finish = (): void => undefined;
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(`${entries}\n${" ".repeat(3900 - entries.length)}`));
        finish = () => controller.close();
      },
    });
    const first = send(world, { raw: slow, headers });
    await expect.poll(() => heldMost()).toBeGreaterThan(3800);
    expect(await failed(world.ask("POST", "/ledger", { raw: entries, headers }))).toEqual({
      status: 429,
      code: "too-many-requests",
      retryAfter: "1",
    });
    finish();
    expect(await first).toMatchObject({ stored: 2 });
    expect(await send(world, { raw: entries, headers })).toMatchObject({ stored: 0, duplicates: 2 });
    expect(world.counted.at(-1)).toEqual(["held", 0]);
  });
});

describe("intake", () => {
  let world: RuntimeWorld;
  afterEach(() => world.close());

  test("commits what waits together, and tells each request of its own", async () => {
    world = await openRuntimeWorld(sqlite);
    const rows = Array.from({ length: 40 }, () => anExecution(world.ids));
    await send(world, { body: rows.slice(0, 1).map((row) => ({ kind: "execution", row })) });
    const sent = rows.slice(1).map((row) => send(world, { body: [{ kind: "execution", row }] }));
    for (const answer of await Promise.all(sent))
      expect(answer).toEqual({ stored: 1, duplicates: 0, refused: [], skew: null });
    const commits = world.counted.filter(([name]) => name === "committed").slice(1);
    const counts = commits.map(([, , commit]) => (commit as { readonly entries: number }).entries);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(39);
    expect(counts.length).toBeLessThan(20);
  });

  test("answers when the rows are there, and a server that stops stores what it took", async () => {
    world = await openRuntimeWorld(sqlite);
    const body = someEntries(world);
    const answer = send(world, { body });
    await nextTurn();
    world.stop.abort();
    expect(await answer).toMatchObject({ stored: body.length });
    expect(await countRows(world.harness)).toEqual([3, 3, 1, 2]);
    expect(await failed(world.ask("POST", "/ledger", { body }))).toEqual({
      status: 503,
      code: "store-unavailable",
      retryAfter: "1",
    });
    await world.service.close();
    const { writers, seals, findings } = await world.harness.care.verify();
    expect({ writers, seals, findings }).toEqual({ writers: 1, seals: 1, findings: [] });
  });

  test("sends clients away while PostgreSQL is away, and takes the same batch once when it is back", async () => {
    world = await openRuntimeWorld(postgresHouse(postgres));
    const body = someEntries(world);
    await send(world, { body: body.slice(0, 2) });
    await postgres().stop();
    expect(await failed(world.ask("POST", "/ledger", { body }))).toMatchObject({
      status: 503,
      code: "store-unavailable",
    });
    await postgres().start();
    await expect
      .poll(async () => (await world.ask("POST", "/ledger", { body })).status, {
        timeout: 20_000,
        interval: 200,
      })
      .toBe(200);
    expect(await countRows(world.harness)).toEqual([3, 3, 1, 2]);
    expect((await world.harness.care.verify()).findings).toEqual([]);
  }, 60_000);

  test("says how far the clocks are apart, and notes a client whose clock is off once an hour", async () => {
    world = await openRuntimeWorld(memory);
    const ask = async (behind: number, client = "one") => {
      const headers = { "colophon-sent-at": String(world.clock.now() - behind), "colophon-client": client };
      return (await send(world, { body: [], headers })).skew;
    };
    expect(await ask(1200)).toBe(1200);
    expect([await ask(-60_000), await ask(-60_000), await ask(90_000, "two")]).toEqual([
      -60_000, -60_000, 90_000,
    ]);
    const noted = () => world.counted.filter(([name]) => name === "skewed").map(([, , skew]) => skew);
    expect(noted()).toEqual([-60_000, 90_000]);
    expect(world.logged.filter((line) => line.includes("clock of a client"))).toHaveLength(2);
    world.clock.advance(3_600_000);
    await ask(-60_000);
    expect(noted()).toEqual([-60_000, 90_000, -60_000]);
    expect((await send(world, { body: [], headers: { "colophon-sent-at": "now" } })).skew).toBeNull();
  });
});

describe("declarations and followers", () => {
  let world: RuntimeWorld;
  afterEach(() => world.close());

  const text = {
    body: "Triage {{ticket}}",
    model: { provider: "openai", id: "gpt-5-mini" },
    input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
  };
  const declaration = { key: KEY, text, bound: [], providers: ["openai"], tools: [] };
  const request = {
    application: "desk",
    environment: "staging",
    number: true,
    declarations: [declaration],
    commit: "abc123",
  };

  test("what code declares is mirrored once, under the key's name", async () => {
    world = await openRuntimeWorld(sqlite);
    const mirror = async (body: unknown) => (await world.ask("POST", "/declarations", { body })).json();
    const told = { key: KEY, version: 1, created: true, changed: true, refused: null };
    expect(await mirror(request)).toMatchObject([told]);
    expect(await mirror(request)).toMatchObject([{ ...told, created: false, changed: false }]);
    const records = await world.harness.records.listRecords({ key: KEY });
    expect(records.map(({ kind, by }) => [kind, by])).toEqual([
      ["declaration", { id: "key-1", via: "server" }],
      ["version", { id: "key-1", via: "server" }],
    ]);
    const misfit = { ...declaration, key: "support.other", text: { ...text, body: "{{other}}" } };
    expect(await mirror({ ...request, declarations: [misfit] })).toMatchObject([
      { version: null, refused: { code: "misfit" } },
    ]);
  });

  test("what is no declaration changes nothing, and so does one of another environment", async () => {
    world = await openRuntimeWorld(memory);
    const revision = await world.harness.records.revision();
    const deep = `{"declarations":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    for (const raw of [
      "{",
      deep,
      JSON.stringify({ ...request, declarations: [{ ...declaration, text: { ...text, mood: "kind" } }] }),
      JSON.stringify({ ...request, declarations: [{ ...declaration, key: 7 }] }),
    ])
      expect(await failed(world.ask("POST", "/declarations", { raw }))).toMatchObject({
        status: 400,
        code: "input-malformed",
      });
    world.allow({ scopes: ["record"], environment: "production" });
    expect(await failed(world.ask("POST", "/declarations", { body: request }))).toMatchObject({
      status: 403,
    });
    expect(await world.harness.records.revision()).toBe(revision);
  });

  test("a process says what it serves until it ends", async () => {
    world = await openRuntimeWorld(sqlite);
    const id = world.ids.next();
    const body = {
      application: "desk",
      environment: "production",
      revision: 4,
      appliedAt: world.clock.now(),
    };
    const put = (name: string, what: unknown) => world.ask("PUT", `/followers/${name}`, { body: what });
    expect((await put(id, body)).status).toBe(204);
    const { coordination } = world.harness;
    expect(await coordination.listFollowers(0)).toMatchObject([{ id, ...body }]);
    expect(await failed(put("x", body))).toMatchObject({ status: 400 });
    expect(await failed(put(id, { ...body, revision: "4" }))).toMatchObject({ status: 400 });
    world.allow({ scopes: ["resolve"], environment: "staging" });
    expect(await failed(put(id, body))).toMatchObject({ status: 403 });
    expect((await world.ask("DELETE", `/followers/${id}`)).status).toBe(403);
    world.allow({ scopes: ["resolve"], environment: "production" });
    expect((await world.ask("DELETE", `/followers/${id}`)).status).toBe(204);
    expect(await coordination.listFollowers(0)).toEqual([]);
  });
});
