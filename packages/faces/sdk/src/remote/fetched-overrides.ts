/** Overrides of an environment that has too many for its snapshot: fetched by subject, ahead of the calls. */
import {
  type Clock,
  type SnapshotDocument,
  type SnapshotOverride,
  SUBJECT_KINDS,
  type SubjectKind,
} from "@colophon/kernel";
import type { FindOverride, ResolveContext } from "@colophon/runtime";
import type { ServerCalls } from "./server-calls.ts";

export interface FetchedOverridesParts {
  readonly calls: ServerCalls;
  readonly environment: string;
  readonly clock: Clock;
  readonly onNotice: (message: string) => void;
  /** Subjects that are kept; 10,000 unless given. */
  readonly most?: number;
}

/** What `POST /overrides/find` answers. */
interface FoundOverrides {
  readonly overrides: Readonly<Record<string, readonly SnapshotOverride[]>>;
  readonly revision: number;
}

interface Subject {
  readonly kind: SubjectKind;
  readonly value: string;
}

/** What is known of one subject; without any override it is known too. */
interface Known {
  readonly byPrompt: ReadonlyMap<string, readonly SnapshotOverride[]>;
  readonly revision: number;
  /** When the registry went on beyond that revision, on this process's own clock; undefined while it has not. */
  overtakenAt: number | undefined;
}

/** Characters of a subject that a server looks for. */
const LONGEST_SUBJECT = 1_000;
const MOST_KEPT = 10_000;
/** Subjects of one question. */
const MOST_ASKED = 100;
/** Milliseconds that `prefetch` waits at most. */
const FETCH_MS = 2_000;
/**
 * Milliseconds that what was fetched goes on to count after a change, for calls whose prefetch came just
 * before it. After that nobody knows whether it still holds.
 */
const GRACE_MS = 10_000;

export class FetchedOverrides {
  readonly #parts: FetchedOverridesParts;
  /** By kind and subject, least recently fetched first. */
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<void>>();
  #gathering: Subject[] = [];
  #gathered: Promise<void> | undefined;
  #isOn = false;
  #revision = 0;
  #isSaid = false;

  constructor(parts: FetchedOverridesParts) {
    this.#parts = parts;
  }

  /** Told of each document that is served from now on. */
  served({ overrides, revision }: SnapshotDocument): void {
    this.#isOn = overrides === "fetched";
    if (revision === this.#revision) return;
    // Of a store that was put back what was fetched before says nothing.
    if (!this.#isOn || revision < this.#revision) this.#known.clear();
    this.#revision = revision;
    const now = performance.now();
    for (const known of this.#known.values()) if (known.revision < revision) known.overtakenAt ??= now;
  }

  readonly find: FindOverride = (key, kind, subject) => {
    const known = this.#known.get(nameOf({ kind, value: subject }));
    if (known === undefined || this.#isOver(known)) return undefined;
    return known.byPrompt.get(key) ?? [];
  };

  /** Never rejects: what could not be fetched stays unknown, and resolutions say so. */
  async prefetch(context: ResolveContext): Promise<void> {
    if (!this.#isOn) return;
    const subjects = SUBJECT_KINDS.flatMap((kind): readonly Subject[] => {
      const value: unknown = context[kind];
      const text = value === undefined || value === null ? "" : String(value);
      // Nobody is called so; a server would refuse the others along with it.
      return text === "" || text.length > LONGEST_SUBJECT ? [] : [{ kind, value: text }];
    });
    await Promise.all(subjects.map((subject) => this.#fetch(subject)));
  }

  #isOver({ overtakenAt }: Known): boolean {
    return overtakenAt !== undefined && performance.now() - overtakenAt > GRACE_MS;
  }

  #fetch(subject: Subject): Promise<void> | undefined {
    const name = nameOf(subject);
    const known = this.#known.get(name);
    if (known !== undefined && known.revision >= this.#revision) return undefined;
    const asked = this.#asking.get(name);
    if (asked !== undefined) return asked;
    this.#gathering.push(subject);
    // Those that are asked for in one turn travel together.
    this.#gathered ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.#askAll());
    const answered = this.#gathered.finally(() => this.#asking.delete(name));
    this.#asking.set(name, answered);
    return answered;
  }

  async #askAll(): Promise<void> {
    const subjects = this.#gathering;
    this.#gathering = [];
    this.#gathered = undefined;
    for (let at = 0; at < subjects.length; at += MOST_ASKED)
      await this.#ask(subjects.slice(at, at + MOST_ASKED));
  }

  async #ask(subjects: readonly Subject[]): Promise<void> {
    const { calls, environment, onNotice } = this.#parts;
    try {
      const request = { method: "POST", path: "/overrides/find", body: { environment, subjects } } as const;
      const { text } = await calls.call(request, AbortSignal.timeout(FETCH_MS));
      const found = calls.read(text) as FoundOverrides;
      for (const subject of subjects) this.#keep(subject, found);
      this.#isSaid = false;
    } catch (error) {
      if (this.#isSaid) return;
      this.#isSaid = true;
      onNotice(
        `Overrides could not be fetched ahead: ${(error as Error).message} Calls are resolved without them until they are.`,
      );
    }
  }

  #keep(subject: Subject, { overrides, revision }: FoundOverrides): void {
    const { kind, value } = subject;
    const byPrompt = new Map<string, readonly SnapshotOverride[]>();
    for (const [key, listed] of Object.entries(overrides)) {
      byPrompt.set(
        key,
        listed.filter((one) => one.kind === kind && one.subject === value),
      );
    }
    const name = nameOf(subject);
    this.#known.delete(name);
    const overtakenAt = revision < this.#revision ? performance.now() : undefined;
    this.#known.set(name, { byPrompt, revision, overtakenAt });
    if (this.#known.size <= (this.#parts.most ?? MOST_KEPT)) return;
    this.#known.delete(this.#known.keys().next().value as string);
  }
}

function nameOf({ kind, value }: Subject): string {
  return `${kind} ${value}`;
}
