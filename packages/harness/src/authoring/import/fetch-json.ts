/** Asks another tool's server for JSON: within bounds, again where it says to wait, and never at another host. */
import { setTimeout as wait } from "node:timers/promises";
import { HarnessError } from "@colophon/kernel";

export interface JsonServer {
  /** Its address, without a path of its own or with one. */
  readonly url: string;
  readonly authorization: string;
  readonly signal?: AbortSignal | undefined;
  /** Waits some milliseconds; replaced in tests. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
}

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 32_000_000;
const MOST_TRIES = 6;
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;

/** @param path from the server's address on, with its query. @throws HarnessError `store-unavailable`, `not-signed-in`, `not-allowed`, `key-unknown`, `too-large` or `input-malformed`. */
export async function fetchJson(server: JsonServer, path: string): Promise<unknown> {
  const { signal } = server;
  const sleep = server.sleep ?? ((ms: number) => wait(ms, undefined, { signal }));
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(server, path);
    if (answer.kind === "body") return parse(answer.text, path);
    if (attempt >= MOST_TRIES) {
      throw new HarnessError(
        "store-unavailable",
        `${path} was asked ${MOST_TRIES} times and is not answered (${answer.why}); try again later.`,
      );
    }
    await sleep(Math.min(answer.waitMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS));
  }
}

type Answer =
  | { readonly kind: "body"; readonly text: string }
  | { readonly kind: "again"; readonly why: string; readonly waitMs: number | null };

async function ask(server: JsonServer, path: string): Promise<Answer> {
  const { url, authorization, signal } = server;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url + path, {
      headers: { authorization, accept: "application/json" },
      redirect: "manual",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const { status } = response;
    if (status === 429 || status >= 500) {
      await response.body?.cancel();
      return { kind: "again", why: `status ${status}`, waitMs: waitOf(response.headers.get("retry-after")) };
    }
    if (status !== 200) {
      await response.body?.cancel();
      throw refusal(response, path);
    }
    return { kind: "body", text: await readBounded(response, path) };
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    if (signal?.aborted === true) throw new HarnessError("usage", "The import was interrupted.");
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause : error) : undefined;
    return { kind: "again", why: cause?.message ?? String(error), waitMs: null };
  }
}

function refusal({ status, headers }: Response, path: string): HarnessError {
  if (status === 401) {
    return new HarnessError(
      "not-signed-in",
      `${path} refuses the keys (401): look at LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY and the address of --url.`,
    );
  }
  if (status === 403) {
    return new HarnessError(
      "not-allowed",
      `${path} does not allow it to these keys (403): use a project's own.`,
    );
  }
  if (status === 404) {
    return new HarnessError("key-unknown", `${path} is not there (404): look at the address of --url.`);
  }
  if (status >= 300 && status < 400) {
    const to = headers.get("location") ?? "nowhere";
    return new HarnessError(
      "usage",
      `${path} leads on to ${to.slice(0, 200)}; keys are not sent after it: give --url the address that answers itself.`,
    );
  }
  return new HarnessError(
    "input-malformed",
    `${path} answers with status ${status}; look at the address of --url.`,
  );
}

/** Seconds, as servers that limit calls write them. */
function waitOf(header: string | null): number | null {
  const seconds = header === null || header.trim() === "" ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

async function readBounded(response: Response, path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new HarnessError(
        "too-large",
        `${path} answers with more than ${MOST_BYTES} bytes; take an export in parts.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const what = /^\s*</.test(text) ? "a web page" : "no JSON";
    throw new HarnessError(
      "input-malformed",
      `${path} answers with ${what}; give --url the address of the server alone, such as https://cloud.langfuse.com.`,
      { cause },
    );
  }
}
