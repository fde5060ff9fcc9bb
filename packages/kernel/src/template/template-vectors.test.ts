/** The golden vectors, which renderers in other languages run too. */
import { describe, expect, it } from "vitest";
import vectors from "../../vectors/template.json" with { type: "json" };
import { errorCodeOf } from "../errors.ts";
import type { Body } from "./body.ts";
import { compileBody } from "./compile-body.ts";
import { renderWithHandlebars } from "./handlebars-oracle.fixture.ts";
import type { Message } from "./message.ts";

interface TemplateVector {
  readonly name: string;
  readonly body: Body;
  readonly partials?: Readonly<Record<string, string>>;
  readonly untrusted?: readonly string[];
  readonly fence?: string;
  readonly media?: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly history?: readonly Message[];
  readonly expected: { readonly messages: readonly Message[] } | { readonly error: string };
}

const cases = vectors.cases as unknown as readonly TemplateVector[];

function outcome({
  body,
  partials = {},
  untrusted,
  fence,
  media,
  variables,
  history,
}: TemplateVector): TemplateVector["expected"] {
  try {
    const compiled = compileBody(body, {
      partials: new Map(Object.entries(partials)),
      untrusted,
      fence,
      media: media && new Set(media),
    });
    return { messages: compiled.render(variables, { history }) };
  } catch (error) {
    return { error: errorCodeOf(error) ?? String(error) };
  }
}

describe("golden vector", () => {
  it.each(cases)("$name", (vector) => {
    expect(outcome(vector)).toEqual(vector.expected);
  });

  // What Handlebars can judge: texts without roles, history, pins, fences and media.
  const judged = cases.filter(
    ({ body, partials = {}, untrusted, media, expected }) =>
      typeof body === "string" &&
      "messages" in expected &&
      untrusted === undefined &&
      media === undefined &&
      ![body, ...Object.values(partials), ...Object.keys(partials)].some((text) =>
        /\{\{(role|history)|@v\d/.test(text),
      ),
  );

  it.each(judged)("$name, by Handlebars too", ({ body, variables, partials, expected }) => {
    const content = renderWithHandlebars({ source: body as string, variables, partials });
    expect({ messages: [{ role: "user", content }] }).toEqual(expected);
  });
});
