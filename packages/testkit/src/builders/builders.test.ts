/** Tests of the builders: what they build is what the kernel takes. */
import {
  checkOutcome,
  compileBody,
  hashBody,
  hashText,
  projectRecords,
  type RegistryRecord,
} from "@colophon/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyExecutionFields, anyRecordDraft } from "../contracts/arbitraries.ts";
import { fixedClock } from "../fixed-clock.ts";
import { seededIds } from "../seeded-ids.ts";
import { aText } from "./a-text.ts";
import { anExecution } from "./an-execution.ts";
import { anOutcome } from "./an-outcome.ts";
import { aReleaseDraft, aVersionDraft } from "./record-drafts.ts";

const ids = seededIds({ clock: fixedClock(), seed: "builders" });

test("builds a text that renders, and replaces its body by the one given", () => {
  expect(compileBody(aText().body).render({ ticket: "I was charged twice" })).toMatchObject([
    { content: expect.stringContaining("I was charged twice") },
  ]);
  const chat = aText({ messages: [{ role: "user", content: "{{ticket}}" }] });
  expect(chat.body).toEqual([{ role: "user", content: "{{ticket}}" }]);
});

test("names a version and its row by the hashes of its text", () => {
  const text = aText({ body: "Another. {{ticket}}" });
  expect(aVersionDraft(text).data).toMatchObject({ hash: hashText(text), bodyHash: hashBody(text) });
  expect(anExecution(ids).hash).toBe(hashText(aText()));
});

test("lets a test name some subjects and leaves the others out", () => {
  expect(anExecution(ids, { subjects: { user: "ada" } }).subjects).toEqual({
    user: "ada",
    tenant: null,
    document: null,
    documentType: null,
    session: null,
  });
});

test("gives every row and outcome an id of its own, unless one is given", () => {
  const row = anExecution(ids);
  expect(anExecution(ids).id).not.toBe(row.id);
  expect(anExecution(ids, { id: row.id }).id).toBe(row.id);
  const outcome = anOutcome(ids, row.id);
  expect(outcome.execution).toBe(row.id);
  checkOutcome(outcome);
});

test("builds records that add up to a released version", () => {
  const drafts = [aVersionDraft(), aReleaseDraft()];
  const records = drafts.map((draft, at) => ({ ...draft, revision: at + 1, at }) as RegistryRecord);
  const prompt = projectRecords(records).prompts.get("support.triage");
  expect(prompt?.releases).toMatchObject([{ environment: "production", version: 1 }]);
  expect(prompt?.versions.get(1)?.hash).toBe(hashText(aText()));
});

test("has arbitrary rows and records that JSON can hold", () => {
  fc.assert(
    fc.property(anyExecutionFields(), anyRecordDraft(), (fields, draft) => {
      expect(JSON.parse(JSON.stringify([fields, draft]))).toEqual([fields, draft]);
    }),
  );
});
