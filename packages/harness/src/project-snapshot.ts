/** Makes snapshots out of the registry: of everything, or of one prompt and the partials it needs. */
import {
  bodiesOf,
  type LogPoint,
  type Pseudonym,
  projectPrompt,
  type RegistryState,
  type Reveal,
  type SnapshotDocument,
  type SnapshotPrompt,
  templatePartials,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "./harness.ts";

/** What a snapshot is made of, before anything is loaded. */
export interface SnapshotRequest {
  /** All prompts when absent. */
  readonly key?: string;
  /** The end of the log when absent. */
  readonly point?: LogPoint;
  /** Plain ids of pseudonyms; all that are known when absent. */
  readonly reveal?: Reveal;
  /** Versions that are asked for by number, by key. */
  readonly pins?: ReadonlyMap<string, number>;
  /** A text that is served without being a version. */
  readonly extra?: VersionText;
  /** The state of `key` at `point`, where it was read already. */
  readonly state?: RegistryState;
}

export interface ProjectedSnapshot {
  readonly document: SnapshotDocument;
  /** The registry's state behind it, by key; every key has the same environments. */
  readonly states: ReadonlyMap<string, RegistryState>;
}

/** The snapshot with every text that it may serve, pinned and unpinned partials included. */
export async function projectSnapshot(
  harness: Harness,
  request: SnapshotRequest,
): Promise<ProjectedSnapshot> {
  return new Projection(harness, request).run();
}

class Projection {
  readonly #harness: Harness;
  readonly #request: SnapshotRequest;
  readonly #states = new Map<string, RegistryState>();
  readonly #pins = new Map<string, Set<number>>();
  readonly #prompts = new Map<string, SnapshotPrompt>();
  readonly #texts = new Map<string, VersionText>();
  #whole: RegistryState | undefined;

  constructor(harness: Harness, request: SnapshotRequest) {
    this.#harness = harness;
    this.#request = request;
    for (const [key, version] of request.pins ?? []) this.#pins.set(key, new Set([version]));
  }

  async run(): Promise<ProjectedSnapshot> {
    const { key, extra, state } = this.#request;
    const base = state ?? (await this.#load(key));
    if (key !== undefined) this.#states.set(key, base);
    const pending = new Set(key === undefined ? base.prompts.keys() : [key]);
    for (const name of partialsOf(extra, this.#pins)) pending.add(name);
    // Texts name partials, whose texts name others: goes on until nothing new is asked for.
    while (pending.size > 0) {
      const keys = [...pending];
      pending.clear();
      for (const name of keys) await this.#project(name);
      for (const text of await this.#loadTexts(keys)) {
        for (const name of partialsOf(text, this.#pins)) if (this.#isOpen(name)) pending.add(name);
      }
    }
    return { document: this.#document(base), states: this.#states };
  }

  #document(base: RegistryState): SnapshotDocument {
    return {
      format: 1,
      revision: base.revision,
      at: base.at,
      environments: [...base.environments.keys()],
      prompts: Object.fromEntries(this.#prompts),
      texts: Object.fromEntries(this.#texts),
    };
  }

  /** Not projected yet, or without a version that a partial pins. */
  #isOpen(key: string): boolean {
    const known = this.#prompts.get(key);
    if (known === undefined) return this.#states.get(key)?.prompts.has(key) ?? true;
    const there = this.#states.get(key)?.prompts.get(key)?.versions;
    return [...(this.#pins.get(key) ?? [])].some(
      (pin) => known.versions[pin] === undefined && there?.has(pin),
    );
  }

  async #load(key: string | undefined): Promise<RegistryState> {
    const { point } = this.#request;
    const { records } = this.#harness;
    if (key !== undefined && point !== undefined) return records.stateAt(point, key);
    this.#whole ??= point === undefined ? await records.state() : await records.stateAt(point);
    return this.#whole;
  }

  async #project(key: string): Promise<void> {
    const state = this.#states.get(key) ?? (await this.#load(key));
    this.#states.set(key, state);
    const prompt = state.prompts.get(key);
    if (prompt === undefined) return;
    const reveal = this.#request.reveal ?? (await this.#revealOf(state, key));
    this.#prompts.set(key, projectPrompt(state, prompt, { reveal, pins: this.#pins.get(key) }));
  }

  async #revealOf(state: RegistryState, key: string): Promise<Reveal> {
    const pseudonyms = new Set<Pseudonym>();
    const prompt = state.prompts.get(key);
    for (const [entry] of prompt?.overrides.values() ?? [])
      if (entry !== undefined) pseudonyms.add(entry.subject);
    for (const { where } of prompt?.rollouts.values() ?? [])
      if (where?.tenant !== undefined) pseudonyms.add(where.tenant);
    const plain = await this.#harness.records.listSubjects(pseudonyms);
    return (subject) => plain.get(subject);
  }

  async #loadTexts(keys: readonly string[]): Promise<readonly VersionText[]> {
    const prompts = keys.flatMap((key) => this.#prompts.get(key) ?? []);
    const wanted = [...textsNeeded(prompts)].filter((hash) => !this.#texts.has(hash));
    const loaded = await this.#harness.records.listTexts(wanted);
    for (const [hash, text] of loaded) this.#texts.set(hash, text);
    return [...loaded.values()];
  }
}

/** Names of the partials of a text; pinned ones are noted with their numbers. */
function partialsOf(text: VersionText | undefined, pins: Map<string, Set<number>>): readonly string[] {
  if (text === undefined) return [];
  return bodiesOf(text).flatMap((body) =>
    templatePartials(body).map(({ name, version }) => {
      if (version !== null) pins.set(name, (pins.get(name) ?? new Set()).add(version));
      return name;
    }),
  );
}
