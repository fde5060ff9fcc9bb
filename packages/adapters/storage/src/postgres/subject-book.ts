/** The subjects that a writer knows: found or made for a batch of rows at once, forgotten when somebody was erased. */
import type { CallSubjects, Subject, SubjectKind } from "@colophon/kernel";
import { BoundedMap } from "../shared/bounded-map.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { sessionPseudonym } from "../shared/keyed-hash.ts";
import type { RowSubjects, SubjectEntry } from "../shared/row-subjects.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { ensureSubjects, subjectName } from "./subject-table.ts";

const CACHED = 50_000;

/** Null where a call names none, undefined where it is not known yet. */
type Found = SubjectEntry | null | undefined;

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

  /** Finds or makes the subjects of these calls, and gives each call's in their order. */
  async know(calls: readonly CallSubjects[]): Promise<readonly RowSubjects[]> {
    const book = this.#known;
    const wanted = new Map<string, Subject>();
    const find = (kind: SubjectKind, value: string | null): Found => {
      if (value === null) return null;
      const entry = book[kind].get(value);
      if (entry === undefined) wanted.set(subjectName({ kind, value }), { kind, value });
      return entry;
    };
    const found = calls.map((call) => ({
      user: find("user", call.user),
      tenant: find("tenant", call.tenant),
      document: find("document", call.document),
      documentType: find("documentType", call.documentType),
    }));
    const made = await ensureSubjects(this.#core, [...wanted.values()]);
    for (const [name, { kind, value }] of wanted) book[kind].set(value, made.get(name) as SubjectEntry);
    return found.map((one, index) => {
      const call = calls[index] as CallSubjects;
      const entry = (kind: SubjectKind): SubjectEntry | null => {
        const known = one[kind];
        if (known !== undefined) return known;
        return made.get(subjectName({ kind, value: call[kind] as string })) as SubjectEntry;
      };
      return this.#placed(call, entry);
    });
  }

  #placed({ session }: CallSubjects, entry: (kind: SubjectKind) => SubjectEntry | null): RowSubjects {
    const user = entry("user");
    return {
      user,
      tenant: entry("tenant"),
      document: entry("document"),
      documentType: entry("documentType"),
      session: session === null ? null : sessionPseudonym(fastHash, user?.key ?? this.#core.secret, session),
    };
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
