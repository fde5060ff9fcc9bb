/** What a template says it reads is what it reads. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileBody } from "./compile-body.ts";
import { templateVariables } from "./template-variables.ts";

/** Short form: `path`, `path?` when guarded. */
function uses(...[source, options]: Parameters<typeof templateVariables>): readonly string[] {
  return templateVariables(source, options).map(({ path, guarded }) => `${path}${guarded ? "?" : ""}`);
}

describe("the variables of a template", () => {
  it("are its root paths, each once, in order of appearance", () => {
    expect(uses("{{b}}{{a.x}}{{json c}}{{this.d}}{{@root.e.f}}{{b}}")).toEqual(["b", "a.x", "c", "d", "e.f"]);
    expect(templateVariables("{{a}}")).toEqual([{ path: "a", guarded: false, json: false }]);
  });

  it("are guarded where an if of them, or of what they belong to, holds", () => {
    expect(uses("{{#if a}}{{a}}{{a.b}}{{c}}{{else}}{{d}}{{/if}}")).toEqual(["a?", "a.b?", "c", "d"]);
    expect(uses("{{#if a}}{{else}}{{a}}{{/if}}")).toEqual(["a"]);
    expect(uses("{{#unless a}}{{b}}{{else}}{{a.c}}{{/unless}}")).toEqual(["a?", "b", "a.c?"]);
    expect(uses("{{#unless a}}{{a}}{{/unless}}")).toEqual(["a"]);
    expect(uses("{{#if a}}{{a}}{{/if}}{{a}}")).toEqual(["a"]);
    expect(uses("{{#if a}}{{ab}}{{/if}}{{#if b.c}}{{b.d}}{{b.c}}{{/if}}")).toEqual([
      "a?",
      "ab",
      "b.c?",
      "b.d",
    ]);
  });

  it("of items carry the list's path", () => {
    expect(uses("{{#each xs}}{{name}}{{this.n}}{{../a}}{{@root.b}}{{@index}}{{else}}{{c}}{{/each}}")).toEqual(
      ["xs?", "xs[].name", "xs[].n", "a", "b", "c"],
    );
    expect(
      uses(
        "{{#each xs}}{{#each tags}}{{this}}{{../name}}{{../../a}}{{#each this}}{{this}}{{/each}}{{/each}}{{/each}}",
      ),
    ).toEqual(["xs?", "xs[].tags?", "xs[].tags[]", "xs[].name", "a", "xs[].tags[][]"]);
    expect(uses("{{#each xs}}{{a}}{{/each}}{{#each @root.xs}}{{a}}{{/each}}{{a}}")).toEqual([
      "xs?",
      "xs[].a",
      "a",
    ]);
    expect(uses("{{#each xs}}{{../a}}{{/each}}{{a}}")).toEqual(["xs?", "a"]);
  });

  it("of items are guarded by an if on the item, not by one on the list", () => {
    expect(uses("{{#if xs}}{{#each xs}}{{name}}{{#if n}}{{n}}{{/if}}{{/each}}{{/if}}")).toEqual([
      "xs?",
      "xs[].name",
      "xs[].n?",
    ]);
    expect(uses("{{#each xs}}{{#if n}}{{#each @root.xs}}{{n}}{{/each}}{{/if}}{{/each}}")).toEqual([
      "xs?",
      "xs[].n",
    ]);
  });

  it("count for bodies of every kind", () => {
    expect(
      uses([
        { role: "system", content: "{{a}}" },
        "history",
        { role: "user", content: "{{#if b}}{{/if}}{{a}}" },
      ]),
    ).toEqual(["a", "b?"]);
    expect(uses('{{role "system"}}{{a}}{{history}}{{role "user"}}{{b}}')).toEqual(["a", "b"]);
  });

  it("of partials count where these are at hand, seen from where they stand", () => {
    const partials = new Map([
      ["p", "{{x}}\n  {{> q}}\n"],
      ["q", "{{@root.y}}{{this.z}}"],
    ]);
    const source = "{{> p}}{{#each xs}}{{> p}}{{/each}}{{> gone}}";
    expect(uses(source)).toEqual(["xs?"]);
    expect(uses(source, { partials })).toEqual(["x", "y", "z", "xs?", "xs[].x", "xs[].z"]);
  });

  it("of a partial read alone leave out what only its surroundings tell", () => {
    expect(uses("{{@index}}{{this}}{{#if this}}{{x}}{{/if}}{{name}}")).toEqual(["name"]);
  });

  it("are enough: with every path that is not guarded, a body without loops renders", () => {
    const name = fc.constantFrom("a", "b", "c", "o.p", "o.q");
    const template = fc.letrec<{ readonly part: string; readonly list: string }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 4 },
        name.map((path) => `{{${path}}}`),
        fc
          .tuple(fc.constantFrom("if", "unless"), name, tie("list"), tie("list"))
          .map(
            ([kind, path, body, otherwise]) => `{{#${kind} ${path}}}${body}{{else}}${otherwise}{{/${kind}}}`,
          ),
      ),
      list: fc.array(tie("part"), { maxLength: 3 }).map((parts) => parts.join("")),
    }));
    fc.assert(
      fc.property(template.list, (source) => {
        const variables: Record<string, unknown> = {};
        const o: Record<string, unknown> = {};
        for (const { path, guarded } of templateVariables(source)) {
          if (guarded) continue;
          if (path.startsWith("o.")) o[path.slice(2)] = "v";
          else variables[path] = "v";
        }
        expect(compileBody(source).render({ ...variables, o })).toHaveLength(1);
      }),
    );
  });
});
