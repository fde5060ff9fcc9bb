/** The spans of repeats, as a real OTLP endpoint receives them: marked, and in the trace of the live call. */
import { buildText, hashText, type SnapshotDocument } from "@colophon/kernel";
import { trace } from "@opentelemetry/api";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { shadowing } from "../shadow.ts";
import { type OtlpEndpoint, startOtlpEndpoint } from "../telemetry/otlp-endpoint.fixture.ts";
import { testHarness } from "../testing.ts";

const KEY = "shadow.telemetry";
const triage = definePrompt({
  key: KEY,
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "1 {{ticket}}",
});
const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const TEXTS = ["1", "2"].map((word) => buildText({ body: `${word} {{ticket}}`, model: "gpt-5-mini", input }));
const HASHES = TEXTS.map(hashText);
const shadow = { rollout: "r", version: 2, rate: 1, concurrency: 1, calls: 10, where: null };
const snapshot: SnapshotDocument = {
  format: 1,
  revision: 1,
  at: 0,
  environments: ["development"],
  prompts: {
    [KEY]: {
      risk: "medium",
      versions: Object.fromEntries(HASHES.map((hash, at) => [at + 1, { hash, withdrawn: false }])),
      releases: { development: { version: 1, model: null, inherited: null, plan: null, shadow } },
      overrides: [],
    },
  },
  texts: Object.fromEntries(TEXTS.map((text, at) => [HASHES[at], text])),
};

let endpoint: OtlpEndpoint | undefined;
afterEach(() => endpoint?.stop());

it("a repeat is a span of its own, under the live call's and marked as shadow", async () => {
  endpoint = await startOtlpEndpoint();
  endpoint.register();
  const colophon = testHarness({ prompts: [triage], snapshot, shadow: shadowing() });
  await trace.getTracer("application").startActiveSpan("request", async (span) => {
    await colophon.resolve(triage).record({ ticket: "T" }, async (p) => p.text);
    span.end();
  });
  while (colophon.executions().length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const [live, repeat] = colophon.executions();
  const spans = await endpoint.spans();
  const request = spans.find(({ name }) => name === "request");
  const calls = spans.filter(({ scope }) => scope === "colophon");
  expect(calls.map(({ trace: its }) => its)).toEqual([request?.trace, request?.trace]);
  expect(calls).toMatchObject([
    {
      span: live?.span,
      parent: request?.span,
      attributes: { "colophon.lane": "live", "colophon.purpose": "serve" },
    },
    {
      span: repeat?.span,
      parent: live?.span,
      attributes: {
        "colophon.lane": "shadow",
        "colophon.purpose": "shadow",
        "colophon.version": 2,
        "colophon.parent.id": live?.id,
      },
    },
  ]);
  expect(repeat).toMatchObject({ trace: live?.trace, parent: live?.id, step: live?.step });
  await colophon.close();
});
