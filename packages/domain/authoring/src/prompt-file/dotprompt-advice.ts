/** Says what to write instead of what Dotprompt has and Colophon refuses. */

/** Fields of Dotprompt, with the end of the sentence "NAME is not read here: …". */
export const REFUSED_FIELDS: Readonly<Record<string, string>> = {
  variant: "a variant is a version of the same prompt, or a prompt of its own with its own name; take it out",
  version:
    "a version is what the registry numbers when the file is pushed, and its hash is taken of its content; take it out",
  metadata: "write what Colophon knows as colophon.owner, colophon.tags and the like, and take the rest out",
  ext: "it is what Dotprompt makes of names with a dot; write such a name itself, as in colophon.owner",
  raw: "it is what Dotprompt makes of all fields; take it out",
  colophon: "names with a dot are one field each; write colophon.owner: NAME, not an object under colophon",
};

/** Tags of Dotprompt's helpers, with what to write instead. */
const HELPERS: readonly (readonly [RegExp, string])[] = [
  [
    /^\{\{#?\s*media\b/,
    "a medium is a variable: mark it with x-media: true in a JSON Schema under input.schema, and write {{photo}}",
  ],
  [
    /^\{\{#?\s*section\b/,
    "there are no sections; write the text, or a partial such as {{> shared.tone}}, where it belongs",
  ],
  [
    /^\{\{[#/]?\s*(?:ifEquals|unlessEquals)\b/,
    "there are no comparisons; compute the answer in code, pass it in as a variable and write {{#if x}} or {{#unless x}}",
  ],
  [
    /^\{\{\s*json\s+\S+\s+indent=/,
    "JSON is written in one line; write {{json x}}, or pass the text in as a variable",
  ],
  [/^\{\{\s*role\s+(["'])[^"']*\1\s+\S/, 'a role has no metadata; write {{role "user"}} alone'],
  [
    /^\{\{[#^]?\s*(?:\S+\s+)?@(?!index|first|last|root)/,
    "values that begin with @ are not passed in; make them variables",
  ],
];

/** Undefined for a tag of which the template language says enough itself. */
export function helperAdvice(tag: string): string | undefined {
  return HELPERS.find(([pattern]) => pattern.test(tag))?.[1];
}
