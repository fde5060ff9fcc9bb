/** Asks for every operation of the catalogue in ways that no client would. */
import { type AnyOperation, OPERATIONS } from "@colophon/harness";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type FuzzWorld, judgeLog, openFuzzWorld, type Request, runs } from "./fuzz-world.fixture.ts";
import { hostileText, mutated, textOf } from "./hostile-json.fixture.ts";
import { knownValues } from "./known-values.fixture.ts";
import { type JsonSchema, ShapeArbitraries } from "./shape-arbitrary.fixture.ts";

const operations: readonly AnyOperation[] = OPERATIONS;

let world: FuzzWorld;
beforeAll(async () => {
  world = await openFuzzWorld();
});
afterAll(() => world.close());

/** As clients write a name in a path, and as they do not. */
const ENCODERS: readonly ((text: string) => string)[] = [
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  (text) => encodeURIComponent(text).replaceAll("%", "%25"),
  (text) => `${encodeURIComponent(text)}%ed%a0%80%ff%`,
  (text) => encodeURIComponent(text).toLowerCase(),
];

const ODD_QUERIES = [
  ...[
    "__proto__=x",
    "constructor[prototype]=1",
    "environment[]=a",
    "a&b&c",
    "=x",
    "%ff=%00",
    "key=%ed%a0%80",
  ],
  ...["environment=staging&environment=production", "limit=1e999", "limit=-0", "since=%7B%22a%22%3A1%7D"],
  ...["by=%5B%5B%5B", "versions=1&versions=1&versions=1", "+=+", ";;", "environment=staging%00"],
];

interface Drawn {
  readonly value: unknown;
  readonly place: string;
  readonly encode: number;
  readonly query: string | null;
  readonly body: string | null;
}

const ODD_BODIES = ["", "{", "[]", "null", "\u0000", '{"a":1}{"b":2}', "\ufeff{}", `${" ".repeat(10_000)}{}`];

function draws(operation: AnyOperation): fc.Arbitrary<Drawn> {
  const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const sound = new ShapeArbitraries(schema, knownValues(operation.name, world)).root;
  return fc.record({
    value: mutated(sound),
    place: fc.constantFrom("main", "main", "~"),
    encode: seldom(fc.nat(ENCODERS.length - 1), 0),
    query: seldom(fc.oneof(fc.constantFrom(...ODD_QUERIES), hostileText.map(wellFormed)), null),
    body: seldom(fc.oneof(fc.constantFrom(...ODD_BODIES), hostileText), null),
  });
}

function seldom<T, U>(odd: fc.Arbitrary<T>, plain: U): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: odd });
}

function wellFormed(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function requestOf({ method, path, kind }: AnyOperation, drawn: Drawn): Request {
  const { value, place, encode, query, body } = drawn;
  const fields = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  const below = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const said = fields.get(name) ?? "sample";
    fields.delete(name);
    const text = (typeof said === "string" ? said : textOf(said)).toWellFormed().slice(0, 10_000);
    return (ENCODERS[encode] ?? encodeURIComponent)(text);
  });
  const at = `${kind === "installation" ? "/v1" : `/v1/projects/${place}`}${below}`;
  if (method === "GET") {
    // A long name said for each of a thousand values is longer than any string.
    const said = [...fields].flatMap(([name, each]) =>
      [each]
        .flat(1)
        .slice(0, 100)
        .map((one) => `${wellFormed(name)}=${wellFormed(typeof one === "string" ? one : textOf(one))}`),
    );
    const text = [...said, ...(query === null ? [] : [query])].join("&");
    return { method, path: text === "" ? at : `${at}?${text}` };
  }
  const isFields = typeof value === "object" && value !== null && !Array.isArray(value) && fields.size > 0;
  const text = body ?? textOf(isFields ? Object.fromEntries(fields) : value);
  return { method, path: at, body: text, headers: { "content-type": "application/json" } };
}

/** An invitation is asked for by strangers, each of an address of its own. */
function strangersAddress(turn: number): Readonly<Record<string, string>> {
  return { "x-forwarded-for": `10.${turn >> 16}.${(turn >> 8) & 255}.${turn & 255}` };
}

/** How many answers there were, and how many of them said yes. */
const answers = { all: 0, given: 0 };

describe("a hostile request", () => {
  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "of %s is answered or refused in known words",
    async (_name, operation) => {
      let turn = 0;
      const property = fc.asyncProperty(draws(operation), async (drawn) => {
        const { headers, ...request } = requestOf(operation, drawn);
        turn += 1;
        const answer = await world.send({ ...request, headers: { ...headers, ...strangersAddress(turn) } });
        answers.all += 1;
        if (answer.status < 300) answers.given += 1;
        if (answer.status !== 200) return;
        const fits = operation.output.safeParse(answer.json<unknown>());
        expect(
          fits.error?.issues,
          `${operation.name} ${textOf(drawn.value)}\n→ ${answer.text}`,
        ).toBeUndefined();
      });
      await fc.assert(property, runs(20));
    },
  );

  it("often gets past the first check, so that what lies behind is tried as well", () => {
    expect(answers.given / answers.all).toBeGreaterThan(0.08);
  });

  it("leaves no trace of the other project in the log, and no fault", () => {
    judgeLog(world);
  });

  it("leaves the other project as it was", async () => {
    const { keys, jobs, people } = world.desk.installation;
    expect((await keys.find(world.foreign.key))?.revokedAt).toBeNull();
    expect((await jobs.find(world.foreign.job))?.cancelAsked).toBe(false);
    expect((await people.listInvitations("other")).map(({ id }) => id)).toEqual([world.foreign.invitation]);
    const { ledger } = await world.desk.project("other");
    expect(await ledger.listExecutions({})).toHaveLength(1);
  });
});
