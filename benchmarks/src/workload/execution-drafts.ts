/** Rows on their way to the ledger, as 20 prompts of 5 versions in a busy product leave them. */
import {
  createIdSource,
  type ExecutionDraft,
  type ExecutionId,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import { type Seeded, seeded } from "../measure/seeded.ts";
import { callContexts } from "./call-context.ts";
import { ENVIRONMENT, MODEL, promptKey } from "./prompt-registry.ts";

export const LEDGER_PROMPTS = 20;
export const LEDGER_VERSIONS = 5;

const CONSIDERED: ExecutionDraft["considered"] = [
  { tier: "document", outcome: "absent" },
  { tier: "user", outcome: "absent" },
  { tier: "environment", outcome: "chosen" },
];

/** What rows share, made once. */
type Always = Pick<
  ExecutionDraft,
  "environment" | "lane" | "tier" | "reason" | "errorCode" | "considered" | "stale"
> &
  Pick<
    ExecutionDraft,
    "assignment" | "purpose" | "parent" | "step" | "attempt" | "fallbackOf" | "requestedModel"
  > &
  Pick<
    ExecutionDraft,
    "answeringModel" | "provider" | "host" | "systemFingerprint" | "firstToken" | "status"
  > &
  Pick<ExecutionDraft, "error" | "finishReason" | "toolCalls" | "schemaOk" | "refused" | "locale" | "parts"> &
  Pick<ExecutionDraft, "statedCost" | "priceTable">;

const ALWAYS: Always = {
  environment: ENVIRONMENT,
  lane: "live",
  tier: "environment",
  reason: "live",
  errorCode: null,
  considered: CONSIDERED,
  stale: false,
  assignment: null,
  purpose: "serve",
  parent: null,
  step: null,
  attempt: 1,
  fallbackOf: null,
  requestedModel: MODEL,
  answeringModel: "gpt-5-mini-2025-08-07",
  provider: "openai",
  host: null,
  systemFingerprint: "fp_44709d6fcb",
  firstToken: null,
  status: "ok",
  error: null,
  finishReason: "stop",
  toolCalls: [],
  schemaOk: true,
  refused: false,
  locale: null,
  parts: [],
  statedCost: null,
  priceTable: null,
};

function contents(random: Seeded): ExecutionDraft["contents"] {
  const digests = { inputDigest: random.hex(32), outputDigest: random.hex(32) };
  return { ...digests, variables: null, output: null, days: null };
}

/** Makes rows one after the other; with capture of hashes, or of nothing as is the default. */
export function executionDrafts(seed: number, capture: "none" | "hash"): () => ExecutionDraft {
  const random: Seeded = seeded(seed);
  const ids = createIdSource({ clock: systemClock, random: systemRandom });
  const contexts = callContexts(seed + 1);
  const hashes = Array.from({ length: LEDGER_PROMPTS * LEDGER_VERSIONS }, () => random.hex(32));
  const callers = Array.from({ length: LEDGER_PROMPTS }, () => random.hex(32));
  return () => {
    const prompt = random.below(LEDGER_PROMPTS);
    const version = random.below(LEDGER_VERSIONS);
    const { user = null, document = null, session = null, trace = null, span = null } = contexts();
    return {
      ...ALWAYS,
      id: ids.next() as ExecutionId,
      prompt: promptKey("ledger", prompt),
      version: version + 1,
      hash: hashes[prompt * LEDGER_VERSIONS + version] as string,
      caller: callers[prompt] as string,
      revision: 240 + version,
      trace,
      span,
      tokens: {
        input: 800 + random.below(500),
        output: random.below(300),
        reasoning: 0,
        cacheRead: 768,
        cacheWrite: null,
      },
      latency: 300 + random.below(4000),
      outputLength: 20 + random.below(900),
      renderedHash: capture === "none" ? null : random.hex(16),
      subjects: { user, tenant: null, document, documentType: null, session },
      contents: capture === "none" ? null : contents(random),
    };
  };
}
