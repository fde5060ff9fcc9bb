/** Finds overrides by their subject in plain words, prompt by prompt. */
import type { SnapshotOverride, SnapshotPrompt, Subject } from "@colophon/kernel";
import { overridesIn } from "./environment-cut.ts";

type BySubject = ReadonlyMap<string, readonly SnapshotOverride[]>;

export class OverrideIndex {
  readonly #prompts = new Map<string, SnapshotPrompt>();
  /** Made when a prompt is first asked about, and again when its entry has changed. */
  readonly #made = new WeakMap<SnapshotPrompt, BySubject>();

  put(key: string, prompt: SnapshotPrompt): void {
    if (prompt.overrides.length === 0) this.#prompts.delete(key);
    else this.#prompts.set(key, prompt);
  }

  clear(): void {
    this.#prompts.clear();
  }

  /** By prompt, newest first; prompts without any are left out. */
  find(subjects: readonly Subject[], environment: string): Record<string, readonly SnapshotOverride[]> {
    const found: [string, readonly SnapshotOverride[]][] = [];
    const names = new Set(subjects.map(({ kind, value }) => nameOf(kind, value)));
    for (const [key, prompt] of this.#prompts) {
      const bySubject = this.#indexOf(prompt);
      const overrides = overridesIn(
        [...names].flatMap((name) => bySubject.get(name) ?? []),
        environment,
      );
      if (overrides.length > 0) found.push([key, overrides]);
    }
    return Object.fromEntries(found);
  }

  #indexOf(prompt: SnapshotPrompt): BySubject {
    const made = this.#made.get(prompt);
    if (made !== undefined) return made;
    const bySubject = new Map<string, SnapshotOverride[]>();
    for (const override of prompt.overrides) {
      const name = nameOf(override.kind, override.subject);
      const others = bySubject.get(name);
      if (others === undefined) bySubject.set(name, [override]);
      else others.push(override);
    }
    this.#made.set(prompt, bySubject);
    return bySubject;
  }
}

/** Kinds are words without a colon. */
function nameOf(kind: string, value: string): string {
  return `${kind}:${value}`;
}
