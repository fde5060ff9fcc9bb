/** Reads the values of flags and arguments, each with one sentence for what is wrong. */
import {
  readDuration,
  type TextReference,
  textReference,
  type VersionReference,
  versionReference,
} from "@colophon/harness";
import { HarnessError, SUBJECT_KINDS, type Subject, type SubjectKind } from "@colophon/kernel";

/** @throws HarnessError `usage`. */
export function wholeNumber(text: string, flag: string, least = 1): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new HarnessError("usage", `${flag} takes a whole number from ${least}, not "${text}".`);
}

/** `10s`, `1h` or `7d` in milliseconds. @throws HarnessError `usage`. */
export function durationFlag(text: string, flag: string): number {
  const ms = readDuration(text);
  if (ms !== undefined) return ms;
  throw new HarnessError("usage", `${flag} takes a duration such as 10s, 1h or 7d, not "${text}".`);
}

/** A number, or a share in percent. @throws HarnessError `usage`. */
export function shareFlag(text: string, flag: string): number {
  const [, number, percent] = /^(\d*\.?\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  if (number !== undefined) return percent === "%" ? Number(number) / 100 : Number(number);
  throw new HarnessError(
    "usage",
    `${flag} takes a number such as 0.05, or a share such as 5%, not "${text}".`,
  );
}

/** A share above 0, up to 1. @throws HarnessError `usage`. */
export function partFlag(text: string, flag: string): number {
  const part = shareFlag(text, flag);
  if (part > 0 && part <= 1) return part;
  throw new HarnessError("usage", `${flag} takes a share above 0, up to 100%, not "${text}".`);
}

/** Gathers the values of a flag that may be repeated. */
export function gathered(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** `KEY@vN`, with the version. @throws HarnessError `usage`. */
export function concreteVersion(text: string): VersionReference & { readonly version: number } {
  const reference = versionReference(text);
  if (reference.version !== null) return { ...reference, version: reference.version };
  throw new HarnessError("usage", `"${text}" names no version; write it as ${text}@v7.`);
}

/** `KEY@cN`. @throws HarnessError `usage`. */
export function candidateOf(text: string): TextReference & { readonly candidate: number } {
  const reference = textReference(text);
  if (reference.candidate !== undefined) return reference;
  throw new HarnessError("usage", `"${text}" names a version; write a candidate as ${reference.key}@c3.`);
}

/** `KEY` alone. @throws HarnessError `usage`. */
export function keyAlone(text: string): string {
  const { key, version } = versionReference(text);
  if (version === null) return key;
  throw new HarnessError(
    "usage",
    `"${text}" names a version, but this is about the whole prompt; write ${key}.`,
  );
}

/** An application by its name; `-` is the one without a name. */
export function applicationOf(name: string): string | null {
  return name === "-" ? null : name;
}

/** Flags that name subjects. */
export interface SubjectFlags {
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
}

/** The one subject that the flags name; undefined for none. @throws HarnessError `usage` for several. */
export function oneSubject(flags: SubjectFlags): Subject | undefined {
  const named = SUBJECT_KINDS.flatMap((kind) => {
    const value = flags[kind];
    return value === undefined ? [] : [{ kind, value }];
  });
  if (named.length > 1) {
    const flagsNamed = named.map(({ kind }) => subjectFlag(kind)).join(" and ");
    throw new HarnessError("usage", `${flagsNamed} are given at once; name one subject.`);
  }
  return named[0];
}

/** The same, where one has to be named. @throws HarnessError `usage`. */
export function requiredSubject(flags: SubjectFlags, kinds: readonly SubjectKind[] = SUBJECT_KINDS): Subject {
  const subject = oneSubject(flags);
  if (subject !== undefined && subject.value.trim() !== "") return subject;
  throw new HarnessError(
    "usage",
    `Nobody is named; add one of ${kinds.map(subjectFlag).join(", ")} with an id.`,
  );
}

function subjectFlag(kind: SubjectKind): string {
  return kind === "documentType" ? "--document-type" : `--${kind}`;
}
