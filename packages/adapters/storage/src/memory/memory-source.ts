/** Feeds resolvers from a memory store: the whole registry at once, then each change as it is appended. */
import {
  projectPrompt,
  type RegistryRecord,
  type SnapshotChange,
  type SnapshotListener,
  type SnapshotPrompt,
  type SnapshotSource,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";
import { recordKey } from "../shared/record-rules.ts";
import { findText } from "./memory-records.ts";
import type { MemoryState } from "./memory-state.ts";
import { revealSubject } from "./memory-subjects.ts";

/** Serves one resolver. */
export function createMemorySource(state: MemoryState): SnapshotSource {
  const pins = new Map<string, Set<number>>();
  const sentTexts = new Set<string>();
  let listener: SnapshotListener | undefined;

  const describe = (keys: Iterable<string>): SnapshotChange => {
    const { registry } = state;
    const prompts: Record<string, SnapshotPrompt> = {};
    for (const key of keys) {
      const prompt = registry.prompts.get(key);
      if (prompt === undefined) continue;
      const reveal = (subject: Parameters<typeof revealSubject>[1]) => revealSubject(state, subject);
      prompts[key] = projectPrompt(registry, prompt, { reveal, pins: pins.get(key) ?? [] });
    }
    const texts: Record<string, VersionText> = {};
    for (const hash of textsNeeded(Object.values(prompts))) {
      const text = sentTexts.has(hash) ? undefined : findText(state, hash);
      if (text === undefined) continue;
      texts[hash] = text;
      sentTexts.add(hash);
    }
    const environments = [...registry.environments.keys()];
    return { revision: registry.revision, at: registry.at, environments, prompts, texts };
  };

  const watch = (records: readonly RegistryRecord[]): void => {
    listener?.onChange(describe(touchedBy(state, records)));
  };

  return {
    start(started) {
      listener = started;
      sentTexts.clear();
      state.watchers.add(watch);
      started.onSnapshot({ format: 1, ...describe(state.registry.prompts.keys()) });
    },
    want(key, version) {
      const wanted = pins.get(key) ?? new Set();
      if (wanted.has(version)) return;
      pins.set(key, wanted.add(version));
      listener?.onChange(describe([key]));
    },
    async close() {
      listener = undefined;
      state.watchers.delete(watch);
    },
  };
}

/** Keys of the prompts that these records touched; all of them when an environment or a subject changed. */
function touchedBy({ registry }: MemoryState, records: readonly RegistryRecord[]): Iterable<string> {
  const touched = new Set<string>();
  for (const record of records) {
    if (record.kind === "environment" || record.kind === "erasure") return registry.prompts.keys();
    const key = recordKey(record);
    if (key !== null) touched.add(key);
  }
  return touched;
}
