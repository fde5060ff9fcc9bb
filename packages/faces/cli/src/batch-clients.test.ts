/** Runs batches through each client: whole and streamed, by route and by each version's own model. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type BatchWorld, numbersTo, openBatchWorld } from "./batch/batch-world.fixture.ts";
import { KEY, promptFile } from "./cli-world.fixture.ts";

let desk: BatchWorld;
afterEach(() => desk.close());

/** The outputs by line. */
function outputs(): readonly (string | null)[] {
  const lines = [...desk.outLines()].sort((a, b) => a.line - b.line);
  expect(lines.map(({ line }) => line)).toEqual(numbersTo(lines.length));
  return lines.map(({ output }) => output);
}

/** A proxy that leaves out the second half of the first stream's events, and ends it as if that were all. */
async function startShortener(target: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const answer = await fetch(`${target}${request.url}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.concat(chunks),
    });
    const events = (await answer.text()).split(/(?<=\n\n)/);
    const kept = calls++ === 0 ? events.slice(0, Math.floor(events.length / 2)) : events;
    response.writeHead(answer.status, { "content-type": "text/event-stream" });
    response.end(kept.join(""));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const CLIENTS = [
  { client: "openai", model: "gpt-5-nano", provider: "openai", wire: "openai.chat" },
  { client: "responses", model: "gpt-5-nano", provider: "openai", wire: "openai.responses" },
  { client: "anthropic", model: "claude-haiku-4-5", provider: "anthropic", wire: "anthropic.messages" },
] as const;

describe.each(CLIENTS)("through $client", ({ client, model, provider, wire }) => {
  test.each([[[]], [["--stream"]]])(
    "the output is the answer's text, and the row has its numbers %j",
    async (more) => {
      desk = await openBatchWorld();
      desk.writeTickets(6);
      const ran = await desk.run(desk.args(model, ["--client", client, "--json", ...more]));
      expect(ran.err).toBe("");
      expect(ran.json()).toMatchObject({
        finished: 6,
        errors: 0,
        troubles: {},
        spending: { calls: 6, retries: 0 },
      });
      const served = desk.simulator.served();
      expect([...outputs()].sort()).toEqual(served.map(({ text }) => text).sort());
      expect(served.every((call) => call.wire === wire && call.stream === more.length > 0)).toBe(true);
      const rows = await desk.rows();
      expect(rows.map(({ tokens }) => tokens.input).sort()).toEqual(
        served.map(({ usage }) => usage?.promptTokens ?? null).sort(),
      );
      for (const row of rows) expect(row).toMatchObject({ requestedModel: model, provider, status: "ok" });
    },
  );

  test("calls of tools are the output, the same when streamed", async () => {
    desk = await openBatchWorld();
    const input = { type: "object", properties: { order: { type: "string" } }, required: ["order"] };
    const tools = [{ name: "refund", description: "Pays a charged order back to the customer", input }];
    const file = promptFile("Help the customer with a refund of the order.\n{{ticket}}", {
      tools,
      toolChoice: "required",
    });
    desk.world.write("tools.json", file);
    await desk.world.run(["register", "tools.json"]);
    await desk.world.run(["override", "set", `${KEY}@v3`, "--user", "ada"]);
    desk.world.write("in.jsonl", '{"ticket": "Please refund order A-17.", "user": "ada"}\n');
    await desk.run(desk.args(model, ["--client", client]));
    const streamed = desk
      .args(model, ["--client", client, "--stream"])
      .map((arg) => arg.replace("out.", "streamed."));
    await desk.run(streamed);
    const [whole] = outputs();
    expect(whole).toContain("refund");
    const told = (text: string): unknown => JSON.parse(text.replaceAll(/"(id|call_id)":"[^"]*"/g, '"$1":""'));
    const other = JSON.parse(readFileSync(`${desk.world.folder}/streamed.jsonl`, "utf8")).output;
    expect(told(other)).toEqual(told(whole ?? ""));
  });

  test("an answer that stalls is given up, tried again, and has a row for each try", async () => {
    desk = await openBatchWorld({ faults: { schedule: ["stall"] } });
    desk.writeTickets(1);
    const flags = ["--client", client, "--stream", "--timeout", "0.3", "--json"];
    const ran = await desk.run(desk.args(model, flags));
    // Where the machine is busy, an answer that does not stall may come too late as well.
    const late = ran.json<{ troubles: { timeout: number } }>().troubles.timeout;
    expect(late).toBeGreaterThan(0);
    expect(ran.json()).toMatchObject({ finished: 1, errors: 0, troubles: { timeout: late } });
    const rows = [...(await desk.rows())].sort((a, b) => a.attempt - b.attempt);
    expect(rows.map(({ attempt, status }) => [attempt, status])).toEqual([
      ...numbersTo(late).map((attempt) => [attempt, "aborted"]),
      [late + 1, "ok"],
    ]);
  });

  test.each(["cut", "malformed", "hangup", "500", "529"])("a fault such as %s passes", async (fault) => {
    desk = await openBatchWorld({ faults: { schedule: [fault] } });
    desk.writeTickets(1);
    const ran = await desk.run(desk.args(model, ["--client", client, "--stream", "--json"]));
    expect(ran.json()).toMatchObject({ finished: 1, errors: 0, spending: { calls: 2, retries: 1 } });
    expect(ran.err).toBe("");
  });

  test("a stream that ends in good order before its answer is whole passes too", async () => {
    desk = await openBatchWorld();
    desk.writeTickets(1);
    const proxy = await startShortener(desk.simulator.url);
    const flags = ["--client", client, "--stream", "--json"];
    const env = { OPENAI_BASE_URL: `${proxy.url}/v1`, ANTHROPIC_BASE_URL: proxy.url };
    const ran = await desk.run(desk.args(model, flags), { env });
    await proxy.close();
    expect(ran.json()).toMatchObject({ finished: 1, errors: 0, troubles: { cut: 1 } });
    expect(outputs()).toEqual([desk.simulator.served().at(-1)?.text]);
    const statuses = (await desk.rows()).map(({ attempt, status }) => [attempt, status]);
    expect(statuses.sort()).toEqual([
      [1, "aborted"],
      [2, "ok"],
    ]);
  });

  test("a whole answer that is cut or stalls passes too", async () => {
    desk = await openBatchWorld({ faults: { schedule: ["cut", "stall", "malformed"] } });
    desk.writeTickets(3);
    const ran = await desk.run(desk.args(model, ["--client", client, "--timeout", "0.3", "--json"]));
    const { retries } = ran.json<{ spending: { retries: number } }>().spending;
    expect(retries).toBeGreaterThanOrEqual(3);
    expect(ran.json()).toMatchObject({ finished: 3, errors: 0, spending: { calls: 3 + retries, retries } });
    expect(desk.simulator.served().map(({ fault }) => fault)).toEqual(
      expect.arrayContaining(["cut", "stall", "malformed"]),
    );
  });
});

test("without --model each line calls its version's own, by the client of its provider", async () => {
  desk = await openBatchWorld();
  desk.world.write("claude.json", promptFile("Sort: {{ticket}}", { model: "claude-haiku-4-5" }));
  await desk.world.run(["register", "claude.json"]);
  await desk.world.run(["override", "set", `${KEY}@v3`, "--user", "ada"]);
  desk.world.write("in.jsonl", '{"ticket": "a", "user": "ada"}\n{"ticket": "b", "user": "ben"}\n');
  const ran = await desk.run(desk.args(null, ["--json"]));
  expect(ran.json()).toMatchObject({ finished: 2, errors: 0, model: null });
  expect(
    desk.simulator
      .served()
      .map(({ wire, model }) => `${wire} ${model}`)
      .sort(),
  ).toEqual(["anthropic.messages claude-haiku-4-5", "openai.chat gpt-5-mini"]);
  const one = await desk.run(desk.args(null, ["--base-url", desk.simulator.baseUrl]));
  expect(one.code).toBe(2);
  expect(one.err).toContain("--base-url is one server");
});

test("a route's model is called, and one that is not there is refused before anything is sent", async () => {
  desk = await openBatchWorld();
  const routes = { cheap: "gpt-5-nano", odd: "mistral-small" };
  desk.world.write("routes.json", promptFile(undefined, { routes }));
  await desk.world.run(["register", "routes.json"]);
  desk.writeTickets(2);
  for (const [name, words] of [
    ["dear", 'has no route "dear"'],
    ["odd", 'The route "odd"'],
  ] as const) {
    const refused = await desk.run(desk.args(null, ["--route", name]));
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(words);
  }
  expect(desk.simulator.served()).toHaveLength(0);
  await desk.run(desk.args(null, ["--route", "cheap"]));
  expect((await desk.rows()).map(({ requestedModel }) => requestedModel)).toEqual([
    "gpt-5-nano",
    "gpt-5-nano",
  ]);
});

test("another provider's model is called without the version's parameters, its own with them", async () => {
  desk = await openBatchWorld();
  // No provider takes it, so a call that has it is refused.
  desk.world.write("odd.json", promptFile("Sort: {{ticket}}", { parameters: { temperature: 9 } }));
  await desk.world.run(["register", "odd.json"]);
  await desk.world.run(["release", `${KEY}@v3`, "--env", "production", "--reason", "try"]);
  desk.writeTickets(1);
  const own = await desk.run(
    [...desk.args("gpt-5-nano", ["--json"])].map((arg) => arg.replace("out.", "own.")),
  );
  expect(own.json()).toMatchObject({ errors: 1 });
  const other = await desk.run(desk.args("claude-haiku-4-5", ["--json"]));
  expect(other.json()).toMatchObject({ errors: 0, finished: 1 });
});

describe("is refused in a sentence with", () => {
  test.each([
    ["a provider without a client", ["--model", "mistral-small"], "No client here is made for the provider"],
    ["a client that there is not", ["--client", "anthropc"], "did you mean anthropic?"],
    ["a model and a route", ["--model", "gpt-5", "--route", "cheap"], "give one of them"],
    ["no time at all", ["--timeout", "0"], "--timeout takes seconds"],
    ["an address that is none", ["--base-url", "here"], '--base-url "here" is no address'],
  ])("%s", async (_name, flags, words) => {
    desk = await openBatchWorld();
    desk.writeTickets(1);
    const ran = await desk.run(desk.args(null, flags), { env: { OPENAI_BASE_URL: "" } });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(ran.err.trim().split("\n")).toHaveLength(1);
    expect(desk.written()).toBe(0);
  });
});
