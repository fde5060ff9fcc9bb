/** Tests of price tables through the command line: recorded, corrected, and prices beside the store. */
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, openWorld, type Ran } from "./cli-world.fixture.ts";

let world: CliWorld;

const DAY = 86_400_000;

const ago = (days: number): string => new Date(world.clock.now() - days * DAY).toISOString();

/** A million input tokens of gpt-5-mini on each of these days ago. */
async function callsOn(...days: readonly number[]): Promise<void> {
  const harness = await world.open();
  const rows = days.map((number) => {
    const ids = seededIds({ clock: fixedClock(world.clock.now() - number * DAY), seed: `prices ${number}` });
    const tokens = { input: 1_000_000, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: null };
    return anExecution(ids, { answeringModel: null, tokens });
  });
  await harness.ledger.append(rows);
  await harness.close();
}

async function run(...args: readonly string[]): Promise<Ran> {
  const ran = await world.run(args);
  expect([ran.code, ran.err]).toEqual([0, ""]);
  return ran;
}

async function total(...args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const [row] = (await run("costs", ...args, "--json")).rows<{
    readonly amounts: readonly { readonly currency: string; readonly amount: number }[];
  }>();
  return Object.fromEntries(
    (row?.amounts ?? []).map(({ currency, amount }) => [currency, Number(amount.toFixed(9))]),
  );
}

/** Dollars per million input tokens of gpt-5-mini. */
const table = (input: number): string => `prices: [{ model: gpt-5-mini, input: ${input}, output: 1 }]`;

async function set(input: number, ...args: readonly string[]): Promise<Ran> {
  world.write("contract.yaml", table(input));
  return run("prices", "set", "contract.yaml", "--reason", "negotiated", ...args);
}

beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

describe("prices set", () => {
  test("prices calls from its time on, and leaves those before to the list", async () => {
    await callsOn(1, 3, 5);
    expect(await total()).toEqual({ USD: 0.75 });
    const ran = await set(0.1, "--since", ago(4), "--json");
    expect(ran.json()).toEqual({
      name: "contract",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      since: ago(4),
      prices: 1,
      replaced: [],
      unchanged: false,
      revision: expect.any(Number),
      at: new Date(world.clock.now()).toISOString(),
    });
    expect(await total()).toEqual({ USD: 0.45 });
  });

  test("holds from now on where no time is given", async () => {
    await callsOn(1);
    await set(0.1);
    expect(await total()).toEqual({ USD: 0.25 });
    world.clock.advance(2 * DAY);
    await callsOn(1);
    expect(await total()).toEqual({ USD: 0.35 });
  });

  test("prices the past anew when a table is corrected, and says what it takes the place of", async () => {
    await callsOn(1, 3, 5);
    await set(100, "--since", ago(4));
    expect(await total()).toEqual({ USD: 200.25 });
    const { out } = await set(0.2, "--since", ago(6));
    expect(out).toMatch(/It takes the place of contract [0-9a-f]{12} from \S+ \S+\.$/m);
    expect(await total()).toEqual({ USD: 0.6 });
    const rows = (await run("prices", "list", "--json")).rows();
    expect(rows.map(({ kind, status }) => [kind, status])).toEqual([
      ["table", "in-force"],
      ["table", "replaced"],
      ["list", "in-force"],
    ]);
  });

  test("keeps the table that was in force before the time of the next", async () => {
    await callsOn(1, 3, 5);
    await set(0.1, "--since", ago(6));
    await set(0.2, "--since", ago(2));
    expect(await total()).toEqual({ USD: 0.4 });
    const statuses = (await run("prices", "list", "--json")).rows().map(({ status }) => status);
    expect(statuses).toEqual(["in-force", "past", "in-force"]);
  });

  test("records nothing for the table that is in force already", async () => {
    await set(0.1, "--since", ago(4));
    const again = await set(0.1, "--since", ago(3), "--json");
    expect(again.json()).toMatchObject({ unchanged: true, revision: null, at: null });
    expect((await run("prices", "list", "--json")).rows()).toHaveLength(2);
    expect((await set(0.1, "--since", ago(5), "--json")).json()).toMatchObject({ unchanged: false });
  });

  test("takes a time to come", async () => {
    await callsOn(1);
    await set(0.1, "--since", new Date(world.clock.now() + DAY).toISOString());
    expect(await total()).toEqual({ USD: 0.25 });
    const [first] = (await run("prices", "list", "--json")).rows();
    expect(first).toMatchObject({ status: "to-come", reason: "negotiated", by: "grace", prices: 1 });
  });

  test("is kept in the log, which still holds together", async () => {
    await set(0.1);
    expect((await run("verify", "--json")).json()).toMatchObject({ ok: true });
  });

  test("names the table by what the file calls itself, and reads standard input", async () => {
    const ran = await world.run(["prices", "set", "-", "--reason", "x", "--json"], {
      input: `name: contract 7\n${table(1)}`,
    });
    expect(ran.json()).toMatchObject({ name: "contract 7" });
  });
});

