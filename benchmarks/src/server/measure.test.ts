/** Smoke tests of the measurement of the server: every part runs briefly on real processes and has its figures. */
import { expect, test } from "vitest";
import { measureServerIntake } from "./measure-intake.ts";
import { measurePropagation } from "./measure-propagation.ts";
import { measureRequests } from "./measure-requests.ts";
import { measureServerMemory, slopeOf } from "./measure-server-memory.ts";
import { findPart } from "./server-parts.ts";

const registry = { prompts: 2, overrides: 3, keys: 4 };
const say = (): void => undefined;
const PATIENCE = { timeout: 120_000 };

test(
  "each question has its answers a second, those of the bare server and their ratio",
  PATIENCE,
  async () => {
    const figures = await measureRequests({ registry, rounds: 1, seconds: 0.1, connections: 2 }, say);
    expect(figures.map(({ name, unit }) => `${name}: ${unit}`)).toEqual([
      "snapshot, whole: answers/s",
      "snapshot, whole, bare Hono: answers/s",
      "snapshot, whole, to bare Hono: ×",
      "snapshot, unchanged: answers/s",
      "snapshot, unchanged, bare Hono: answers/s",
      "snapshot, unchanged, to bare Hono: ×",
      "resolve: answers/s",
      "resolve, bare Hono: answers/s",
      "resolve, to bare Hono: ×",
      "a snapshot: KiB",
    ]);
    expect(figures.every(({ value }) => value > 0)).toBe(true);
  },
);

test.for(["SQLite", "PostgreSQL"] as const)("rows come into the ledger on %s", PATIENCE, async (kind) => {
  const figures = await measureServerIntake(
    kind,
    { registry, rounds: 1, batches: 4, rows: 10, connections: 2 },
    say,
  );
  expect(figures.map(({ unit }) => unit)).toEqual(["rows/s", "ms", "ms"]);
  expect(figures.every(({ value }) => value > 0)).toBe(true);
});

test("a rollback comes to the clients of both servers, and is held against a second", PATIENCE, async () => {
  const place = { kind: "PostgreSQL", servers: 2 } as const;
  const figures = await measurePropagation(place, { registry, clients: 6, rollbacks: 1, apart: 5 }, say);
  expect(figures).toHaveLength(9);
  expect(figures.filter(({ budget }) => budget?.value === 1_000)).toHaveLength(3);
});

test("memory is read while the server works, and what it did is told", PATIENCE, async () => {
  const load = { registry, seconds: 4, clients: 3, changesApart: 1, resolutions: 10, batches: 2, rows: 10 };
  const figures = await measureServerMemory("SQLite", load, say);
  const [before, largest, , , , rows, resolutions] = figures.map(({ value }) => value) as [
    number,
    ...number[],
  ];
  expect(largest).toBeGreaterThanOrEqual(before / 2);
  expect(rows).toBeGreaterThan(0);
  expect(resolutions).toBeGreaterThan(0);
});

test("growth is the slope of the line through all values", () => {
  expect(slopeOf([1, 3, 5, 7])).toBe(2);
  expect(slopeOf([4, 4, 4])).toBe(0);
  expect(slopeOf([0, 10, 0, 10])).toBe(2);
});

test("a part that is none is an error that names those that are", () => {
  expect(() => findPart("requets")).toThrow(
    'There is no part "requets"; there are requests, intake, copy, propagation, memory, reads.',
  );
});
