/** Paths into JSON: `$.a.b[0]["c d"]`, a subset of JSONPath (RFC 9535) that names one place. */
import { badSpec } from "./option.ts";

export type PathStep = string | number;

const STEP = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\[(-?\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/uy;

/** @throws HarnessError `input-malformed` for what is no such path; wildcards, slices and filters are none. */
export function parseJsonPath(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  if (!path.startsWith("$")) throw badPath(path);
  let at = 1;
  while (at < path.length) {
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (found === null) throw badPath(path);
    const [whole, name, index, double, single] = found;
    steps.push(index === undefined ? (name ?? unescaped(double ?? single ?? "")) : Number(index));
    at += whole.length;
  }
  return steps;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}

function badPath(path: string): Error {
  return badSpec(
    `"${path}" is no path into JSON; write one place, such as $.items[0].name or $["two words"], without *, .. and ?.`,
  );
}

/** Where the path leads; undefined where there is nothing. A negative index counts from the end. */
export function readJsonPath(value: unknown, steps: readonly PathStep[]): unknown {
  let here = value;
  for (const step of steps) {
    if (typeof step === "number") here = Array.isArray(here) ? here.at(step) : undefined;
    else if (typeof here !== "object" || here === null || Array.isArray(here)) return undefined;
    else here = Object.hasOwn(here, step) ? (here as Record<string, unknown>)[step] : undefined;
  }
  return here;
}
