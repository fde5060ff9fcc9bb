/** Tests of the JavaScript reader: tables of sources and of what is said of them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are meant as written
import { parseExpression } from "@babel/parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bindingsInWords,
  callsInWords,
  exportsInWords,
  importsInWords,
  parametersInWords,
  spansThatDoNotNest,
  textsInWords,
} from "../source/module-in-words.fixture.ts";
import type { SourceModule } from "../source/source-module.ts";
import { readJavaScriptModule } from "./read-javascript-module.ts";

function read(source: string, file = "a.tsx"): SourceModule {
  const language = /(?:tsx?|vue)$/.test(file) ? "typescript" : "javascript";
  const module = readJavaScriptModule({ file, language, source });
  expect(spansThatDoNotNest(module)).toEqual([]);
  return module;
}

/** Reads `x = EXPRESSION` and says what x is. */
function wordsOf(expression: string): string {
  const module = read(`x = ${expression}`);
  expect(module.problems).toEqual([]);
  return bindingsInWords(module).at(-1)!.replace("x = ", "");
}

describe("what a JavaScript expression is", () => {
  it.each([
    ["'a\\n\\x41\\u{1F600}\\\n\"b\"'", '"a\\nA😀\\"b\\""'],
    ["`one ${two} \\`three\\` \\u0041`", '"one ${two} `three` A"'],
    ["String.raw`a\\n${b}`", 'String.raw"a\\\\n${b}"'],
    ["sql<Row>`select ${id}`", 'sql"select ${id}"'],
    ["dedent`\n    You are ${role}\n      a\n`", 'dedent"You are ${role}\\n  a"'],
    ["'a' + b + 1 + ('c' + d)", '("a" + b + 1 + "c" + d)'],
    ["['a', b, `c`].join('\\n')", '("a" + b + "c" by "\\n")'],
    ["[a && 'b', ...c].filter(Boolean).join(' ')", '(<"b"> + ...c by " ")'],
    ["lines.join('\\n')", '(...lines by "\\n")'],
    ["path.join('a')", "@0"],
    ["items.map((i) => `- ${i}`).join('')", '(...@0 by "")'],
    ["'a'.concat(b, 'c')", '("a" + b + "c")'],
    ["[a].concat(b, { c: 'd' })", '[...[a], ...b, {c: "d"}]'],
    [
      "'Hi {n}'.replace('{n}', name).replaceAll(/\\{\\{m\\}\\}/g, m)",
      'replace("Hi {n}" | {n}=name, {{m}}=m)',
    ],
    ["text.replace(/\\s+/g, ' ')", "text~replace"],
    ["` a ${b} `.trim()", '"a ${b}"~trim'],
    ["dedent('\\n  a\\n  b')", '"a\\nb"~dedent'],
    ["String(ticket.body)", "ticket.body~String"],
    ["Object.freeze({ a: 'b' })", '{a: "b"}~Object.freeze'],
    ["(('a' as const)!) satisfies string", '"a"'],
    ["await get()", "@0"],
    ["a ? 'b' : 'c'", '<"b" | "c">'],
    ["(a || b) || 'c'", '<a | b | "c">'],
    ["a ?? 'c'", '<a | "c">'],
    ["a?.b!['c'][0][d]", "a.b.c.0.[]"],
    [
      "{ a, b: 'c', ['d']: e, [f]: 'g', 'h-i': 1, ...j, k() {}, get l() { return 'm' } }",
      '{a: a, b: "c", d: e, null: "g", h-i: 1, null: ...j, k: scope1, l: scope2}',
    ],
    ["['a', , b, ...c]", '["a", b, ...c]'],
    ["-1.5", "-1.5"],
    ["!0", "true"],
    ["null", "null"],
    ["/a b/", "?"],
    ["typeof a", "?"],
    ["a < b", "?"],
    ["(a, 'b')", '"b"'],
    ["new OpenAI()", "@0"],
    ["require('./p').SYSTEM", 'require("./p").SYSTEM'],
    ["(await import('./p')).SYSTEM", 'require("./p").SYSTEM'],
  ])("reads %s", (expression, words) => {
    expect(wordsOf(expression)).toBe(words);
  });

  it("fills templates of util.format, and takes no other function of that name for it", () => {
    const words = (head: string) => bindingsInWords(read(`${head}; const x = format("a %s", b);`));
    expect(words('import { format } from "node:util"')).toEqual(['const x = percent("a %s" | 0=b)']);
    expect(words('import { format } from "date-fns"')).toEqual(["const x = @0"]);
  });
});

