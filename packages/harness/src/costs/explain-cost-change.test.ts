/** Tests of the explanation's names and windows, on both stores. */
import { errorCodeOf } from "@colophon/kernel";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { describe, expect, test } from "vitest";
import type { Harness } from "../index.ts";
import { HOUSES, KEY, registerBodies } from "../opened-house.fixture.ts";
import { type CostChangeQuery, explainCostChange } from "./explain-cost-change.ts";

const DAY = 86_400_000;

function query(harness: Harness, more: Partial<CostChangeQuery> = {}): CostChangeQuery {
  const now = harness.clock.now();
  return {
    key: KEY,
    before: { since: now - 2 * DAY, until: now - DAY },
    after: { since: now - DAY, until: now },
    ...more,
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error) => errorCodeOf(error),
  );
}

async function call(harness: Harness, ago: number): Promise<void> {
  const ids = seededIds({ clock: fixedClock(harness.clock.now() - ago), seed: `explain ${ago}` });
  await harness.ledger.append([anExecution(ids)]);
}

describe.each(HOUSES)("explainCostChange on $name", ({ open }) => {
  test("refuses a prompt and an environment that nobody knows", async () => {
    const { harness, close } = await open();
    try {
      expect(await codeOf(explainCostChange(harness, query(harness)))).toBe("key-unknown");
      const nowhere = query(harness, { key: null, environment: "nowhere" });
      expect(await codeOf(explainCostChange(harness, nowhere))).toBe("environment-unknown");
    } finally {
      await close();
    }
  });

  test("takes a prompt that is in the registry, or in older rows alone, for known", async () => {
    const { harness, close } = await open();
    try {
      await call(harness, 9 * DAY);
      expect((await explainCostChange(harness, query(harness))).changes).toMatchObject([
        { status: "insufficient", currency: null },
      ]);
    } finally {
      await close();
    }
    const other = await open();
    try {
      await registerBodies(other.harness, ["Sort this."]);
      expect((await explainCostChange(other.harness, query(other.harness))).changes).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test("refuses windows that end before they begin", async () => {
    const { harness, close } = await open();
    try {
      for (const side of ["before", "after"] as const) {
        const wrong = query(harness, { [side]: { since: DAY, until: DAY } });
        expect(await codeOf(explainCostChange(harness, wrong))).toBe("usage");
      }
    } finally {
      await close();
    }
  });

  test("counts the first millisecond of a window and not the one after its last", async () => {
    const { harness, close } = await open();
    try {
      for (const ago of [2 * DAY + 1, 2 * DAY, DAY + 1, DAY, 1, 0]) await call(harness, ago);
      const { changes } = await explainCostChange(harness, query(harness));
      expect(changes).toMatchObject([{ before: { calls: 2 }, after: { calls: 2 } }]);
    } finally {
      await close();
    }
  });
});
