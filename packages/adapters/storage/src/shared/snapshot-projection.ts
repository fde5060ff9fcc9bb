/** What a snapshot source knows of the registry: the state up to a revision, and what resolvers were told of it. */
import {
  applyRecord,
  emptyRegistryState,
  overrideScope,
  type PromptState,
  type Pseudonym,
  pinnedPartials,
  projectPrompt,
  type RegistryRecord,
  type Revision,
  type SnapshotChange,
  type SnapshotPrompt,
  textsNeeded,
  type VersionText,
} from "@colophon/kernel";

export interface WantedVersion {
  readonly key: string;
  readonly version: number;
}

/** Versions asked for by number, by key; grows by the partials that texts pin. */
export type Pins = Map<string, Set<number>>;

/** Notes a pin; false when it was known. */
export function addPin(pins: Pins, key: string, version: number): boolean {
  const wanted = pins.get(key) ?? new Set<number>();
  if (wanted.has(version)) return false;
  pins.set(key, wanted.add(version));
  return true;
}

/** Forgets a pin. */
export function removePin(pins: Pins, { key, version }: WantedVersion): void {
  const wanted = pins.get(key);
  wanted?.delete(version);
  if (wanted?.size === 0) pins.delete(key);
}

/** What a description has to read beside the state. */
export interface SnapshotReads {
  /** The plain id of a subject; undefined when it was erased. */
  reveal(subject: Pseudonym): string | undefined;
  texts(hashes: readonly string[]): ReadonlyMap<string, VersionText>;
}

export interface SnapshotProjectionParts {
  readonly pins: Pins;
  /** Told whom an erasure was about. */
  readonly erased: (subject: Pseudonym) => void;
}

export class SnapshotProjection {
  readonly #parts: SnapshotProjectionParts;
  readonly #state = emptyRegistryState();
  readonly #sentTexts = new Set<string>();

  constructor(parts: SnapshotProjectionParts) {
    this.#parts = parts;
  }

  get revision(): Revision {
    return this.#state.revision;
  }

  /** The keys of all prompts. */
  get keys(): Iterable<string> {
    return this.#state.prompts.keys();
  }

  /** Whether the registry has this version. */
  has({ key, version }: WantedVersion): boolean {
    return this.#state.prompts.get(key)?.versions.has(version) === true;
  }

  /** Applies the next records and names the prompts whose entry they may change. */
  apply(records: Iterable<RegistryRecord>): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const record of records) for (const key of this.#apply(record)) touched.add(key);
    return touched;
  }

  /**
   * The prompts of these keys and those that their texts pin as partials, with the texts not sent yet.
   * Says the same again until it is told that it was sent.
   */
  describe(keys: Iterable<string>, reads: SnapshotReads): SnapshotChange {
    const prompts: Record<string, SnapshotPrompt> = {};
    const texts: Record<string, VersionText> = {};
    const pending = [...keys];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      const prompt = this.#state.prompts.get(key);
      if (prompt === undefined) continue;
      const projected = this.#project(prompt, reads);
      prompts[key] = projected;
      for (const [hash, text] of this.#newTexts(projected, reads)) {
        texts[hash] = text;
        for (const { name, version } of pinnedPartials(text)) {
          if (addPin(this.#parts.pins, name, version)) pending.push(name);
        }
      }
    }
    const { revision, at, environments } = this.#state;
    return { revision, at, environments: [...environments.keys()], prompts, texts };
  }

  /** From now on these texts are known to who listens. */
  sent({ texts }: Pick<SnapshotChange, "texts">): void {
    for (const hash of Object.keys(texts)) this.#sentTexts.add(hash);
  }

  #project(prompt: PromptState, { reveal }: SnapshotReads): SnapshotPrompt {
    return projectPrompt(this.#state, prompt, { reveal, pins: this.#parts.pins.get(prompt.key) ?? [] });
  }

  #newTexts(prompt: SnapshotPrompt, { texts }: SnapshotReads): ReadonlyMap<string, VersionText> {
    return texts([...textsNeeded([prompt])].filter((hash) => !this.#sentTexts.has(hash)));
  }

  #apply(record: RegistryRecord): Iterable<string> {
    const key = applyRecord(this.#state, record);
    switch (record.kind) {
      case "environment":
        return this.#state.prompts.keys();
      case "erasure":
        this.#parts.erased(record.data.subject);
        return this.#promptsNaming(overrideScope(record.data.kind, record.data.subject));
      default:
        return key === null ? [] : [key];
    }
  }

  #promptsNaming(scope: string): readonly string[] {
    const prompts = [...this.#state.prompts.values()];
    return prompts
      .filter(({ overrides, rollouts }) => overrides.has(scope) || rollouts.size > 0)
      .map(({ key }) => key);
  }
}