describe("what a JavaScript module binds", () => {
  it.each([
    [
      "const SYSTEM = 'a'; let USER = 'b'; let c = 'd'",
      ['const SYSTEM = "a"', 'const USER = "b"', 'c = "d"'],
    ],
    ["const { a, b: c = 'd', ...e } = f", ["const a = f.a", 'const c = <f.b | "d">', "const e = ?"]],
    ["const [a, [b]] = f", ["const a = f.0", "const b = f.1.0"]],
    ["x += 'more'; y ||= 'z'; n -= 1", ['x += "more"', 'y = "z"']],
    ["PROMPTS.x = 'a'; PROMPTS['y'] = 'b'; PROMPTS[z] = 'c'", ['PROMPTS.x = "a"', 'PROMPTS.y = "b"']],
    [
      "messages.push({ role: 'user' }, b); m.unshift(c)",
      ['messages << {role: "user"}', "messages << b", "m << c"],
    ],
    ["enum E { A = 'a', B = 'b', C = 1 }", ['const E = {A: "a", B: "b", C: 1}']],
    ["a = b = 'c'", ["a = b", 'b = "c"']],
    ["for (const p of ['a', 'b']) ask(p)", ['p = <"a" | "b">']],
    ["for (const p of PROMPTS) ask(p)", ["p = PROMPTS.[]"]],
    ["declare const x: string; type T = 'a'; interface I { a: 'b' }", []],
    ["namespace N { export const A = 'a' }", ['const A = "a"']],
  ])("binds %s", (source, words) => {
    expect(bindingsInWords(read(source))).toEqual(words);
  });

  it("binds fields and methods in the scope of their class, and paths of `this` in the method's", () => {
    const source = `@Agent("d") class A extends base.B {
      prompt = "a"; static #key = "b";
      constructor(private readonly tone = "c") { this.prompt = "d"; }
      get system() { return \`e \${this.tone}\`; }
      ask = async () => "f";
    }`;
    const module = read(source);
    expect(bindingsInWords(module)).toEqual([
      "const A = scope1",
      '1: const prompt = "a"',
      '1: const #key = "b"',
      "1: const constructor = scope2",
      '1: const system = <"e ${this.tone}">',
      "1: const ask = scope4",
      "2: this.tone = tone",
      '2: this.prompt = "d"',
    ]);
    expect(module.scopes.map(({ kind, name }) => [kind, name])).toEqual([
      ["module", null],
      ["class", "A"],
      ["function", "constructor"],
      ["function", "system"],
      ["function", "ask"],
    ]);
    expect(module.scopes[1]).toMatchObject({ parent: 0, decorators: ["Agent"], bases: ["base.B"] });
  });

  it("names functions by what they are bound to, and knows their parameters", () => {
    const module = read(
      "const ask = (a: string, { b, c: d = 'e' }: Options = {}, [f], ...g: string[]) => { return a; }; function h(this: X, i?: number) {}",
    );
    expect(module.scopes.map(({ name }) => name)).toEqual([null, "ask", "h"]);
    expect(parametersInWords(module)).toEqual([
      "0 a: string",
      "1 b of .b",
      '1 d of .c = "e"',
      "2 f of .0",
      "3 g: string[]",
      "0 i: number",
    ]);
  });
});

describe("what a JavaScript module takes and gives", () => {
  it("knows every kind of import, and leaves types out", () => {
    const module = read(`
      import a, { b as c, type D, default as e } from "m"; import type F from "f"; import * as g from "n"; import "o";
      import h = require("p"); const i = require("q"); const { j: k } = await import("r"); import { "l m" as n } from "s";`);
    expect(importsInWords(module)).toEqual([
      "a = m default",
      "c = m b",
      "e = m default",
      "g = n null",
      "h = p null",
      "i = q null",
      "k = r j",
      "n = s l m",
    ]);
    expect(module.texts).toEqual([]);
  });

  it("knows every kind of export", () => {
    const module = read(`
      export const a = "A", { b } = o; export function c() {} export class D {} export enum E {}
      export { a as f, type T }; export { g as h } from "m"; export * from "n"; export * as i from "o";
      export default \`j\`;`);
    expect(exportsInWords(module)).toEqual([
      "a = a",
      "b = b",
      "c = c",
      "D = D",
      "E = E",
      "f = a",
      "h from m g",
      "* from n null",
      "i from o null",
      'default = "j"',
    ]);
  });

  it.each([
    ["module.exports = { a, b: 'c' }", ['default = {a: a, b: "c"}', "a = a", 'b = "c"']],
    ["exports.a = 'b'; module.exports.c = d", ['a = "b"', "c = d"]],
    ["module.exports = require('./x')", ["* from ./x null"]],
    ["export default function f() {}", ["default = f"]],
    ["export default SYSTEM", ["default = SYSTEM"]],
  ])("takes %s for exports", (source, words) => {
    expect(exportsInWords(read(source, "a.js"))).toEqual(words);
  });
});

