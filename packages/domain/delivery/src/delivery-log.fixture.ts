/** A log in memory for tests: takes decisions, stamps their records, keeps the state and the texts. */
import {
  type Actor,
  applyRecord,
  type EvidenceData,
  emptyRegistryState,
  type GateDemand,
  hashBody,
  hashCaller,
  hashText,
  type JsonSchema,
  type Pseudonym,
  type RecordDecision,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  type ReviewData,
  type ReviewFinding,
  type VersionText,
} from "@colophon/kernel";
import { decideEnvironment } from "./decide-environment.ts";
import { decideOverride, type SetOverrideCommand } from "./decide-override.ts";
import { decideRelease, type ReleaseCommand } from "./decide-release.ts";
import { decideRetire, type RetireCommand } from "./decide-retire.ts";
import { decideRollback, type RollbackCommand } from "./decide-rollback.ts";
import { decideWithdraw } from "./decide-withdraw.ts";
import { liveOf } from "./live.ts";

export const BY: Actor = { id: "ada", via: "cli" };
export const KEY = "support.triage";

export function contract(...names: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  return { type: "object", properties, required: names };
}

export function textOf(body: string, more: Partial<VersionText> = {}): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5-mini" }, input: contract("ticket"), ...more };
}

export function pseudonym(name: string): Pseudonym {
  return name as Pseudonym;
}

/** What a rule finds that no protected release may have. */
export function grave(id = "f1", more: Partial<ReviewFinding> = {}): ReviewFinding {
  const words = { message: "A key stands in the text.", advice: "Take it out." };
  return { id, rule: "secret", severity: "high", place: "body, line 2", ...words, ...more };
}

export class DeliveryLog {
  readonly records: RegistryRecord[] = [];
  readonly texts = new Map<string, VersionText>();
  readonly state: RegistryState = emptyRegistryState();
  /** Reviews that found something; every version has one that found nothing before. */
  readonly found: ReviewData[] = [];
  now = 1_000;

  constructor() {
    for (const name of ["development", "staging", "production"]) {
      const gate = name === "production" ? "with-eval-set" : "never";
      this.write({
        kind: "environment",
        by: BY,
        data: { name, inherits: null, gate, approvals: 0, modes: null },
      });
    }
  }

  write(draft: RecordDraft): void {
    this.now += 1_000;
    const record = { ...draft, revision: this.records.length + 1, at: this.now } as RegistryRecord;
    this.records.push(record);
    applyRecord(this.state, record);
  }

  append<T>(decide: (state: RegistryState) => RecordDecision<T>): T {
    const { drafts, result } = decide(this.state);
    for (const draft of drafts) this.write(draft);
    return result;
  }

  /** Registers the next version of a prompt. */
  version(text: VersionText | string, key = KEY): number {
    const whole = typeof text === "string" ? textOf(text) : text;
    const hash = hashText(whole);
    const version = (this.state.prompts.get(key)?.versions.size ?? 0) + 1;
    this.texts.set(hash, whole);
    const made = { author: "ada", message: null, parent: null, source: "file", commit: null } as const;
    this.write({ kind: "version", by: BY, data: { key, version, hash, bodyHash: hashBody(whole), ...made } });
    return version;
  }

  versions(count: number): void {
    for (let number = 1; number <= count; number++) this.version(`v${number} {{ticket}}`);
  }

  /** The code of an environment declares what it passes. */
  declare(
    environment: string,
    more: {
      readonly key?: string;
      readonly text?: VersionText;
      readonly input?: JsonSchema;
      readonly application?: string | null;
    } = {},
  ): void {
    const { key = KEY, text = textOf("in code {{ticket}}"), input = text.input, application = null } = more;
    const hash = hashText(text);
    this.texts.set(hash, text);
    const calls = { input, providers: ["openai"], tools: [] };
    const data = {
      key,
      environment,
      application,
      hash,
      bodyHash: hashBody(text),
      caller: hashCaller(calls),
      bound: [],
      ...calls,
    };
    this.write({ kind: "declaration", by: BY, data });
  }

  /** Evidence that a version may ship: for every environment, against what is live in production. */
  evidence(version: number, more: Partial<EvidenceData> = {}): EvidenceData {
    const prompt = this.state.prompts.get(KEY);
    const live = prompt === undefined ? undefined : liveOf(this.state, KEY, "production");
    return {
      id: `e${version}`,
      key: KEY,
      challenger: `v${version}`,
      hash: prompt?.versions.get(version)?.hash ?? "",
      model: null,
      baseline: live === undefined ? null : `v${live.version}`,
      anchor: null,
      environment: null,
      evalSet: { name: prompt?.metadata?.evalSet ?? "tickets", version: 1, hash: "h", split: "test" },
      judges: [],
      verdict: "ship",
      mode: "noninferiority",
      runs: [],
      difference: null,
      anchorDifference: null,
      margin: 0.02,
      alpha: 0.05,
      method: null,
      ratchet: null,
      vetoes: [],
      reasons: [],
      casesNeeded: null,
      testLooks: 1,
      document: "d",
      ...more,
    };
  }

