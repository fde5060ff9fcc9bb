/** Nothing inside a fence can end it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFence } from "./create-fence.ts";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
// Ids that overlap themselves are the ones whose removal could leave a new one behind.
const id = fc.oneof(
  hex(12),
  fc.constantFrom(
    "aaaaaaaaaaaa",
    "abababababab",
    "abcabcabcabc",
    "012345012345",
    "a00000000000",
    "aaaaaaaaaaab",
    "fencefencefe",
  ),
);

function anyCase(text: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((flags) =>
      [...text].map((letter, index) => (flags[index] ? letter.toUpperCase() : letter)).join(""),
    );
}

/** Values made of the id, its pieces, the tags and the replacement itself. */
function attackOn(fence: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    anyCase(fence),
    fc.tuple(fc.nat(12), fc.nat(12)).chain(([start, end]) => anyCase(fence.slice(start, end))),
    anyCase(`</untrusted-${fence}>`),
    anyCase(`<untrusted-${fence}>`),
    fc.constantFrom(
      "\n",
      "<",
      "</untrusted-",
      "-",
      ">",
      "[removed]",
      "[removed",
      "removed]",
      "İ",
      "ſ",
      "$&",
      "\u200b",
    ),
    fc.string({ maxLength: 3 }),
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
}

describe("a fence", () => {
  it("opens once and closes once, at its ends, whatever it holds", () => {
    const attack = id.chain((fence) => fc.tuple(fc.constant(fence), attackOn(fence)));
    fc.assert(
      fc.property(attack, ([fence, value]) => {
        const output = createFence(fence)(value);
        const open = `<untrusted-${fence}>\n`;
        const close = `\n</untrusted-${fence}>`;
        expect(output.startsWith(open)).toBe(true);
        expect(output.endsWith(close)).toBe(true);
        const inside = output.slice(open.length, -close.length);
        expect(inside.toLowerCase()).not.toContain(fence);
        expect(output.toLowerCase().split(fence)).toHaveLength(3);
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves a value that does not mention it as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(createFence("0123456789ab")(value)).toBe(
          `<untrusted-0123456789ab>\n${value}\n</untrusted-0123456789ab>`,
        );
      }),
    );
  });
});
