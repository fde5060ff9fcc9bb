/** Tests of decoding against literals whose text is known. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeString, stringShape } from "./decode-string.ts";

function decoded(literal: string): string {
  const shape = stringShape(literal);
  return decodeString(literal.slice(shape.opening, literal.length - shape.closing), shape);
}

describe("decoding a Python string", () => {
  it.each([
    [String.raw`"a\tb\\c\'d\"e\a\b\f\n\r\v"`, "a\tb\\c'd\"e\x07\b\f\n\r\v"],
    [String.raw`'\0\12\1234\777'`, "\0\nS4\u01FF"],
    [String.raw`'\x41\u00e9\U0001F600'`, "Aé😀"],
    [String.raw`'\N{EM DASH}\N{em dash}'`, "——"],
    [String.raw`'\N{CEDILLA}'`, String.raw`\N{CEDILLA}`],
    [String.raw`'\d\ \x4\u12\U0011FFFF'`, String.raw`\d\ \x4\u12\U0011FFFF`],
    ['"a\\\nb"', "ab"],
    ['"a\\\r\nb"', "ab"],
    ['"""a\r\nb\rc"""', "a\nb\nc"],
    [String.raw`r'\n\''`, String.raw`\n\'`],
    [String.raw`b'\x41\777\u0041\N{BULLET}'`, `A\xFF${String.raw`\u0041\N{BULLET}`}`],
    [String.raw`Rb'\x41'`, String.raw`\x41`],
    ["u'''a'b''c'''", "a'b''c"],
    ["f'{{a}} {{{{b}}}}'", "{a} {{b}}"],
    ["'{{a}}'", "{{a}}"],
    ["''", ""],
    ["'''open", "open"],
  ])("reads %s", (literal, text) => {
    expect(decoded(literal)).toBe(text);
  });

  it("gives back any text, however its characters are escaped", () => {
    const escapes = [
      (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      (unit: string) => `\\U${unit.charCodeAt(0).toString(16).padStart(8, "0")}`,
      (unit: string) =>
        unit.charCodeAt(0) < 256 ? `\\x${unit.charCodeAt(0).toString(16).padStart(2, "0")}` : unit,
      (unit: string) =>
        unit.charCodeAt(0) < 512 ? `\\${unit.charCodeAt(0).toString(8).padStart(3, "0")}` : unit,
      (unit: string) => (/['"\\\r\n]/.test(unit) ? `\\${{ "\r": "r", "\n": "n" }[unit] ?? unit}` : unit),
    ];
    const marks = fc.constantFrom('"', "'", '"""', "'''", 'u"');
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.infiniteStream(fc.nat(4)),
        marks,
        (text, choices, mark) => {
          const units = Array.from({ length: text.length }, (_, index) => text[index]!);
          const written = units.map((unit) => {
            const escaped = escapes[choices.next().value!]!(unit);
            return /^['"\\\r\n]$/.test(escaped) ? escapes[0]!(unit) : escaped;
          });
          expect(decoded(`${mark}${written.join("")}${mark.replace("u", "")}`)).toBe(text);
        },
      ),
    );
  });
});
