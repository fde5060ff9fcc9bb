/** Proves the types of calls that fall back: what `record` returns, what an attempt takes, and that its signal is the platform's. */
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Attempt, CallModel, Colophon, ErrorKind, FallbackPolicy, Prompt } from "./edge.ts";

declare const client: OpenAI;
declare const claude: Anthropic;
declare const colophon: Colophon;
declare const prompt: Prompt<{ readonly ticket: string }>;
declare const policy: FallbackPolicy;

/** True for two types that are one and the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

const call = colophon.resolve(prompt, { user: "ada", route: "cheap" });
const variables = { ticket: "x" };

// Without a fallback the result is the sender's own, with its methods.
const plain = call.record(variables, (p) => client.chat.completions.create(p.openai()));
void plain.withResponse();
same<number, ReturnType<typeof count>>(true);
const count = () => call.record(variables, () => 1, { fallback: false });

// With one it is a promise of what the sender's promise gave.
const answered = call.record(
  variables,
  (p) => client.chat.completions.create(p.openai(), { signal: p.signal }),
  {
    fallback: true,
  },
);
same<Awaited<typeof answered>["choices"], OpenAI.ChatCompletion["choices"]>(true);
const given = call.record(variables, () => 1, { fallback: { timeoutMs: 20_000, on: ["timeout"] } });
same<typeof given, Promise<number>>(true);
const streamed = call.record(variables, (p) => client.chat.completions.create(p.openai({ stream: true })), {
  fallback: policy,
  signal: new AbortController().signal,
  history: [{ role: "user", content: "before" }],
});
export async function read(): Promise<void> {
  for await (const chunk of await streamed) chunk.choices.at(0);
}
// @ts-expect-error it has the methods of a promise alone
void answered.withResponse();
// @ts-expect-error the walk numbers its attempts itself
void call.record(variables, () => 1, { fallback: true, attempt: 2 });
// @ts-expect-error there is no such kind of error
void call.record(variables, () => 1, { fallback: { on: ["rate limit"] } });
// @ts-expect-error the variables are checked as ever
void call.record({ tiket: "x" }, () => 1, { fallback: true });

// The signal is what clients and the platform call one.
void call.record(variables, (p) => fetch("https://models.example", { signal: p.signal ?? null }));
void call.record(variables, (p) =>
  claude.messages.create({ model: p.model.id, max_tokens: 9, messages: [] }, { signal: p.signal }),
);

// An application that walks by itself gets what it sent.
export async function walk(): Promise<OpenAI.ChatCompletion> {
  for (const attempt of call.attempts({ retries: 1 })) {
    same<typeof attempt, Attempt<{ readonly ticket: string }>>(true);
    try {
      return await attempt.record(variables, (p) => client.chat.completions.create(p.openai()));
    } catch (error) {
      if (!attempt.mayFallBack(error)) throw error;
    }
  }
  throw new Error("No model was left.");
}
for (const attempt of call.attempts()) {
  attempt.start(variables).finish({ text: attempt.render(variables).text });
  // @ts-expect-error the attempt says that itself
  attempt.start(variables, { attempt: 2 });
  // @ts-expect-error pauses and limits are the application's own
  call.attempts({ timeoutMs: 1 });
}

same<typeof call.models, readonly CallModel[]>(true);
same<ErrorKind, "rate-limit" | "overloaded" | "server" | "timeout" | "connection">(true);
call.resolution.route?.outcome satisfies "chosen" | "absent" | "misfit" | undefined;
