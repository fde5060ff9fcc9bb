/** Tests what holds of every walk over the models of a call, whatever its attempts meet. */
import type { ExecutionDraft, ModelChoice } from "@colophon/kernel";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";

const input = { ticket: "T" };
const TIMEOUT = 50;
const PAUSE = 10;

/** What one attempt meets. */
const outcome = fc.constantFrom("answer", "hangs", "aborts", "refused", 429, 500, 503, 529, 408);
type Outcome = typeof outcome extends fc.Arbitrary<infer T> ? T : never;

const plan = fc.record({
  backups: fc.integer({ min: 0, max: 3 }),
  retries: fc.integer({ min: 0, max: 2 }),
  /** How the sender fails: at once, through a promise, or by an error wrapped in another. */
  manner: fc.constantFrom("thrown", "rejected", "wrapped"),
  outcomes: fc.array(outcome, { minLength: 12, maxLength: 12 }),
});

const modelsOf = (backups: number): readonly ModelChoice[] =>
  ["gpt-5-mini", "gpt-a", "gpt-b", "gpt-c"].slice(0, backups + 1).map((id) => ({ provider: "openai", id }));

function errorOf(met: Exclude<Outcome, "answer" | "hangs">, manner: string): Error {
  if (met === "aborts") return Object.assign(new Error("aborted"), { name: "AbortError" });
  const error = Object.assign(new Error("failed"), { status: met === "refused" ? 400 : met });
  return manner === "wrapped" ? new Error("wrapper", { cause: error }) : error;
}

/** What a walk should come to, told from its plan alone. */
function expected({ backups, retries, outcomes }: typeof plan extends fc.Arbitrary<infer T> ? T : never) {
  const order = modelsOf(backups).flatMap((model) => Array.from({ length: retries + 1 }, () => model.id));
  const ends = (met: Outcome | undefined): boolean =>
    met === "answer" || met === "aborts" || met === "refused";
  const last = outcomes.slice(0, order.length).findIndex(ends);
  return order.slice(0, last === -1 ? order.length : last + 1);
}

function checkRows(rows: readonly ExecutionDraft[], order: readonly string[]): void {
  expect(rows.map((row) => row.requestedModel)).toEqual(order);
  expect(rows.map((row) => row.attempt)).toEqual(order.map((_, index) => index + 1));
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    const replaces = before !== undefined && before.requestedModel !== row.requestedModel;
    expect(row.fallbackOf).toBe(replaces ? before.id : null);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("any walk over models", () => {
  it("leaves one row per attempt, numbered through, each tied to the one it stands in for, and ends as the last one did", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (given) => {
        const { runtime, sink } = openStage(documentOf({}));
        const backup = modelsOf(given.backups).slice(1);
        const call = runtime.resolve<typeof input>(declarationOf("k", textOf("{{ticket}}"), { backup }));
        const thrown: Error[] = [];
        let sent = 0;
        const send = (p: PreparedPrompt): string | Promise<string> => {
          const met = given.outcomes[sent++] as Outcome;
          if (met === "answer") return `answer of ${p.model.id}`;
          if (met === "hangs") return new Promise<string>(() => undefined);
          const error = errorOf(met, given.manner);
          thrown.push(error);
          if (given.manner === "thrown") throw error;
          return Promise.reject(error);
        };
        const fallback = { retries: given.retries, timeoutMs: TIMEOUT, pauseMs: PAUSE };
        const walk = call.record(input, send, { fallback }).then(
          (value) => ({ value, error: undefined }),
          (error: unknown) => ({ value: undefined, error }),
        );
        await vi.advanceTimersByTimeAsync(12 * (TIMEOUT + PAUSE));
        const { value, error } = await walk;
        const order = expected(given);
        checkRows(sink.rows, order);
        expect(sent).toBe(order.length);
        const last = given.outcomes[order.length - 1];
        expect(value).toBe(last === "answer" ? `answer of ${order.at(-1)}` : undefined);
        if (last === "hangs") expect(error).toMatchObject({ name: "TimeoutError" });
        else expect(error).toBe(last === "answer" ? undefined : thrown.at(-1));
        expect(call.executionId).toBe(sink.rows.at(-1)?.id);
        expect(sink.rows.filter((row) => row.status === "ok")).toHaveLength(last === "answer" ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });

  it("comes to the same rows when the application walks by itself", async () => {
    const settled = plan.filter(({ outcomes }) => !outcomes.includes("hangs"));
    await fc.assert(
      fc.asyncProperty(settled, async (given) => {
        const { runtime, sink } = openStage(documentOf({}));
        const backup = modelsOf(given.backups).slice(1);
        const call = runtime.resolve<typeof input>(declarationOf("k", textOf("{{ticket}}"), { backup }));
        let sent = 0;
        const walk = async (): Promise<string> => {
          let failure: unknown;
          for (const attempt of call.attempts({ retries: given.retries })) {
            try {
              return await attempt.record(input, async (p) => {
                const met = given.outcomes[sent++] as Exclude<Outcome, "hangs">;
                if (met === "answer") return p.model.id;
                throw errorOf(met, given.manner);
              });
            } catch (error) {
              failure = error;
              if (!attempt.mayFallBack(error)) break;
            }
          }
          throw failure;
        };
        await walk().catch(() => undefined);
        checkRows(sink.rows, expected(given));
      }),
    );
  });
});
