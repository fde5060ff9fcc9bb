/** Tests repeats against senders and applications that do what they please. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PreparedPrompt } from "./prepared-prompt.ts";
import { textOf } from "./runtime.fixture.ts";
import { deferred, input, openShadowed, turns } from "./shadow-stage.fixture.ts";
import { anthropic } from "./wire/anthropic/anthropic-wire.ts";

const unhandled: unknown[] = [];
const hear = (error: unknown) => unhandled.push(error);
beforeEach(() => void process.on("unhandledRejection", hear));
afterEach(() => {
  process.off("unhandledRejection", hear);
  expect(unhandled.splice(0)).toEqual([]);
});

describe("a repeat", () => {
  it("whose calls are made as its result is read is a repeat to them too", async () => {
    const stage = openShadowed();
    async function* chunks(p: PreparedPrompt) {
      yield "a";
      await stage.resolve({ user: "bob" }).record(input, async () => "inner", { repeatable: false });
      yield `${p.version}`;
    }
    for await (const _ of stage.resolve().record(input, (p) => chunks(p)));
    await turns();
    expect(stage.sink.rows.map(({ purpose, lane }) => `${purpose} ${lane}`).sort()).toEqual([
      "serve live",
      "serve live",
      "shadow live",
      "shadow shadow",
    ]);
  });

  it("whose time is over has its row also where its provider calls are seen one by one", async () => {
    const stage = openShadowed({ shadowing: { timeoutMs: 5 } });
    const never = deferred<string>();
    const send = async (p: PreparedPrompt) =>
      p.version === 1 ? p.step(async () => "live") : p.step(() => never.promise);
    await stage.resolve().record(input, send, { repeatable: true });
    for (let turn = 0; turn < 100 && stage.sink.rows.length < 2; turn++)
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(stage.sink.rows.map(({ lane, status, error }) => `${lane} ${status} ${error}`)).toEqual([
      "live ok null",
      "shadow error TimeoutError",
    ]);
  });

  it("whose time is over says so also where its client has errors of its own for an abort", async () => {
    class APIUserAbortError extends Error {}
    const stage = openShadowed({ shadowing: { timeoutMs: 5 } });
    const send = (p: PreparedPrompt) =>
      p.version === 1
        ? Promise.resolve("live")
        : new Promise<string>((_, reject) => {
            p.signal?.addEventListener("abort", () => reject(new APIUserAbortError()));
          });
    await stage.resolve().record(input, send);
    for (let turn = 0; turn < 100 && stage.sink.rows.length < 2; turn++)
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(stage.sink.rows[1]).toMatchObject({ status: "error", error: "TimeoutError" });
  });

  it("that fails in promises of its result is heard of by nobody", async () => {
    const stage = openShadowed();
    const send = (p: PreparedPrompt) => {
      const answer = p.version === 1 ? Promise.resolve("live") : Promise.reject(new Error("down"));
      return { answer, usage: answer.then((text) => text.length), both: [answer.then(() => 1)] };
    };
    const sent = stage.resolve().record(input, send);
    expect(await Promise.all([sent.answer, sent.usage, ...sent.both])).toEqual(["live", 4, 1]);
    await turns();
    expect(stage.sink.rows.map(({ lane }) => lane)).toEqual(["live", "shadow"]);
  });

  it("is made with the turns that the live call had, whatever is written into them later", async () => {
    const body = (word: string) => textOf(`{{role "system"}}${word} {{ticket}}{{history}}`);
    const stage = openShadowed({ prompt: { versions: { 1: body("live"), 2: body("new") } } });
    const history = [{ role: "user" as const, content: "hello" }];
    const seen: string[] = [];
    const send = async (p: PreparedPrompt) => {
      seen.push(p.text);
      for (const message of p.messages) (message as { content: string }).content += " (sent)";
      return "x";
    };
    await stage.resolve().record(input, send, { history });
    (history[0] as { content: string }).content = "forgotten";
    await turns();
    expect(seen).toEqual(["live It crashes\n\nhello", "new It crashes\n\nhello"]);
  });

  it("is asked for by what runs its calls only once it is awaited", async () => {
    const stage = openShadowed({ parts: { wires: [anthropic] } });
    // As the tool runner of the Anthropic client: iterable, thenable, and a helper of its own.
    class Runner {
      readonly params = {};
      readonly #answer: string;
      constructor(answer: string) {
        this.#answer = answer;
      }
      async *[Symbol.asyncIterator]() {
        yield {
          type: "message",
          role: "assistant",
          content: [{ type: "text", text: this.#answer }],
          usage: {},
        };
      }
      async runUntilDone() {
        for await (const message of this) return message;
      }
      // biome-ignore lint/suspicious/noThenProperty: the client's own has it.
      then<R>(onValue: (value: unknown) => R, onError?: (error: unknown) => R) {
        return this.runUntilDone().then(onValue, onError);
      }
    }
    await stage.resolve().record(input, (p) => new Runner(p.text), { repeatable: true });
    await turns();
    expect(stage.sink.rows.map(({ lane, status }) => `${lane} ${status}`)).toEqual(["live ok", "shadow ok"]);
  });

  it("keeps its contents exactly where its live call's are kept", async () => {
    // Of each call whether it is repeated, and whether its contents are kept.
    const draws = [0, 0.05, 0, 0.9];
    const stage = openShadowed({
      parts: { capture: { default: { mode: "full", sample: 0.1 } }, chance: () => draws.shift() ?? 0.05 },
    });
    for (let index = 0; index < 2; index++) {
      await stage.resolve().record(input, async (p) => p.text);
      await turns();
    }
    expect(stage.sink.rows.map(({ lane, contents }) => `${lane} ${contents?.output ?? null}`)).toEqual([
      "live live It crashes",
      "shadow challenger It crashes",
      "live null",
      "shadow null",
    ]);
  });
});
