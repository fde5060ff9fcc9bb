/** The subjects that a writer knows: found or made for a batch of rows at once, forgotten when somebody was erased. */
import { type CallSubjects, SUBJECT_KINDS, type Subject, type SubjectKind } from "@colophon/kernel";
import { BoundedMap } from "../shared/bounded-map.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { sessionPseudonym } from "../shared/keyed-hash.ts";
import type { RowSubjects, SubjectEntry } from "../shared/row-subjects.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { ensureSubjects, subjectName } from "./subject-table.ts";

const CACHED = 50_000;

type Entries = Readonly<Record<SubjectKind, Map<string, SubjectEntry>>>;

export class SubjectBook {
  readonly #core: PostgresCore;
  #known = emptyBook();

  constructor(core: PostgresCore) {
    this.#core = core;
  }

  /** What is being asked for at this moment is forgotten as well. */
  clear(): void {
    this.#known = emptyBook();
  }

  /** Finds or makes the subjects of these calls, and gives what tells a call's. */
  async know(calls: readonly CallSubjects[]): Promise<(call: CallSubjects) => RowSubjects> {
    const book = this.#known;
    const entries: Entries = {
      document: new Map(),
      documentType: new Map(),
      user: new Map(),
      tenant: new Map(),
    };
    const wanted = new Map<string, Subject>();
    for (const call of calls) {
      for (const kind of SUBJECT_KINDS) {
        const value = call[kind];
        if (value === null || entries[kind].has(value)) continue;
        const entry = book[kind].get(value);
        if (entry !== undefined) entries[kind].set(value, entry);
        else wanted.set(subjectName({ kind, value }), { kind, value });
      }
    }
    const made = await ensureSubjects(this.#core, [...wanted.values()]);
    for (const [name, { kind, value }] of wanted) {
      const entry = made.get(name) as SubjectEntry;
      entries[kind].set(value, entry);
      book[kind].set(value, entry);
    }
    return (call) => subjectsOf(call, entries, this.#core.secret);
  }
}

function emptyBook(): Readonly<Record<SubjectKind, BoundedMap<string, SubjectEntry>>> {
  return {
    document: new BoundedMap(CACHED),
    documentType: new BoundedMap(CACHED),
    user: new BoundedMap(CACHED),
    tenant: new BoundedMap(CACHED),
  };
}

function subjectsOf(call: CallSubjects, entries: Entries, secret: string): RowSubjects {
  const entry = (kind: SubjectKind): SubjectEntry | null => {
    const value = call[kind];
    return value === null ? null : (entries[kind].get(value) as SubjectEntry);
  };
  const user = entry("user");
  const { session } = call;
  return {
    user,
    tenant: entry("tenant"),
    document: entry("document"),
    documentType: entry("documentType"),
    session: session === null ? null : sessionPseudonym(fastHash, user?.key ?? secret, session),
  };
}