describe("Negotiated prices", () => {
  test("may be a factor on the list price", async () => {
    await callsOn(1);
    world.write("contract.yaml", 'prices: [{ model: "openai/*", factor: 0.8 }]');
    await run("prices", "set", "contract.yaml", "--since", ago(2), "--reason", "20 % off");
    expect(await total()).toEqual({ USD: 0.2 });
    const [row] = (await run("costs", "--json")).rows<{
      readonly tables: readonly { readonly kind: string }[];
    }>();
    expect(row?.tables.map(({ kind }) => kind)).toEqual(["table", "list"]);
  });

  test("may be in another currency for a part of the time", async () => {
    await callsOn(1, 3);
    world.write(
      "contract.yaml",
      `currency: EUR\nprices: [{ model: gpt-5-mini, since: "${ago(2)}", input: 3, output: 1 }]`,
    );
    await run("prices", "set", "contract.yaml", "--since", ago(9), "--reason", "x");
    expect(await total()).toEqual({ EUR: 3, USD: 0.25 });
    const { out } = await run("costs");
    expect(out).toMatch(/€3\.00 \+ \$0\.250|\$0\.250 \+ €3\.00/);
  });
});

describe("The file beside the store", () => {
  test("comes before recorded tables, and the report says that it is in no record", async () => {
    await callsOn(1);
    await set(0.1, "--since", ago(4));
    world.write(".colophon/prices.yaml", table(7));
    expect(await total()).toEqual({ USD: 7 });
    const { out } = await run("costs");
    expect(out).toMatch(/Priced by \S+prices\.yaml [0-9a-f]{12} \(not recorded\)\./);
    const [first] = (await run("prices", "list", "--json")).rows();
    expect(first).toMatchObject({ kind: "working-copy", status: "in-force", since: null, reason: null });
  });

  test("is no working copy once it is recorded: it counts from its time on", async () => {
    await callsOn(1, 3);
    world.write(".colophon/prices.yaml", table(7));
    expect(await total()).toEqual({ USD: 14 });
    await run("prices", "set", ".colophon/prices.yaml", "--since", ago(2), "--reason", "x");
    expect(await total()).toEqual({ USD: 7.25 });
    expect((await run("prices", "list", "--json")).rows().map(({ kind }) => kind)).toEqual(["table", "list"]);
  });

  test("is refused with one sentence when it is wrong, and --prices stands in for it", async () => {
    await callsOn(1);
    world.write(".colophon/prices.yaml", "prices: [{ model: gpt-5-mini, inptu: 1 }]");
    const ran = await world.run(["costs"]);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    expect(ran.err).toMatch(/prices\.yaml, price 1: inptu is no field of it; did you mean input\?\n$/);
    world.write("other.yaml", table(5));
    expect(await total("--prices", "other.yaml")).toEqual({ USD: 5 });
  });
});

