/** Classes of characters as JavaScript means them, written for RE2. */

export interface ShortClass {
  readonly kind: "class";
  /** What stands between brackets. */
  readonly text: string;
}

/** JavaScript's white space is Unicode's and the line ends, RE2's is ASCII's. */
const SPACE: readonly (readonly [number, number])[] = [
  [0x9, 0xd],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LAST = 0x10ffff;

export function classText(point: number): string {
  return `\\x{${point.toString(16)}}`;
}

function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? classText(from) : `${classText(from)}-${classText(to)}`;
}

function others(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const starts = [0, ...ranges.map(([, to]) => to + 1)];
  const ends = [...ranges.map(([from]) => from - 1), LAST];
  return starts.map((from, index) => [from, ends[index] ?? LAST] as const).filter(([from, to]) => from <= to);
}

function shortClass(text: string): ShortClass {
  return { kind: "class", text };
}

export const SHORT_CLASSES = {
  d: shortClass("0-9"),
  D: shortClass("\\D"),
  w: shortClass("0-9A-Za-z_"),
  W: shortClass("\\W"),
  s: shortClass(SPACE.map(rangeText).join("")),
  S: shortClass(others(SPACE).map(rangeText).join("")),
} as const satisfies Readonly<Record<string, ShortClass>>;

/** A class that no character is in. */
export const NO_CHARACTER = `[^${rangeText([0, LAST])}]`;