  /** A review of a version that found so much. */
  review(
    version: number,
    findings: readonly ReviewFinding[] = [],
    more: Partial<ReviewData> = {},
  ): ReviewData {
    const hash = this.state.prompts.get(more.key ?? KEY)?.versions.get(version)?.hash ?? "";
    return {
      id: `w${version}`,
      key: KEY,
      version,
      hash,
      rules: 1,
      policy: null,
      judge: null,
      findings,
      suppressions: [],
      ...more,
    };
  }

  /** Of every version of every prompt, oldest first, as a harness sees to it. */
  reviews(): readonly ReviewData[] {
    const clean = [...this.state.prompts.values()].flatMap(({ key, versions }) =>
      [...versions.keys()].map((version) => this.review(version, [], { key })),
    );
    return [...clean, ...this.found];
  }

  evalSet(evalSet: string | null): void {
    const none = { purpose: null, owner: null, risk: "medium", tags: [], backup: [], routes: {} } as const;
    this.write({ kind: "metadata", by: BY, data: { key: KEY, evalSet, ...none } });
  }

  add(name: string, inherits: string | null = null) {
    return this.append((state) => decideEnvironment(state, { action: "add", name, inherits, by: BY }));
  }

  protect(
    name: string,
    gate: GateDemand = "always",
    more: { readonly approvals?: number; readonly modes?: readonly string[] } = {},
  ) {
    return this.append((state) =>
      decideEnvironment(state, { action: "protect", name, gate, by: BY, ...more }),
    );
  }

  release(version: number | null, environment: string, more: Partial<ReleaseCommand> = {}) {
    const whole = {
      key: KEY,
      version,
      environment,
      reason: "better",
      by: BY,
      now: this.now,
      texts: this.texts,
      reviews: this.reviews(),
    };
    return this.append((state) => decideRelease(state, { ...whole, ...more }));
  }

  rollback(environment: string, more: Partial<RollbackCommand> = {}) {
    const whole = { key: KEY, environment, reason: "worse", by: BY, now: this.now, texts: this.texts };
    return this.append((state) => decideRollback(state, { ...whole, ...more }));
  }

  retire(application: string | null, environment: string, more: Partial<RetireCommand> = {}) {
    const whole = { application, environment, key: null, reason: "gone", by: BY };
    return this.append((state) => decideRetire(state, { ...whole, ...more }));
  }

  withdraw(version: number, reason = "rude") {
    return this.append((state) =>
      decideWithdraw(state, { key: KEY, version, reason, by: BY, now: this.now }),
    );
  }

  override(version: number, more: Partial<SetOverrideCommand> = {}) {
    const who = { kind: "user", subject: pseudonym("ada"), environment: null } as const;
    const whole = {
      action: "set",
      key: KEY,
      version,
      expires: null,
      by: BY,
      now: this.now,
      texts: this.texts,
      reviews: this.reviews(),
    } as const;
    return this.append((state) => decideOverride(state, { ...whole, ...who, ...more }));
  }

  clear(
    more: {
      readonly kind?: "user" | "tenant";
      readonly subject?: Pseudonym;
      readonly environment?: string | null;
    } = {},
  ) {
    const who = { kind: "user", subject: pseudonym("ada"), environment: null } as const;
    return this.append((state) =>
      decideOverride(state, { action: "clear", key: KEY, by: BY, ...who, ...more }),
    );
  }

  /** Empties the live lane of an environment. */
  empty(environment: string): void {
    const nothing = {
      model: null,
      fingerprint: null,
      evidence: [],
      breakGlass: null,
      rollbackFrom: null,
      set: null,
    };
    const data = {
      key: KEY,
      environment,
      lane: "live",
      version: null,
      reason: "stopped",
      ...nothing,
    } as const;
    this.write({ kind: "release", by: BY, data });
  }

  /** What is live by the log: releases of the version numbers in order. */
  releases(environment: string): readonly (number | null)[] {
    return (this.state.prompts.get(KEY)?.releases ?? [])
      .filter((entry) => entry.environment === environment)
      .map((entry) => entry.version);
  }
}
