/** Flattening changes the memory of a text, never the text. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { flattenString } from "./flatten-string.ts";

it("a flattened text is the same text, lone surrogates and line separators included", () => {
  const text = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, (value) => {
      expect(flattenString(value)).toBe(value);
    }),
  );
  expect(flattenString('\ud800\u2028\u2029\0"\\')).toBe('\ud800\u2028\u2029\0"\\');
});
