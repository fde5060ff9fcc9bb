/** JSON as nobody's client writes it: texts, numbers and shapes that have broken readers before, and values with such in them. */
import fc from "fast-check";

/** Text that stands in JSON as it is: what `JSON.stringify` never writes. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const LONG = 100_000;

const ODD_TEXTS = [
  ...["", " ", "\u0000", "a\u0000b", "\ud800", "\udc00x", "\ufeff", "\u202eabc", "\r\nx: y", "'", '"', "\\"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "then", "prototype"],
  ...["../..", "..%2f..", "%2e%2e", "%", "%ff", "%00", "/", "//", "a/b", "~", "*", ".", "..", "?", "#"],
  ...["NaN", "Infinity", "-1", "1e999", "0x10", "null", "true", "[]", "{}", "9".repeat(400)],
  ...["v99999999999999999999", "k@v1", "@", "k@c1", "2026-13-45", "0d", "-5m", "1e9y", "latest", "%s%n"],
  ...["' or 1=1; --", "{{", "{{#each a}}", "{{{x}}}", "{{> a}}", "(a+)+$", "(?<=x)", "$ref", "#/$defs/a"],
  ...[
    "postgres://a:b@c/d",
    "http://169.254.169.254/",
    "file:///etc/passwd",
    "clp_x",
    "\u{1f469}\u200d\u{1f52c}",
  ],
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ODD_TEXTS), fc.constantFrom(...ODD_TEXTS))
      .map((both) => both.join("")),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("x", "{{#each a}}", "a.", "\u0000", "é", "[")
      .map((part) => part.repeat(LONG / 10)),
  },
);

const ODD_NUMBERS = [0, -0, -1, 0.1, 1e-320, 2 ** 31, 2 ** 53, 2 ** 63, 8.64e15 + 1, 1e308, -1e308];
const RAW = [
  ...["1e999", "-1e999", "0e-999999", `1${"0".repeat(400)}`],
  ...['{"__proto__":{"admin":true}}', '{"__proto__":null}', '{"constructor":{"prototype":{"x":1}}}'],
  ...[
    '{"a":1,"a":2}',
    '{"toJSON":1,"then":1}',
    '{"length":1e9}',
    '{"type":["object"],"$ref":"#"}',
    '"\\ud800"',
  ],
  `${"[".repeat(90)}${"]".repeat(90)}`,
  `${'{"a":'.repeat(60)}1${"}".repeat(60)}`,
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
];

export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: hostileText },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom(...RAW).map((text) => new RawJson(text)) },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], { "": {} }) },
  { weight: 1, arbitrary: fc.constantFrom(1, {}).map((each) => Array.from({ length: 3000 }, () => each)) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** @returns JSON, or what looks like it, where something raw stands in it. */
export function textOf(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`).join(",")}}`;
}

/** One change of a value at the place that `at` comes to. */
export interface Edit {
  readonly at: number;
  readonly how: "replace" | "remove" | "add" | "wrap" | "double";
  readonly name: string;
  readonly value: unknown;
}

const anEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom<Edit["how"]>("replace", "replace", "replace", "remove", "add", "wrap", "double"),
  name: hostileText,
  value: hostileValue,
});

/** A value as it is, or with a few things in it that do not belong there. */
export function mutated<T>(sound: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const edits = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: anEdit.map((edit) => [edit]) },
    { weight: 1, arbitrary: fc.array(anEdit, { minLength: 2, maxLength: 3 }) },
  );
  return fc.tuple(sound, edits).map(([value, list]) => list.reduce<unknown>(edited, value));
}

function edited(value: unknown, edit: Edit): unknown {
  const inside = countPlaces(value) - 1;
  // The whole of it is one place of many, and the dullest.
  return editedAt(value, edit, { left: inside === 0 || edit.at % 20 === 0 ? 0 : 1 + (edit.at % inside) });
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof RawJson);
}

function countPlaces(value: unknown): number {
  return isBranch(value) ? Object.values(value).reduce<number>((sum, each) => sum + countPlaces(each), 1) : 1;
}

/** Places are counted as they are met; what is removed is undefined, which is not written. */
function editedAt(value: unknown, edit: Edit, place: { left: number }): unknown {
  place.left -= 1;
  if (place.left === -1) return changed(value, edit);
  if (!isBranch(value)) return value;
  if (Array.isArray(value)) return value.map((each) => editedAt(each, edit, place));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, editedAt(each, edit, place)]));
}

function changed(value: unknown, { how, name, value: other }: Edit): unknown {
  switch (how) {
    case "replace":
      return other;
    case "remove":
      return undefined;
    case "wrap":
      return [value];
    case "double":
      return Array.isArray(value) ? [...value, ...value] : [value, value];
    case "add":
      if (Array.isArray(value)) return [...value, other];
      return isBranch(value) ? Object.fromEntries([...Object.entries(value), [name, other]]) : other;
  }
}
