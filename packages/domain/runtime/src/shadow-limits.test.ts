/** Tests what a repeat may cost: so many, so many at once, so long, and nothing of the caller's. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { deferred, input, openShadowed, type ShadowStage, turns } from "./shadow-stage.fixture.ts";
import { shadowing } from "./shadowing.ts";

const unhandled: unknown[] = [];
const hear = (error: unknown) => unhandled.push(error);
beforeEach(() => void process.on("unhandledRejection", hear));
afterEach(() => {
  process.off("unhandledRejection", hear);
  expect(unhandled.splice(0)).toEqual([]);
});

/** A sender whose repeats go on until the test ends them. */
function held() {
  const repeats: ReturnType<typeof deferred<string>>[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const send = (p: PreparedPrompt): Promise<string> => {
    if (p.version === 1) return Promise.resolve("live");
    const repeat = deferred<string>();
    repeats.push(repeat);
    signals.push(p.signal);
    return repeat.promise;
  };
  return { repeats, signals, send };
}

async function call({ resolve }: ShadowStage, send: (p: PreparedPrompt) => Promise<string>): Promise<void> {
  expect(await resolve().record(input, send)).toBe("live");
  await turns();
}

const lanes = ({ sink }: ShadowStage) => sink.rows.map(({ lane, status }) => `${lane} ${status}`);

describe("repeats", () => {
  it("are as many at once as the rollout says; others are left out, counted, and never made later", async () => {
    const stage = openShadowed({ plan: { concurrency: 2 } });
    const { repeats, send } = held();
    for (let index = 0; index < 5; index++) await call(stage, send);
    expect(repeats).toHaveLength(2);
    expect(stage.runtime.status().shadow).toEqual({ sent: 2, skipped: 3 });
    repeats[0]?.resolve("x");
    await turns();
    expect(repeats).toHaveLength(2);
    await call(stage, send);
    expect(repeats).toHaveLength(3);
    expect(stage.runtime.status().shadow).toEqual({ sent: 3, skipped: 3 });
  });

  it("are as many in all as the rollout says, in whichever colophon of the process", async () => {
    const shadow = shadowing();
    const stages = [1, 2].map(() => openShadowed({ plan: { calls: 3 }, parts: { shadow } }));
    const send = async (p: PreparedPrompt) => (p.version === 1 ? "live" : "x");
    for (let index = 0; index < 6; index++) await call(stages[index % 2] as ShadowStage, send);
    expect(stages.flatMap(lanes).filter((lane) => lane === "shadow ok")).toHaveLength(3);
    // Another rollout has calls of its own.
    const next = openShadowed({ plan: { calls: 3, rollout: "r2" }, parts: { shadow } });
    await call(next, send);
    expect(lanes(next)).toEqual(["live ok", "shadow ok"]);
  });

  it("are the share of calls that the rollout says", async () => {
    const draws = [0.05, 0.1, 0.9, 0.0999];
    const stage = openShadowed({ plan: { rate: 0.1 }, parts: { chance: () => draws.shift() ?? 1 } });
    const send = async (p: PreparedPrompt) => (p.version === 1 ? "live" : "x");
    for (let index = 0; index < 4; index++) await call(stage, send);
    expect(stage.runtime.status().shadow?.sent).toBe(2);
  });

  it("end with the rollout: none is begun for a call that was under way", async () => {
    const stage = openShadowed();
    const live = deferred<string>();
    const seen: (number | null)[] = [];
    const recorded = stage.resolve().record(input, (p) => {
      seen.push(p.version);
      return live.promise;
    });
    stage.endRollout();
    live.resolve("live");
    await recorded;
    await turns();
    expect(seen).toEqual([1]);
  });

  it("that fail, at once or later, are rows and nothing else", async () => {
    const stage = openShadowed();
    const broken = Object.assign(new Error("secret"), { status: 500 });
    await call(stage, async (p) => {
      if (p.version === 2) throw broken;
      return "live";
    });
    await call(stage, (p) => {
      if (p.version === 2) throw broken;
      return Promise.resolve("live");
    });
    expect(lanes(stage)).toEqual(["live ok", "shadow error", "live ok", "shadow error"]);
    expect(stage.sink.rows[1]?.error).toBe("Error 500");
    expect(stage.notices).toEqual([]);
  });

  it("that cannot be consumed are rows and nothing else", async () => {
    const stage = openShadowed();
    async function* chunks(p: PreparedPrompt) {
      yield "a";
      if (p.version === 2) throw new Error("cut");
      yield "b";
    }
    const seen: string[] = [];
    for await (const chunk of stage.resolve().record(input, (p) => chunks(p))) seen.push(chunk);
    expect(seen).toEqual(["a", "b"]);
    await turns();
    expect(lanes(stage)).toEqual(["live ok", "shadow error"]);
  });

  it("read streams to their end, once the live one has been read", async () => {
    const stage = openShadowed();
    const read: string[] = [];
    async function* chunks(p: PreparedPrompt) {
      for (const chunk of ["a", "b", "c"]) {
        read.push(`${p.version}${chunk}`);
        yield chunk;
      }
    }
    const stream = stage.resolve().record(input, (p) => chunks(p));
    await turns();
    expect(read).toEqual([]);
    for await (const _ of stream);
    expect(read).toEqual(["1a", "1b", "1c"]);
    await turns();
    expect(read).toEqual(["1a", "1b", "1c", "2a", "2b", "2c"]);
    expect(lanes(stage)).toEqual(["live ok", "shadow ok"]);
  });

  it("are not made for a stream that its reader left", async () => {
    const stage = openShadowed();
    async function* chunks() {
      yield "a";
      yield "b";
    }
    for await (const _ of stage.resolve().record(input, () => chunks())) break;
    await turns();
    expect(lanes(stage)).toEqual(["live aborted"]);
  });

  it("read the body of a response, which nobody else does", async () => {
    const stage = openShadowed();
    const responses: Response[] = [];
    const sent = await stage.resolve().record(input, async (p) => {
      const response = new Response(`to ${p.text}`);
      responses.push(response);
      return response;
    });
    expect(await sent.text()).toBe("to live It crashes");
    await turns();
    expect(responses.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true]);
  });

  it("are given up when their time is over, whether their sender heeds the signal or not", async () => {
    const stage = openShadowed({ plan: { concurrency: 1 }, shadowing: { timeoutMs: 5 } });
    const { repeats, signals, send } = held();
    await call(stage, send);
    while (signals[0]?.aborted === false) await turns(1);
    await turns();
    expect(lanes(stage)).toEqual(["live ok", "shadow error"]);
    expect(stage.sink.rows[1]?.error).toBe("TimeoutError");
    // Its place is free again.
    await call(stage, send);
    expect(repeats).toHaveLength(2);
    await stage.runtime.close();
  });
});

