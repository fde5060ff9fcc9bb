/** What the language refuses, and how it says so. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { HarnessError } from "../errors.ts";
import { parseTemplate } from "./parse-template.ts";

function refusal(source: string): HarnessError {
  try {
    parseTemplate(source);
  } catch (error) {
    return error as HarnessError;
  }
  throw new Error(`${source} was accepted`);
}

const UNSUPPORTED: readonly (readonly [source: string, instead: string])[] = [
  ["{{{x}}}", "write {{x}}"],
  ['{"a":{{{x}}}}', "put a blank between"],
  ["{{{{raw}}}}x{{{{/raw}}}}", "\\{{x}}"],
  ["{{&x}}", "write {{x}}"],
  ["{{& x}}", "write {{x}}"],
  ["{{! note }}", "outside the body"],
  ["{{!-- note --}}", "outside the body"],
  ["{{~x}}", "remove the ~"],
  ["{{x~}}", "remove the ~"],
  ["{{~#if x}}{{/if}}", "remove the ~"],
  ["{{#if x~}}{{/if}}", "remove the ~"],
  ["{{#x}}{{/x}}", "{{#each x}}"],
  ["{{#with x}}{{/with}}", "write the whole path"],
  ["{{#if (eq a b)}}{{/if}}", "pass the value in as a variable"],
  ["{{#if a b}}{{/if}}", "takes one variable"],
  ["{{#if a includeZero=true}}{{/if}}", "no hash arguments"],
  ["{{#each a as |b|}}{{/each}}", "no block parameters"],
  ["{{#if 1}}{{/if}}", "name a variable"],
  ['{{#if "x"}}{{/if}}', "name a variable"],
  ["{{#if true}}{{/if}}", "rename the variable"],
  ["{{#if a}}{{else if b}}{{/if}}", "nest an {{#if x}}"],
  ["{{^}}", "{{else}}"],
  ["{{^x}}{{/x}}", "{{#unless x}}"],
  ["{{#if a}}{{^}}{{/if}}", "{{else}}"],
  ["{{lookup a b}}", "there is no helper lookup"],
  ["{{log a}}", "there is no helper log"],
  ["{{upper name}}", "pass the value in as a variable"],
  ["{{upper (lower x)}}", "pass the value in"],
  ["{{a b=1}}", "no hash arguments"],
  ["{{json a b}}", "takes one variable"],
  ["{{json a indent=2}}", "no hash arguments"],
  ["{{json (x)}}", "pass the value in"],
  ["{{log}}", "{{this.log}}"],
  ["{{if}}", "{{this.if}}"],
  ["{{lookup}}", "{{this.lookup}}"],
  ["{{else-x}}", "{{this.else-x}}"],
  ["{{*decorator}}", "no decorators"],
  ['{{#*inline "x"}}{{/inline}}', "no decorators"],
  ["{{#> layout}}{{/layout}}", "{{> name}}"],
  ["{{> (lookup . 'x')}}", "plain name"],
  ['{{> "name"}}', "write the name plain"],
  ["{{> @partial-block}}", "write the name plain"],
  ["{{> name context}}", "takes no arguments"],
  ["{{> name a=1}}", "takes no arguments"],
  ["{{.}}", "{{this}}"],
  ["{{./x}}", "{{this.x}}"],
  ["{{a/b}}", "with dots"],
  ["{{a.[b c]}}", "with dots"],
  ["{{[a]}}", "with dots"],
  ["{{a.0.b}}", "use {{#each}}"],
  ["{{'a'}}", "literal 'a'"],
  ["{{12}}", "literal 12"],
  ["{{null}}", "rename the variable"],
  ["{{@key}}", "@index, @first, @last"],
  ["{{@index.x}}", "@index, @first, @last"],
  ["{{#each a}}{{@../index}}{{/each}}", "@index, @first, @last"],
  ["{{#each a}}{{../@index}}{{/each}}", "@index, @first, @last"],
  ["{{#each a}}{{..}}{{/each}}", "{{../x}}"],
  ["{{#each a}}{{../this}}{{/each}}", "{{../x}}"],
  ['{{role "tool"}}', "system, user, assistant and model"],
  ['{{role "System"}}', "system, user, assistant and model"],
  ['{{role "__proto__"}}', "system, user, assistant and model"],
  ['{{#if a}}{{role "user"}}{{/if}}', "outside of blocks"],
  ["{{#each a}}{{history}}{{/each}}", "outside of blocks"],
  ["{{history}}{{history}}", "one history slot"],
  ["{{history}} and then", 'put {{role "user"}} before it'],
  ["{{history}} {{x}}", 'put {{role "user"}} before it'],
  ["{{#if a}}".repeat(101) + "{{/if}}".repeat(101), "at most 100 deep"],
];

const BROKEN: readonly (readonly [source: string, why: string])[] = [
  ["{{x", "never closed"],
  ["a {{x {{y}}", "not closed before the next {{"],
  ['{"a": {{x}}}', "put a blank between"],
  ["{{}}", "name a variable"],
  ["{{ }}", "name a variable"],
  ["{{a..b}}", "empty step"],
  ["{{a.}}", "empty step"],
  ["{{.a}}", "empty step"],
  ["{{@root.}}", "empty step"],
  ["{{a!}}", "is no name: a!"],
  ["{{a,b}}", "is no name: a,b"],
  ["{{a.this}}", "can only begin one"],
  ["{{this.this}}", "can only begin one"],
  ["{{#if}}{{/if}}", "names no variable: write {{#if x}}"],
  ["{{#}}", "names no block"],
  ["{{#if a}}", "never closed: write {{/if}}"],
  ["{{#if a}}{{#each b}}{{/if}}", "{{#each b}} of line 1: write {{/each}}"],
  ["{{/if}}", "closes nothing"],
  ["{{#if a}}{{/}}", "does not close {{#if a}} of line 1: write {{/if}}"],
  ["{{#if a}}{{/if a}}", "does not close {{#if a}} of line 1: write {{/if}}"],
  ["{{else}}", "stands outside a block"],
  ["{{#if a}}{{else}}{{else}}{{/if}}", "is the second one"],
  ["{{ #if a}}{{/if}}", "blank before its sign"],
  ["{{ > a}}", "blank before its sign"],
  ["{{>}}", "names no partial"],
  ["{{> a@3}}", "write {{> name@v3}}"],
  ["{{> a@v0}}", "write {{> name@v3}}"],
  ["{{> a@latest}}", "write {{> name@v3}}"],
  ["{{> a@v1@v2}}", "write {{> name@v3}}"],
  ["{{> a..b}}", "no valid partial name"],
  ["{{> ../a}}", "no valid partial name"],
  ["{{json}}", "{{this.json}}"],
  ["{{role}}", "{{this.role}}"],
  ["{{role system}}", 'write {{role "system"}}'],
  ['{{role "system" "user"}}', 'write {{role "system"}}'],
  ["{{../x}}", "remove 1 of its ../"],
  ["{{#if a}}{{../x}}{{/if}}", "remove 1 of its ../"],
  ["{{#each a}}{{../../x}}{{/each}}", "remove 1 of its ../"],
  ["{{#each a}}{{else}}{{../x}}{{/each}}", "remove 1 of its ../"],
  ["a\0b", "NUL"],
];

describe("a template", () => {
  it.each(UNSUPPORTED)("with %j is refused as unsupported, saying: %s", (source, instead) => {
    const error = refusal(source);
    expect(error.code).toBe("template-syntax");
    expect(error.message).toContain(instead);
    expect(error.message).toMatch(/at line 1, column \d+ is not supported: /);
  });

  it.each(BROKEN)("with %j is refused as broken, saying: %s", (source, why) => {
    const error = refusal(source);
    expect(error.code).toBe("template-syntax");
    expect(error.message).toContain(why);
    expect(error.message).toMatch(/at line 1, column \d+/);
  });

  it("is refused with the tag and its place, in the sentence and as data", () => {
    const error = refusal("one\r\n  two {{ok}}\n\n é {{{bad}}} {{{worse}}}");
    expect(error.message).toBe(
      "{{{bad}}} at line 4, column 4 is not supported: nothing is escaped here, so write {{x}}; for a literal brace before a tag put a blank between.",
    );
    expect(error.details).toEqual({ tag: "{{{bad}}}", line: 4, column: 4 });
  });

  it("that never closes a tag shows only its beginning", () => {
    expect(refusal(`{{#if ${"x".repeat(500)}`).message.length).toBeLessThan(200);
  });

  it("becomes plain data", () => {
    const read = { loop: undefined, fenced: false, medium: false, body: [], otherwise: [] };
    expect(parseTemplate("a {{b.c}}\n{{#each d}}\n{{../e}}\n{{/each}}\n  {{> f@v2}}\n")).toEqual({
      kind: "template",
      nodes: [
        "a ",
        { ...read, kind: "value", at: 2, written: "b.c", path: "b.c", up: 0, steps: ["b", "c"] },
        "\n",
        {
          ...read,
          ...{ kind: "each", at: 10, written: "d", path: "d", up: 0, steps: ["d"] },
          body: [{ ...read, kind: "value", at: 22, written: "../e", path: "e", up: 1, steps: ["e"] }, "\n"],
        },
        {
          kind: "partial",
          at: 43,
          partial: { name: "f", version: 2, ref: "f@v2" },
          indent: "  ",
          body: [],
          otherwise: [],
        },
      ],
    });
  });

  it("of a long run of blanks or backslashes is read in a blink", () => {
    const size = 200_000;
    for (const run of [" ", "\n", "\\", "\t\n"]) {
      const text = run.repeat(size);
      expect(parseTemplate(`${text}x${text}{{#if a}}${text}{{/if}}${text}`).nodes.length).toBeGreaterThan(0);
    }
    const long = (piece: string) => piece.repeat(size);
    expect(parseTemplate(long("\\{{")).nodes).toEqual([long("{{")]);
    for (const tag of [
      `{{a${long(".a").repeat(50)}}}`,
      `{{#${long("x").repeat(100)}`,
      `{{a${long(".a")}!}}`,
      `{{#if${long(" ")}!}}`,
      `{{/x${long(" ")}!~}}`,
      long("{{#"),
    ]) {
      expect(refusal(tag).code).toBe("template-syntax");
    }
  });

  it("of any length is read as well where the engine has stopped optimising expressions", () => {
    const program = `
      import { parseTemplate } from ${JSON.stringify(new URL("./parse-template.ts", import.meta.url).href)};
      const long = (piece) => piece.repeat(10_000_000);
      for (const source of [long(" "), "{{#" + long("x"), "{{a" + long(".a") + "}}", "{{a" + long(" ")]) {
        try {
          parseTemplate(source);
          console.log("read");
        } catch (error) {
          console.log(error.code ?? error.message);
        }
      }`;
    const flags = ["--no-regexp-optimization", "--no-warnings", "--input-type=module", "--eval", program];
    const said = execFileSync(process.execPath, flags, { encoding: "utf8" }).trim().split("\n");
    expect(said).toEqual(["read", ...Array(3).fill("template-syntax")]);
  });
});
