/** Follows jobs of a server that goes away, comes back, fails and is interrupted: a server that plays a script over real HTTP. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { errorCodeOf, HarnessError, type Job, type JobEvent } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpCalls } from "./http-calls.ts";

type Played = { readonly status: number; readonly body: unknown };

let server: Server;
let asked: string[];
/** What is answered, by method and path; the last answer of a list stays. */
let script: Record<string, Played[]>;
let pauses: number[];

beforeEach(async () => {
  [asked, script, pauses] = [[], {}, []];
  server = createServer((request, response) => {
    const place = `${request.method} ${request.url}`;
    asked.push(place);
    const answers = script[place] ?? [];
    const { status, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(() => {
  server.close();
});

function calls(): HttpCalls {
  return new HttpCalls({
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    project: "~",
    apiKey: "clp_test",
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  });
}

const RUN = { kind: "job", name: "evaluation.run", method: "POST", path: "/evaluations" } as const;
const JOB = "GET /v1/projects/~/jobs/j1";
const events = (after: number): string => `${JOB}/events?after=${after}`;
const job = (more: Partial<Job>): Played => ({ status: 200, body: { id: "j1", state: "running", ...more } });
const event = (n: number, kind: JobEvent["kind"], data: unknown): JobEvent => ({ n, at: 0, kind, data });
const AWAY: Played = { status: 503, body: { error: { code: "store-unavailable", message: "Away." } } };
const QUIET: Played = { status: 200, body: [] };

function start(): void {
  script["POST /v1/projects/~/evaluations"] = [{ status: 202, body: { id: "j1", state: "queued" } }];
}

describe("following a job", () => {
  it("tells what it says, each once, and gives its output", async () => {
    start();
    script[JOB] = [job({ state: "queued" }), job({}), job({ state: "done", output: { score: 1 } })];
    script[events(0)] = [
      QUIET,
      { status: 200, body: [event(1, "estimate", { calls: 3 }), event(2, "notice", "slow")] },
    ];
    script[events(2)] = [{ status: 200, body: [event(3, "progress", { done: 3 })] }];
    const told: unknown[] = [];
    const output = await calls().follow(
      RUN,
      {},
      {
        onNotice: (message) => told.push(message),
        onEstimate: (estimate) => told.push(estimate),
        onProgress: (progress) => told.push(progress),
      },
    );
    expect(output).toEqual({ score: 1 });
    expect(told).toEqual([{ calls: 3 }, "slow", { done: 3 }]);
  });

  it("waits for a server that is away for a while, and asks less often the longer nothing happens", async () => {
    start();
    script[JOB] = [
      job({}),
      AWAY,
      AWAY,
      job({}),
      job({}),
      job({}),
      job({}),
      job({ state: "done", output: 1 }),
    ];
    script[events(0)] = [QUIET];
    expect(await calls().follow(RUN, {}, {})).toBe(1);
    expect(pauses).toEqual([250, 2000, 2000, 500, 1000, 2000, 2000]);
  });

  it("gives up on a server that stays away", async () => {
    start();
    script[JOB] = [AWAY];
    await expect(calls().follow(RUN, {}, {})).rejects.toMatchObject({ code: "store-unavailable" });
    expect(pauses).toHaveLength(59);
  });

  it("throws what it failed with, and what nobody has a code for", async () => {
    start();
    script[events(0)] = [QUIET];
    const failed = async (code: string): Promise<unknown> => {
      script[JOB] = [job({ state: "failed", error: { code, message: "It failed." } })];
      return calls()
        .follow(RUN, {}, {})
        .catch((error: unknown) => error);
    };
    expect(await failed("eval-set-unknown")).toEqual(new HarnessError("eval-set-unknown", "It failed."));
    expect(errorCodeOf(await failed("bug"))).toBe("store-unavailable");
  });

  it("asks the server to end it when it is interrupted, and waits until it has", async () => {
    start();
    script["DELETE /v1/projects/~/jobs/j1"] = [{ status: 200, body: {} }];
    script[JOB] = [job({}), job({ state: "cancelled" })];
    script[events(0)] = [QUIET];
    const interrupted = new AbortController();
    const following = calls().follow(RUN, {}, { signal: interrupted.signal });
    interrupted.abort();
    await expect(following).rejects.toMatchObject({ code: "usage" });
    expect(asked).toContain("DELETE /v1/projects/~/jobs/j1");
  });
});

describe("asking", () => {
  const FIND = { kind: "call", name: "x.find", method: "GET", path: "/prompts/{key}/x" } as const;

  it("writes names into the path, lists as repeated names and objects as JSON, and leaves null out", async () => {
    script["GET /v1/projects/~/prompts/a%2Fb.c%20%C3%A4/x?n=1&n=2&o=%7B%22a%22%3A%5B%5D%7D&t="] = [
      { status: 200, body: "null" },
    ];
    const input = { key: "a/b.c ä", n: [1, 2], none: [], o: { a: [] }, t: "", u: undefined, v: null };
    expect(await calls().call(FIND, input)).toBeNull();
  });

  it("sends no name that an address would swallow", async () => {
    for (const key of ["", ".", ".."]) {
      await expect(calls().call(FIND, { key })).rejects.toMatchObject({ code: "usage" });
    }
    expect(asked).toEqual([]);
  });

  it("says the status of what answers in no words of ours, such as a proxy", async () => {
    script["GET /v1/projects/~/prompts/a/x"] = [{ status: 502, body: "<html>Bad Gateway</html>" }];
    const error = await calls()
      .call(FIND, { key: "a" })
      .catch((thrown: unknown) => thrown);
    expect(errorCodeOf(error)).toBe("store-unavailable");
    expect(String(error)).toContain("502");
  });
});
