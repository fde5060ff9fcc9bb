/** Tests that live calls are repeated on a challenger beside the caller: when, how often, and unseen. */
import { describe, expect, it } from "vitest";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { textOf } from "./runtime.fixture.ts";
import { input, KEY, openShadowed, type ShadowOptions, TEXTS, turns } from "./shadow-stage.fixture.ts";

const answer = async (p: PreparedPrompt) => `to ${p.text}`;

/** How many calls a sender gets for one live call. */
async function one(
  stage: ReturnType<typeof openShadowed>,
  {
    context,
    options,
  }: {
    readonly context?: Parameters<typeof stage.resolve>[0];
    readonly options?: Parameters<ReturnType<typeof stage.resolve>["record"]>[2];
  } = {},
): Promise<number> {
  let count = 0;
  const send = async (p: PreparedPrompt) => {
    count += 1;
    return p.text;
  };
  expect(await stage.resolve(context).record(input, send, options as never)).toBe("live It crashes");
  await turns();
  return count;
}

describe("a live call that is shadowed", () => {
  it("is sent again with the challenger's prompt, and leaves a row beside its own", async () => {
    const { resolve, sink, runtime } = openShadowed({ parts: { capture: "full" } });
    const call = resolve({ user: "ada", session: "s", locale: "de" });
    expect(await call.record(input, answer)).toBe("to live It crashes");
    await turns();
    const [live, shadow] = sink.rows;
    expect(sink.rows).toHaveLength(2);
    expect(live).toMatchObject({ version: 1, lane: "live", purpose: "serve", parent: null });
    expect(shadow).toMatchObject({
      prompt: KEY,
      version: 2,
      lane: "shadow",
      tier: "environment",
      reason: "shadow",
      purpose: "shadow",
      parent: live?.id,
      assignment: null,
      status: "ok",
      attempt: 1,
      revision: live?.revision,
      caller: live?.caller,
      subjects: live?.subjects,
      contents: { variables: '{"ticket":"It crashes"}', output: "to challenger It crashes" },
    });
    expect(live?.contents?.inputDigest).toBe(shadow?.contents?.inputDigest);
    expect(call.executionId).toBe(live?.id);
    expect(runtime.status().shadow).toEqual({ sent: 1, skipped: 0 });
    // The conversation asks anew for reasons of its own: a repeat is not one of them.
    expect(sink.outcomes).toEqual([]);
  });

  it("has settled for its caller, and the caller has gone on, before its repeat begins", async () => {
    const { resolve, sink } = openShadowed();
    const said: string[] = [];
    const send = async (p: PreparedPrompt) => {
      said.push(p.text);
      return "x";
    };
    const recorded = resolve().record(input, send);
    expect(said).toEqual(["live It crashes"]);
    await recorded;
    said.push(`caller goes on, ${sink.rows.length} row`);
    for (let tick = 0; tick < 100; tick++) await Promise.resolve();
    said.push("caller is through");
    await turns();
    expect(said).toEqual([
      "live It crashes",
      "caller goes on, 1 row",
      "caller is through",
      "challenger It crashes",
    ]);
  });

  it("gets exactly what was sent back, whatever the repeat does", async () => {
    const { resolve } = openShadowed();
    const promise = Promise.resolve("x");
    expect(resolve().record(input, (p) => (p.version === 1 ? promise : "other"))).toBe(promise);
    await turns();
  });

  it("hands the challenger what the live call was made with, however the application goes on with it", async () => {
    const text = textOf('{{role "system"}}{{ticket}}{{history}}');
    const { resolve, sink } = openShadowed({
      prompt: { versions: { 1: text, 2: textOf('{{role "system"}}new {{ticket}}{{history}}') } },
      parts: { capture: "full" },
    });
    const history = [{ role: "user" as const, content: "hello" }];
    const variables = { ticket: "It crashes" };
    const seen: unknown[] = [];
    const sent = resolve().record(
      variables,
      async (p) => {
        seen.push(p.messages);
        return "x";
      },
      { history },
    );
    history.push({ role: "user", content: "later" });
    variables.ticket = "Another one";
    await sent;
    await turns();
    expect(seen[1]).toMatchObject([{ content: "new It crashes" }, { content: "hello" }]);
    expect(seen[1]).toHaveLength(2);
    expect(sink.rows[1]?.contents?.variables).toBe('{"ticket":"It crashes"}');
  });

  it("hands on bound values and what reads an answer", async () => {
    let fetched = 0;
    const versions = {
      1: textOf("{{ticket}} {{style}}", STYLED),
      2: textOf("2 {{ticket}} {{style}}", STYLED),
    };
    const { resolve, sink } = openShadowed({
      prompt: { versions },
      declaration: { binders: { style: () => ({ value: `style ${++fetched}`, choice: "c" }) } },
    });
    const call = await resolve().bind();
    await call.record(input as never, async (p) => ({ said: p.text }), {
      read: (sent) => ({ text: (sent as { said: string }).said }),
    });
    await turns();
    expect(fetched).toBe(1);
    expect(sink.rows.map(({ outputLength }) => outputLength)).toEqual([18, 20]);
    expect(sink.rows[1]?.parts).toEqual(sink.rows[0]?.parts);
  });

  it("goes on its route, where the challenger has it", async () => {
    const { resolve, sink } = openShadowed({
      declaration: { routes: { cheap: { provider: "openai", id: "gpt-5-nano" } } },
    });
    await resolve({ user: "ada", route: "cheap" }).record(input, answer);
    await turns();
    expect(sink.rows.map(({ requestedModel }) => requestedModel)).toEqual(["gpt-5-nano", "gpt-5-nano"]);
  });

  it("that is in a trace keeps its place, and the trace its count", async () => {
    const { resolve, runtime, sink } = openShadowed();
    await runtime.trace("task", async () => {
      await resolve().record(input, answer);
      await turns();
      await resolve().record(input, answer);
      await turns();
    });
    const [first, shadow, second] = sink.rows;
    expect([first?.step, shadow?.step, second?.step]).toEqual([1, 1, 2]);
    expect(new Set(sink.rows.map(({ trace }) => trace)).size).toBe(1);
    expect([shadow?.parent, second?.parent]).toEqual([first?.id, null]);
  });

  it("is repeated where it was drawn as control, and not where it was drawn into the challenger", async () => {
    const plan = { rollout: "r1", salt: "s", arms: [{ version: 2, share: 0.5 }], control: 0.5, where: null };
    const drawn = async (draw: number) => {
      const stage = openShadowed({ release: { plan }, parts: { draw: () => draw } });
      await stage.resolve().record(input, answer);
      await turns();
      return stage.sink.rows.map(({ lane }) => lane);
    };
    expect(await drawn(0.9)).toEqual(["control", "shadow"]);
    expect(await drawn(0.1)).toEqual(["canary"]);
  });
});

