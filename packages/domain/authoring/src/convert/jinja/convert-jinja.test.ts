/** Holds the conversion of Jinja to what Jinja makes of the same texts. */
import { compileBody } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { convertJinja } from "./convert-jinja.ts";

function convert(source: string, optional: readonly string[] = []): { text: string; said: string[] } {
  const said: string[] = [];
  const text = convertJinja(source, {
    isOptional: (name) => optional.includes(name),
    say: (sentence, line) => said.push(`${line}: ${sentence}`),
  });
  return { text, said };
}

function render(source: string, variables: Readonly<Record<string, unknown>>): string {
  return compileBody(convert(source, ["maybe"]).text)
    .render(variables)
    .map(({ content }) => content)
    .join("");
}

describe("convertJinja", () => {
  // What Jinja2 itself makes of them, written out by hand.
  it.each([
    ["Hello {{ name }}!", { name: "Ada" }, "Hello Ada!"],
    ["{{ user.name }} {{ user['plan'] }}", { user: { name: "a", plan: "b" } }, "a b"],
    ["a{# note #}b{#- x -#} c", {}, "abc"],
    ["A\n{% if x %}\nB\n{% endif %}\nC", { x: "1" }, "A\n\nB\n\nC"],
    ["A\n{% if x %}\nB\n{% endif %}\nC", { x: "" }, "A\n\nC"],
    ["A\n  {% if x %}\n  B\n  {% endif %}\nC", { x: "1" }, "A\n  \n  B\n  \nC"],
    ["A\n  {% if x %}\n  B\n  {% endif %}\nC", { x: "" }, "A\n  \nC"],
    ["A\n{%- if x %}\nB\n{%- endif %}\nC", { x: "1" }, "A\nB\nC"],
    ["{% if a %}1{% elif b %}2{% else %}3{% endif %}", { a: "", b: "x" }, "2"],
    ["{% if a %}1{% elif b %}2{% else %}3{% endif %}", { a: "", b: "" }, "3"],
    ["{% if not a %}no{% else %}yes{% endif %}", { a: "x" }, "yes"],
    ["{% if a and not b %}1{% else %}2{% endif %}", { a: "x", b: "" }, "1"],
    ["{% if a and not b %}1{% else %}2{% endif %}", { a: "x", b: "y" }, "2"],
    ["{% if a or (b and c) %}1{% else %}2{% endif %}", { a: "", b: "x", c: "y" }, "1"],
    ["{% if a or (b and c) %}1{% else %}2{% endif %}", { a: "", b: "x", c: "" }, "2"],
    ["{% for t in xs %}\n- {{ t }}\n{% endfor %}", { xs: ["a", "b"] }, "\n- a\n\n- b\n"],
    ["{% for t in xs -%}\n- {{ t }}\n{% endfor %}", { xs: ["a", "b"] }, "- a\n- b\n"],
    [
      "X\n  {% for t in xs %}\n  {{ t }}\n  {% else %}none{% endfor %}\nY",
      { xs: ["a"] },
      "X\n  \n  a\n  \nY",
    ],
    ["X\n  {% for t in xs %}\n  {{ t }}\n  {% else %}none{% endfor %}\nY", { xs: [] }, "X\n  none\nY"],
    [
      "{% for r in rs %}{{ loop.index0 }}{{ r.n }}{% for c in r.cs %}{{ r.n }}{{ c }}{{ lang }}{% endfor %}{% if not loop.last %};{% endif %}{% endfor %}",
      {
        rs: [
          { n: "p", cs: ["x"] },
          { n: "q", cs: [] },
        ],
        lang: "!",
      },
      "0ppx!;1q",
    ],
    ["{{ x | tojson }}", { x: { a: [1] } }, '{"a":[1]}'],
    ["{{ maybe | default('none', true) }}", { maybe: "" }, "none"],
    ["{{ xs | join(', ') }}", { xs: ["a", "b"] }, "a, b"],
    ["[{{ maybe }}]", {}, "[]"],
    ["{% if maybe %}[{{ maybe }}]{% endif %}", { maybe: "x" }, "[x]"],
    ["{% raw %}{{ x }}{% endraw %} {{ '}}' }}", {}, "{{ x }} }}"],
    ["{{ history }} {{ role }}", { history: "h", role: "r" }, "h r"],
    ['{"a": "{{ x }}"}', { x: "1" }, '{"a": "1"}'],
  ])("renders %j with %j as Jinja does", (source, variables, wanted) => {
    expect(render(source, variables)).toBe(wanted);
  });

  it("guards what may be missing once, and leaves what must be there", () => {
    expect(convert("{{ a }}{{ b }}{% if b %}{{ b }}{% endif %}", ["b"]).text).toBe(
      "{{a}}{{#if b}}{{b}}{{/if}}{{#if b}}{{b}}{{/if}}",
    );
  });

  it("says what is not quite the same, in its line", () => {
    expect(convert("\n{{ x | tojson }}\n{{ y | default('a') }}").said).toEqual([
      expect.stringMatching(/^2: tojson/),
      expect.stringMatching(/^3: the default of y/),
    ]);
  });

  it.each([
    ["a\n{% if x == 'a' %}{% endif %}", 2, /compares; compute the answer in code/],
    ["{% if x is defined %}{% endif %}", 1, /compares/],
    ["{{ x | upper }}", 1, /filter upper has no counterpart/],
    ["{{ x + 1 }}", 1, /computes/],
    ["{{ f(x) }}", 1, /calls something/],
    ["{{ xs[0] }}", 1, /by position/],
    ["{% for k, v in d.items() %}{% endfor %}", 1, /no counterpart; go through a list/],
    ["{% for a in xs if a.b %}{% endfor %}", 1, /no counterpart/],
    ["{% for a in xs %}{{ loop.index }}{% endfor %}", 1, /loop\.index has no counterpart/],
    ["{% for a in xs %}{% for b in ys %}{{ a }}{% endfor %}{% endfor %}", 1, /item of an outer loop/],
    ["\n{% set x = 1 %}", 2, /has no counterpart; write the text itself/],
    ["{% include 'x' %}", 1, /has no counterpart/],
    ["{% if x %}", 1, /never closed/],
    ["{% endif %}", 1, /closes nothing/],
    ["{{ x", 1, /never closed/],
    ["{% raw %}x", 1, /never closed/],
    ["{{ 'a' if x else 'b' }}", 1, /condition inside/],
    ["{{ true }}", 1, /rename it/],
    [`${"{% if a %}".repeat(200)}`, null, /nest more than 100 deep/],
    [
      `{% if ${Array(29).fill("a").join(" and ")} %}${"{% if b or c %}x{% else %}y{% endif %}".repeat(90)}{% endif %}`.replaceAll(
        "and",
        "or",
      ),
      1,
      /too many parts/,
    ],
  ])("refuses %j in its line", (source, line, sentence) => {
    let thrown: unknown;
    try {
      convert(source);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ line, message: expect.stringMatching(sentence) });
  });

  it("reads as many tags as a prompt may have, and refuses more", () => {
    expect(convert("{{ a }} ".repeat(20_000)).text).toHaveLength(120_000);
    expect(() => convert("{{ a }} ".repeat(20_001))).toThrow(/20001 tags/);
    expect(() => convert("a".repeat(1_000_001))).toThrow(/1000001 characters/);
  });
});
