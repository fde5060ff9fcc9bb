/** Texts of a language, cut, doubled and mixed with what breaks its readers. */
import fc from "fast-check";
import { hostileText } from "./hostile-json.fixture.ts";

interface Splice {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
  readonly times: number;
}

/**
 * @param sound texts that a reader takes.
 * @param tokens pieces of the language, to be put anywhere.
 */
export function mutatedText(sound: readonly string[], tokens: readonly string[]): fc.Arbitrary<string> {
  const put = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...tokens) },
    { weight: 2, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.constant("") },
  );
  const splice: fc.Arbitrary<Splice> = fc.record({
    ...{ at: fc.nat(10_000), cut: fc.constantFrom(0, 0, 1, 3, 20), put },
    times: fc.constantFrom(1, 1, 1, 1, 2, 300),
  });
  const made = fc
    .tuple(fc.constantFrom(...sound), fc.array(splice, { maxLength: 6 }))
    .map(([text, splices]) => splices.reduce(spliced, text));
  const thrown = fc.array(put, { maxLength: 20 }).map((pieces) => pieces.join(""));
  return fc.oneof({ weight: 3, arbitrary: made }, { weight: 1, arbitrary: thrown });
}

function spliced(text: string, { at, cut, put, times }: Splice): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + put.repeat(put.length > 100 ? 1 : times) + text.slice(place + cut);
}