const STYLED = {
  input: {
    type: "object",
    properties: { ticket: { type: "string" }, style: { type: "string" } },
    required: ["ticket", "style"],
  },
};

describe("a call that is not repeated", () => {
  interface Case extends ShadowOptions {
    readonly name: string;
    /** How often the sender is called; once where left out. */
    readonly count?: number;
    readonly record?: Parameters<typeof one>[1];
  }
  const invoices = { where: { documentType: "invoice" } };
  const misfit = { 1: TEXTS[1], 2: textOf("{{other}}", otherContract()) };
  const says = (repeatable: boolean) => ({ options: { repeatable } });
  it.each<Case>([
    { name: "without a reason against it is", count: 2 },
    { name: "of a record that says so", record: says(false) },
    { name: "of a prompt that says so", declaration: { repeatable: false } },
    {
      name: "of a prompt that says so is, where the record says otherwise",
      count: 2,
      declaration: { repeatable: false },
      record: says(true),
    },
    { name: "that serves nobody", record: { options: { purpose: "playground" } } },
    { name: "that is a further attempt", record: { options: { attempt: 2 } } },
    { name: "outside the scope", plan: invoices, record: { context: { documentType: "letter" } } },
    {
      name: "inside the scope is",
      count: 2,
      plan: invoices,
      record: { context: { documentType: "invoice" } },
    },
    { name: "without a shadower", parts: { shadow: undefined } },
    { name: "of a withdrawn challenger", prompt: { withdrawn: [2] } },
    { name: "that does not fit the code", prompt: { versions: misfit } },
    { name: "whose text has tools", prompt: { versions: withTools() } },
    {
      name: "whose text has tools is, where the record vouches for it",
      count: 2,
      prompt: { versions: withTools() },
      record: says(true),
    },
    { name: "at a rate of 0", plan: { rate: 0 } },
    { name: "when all calls are spent", plan: { calls: 0 } },
    { name: "when others are under way", plan: { concurrency: 0 } },
    { name: "while Colophon is off", parts: { off: true } },
  ])("$name", async ({ count = 1, record, ...options }) => {
    expect(await one(openShadowed(options), record)).toBe(count);
  });

  it("that the challenger has no place for, since it takes no history", async () => {
    const { resolve, sink } = openShadowed({
      prompt: { versions: { 1: textOf("{{ticket}}{{history}}"), 2: TEXTS[2] } },
    });
    await resolve().record(input, answer, { history: [{ role: "user", content: "hello" }] });
    await turns();
    expect(sink.rows).toHaveLength(1);
  });

  it("of a version that an override or a pin names", async () => {
    const overrides = [
      { kind: "user", subject: "ada", version: 1, environment: null, expires: null },
    ] as const;
    const stage = openShadowed({ prompt: { overrides } });
    await stage.resolve().record(input, answer);
    await stage.resolve({ pin: `${KEY}@v1` }).record(input, answer);
    await turns();
    expect(stage.sink.rows.map(({ purpose }) => purpose)).toEqual(["serve", "serve"]);
  });

  it("that was rendered or begun by hand", async () => {
    const { resolve, sink } = openShadowed();
    resolve().render(input);
    resolve().start(input).finish({ text: "x" });
    await turns();
    expect(sink.rows).toHaveLength(1);
  });

  it("that failed, or was aborted", async () => {
    const { resolve, sink } = openShadowed();
    const failed = new Error("down");
    await expect(resolve().record(input, () => Promise.reject(failed))).rejects.toBe(failed);
    expect(() =>
      resolve().record(input, () => {
        throw failed;
      }),
    ).toThrow(failed);
    await turns();
    expect(sink.rows.map(({ status }) => status)).toEqual(["error", "error"]);
  });

  it("that makes several provider calls itself, unless the record vouches for it", async () => {
    const { resolve, sink } = openShadowed();
    const loop = async (p: PreparedPrompt) => p.step(async () => p.text);
    await resolve().record(input, loop);
    await turns();
    expect(sink.rows).toHaveLength(1);
    await resolve().record(input, loop, { repeatable: true });
    await turns();
    expect(sink.rows.map(({ lane }) => lane)).toEqual(["live", "live", "shadow"]);
  });

  it("that another model stood in for", async () => {
    const { resolve, sink } = openShadowed({
      declaration: { backup: [{ provider: "openai", id: "gpt-5-nano" }] },
    });
    const busy = Object.assign(new Error("busy"), { status: 429 });
    const send = async (p: PreparedPrompt) => {
      if (p.model.id !== "gpt-5-nano") throw busy;
      return "x";
    };
    expect(await resolve().record(input, send, { fallback: true })).toBe("x");
    await turns();
    expect(sink.rows.map(({ lane, status }) => `${lane} ${status}`)).toEqual(["live error", "live ok"]);
    // Answered by its first model it is, on that model.
    await resolve().record(input, answer, { fallback: { timeoutMs: 1_000 } });
    await turns();
    expect(sink.rows.slice(2).map(({ lane, requestedModel }) => `${lane} ${requestedModel}`)).toEqual([
      "live gpt-5-mini",
      "shadow gpt-5-mini",
    ]);
  });
});

function otherContract() {
  return { input: { type: "object", properties: { other: { type: "string" } }, required: ["other"] } };
}

function withTools() {
  const tools = [{ name: "lookup", input: { type: "object" } }];
  return { 1: textOf("live {{ticket}}", { tools }), 2: textOf("challenger {{ticket}}", { tools }) };
}