describe("which calls a JavaScript module makes", () => {
  it("numbers them in the order of their beginnings, and knows what each is called on", () => {
    const module = read(
      "const r = await (await getClient()).chat.completions.create({ model: 'm' }, ...rest); f(a)(b); (() => c())(); a?.b?.(c); clients[i].ask(x)",
    );
    expect(callsInWords(module)).toEqual([
      'await getClient.().chat.completions.create({model: "m"}, ...rest)',
      "await getClient()",
      "f.()(b)",
      "f(a)",
      "()()",
      "c()",
      "a.b(c)",
      "clients.[].ask(x)",
    ]);
    const [create] = module.calls;
    expect(module.source.slice(create!.calleeSpan.from, create!.calleeSpan.to)).toBe(
      "(await getClient()).chat.completions.create",
    );
    expect(create!.receiver).toMatchObject({ kind: "member", property: "completions" });
  });

  it("keeps the last steps of a callee alone where it is long", () => {
    const [outermost] = read(`x${".y()".repeat(500)}`).calls;
    expect(outermost!.callee).toHaveLength(16);
  });
});

describe("where the texts of a JavaScript module stand", () => {
  it.each([
    ["const A = { b: ['c'] }", ['"c" < item 0 < property b < binding A']],
    [
      "ask({ system: `s ${t('u')}` })",
      [
        '"s ${@1}" < property system < argument 0 of @0 < statement',
        '"u" < argument 0 of @1 < piece < property system < argument 0 of @0 < statement',
      ],
    ],
    ["function f() { return a ? 'b' : 'c' }", ['"b" < return of f', '"c" < return of f']],
    ["const f = (x = 'd') => 'r'", ['"d" < default of x', '"r" < return of f < binding f']],
    ["throw new Error('e' + x)", ['("e" + x) < argument 0 of @0 < thrown']],
    ["if (a === 'b') c", ['"b" < comparison < statement']],
    ["switch (a) { case 'b': c }", ['"b" < comparison']],
    ["a['b'].c('d')", ['"b" < subscript < statement', '"d" < argument 0 of @0 < statement']],
    [
      "<p title='a'>Hi {'b'}{`c ${d}`}</p>",
      [
        '"a" < property title < markup < statement',
        '"Hi " < markup < statement',
        '"b" < markup < statement',
        '"c ${d}" < markup < statement',
      ],
    ],
    ["class A { @P('a') m() {} }", ['"a" < argument 0 of @0 < decorator P']],
    ["gql`query`", ['gql"query" < tag gql < statement']],
    ["m.push({ content: 'a' })", ['"a" < property content < argument 0 of @0 < binding m < statement']],
    ["x.replace('a', 'long text')", ['"long text" < piece < statement']],
    ["'use strict'; ''; a + b", []],
    ["new RegExp('a+')", ['bytes"a+" < argument 0 of @0 < statement']],
    ["export default 'a'", ['"a" < binding default']],
  ])("says of %s", (source, words) => {
    expect(textsInWords(read(source))).toEqual(words);
  });

  it("tells each text once, however the expression is put together", () => {
    const module = read(
      "const x = (a && ('p' + b)) || ['q', c ? 'r' : `s`].join(d) || f('t').trim() || (0, 'u')",
    );
    expect(textsInWords(module).map((text) => text.split(" < ")[0])).toEqual([
      '("p" + b)',
      '("q" + <"r" | "s"> by d)',
      '"t"',
      '"u"',
    ]);
  });
});

