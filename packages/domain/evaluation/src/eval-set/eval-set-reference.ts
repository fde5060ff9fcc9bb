/** How eval sets are named: `triage`, or one of its versions, `triage@v3`. */
import { HarnessError } from "@colophon/kernel";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const LONGEST = 200;
const REFERENCE = /^(.*)@v([1-9]\d{0,8})$/;

export interface EvalSetReference {
  readonly name: string;
  /** Null for the newest. */
  readonly version: number | null;
}

/** The name itself, when it is one. @throws HarnessError `usage` for anything else. */
export function evalSetName(name: string): string {
  if (NAME.test(name) && name.length <= LONGEST) return name;
  throw new HarnessError(
    "usage",
    `"${name.slice(0, 40)}" is no name of an eval set: use letters, digits, ".", "-", "_" and "/", with a letter or digit first.`,
  );
}

/** Reads `NAME` or `NAME@vN`. @throws HarnessError `usage`. */
export function evalSetReference(text: string): EvalSetReference {
  const [, name, version] = REFERENCE.exec(text) ?? [];
  if (name === undefined || version === undefined) return { name: evalSetName(text), version: null };
  return { name: evalSetName(name), version: Number(version) };
}
