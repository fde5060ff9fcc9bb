/** Finds what makes a regular expression take exponential time, before it is ever run. */

interface Group {
  /** Where it opens in the pattern. */
  readonly from: number;
  /** Why it can match one text in several ways; undefined where it cannot. */
  varies: string | undefined;
  /** Whether something in it repeats without limit. */
  repeats: boolean;
  /** Where each of its alternatives begins. */
  readonly starts: number[];
}

/** Repeats without a limit, or with one so high that it is as good as none. */
const UNBOUNDED = /^(?:[*+]|\{\d+,\}|\{\d+,\d{2,}\})/;
/** Repeats at all, if only twice. */
const REPEATED = /^(?:[*+]|\{)/;
/** Leaves open how often: also `?` and `{1,3}`, but not `{3}`. */
const OPEN = /^(?:[*+?]|\{\d+,\d*\})/;
const GROUP_HEAD = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/;
/** What an alternative can begin with when its first character is sure. */
const PLAIN = /^[^\\[(.*+?{}|)^$]/;

/**
 * Why a pattern may take time exponential in the length of a text; undefined where none of the known ways
 * is in it. They are: within a group that repeats without limit something that is itself optional or
 * repeated, or alternatives that can begin alike; within one that repeats at all a repetition without limit;
 * and back references. The rule is stricter than need be: `(a+b)+` is refused though it is harmless.
 */
export function patternRisk(pattern: string): string | undefined {
  const open: Group[] = [{ from: 0, varies: undefined, repeats: false, starts: [0] }];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const here = open[open.length - 1] as Group;
    if (/^\\(?:[1-9]|k<)/.test(rest)) return "it refers back to what it found";
    if (rest[0] === "(") {
      const head = GROUP_HEAD.exec(rest)?.[0] ?? "(";
      open.push({ from: at, varies: undefined, repeats: false, starts: [at + head.length] });
      at += head.length;
    } else if (rest[0] === ")" && open.length > 1) {
      open.pop();
      const varies = here.varies ?? ambiguityOf(pattern, here, at);
      const after = pattern.slice(at + 1);
      if (varies !== undefined && (here.repeats ? REPEATED : UNBOUNDED).test(after)) {
        return `"${pattern.slice(here.from, at + 1)}" is repeated and has ${varies} in it`;
      }
      const outer = open[open.length - 1] as Group;
      outer.varies ??= varies;
      outer.repeats ||= here.repeats || UNBOUNDED.test(after);
      at += 1;
    } else {
      if (rest[0] === "|") here.starts.push(at + 1);
      if (UNBOUNDED.test(rest)) here.repeats = true;
      if (OPEN.test(rest)) here.varies ??= "a repetition or an optional part";
      at += widthOf(rest);
    }
  }
  return undefined;
}

function ambiguityOf(pattern: string, { starts }: Group, end: number): string | undefined {
  if (starts.length === 1) return undefined;
  const firsts = starts.map((start) => PLAIN.exec(pattern.slice(start, end))?.[0].toLowerCase());
  const isClear = firsts.every((first) => first !== undefined) && new Set(firsts).size === firsts.length;
  return isClear ? undefined : "alternatives that can begin alike";
}

/** How far one thing of a pattern reaches: an escape, a class, or one character. */
function widthOf(rest: string): number {
  if (rest[0] === "\\") return 2;
  if (rest[0] !== "[") return 1;
  return /^\[(?:\\.|[^\]\\])*\]/s.exec(rest)?.[0].length ?? 1;
}