describe("what becomes of JavaScript that cannot be read", () => {
  it("leaves statements out that cannot be parsed, and says where", () => {
    const module = read('const a = "b";\n<<<<<<< HEAD\nconst c = ;\nconst d = "e";\n', "a.ts");
    expect(bindingsInWords(module)).toContain('const d = "e"');
    expect(bindingsInWords(module)).toContain('const a = "b"');
    expect(module.problems.map(({ line }) => line)).toEqual([2, 3]);
  });

  it.each([
    ["parentheses", `x = ${"(".repeat(10_000)}"a"${")".repeat(10_000)}`],
    ["lists", `x = ${"[".repeat(400)}"a"${"]".repeat(400)}`],
    ["a sum", `x = ${'"a" + '.repeat(50_000)}"b"`],
  ])("ends in one problem where %s are nested too deep", (_, source) => {
    expect(readJavaScriptModule({ file: "a.js", language: "javascript", source }).problems).toHaveLength(1);
  });

  it("reads sums and chains of thousands of parts", () => {
    const sum = read(`x = ${'"a" + '.repeat(4000)}"b"`, "a.js").texts;
    expect(sum).toHaveLength(1);
    expect(sum[0]!.value).toMatchObject({ kind: "concatenation", parts: { length: 4001 } });
    expect(read(`x${'.y("z")'.repeat(5000)}`, "a.js").calls).toHaveLength(5000);
  });

  it.each([
    ["a.js", "// @flow\nimport type { A } from 'a';\nconst f = (x: ?string): string => 'b';"],
    ["a.js", "var s = '\\07'; with (o) { f('a') } delete s;"],
    ["a.cjs", "#!/usr/bin/env node\nreturn require('a')('b');"],
    ["a.jsx", "export const A = () => <><B {...c} d={'e'} /></>;"],
    ["a.mts", "export const f = <T>(x: T) => <string>'a';"],
    ["a.d.ts", "declare module 'a' { export const b: string; } export = c;"],
    ["a.js", "class A { static { f('a') } #b = 'c'; accessor = 1 }"],
    ["a.ts", "@Injectable() class A { constructor(@Inject('a') private b: B) {} @Input() accessor c = 'd' }"],
    ["a.ts", "using a = f('b'); await using c = g(); const d = import.meta.url;"],
    ["a.js", "\uFEFFconst a = 'b';"],
  ])("has no problem with the dialect of %s: %s", (file, source) => {
    expect(read(source, file).problems).toEqual([]);
  });

  it("reads the scripts of a component where they stand", () => {
    const source =
      "<template>\n<p>{{ 'no' }}</p>\n</template>\n<script setup lang=\"ts\">\nconst a: string = `yes`;\n</script>\n";
    const { texts } = read(source, "a.vue");
    expect(texts.map(({ value }) => source.slice(value.from, value.to))).toEqual(["`yes`"]);
  });

  it("keeps comments that speak to Colophon, with their lines", () => {
    const { directives } = read(
      "a();\n// colophon: ignore\nb(); /* colophon: ignore (a fixture) */\n// not colophon: x",
    );
    expect(directives).toEqual([
      { line: 2, text: "colophon: ignore" },
      { line: 3, text: "colophon: ignore (a fixture)" },
    ]);
  });
});

describe("spans of JavaScript", () => {
  it("give an expression that has the decoded value, for any text in any quotes", () => {
    const quote = fc.constantFrom('"', "'", "`");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), quote, fc.boolean(), (text, mark, isEscaped) => {
        const literal = printed(text, mark, isEscaped);
        const module = read(`/* é😀 */ f(  ${literal} , 1)`, "a.js");
        const [argument] = module.calls[0]!.arguments;
        const { from, to } = argument!.value;
        expect(module.source.slice(from, to)).toBe(literal);
        const again = parseExpression(literal);
        const decoded =
          again.type === "StringLiteral"
            ? again.value
            : again.type === "TemplateLiteral"
              ? again.quasis[0]!.value.cooked
              : null;
        expect(argument!.value).toMatchObject({ kind: "text", pieces: decoded === "" ? [] : [decoded] });
        expect(decoded).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

/** A literal of the text; `isEscaped`: with an escape for every character. */
function printed(text: string, mark: string, isEscaped: boolean): string {
  const units = Array.from({ length: text.length }, (_, index) => text[index]!);
  const written = units.map((unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return isEscaped || unit === mark || /[\\\r\n\u2028\u2029$]/.test(unit) ? `\\u${hex}` : unit;
  });
  return `${mark}${written.join("")}${mark}`;
}
