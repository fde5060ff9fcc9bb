/** A log in memory for tests: takes decisions, stamps their records, keeps the state and the texts. */
import {
  type Actor,
  applyRecord,
  emptyRegistryState,
  hashText,
  type RecordDecision,
  type RecordDraft,
  type RegistryRecord,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";

export const BY: Actor = { id: "ada", via: "cli" };

export class RegistryLog {
  readonly records: RegistryRecord[] = [];
  readonly texts = new Map<string, VersionText>();
  readonly state: RegistryState = emptyRegistryState();
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
    const { drafts, texts = [], result } = decide(this.state);
    for (const draft of drafts) this.write(draft);
    for (const text of texts) this.texts.set(hashText(text), text);
    return result;
  }
}
