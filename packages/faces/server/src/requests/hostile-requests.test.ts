/** Throws nonsense at every route: whatever is sent, the server answers in words of its own and never with a fault. */
import { SCOPES } from "@colophon/kernel";
import { usePostgres } from "@colophon/storage/postgres/server.fixture";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenApiDocument, sampleRequests } from "../access/sample-request.fixture.ts";
import { openServerWorld, type ServerWorld } from "../server-world.fixture.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    ...[
      "",
      ".",
      "..",
      "../..",
      "~",
      "%00",
      "%2e%2e%2f",
      "__proto__",
      "constructor",
      "support.triage",
      "\ud800",
    ],
    ...[
      "production",
      "1e999",
      "-1",
      "NaN",
      "null",
      "{{",
      "{{#each a}}",
      "(a+)+$",
      "'; drop table x; --",
      "1970-01-01",
    ],
    "x".repeat(5000),
  ),
);
const anyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 1, 2 ** 53, -(2 ** 31), 1e308));
const anyValue = fc.oneof(
  anyText,
  anyNumber,
  fc.jsonValue({ maxDepth: 4 }),
  fc.array(anyText, { maxLength: 3 }),
);
const FIELDS = [
  ...[
    "key",
    "version",
    "environment",
    "value",
    "file",
    "set",
    "name",
    "id",
    "execution",
    "candidate",
    "reason",
  ],
  ...[
    "since",
    "until",
    "limit",
    "order",
    "subject",
    "user",
    "by",
    "text",
    "plan",
    "budget",
    "prices",
    "entries",
  ],
  ...["versions", "environments", "application", "variables", "time", "scopes", "expires", "token", "metric"],
];
const anyFields = fc.dictionary(fc.constantFrom(...FIELDS), anyValue, { maxKeys: 6 });

/** What fits its route in form, so that it comes as far as it can; and then some fields that do not. */
const anyRequest = fc.record({
  route: fc.nat(),
  fitting: anyFields,
  odd: fc.option(anyFields),
  raw: fc.option(fc.oneof(anyText, fc.json()), { freq: 5 }),
});

const postgres = usePostgres();

/** Databases differ in what they cannot keep. */
const STORES = [
  ["an embedded store", async () => undefined],
  ["PostgreSQL", async () => postgres().url(await postgres().takeDatabase())],
] as const;

describe.each(STORES)("a server on %s", (_title, takeStore) => {
  let world: ServerWorld;
  let document: OpenApiDocument;
  let key: string;

  beforeAll(async () => {
    const store = await takeStore();
    world = await openServerWorld({
      limits: { requests: 1_000_000 },
      ...(store === undefined ? {} : { store }),
    });
    document = (await world.ask("GET", "/openapi.json")).json<OpenApiDocument>();
    key = await world.key({ project: null, scopes: SCOPES });
    const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
    const value = { key: "support.triage", owner: "support", model: "gpt-5-mini", body: "{{ticket}}", input };
    await world.ask("POST", "/v1/projects/main/versions", { key, body: { value, file: "one.json" } });
  });
  afterAll(() => world.close());

  it("answers whatever is sent, and never with a fault of its own", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ route, fitting, odd, raw }) => {
        const samples = sampleRequests(document, { project: "main", ...fitting });
        const { method, path, body } = samples[route % samples.length] ?? { method: "GET", path: "/" };
        const sent = method === "GET" ? undefined : (raw ?? { ...body, ...odd });
        const answer = await world.ask(method, path, { key, ...(sent === undefined ? {} : { body: sent }) });
        expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500);
        if (answer.status >= 400)
          expect(answer.json()).toMatchObject({ error: { message: expect.any(String) } });
      }),
      { numRuns: 300 },
    );
  });
});