describe("a platform that freezes functions", () => {
  it("is handed each repeat while the live call is still its business", async () => {
    const works: Promise<unknown>[] = [];
    const stage = openShadowed({ shadowing: { waitUntil: (work) => works.push(work) } });
    await stage.resolve().record(input, async () => "live");
    expect(works).toHaveLength(1);
    expect(lanes(stage)).toEqual(["live ok"]);
    await works[0];
    expect(lanes(stage)).toEqual(["live ok", "shadow ok"]);
  });

  it("may refuse it, to nobody's harm", async () => {
    const waitUntil = () => {
      throw new Error("not within a request");
    };
    const stage = openShadowed({ shadowing: { waitUntil } });
    expect(await stage.resolve().record(input, async () => "live")).toBe("live");
    await turns();
    expect(lanes(stage)).toEqual(["live ok", "shadow ok"]);
  });
});

describe("a close", () => {
  it("aborts what is under way, and waits for it", async () => {
    const stage = openShadowed();
    const ended: string[] = [];
    await call(stage, (p) => {
      if (p.version === 1) return Promise.resolve("live");
      return new Promise((_, reject) => {
        p.signal?.addEventListener("abort", () => {
          setTimeout(() => {
            ended.push("repeat");
            reject(p.signal?.reason);
          }, 1);
        });
      });
    });
    await stage.runtime.close();
    expect(ended).toEqual(["repeat"]);
    expect(lanes(stage)).toEqual(["live ok", "shadow aborted"]);
    expect(stage.sink.closed).toBe(1);
  });

  it("does not wait for a sender that heeds no signal", async () => {
    const stage = openShadowed();
    const { send } = held();
    await call(stage, send);
    await stage.runtime.close();
    expect(lanes(stage)).toEqual(["live ok", "shadow aborted"]);
  });

  it("keeps what was about to begin from beginning", async () => {
    const stage = openShadowed();
    const { repeats, send } = held();
    await stage.resolve().record(input, send);
    await stage.runtime.close();
    await turns();
    expect(repeats).toEqual([]);
    expect(lanes(stage)).toEqual(["live ok"]);
  });
});

describe("calls made within a repeat", () => {
  it("serve nobody either: they are of purpose shadow, and are not repeated themselves", async () => {
    const stage = openShadowed();
    const inner: (string | null)[] = [];
    await call(stage, async () => {
      await stage.resolve().record(
        input,
        async (p) => {
          inner.push(p.text);
          return "x";
        },
        { repeatable: false },
      );
      return "live";
    });
    expect(inner).toHaveLength(2);
    expect(stage.sink.rows.map(({ purpose, lane }) => `${purpose} ${lane}`).sort()).toEqual([
      "serve live",
      "serve live",
      "shadow live",
      "shadow shadow",
    ]);
    expect(stage.sink.outcomes).toEqual([]);
  });

  it("are no steps of the trace that the live call belongs to", async () => {
    const stage = openShadowed();
    const nested = async () => {
      await stage.resolve({ user: "bob" }).record(input, async () => "x", { repeatable: false });
      return "live";
    };
    await stage.runtime.trace("task", async () => {
      await call(stage, nested);
      await call(stage, nested);
    });
    const served = stage.sink.rows.filter(({ purpose }) => purpose === "serve");
    expect(served.map(({ step }) => step).sort()).toEqual([1, 2, 3, 4]);
  });
});