describe("prices show", () => {
  test("gives a model's prices per million, one row for each size of input", async () => {
    await run("init");
    const rows = (await run("prices", "show", "claude-sonnet-4-5", "--json")).rows();
    expect(rows.map(({ from, input, output }) => [from, input, output])).toEqual([
      [0, 3, 15],
      [200_001, 6, 22.5],
    ]);
    const { out } = await run("prices", "show", "claude-sonnet-4-5");
    expect(out).toMatch(/anthropic\/claude-sonnet-4-5 +– +200001 +USD +6 +0\.6 +7\.5 +22\.5/);
  });

  test("gives those of the models that were called, and says of one that it has none", async () => {
    expect((await run("init")).code).toBe(0);
    expect((await run("prices", "show")).out).toContain("No model was called");
    await callsOn(1);
    const harness = await world.open();
    const ids = seededIds({ clock: fixedClock(world.clock.now()), seed: "own" });
    await harness.ledger.append([
      anExecution(ids, { requestedModel: "our-own", answeringModel: null, provider: "custom" }),
    ]);
    await harness.close();
    const rows = (await run("prices", "show", "--json")).rows();
    expect(rows.map(({ model, currency, input }) => [model, currency, input])).toEqual([
      ["custom/our-own", null, null],
      ["openai/gpt-5-mini", "USD", 0.25],
    ]);
    expect((await run("prices", "show")).out).toMatch(/custom\/our-own .*no price/);
  });

  test("shows negotiated prices where there are some", async () => {
    await set(0.1);
    const [row] = (await run("prices", "show", "gpt-5-mini", "--json")).rows();
    expect(row).toMatchObject({
      input: 0.1,
      output: 1,
      cacheRead: null,
      tables: [{ kind: "table", name: "contract" }],
    });
  });
});

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ["no reason", ["prices", "set", "good.yaml"], "add --reason TEXT"],
  ["a file that is not there", ["prices", "set", "nope.yaml", "--reason", "x"], "is not there"],
  [
    "a file of no prices",
    ["prices", "set", "bad.yaml", "--reason", "x"],
    "bad.yaml: it has no list of prices",
  ],
  ["a bad time", ["prices", "set", "good.yaml", "--since", "soon", "--reason", "x"], "--since"],
  ["a misspelt dimension", ["costs", "--by", "promt"], "did you mean prompt?"],
  ["an unknown dimension", ["costs", "--by", "colour"], "prompt, version, model, owner, tenant, purpose."],
  ["no dimension", ["costs", "--by", ""], "cannot tell costs apart"],
  ["a bad date", ["costs", "--since", "yesterday"], "such as 2h or 7d"],
  ["a duration of nothing", ["costs", "--since", "0h"], "such as 2h or 7d"],
  ["times the wrong way round", ["costs", "--since", "2026-02-02", "--until", "2026-02-01"], "swap them"],
  ["a start that is still to come", ["costs", "--since", "2099-01-01"], "begin before the end"],
  ["an unknown environment", ["costs", "--env", "prodution"], "did you mean production"],
  ["a flag of another command", ["costs", "explain", "--all", "--by", "prompt"], "takes no --by"],
  ["a misspelt command", ["costs", "explian"], "Too many arguments"],
  ["nothing to explain", ["costs", "explain"], "--all for all of them"],
  ["a key and all", ["costs", "explain", "support.triage", "--all"], "keep one"],
  ["a version to explain", ["costs", "explain", "support.triage@v1"], "write support.triage"],
  ["an unknown key", ["costs", "explain", "support.triag"], "There is no prompt support.triag"],
  ["an unknown environment to explain", ["costs", "explain", "--all", "--env", "prodution"], "did you mean"],
  ["one window alone", ["costs", "explain", "--all", "--after", "2026-01-01..2026-01-02"], "add --before"],
  [
    "the other window alone",
    ["costs", "explain", "--all", "--before", "2026-01-01..2026-01-02"],
    "add --after",
  ],
  [
    "windows and --since",
    [
      "costs",
      "explain",
      "--all",
      "--since",
      "2h",
      "--before",
      "2026-01-01..2026-01-02",
      "--after",
      "2026-01-02..2026-01-03",
    ],
    "keep one or the other",
  ],
  [
    "a window without an end",
    ["costs", "explain", "--all", "--before", "2026-01-01", "--after", "2026-01-02..2026-01-03"],
    "with .. between them",
  ],
  [
    "a window that ends before it begins",
    ["costs", "explain", "--all", "--before", "2026-01-02..2026-01-01", "--after", "2026-01-02..2026-01-03"],
    "ends before it begins",
  ],
  ["a window to come", ["costs", "explain", "--all", "--since", "2099-01-01"], "still to come"],
  ["prices that are none", ["costs", "--prices", "bad.yaml"], "no list of prices"],
  ["a model that is none", ["prices", "show", ""], "names no model"],
];

describe("Bad input", () => {
  test.each(REFUSED)("%s is refused with one sentence, exit 2 and no record", async (_name, args, words) => {
    await run("init");
    world.write("good.yaml", table(1));
    world.write("bad.yaml", "currency: EUR");
    const ran = await world.run(args);
    expect(ran.out).toBe("");
    expect(ran.err).toMatch(/^[^\n]+[.?]\n$/);
    expect(ran.err.toLowerCase()).toContain(words.toLowerCase());
    expect(ran.code).toBe(2);
    expect((await run("prices", "list", "--json")).rows()).toHaveLength(1);
  });
});
