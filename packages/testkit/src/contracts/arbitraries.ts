/** Arbitrary rows and records, for properties over everything a store may be given. */
import {
  type CapturedContents,
  CONSIDERED_OUTCOMES,
  ERROR_CODES,
  type ExecutionDraft,
  type ExecutionId,
  LANES,
  type Pseudonym,
  PURPOSES,
  REASONS,
  type RecordDraft,
  RISKS,
  ROLLOUT_STATES,
  SUBJECT_KINDS,
  TIERS,
} from "@colophon/kernel";
import fc from "fast-check";
import { aText } from "../builders/a-text.ts";
import {
  aMetadataDraft,
  anEnvironmentDraft,
  anOverrideDraft,
  aReleaseDraft,
  aRolloutDraft,
  aVersionDraft,
  aWithdrawalDraft,
} from "../builders/record-drafts.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom("", "it's", 'a "b" \\ c', "{{x}}", "line\nline", "ß🙂"),
);
const count = fc.nat({ max: 2 ** 40 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: digits,
    maxLength: digits,
  });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const id = fc.uuid({ version: 7 }) as unknown as fc.Arbitrary<ExecutionId>;

const considered = fc.record(
  {
    tier: fc.constantFrom(...TIERS, "pin" as const),
    outcome: fc.constantFrom(...CONSIDERED_OUTCOMES),
    reason: text,
    version: fc.nat(),
  },
  { requiredKeys: ["tier", "outcome"] },
);

const part = fc.record(
  {
    kind: fc.constantFrom("partial" as const, "bound" as const, "media" as const),
    name: text,
    version: maybe(fc.nat()),
    hash: hex(64),
    choice: text,
  },
  { requiredKeys: ["kind", "name", "version", "hash"] },
);

/** A few names, so that rows share them, and now and then another. */
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("ada", "bob") },
  { weight: 1, arbitrary: text },
);

const contents: fc.Arbitrary<CapturedContents> = fc.record({
  inputDigest: maybe(hex(64)),
  outputDigest: maybe(hex(64)),
  variables: maybe(text),
  output: maybe(text),
  days: maybe(fc.integer({ min: 1, max: 90 })),
});

/** Every field of a row but its id. */
export function anyExecutionFields(): fc.Arbitrary<Omit<ExecutionDraft, "id">> {
  return fc.record({
    prompt: fc.oneof(fc.constantFrom("support.triage", "support.reply"), text),
    version: maybe(fc.nat()),
    hash: hex(64),
    caller: hex(64),
    environment: fc.constantFrom("development", "production", "preview"),
    lane: maybe(fc.constantFrom(...LANES)),
    tier: maybe(fc.constantFrom(...TIERS)),
    reason: fc.constantFrom(...REASONS),
    errorCode: maybe(fc.constantFrom(...ERROR_CODES)),
    considered: fc.array(considered, { maxLength: 4 }),
    stale: fc.boolean(),
    revision: maybe(fc.nat()),
    assignment: maybe(fc.record({ salt: text, draw: share, probability: share })),
    purpose: fc.constantFrom(...PURPOSES),
    trace: maybe(hex(32)),
    span: maybe(hex(16)),
    parent: maybe(id),
    step: maybe(fc.nat()),
    attempt: fc.integer({ min: 1, max: 1000 }),
    fallbackOf: maybe(id),
    requestedModel: text,
    answeringModel: maybe(text),
    provider: text,
    host: maybe(text),
    systemFingerprint: maybe(text),
    tokens: fc.record({
      input: maybe(count),
      output: maybe(count),
      reasoning: maybe(count),
      cacheRead: maybe(count),
      cacheWrite: maybe(count),
    }),
    latency: count,
    firstToken: maybe(count),
    status: fc.constantFrom("ok" as const, "error" as const, "aborted" as const),
    error: maybe(text),
    finishReason: maybe(text),
    toolCalls: maybe(fc.array(text, { maxLength: 6 })),
    schemaOk: maybe(fc.boolean()),
    refused: maybe(fc.boolean()),
    outputLength: maybe(count),
    locale: maybe(text),
    parts: fc.array(part, { maxLength: 3 }),
    renderedHash: maybe(hex(32)),
    statedCost: maybe(
      fc.record({
        amount: fc.double({ min: 0, max: 1e5, noNaN: true }),
        currency: fc.constantFrom("EUR", "USD"),
      }),
    ),
    priceTable: maybe(hex(64)),
    subjects: fc.record({
      user: maybe(name),
      tenant: maybe(name),
      document: maybe(name),
      documentType: maybe(name),
      session: maybe(name),
    }),
    contents: maybe(contents),
  });
}

const key = fc.constantFrom("support.triage", "support.reply", "shared.tone");
const version = fc.integer({ min: 1, max: 4 });
const environment = fc.constantFrom("development", "production", "preview");
const pseudonym = fc.constantFrom("a", "b").map((letter) => letter.repeat(32) as Pseudonym);

/** A record of one of the kinds that make up what is served, about few prompts, so that they meet. */
export function anyRecordDraft(): fc.Arbitrary<RecordDraft> {
  return fc.oneof(
    fc.record({ name: environment, inherits: maybe(environment) }).map(anEnvironmentDraft),
    fc
      .record({ key, purpose: maybe(text), risk: fc.constantFrom(...RISKS), tags: fc.array(text) })
      .map(aMetadataDraft),
    fc.record({ key, version, message: maybe(text) }).map((fields) => aVersionDraft(aText(), fields)),
    fc
      .record({ key, environment, lane: fc.constantFrom(...LANES), version: maybe(version) })
      .map(aReleaseDraft),
    fc.record({ key, version, reason: text }).map(aWithdrawalDraft),
    fc
      .tuple(
        pseudonym,
        fc.record({
          key,
          kind: fc.constantFrom(...SUBJECT_KINDS),
          version: maybe(version),
          environment: maybe(environment),
          expires: maybe(count),
        }),
      )
      .map(([subject, fields]) => anOverrideDraft(subject, fields)),
    fc
      .record({ key, environment, state: fc.constantFrom(...ROLLOUT_STATES), salt: text, control: share })
      .map(aRolloutDraft),
  );
}
