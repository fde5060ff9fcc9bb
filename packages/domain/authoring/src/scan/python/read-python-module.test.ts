/** Tests of the Python reader: tables of sources and of what is said of them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: holes are said as `${…}` of every language
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
import { readPythonModule } from "./read-python-module.ts";

function read(source: string): SourceModule {
  const module = readPythonModule({ file: "a.py", language: "python", source });
  expect(spansThatDoNotNest(module)).toEqual([]);
  return module;
}

/** Reads `x = EXPRESSION` and says what x is. */
function wordsOf(expression: string): string {
  const module = read(`x = ${expression}\n`);
  expect(module.problems).toEqual([]);
  return bindingsInWords(module)
    .find((binding) => binding.startsWith("x = "))!
    .slice(4);
}

describe("what a Python expression is", () => {
  it.each([
    [`"a\\n" 'b' """c"""`, '("a\\n" + "b" + "c")'],
    [`(\n  "a"  # no\n  f"b {c}"\n)`, '("a" + "b ${c}")'],
    [`r"\\d" + b"e" + u'f'`, '("\\\\d" + bytes"e" + "f")'],
    [`f"{a!r:>{w}} {{b}} {c['d']} {e=} {f'{g}'}"`, '"${a} {b} ${c.d} e=${e} ${"${g}"}"'],
    [`f"{a + b = !r}"`, '"a + b = ${(a + b)}"'],
    [`f'{x["a"]}' f"{y:%H:%M}"`, '("${x.a}" + "${y}")'],
    [`rf"\\{x}"`, '"\\\\${x}"'],
    [`t"a {b}"`, '"a ${b}"'],
    [`f"{(lambda: 1)()}{a if b else 'c'}"`, '"${@0}${<a | "c">}"'],
    [`"a %s %d" % (b, c)`, 'percent("a %s %d" | 0=b, 1=c)'],
    [`"a %(b)s" % {"b": c, **d}`, 'percent("a %(b)s" | b=c, **=...d)'],
    [`"a %s" % b`, 'percent("a %s" | 0=b)'],
    [`PROMPT % b`, "percent(PROMPT | 0=b)"],
    [`n % 2`, "?"],
    [`"{} {0.b} {c}".format(d, *e, c=f, **g)`, 'format("{} {0.b} {c}" | 0=d, *=...e, c=f, **=...g)'],
    [`P.format_map({"a": b})`, "format(P | a=b)"],
    [`P.format_map(a)`, "format(P | **=...a)"],
    [`"\\n".join(["a", b, *c])`, '("a" + b + ...c by "\\n")'],
    [`", ".join(f"- {i}" for i, j in k if i)`, '(...many["- ${i}"] by ", ")'],
    [`"".join(lines)`, '(...lines by "")'],
    [`sep.join([a, "b"])`, '(a + "b" by sep)'],
    [`os.path.join("a", b)`, "@0"],
    [`thread.join()`, "@0"],
    [`"Hi {n}".replace("{n}", a).replace("{m}", "b")`, 'replace("Hi {n}" | {n}=a, {m}="b")'],
    [`when.replace(hour=1)`, "@0"],
    [`textwrap.dedent("""\n    a\n      {b}\n""").strip()`, '"a\\n  {b}"~textwrap.dedent~strip'],
    [`inspect.cleandoc("""a\n    b""")`, '"a\\nb"~inspect.cleandoc'],
    [`str(a.b)`, "a.b~str"],
    [`cast(str, a)`, "a~cast"],
    [`dict(a="b", **c)`, '{a: "b", null: ...c}'],
    [`{"a": b, 1: c, d: "e", **f}`, '{a: b, 1: c, null: "e", null: ...f}'],
    [`["a", *b]`, '["a", ...b]'],
    [`("a",)`, '["a"]'],
    [`{"a", b}`, '["a", b]'],
    [`[f"{a}!" for a in b]`, 'many["${a}!"]'],
    [`{k: "v" for k in b}`, '{null: "v"}'],
    [`"a" if b else "c"`, '<"a" | "c">'],
    [`a or b or "c"`, '<a | b | "c">'],
    [`a and "b"`, '<"b">'],
    [`a["b"][0].c[d][1:2]`, "a.b.0.c.[].[]"],
    [`-1.5`, "-1.5"],
    [`3.`, "3"],
    [`None`, "null"],
    [`True`, "true"],
    [`not a`, "?"],
    [`a == "b"`, "?"],
    [`"a" * 3`, "?"],
    [`await f()`, "@0"],
    [`lambda a: "b"`, "scope1"],
    [`(y := "z")`, "y"],
  ])("reads %s", (expression, words) => {
    expect(wordsOf(expression)).toBe(words);
  });

  it("sees through the template of the standard library, and through no other of that name", () => {
    const words = (module: string) =>
      bindingsInWords(
        read(`from ${module} import Template\nt = Template("Hi $n")\nx = t.safe_substitute({"n": a}, m=b)\n`),
      );
    expect(words("string")).toEqual(['t = "Hi $n"~string.Template', "x = substitute(t | n=a, m=b)"]);
    expect(words("jinja2")).toEqual(["t = @0", "x = substitute(t | n=a, m=b)"]);
  });
});

describe("what a Python module binds", () => {
  it.each([
    ['A = "a"\nb = _C = "c"', ['const A = "a"', 'b = "c"', 'const _C = "c"']],
    ['a, (b, *c) = d\ne, f = "E", "F"', ["a = d.0", "b = d.1.0", "c = ?", 'e = "E"', 'f = "F"']],
    ['a: Final[str] = "b"\nc: int', ['a = "b"']],
    ['a += "b"\na -= 1\nm += [c]', ['a += "b"', "m += [c]"]],
    ['P["a"] = "b"\np.q = "c"\nd[e] = "f"', ['P.a = "b"', 'p.q = "c"']],
    ['m.append({"a": b})\nm.extend([c])\nm.insert(0, d)', ["m << {a: b}", "m << ...[c]", "m << d"]],
    [
      'for p in ["a", "b"]: ask(p)\nfor k, v in P.items(): pass',
      ['p = <"a" | "b">', "k = @1.[].0", "v = @1.[].1"],
    ],
    [
      "with open(a) as f, g() as self.h: pass\nwith (i() as j,  # one\n      k() as l): pass",
      ["f = @0", "self.h = @1", "j = @2", "l = @3"],
    ],
    ['if (n := "a"): pass\nf(m := "b")', ['n = "a"', 'm = "b"']],
    ['def f():\n  global A\n  A = "a"\n  b = "c"', ["const f = scope1", 'const A = "a"', '1: b = "c"']],
    ["a = ", []],
  ])("binds %s", (source, words) => {
    expect(bindingsInWords(read(`${source}\n`))).toEqual(words);
  });

  it("binds attributes and methods in the scope of their class, and paths of self in the method's", () => {
    const module = read(`
@dataclass(frozen=True)
class A(base.B, metaclass=M):
    prompt: str = "a"
    tone = field(default="b")
    def __init__(self, x: "T" = "c", *args: int, k=1, **kw) -> None:
        self.system = x or "d"
    @property
    def both(self):
        return f"{self.prompt} e"
    @staticmethod
    async def ask(q, /, *, r): ...
`);
    expect(bindingsInWords(module)).toEqual([
      "const A = scope1",
      '1: const prompt = "a"',
      "1: const tone = @1",
      "1: const __init__ = scope2",
      '1: const both = <"${self.prompt} e">',
      "1: const ask = scope4",
      '2: self.system = <x | "d">',
    ]);
    expect(module.scopes[1]).toMatchObject({
      kind: "class",
      name: "A",
      decorators: ["dataclass"],
      bases: ["base.B"],
    });
    expect(module.scopes[3]).toMatchObject({
      kind: "function",
      name: "both",
      parent: 1,
      decorators: ["property"],
    });
    expect(parametersInWords(module)).toEqual([
      "0 self",
      '1 x: "T" = "c"',
      "2 args: int",
      "3 k = 1",
      "4 kw",
      "0 self",
      "0 q",
      "1 r",
    ]);
  });
});

describe("what a Python module takes and gives", () => {
  it("knows every kind of import", () => {
    const module = read(
      `import a, b.c, d.e as f\nfrom g.h import i, j as k\nfrom ..l import (\n  m,\n  n as o,\n)\nfrom . import p\nfrom q import *\n`,
    );
    expect(importsInWords(module)).toEqual([
      "a = a null",
      "b = b null",
      "b.c = b.c null",
      "f = d.e null",
      "i = g.h i",
      "k = g.h j",
      "m = ..l m",
      "o = ..l n",
      "p = . p",
      "* = q *",
    ]);
    expect(exportsInWords(module)).toEqual([
      "a from a null",
      "b from b null",
      "f from d.e null",
      "i from g.h i",
      "k from g.h j",
      "m from ..l m",
      "o from ..l n",
      "p from . p",
      "* from q null",
    ]);
  });

  it("gives every name of the module", () => {
    const module = read('A = "a"\nA += "b"\nself.c = "d"\ndef e(): f = 1\nclass G: h = 2\n');
    expect(exportsInWords(module)).toEqual(["A = A", "e = e", "G = G"]);
  });
});

describe("which calls a Python module makes", () => {
  it("numbers them in the order of their beginnings, and knows what each is called on", () => {
    const module = read(
      'r = await (await get()).chat.create(*a, model="m", **b)\nf(x)(y)\nc["d"].e[0](z)\nd[g()] = h()\nk(i for i, j in l)\n"a".split()\n',
    );
    expect(callsInWords(module)).toEqual([
      'await get.().chat.create(...a, model="m", ...b)',
      "await get()",
      "f.()(y)",
      "f(x)",
      "c.d.e.0(z)",
      "g()",
      "h()",
      "k(many[i])",
      "().split()",
    ]);
    const [create] = module.calls;
    expect(module.source.slice(create!.calleeSpan.from, create!.calleeSpan.to)).toBe(
      "(await get()).chat.create",
    );
    expect(create!.receiver).toMatchObject({ kind: "member", property: "chat" });
  });

  it("takes a decorator with arguments for the call that it is", () => {
    const module = read('@llm.prompt_template("Hi {x}")\n@llm.call("m")\ndef f(x): ...\n');
    expect(callsInWords(module)).toEqual(['llm.prompt_template("Hi {x}")', 'llm.call("m")']);
    expect(module.calls[0]!.receiver).toMatchObject({ kind: "name", name: "llm" });
    expect(module.scopes[1]).toMatchObject({ decorators: ["llm.prompt_template", "llm.call"] });
  });
});

describe("where the texts of a Python module stand", () => {
  it.each([
    ['A = {"b": ["c"]}', ['"c" < item 0 < property b < binding A']],
    [
      'ask("p", system=f"s {t(\'u\')}")',
      [
        '"p" < argument 0 of @0 < statement',
        '"s ${@1}" < argument system of @0 < statement',
        '"u" < argument 0 of @1 < piece < argument system of @0 < statement',
      ],
    ],
    [
      '"""module"""\nclass A:\n  "class"\n  def f(self):\n    """function"""\n    "no more"',
      ['"module" < docstring', '"class" < docstring', '"function" < docstring', '"no more" < statement'],
    ],
    [
      '@prompt\n@a.tool(x)\ndef f():\n  """doc {x}"""',
      ['"doc {x}" < docstring < decorator prompt < decorator a.tool'],
    ],
    [
      'def f(x: "T" = "d") -> "R":\n  return "r" if x else "s"',
      ['"T" < type', '"d" < default of x', '"R" < type', '"r" < return of f', '"s" < return of f'],
    ],
    ['raise X(f"e {y}") from z', ['"e ${y}" < argument 0 of @0 < thrown']],
    ['assert x in "a", "b"', ['"a" < comparison < comparison', '"b" < thrown']],
    [
      'if x == "a" and "b" in y: pass',
      ['"a" < comparison < comparison < statement', '"b" < comparison < statement'],
    ],
    [
      'match x:\n  case "a" | {"b": c}: pass\n  case Point() | []: f("d")',
      ['"a" < comparison', '"b" < comparison', '"d" < argument 0 of @0 < statement'],
    ],
    ['a["b"]["c " + d]', ['"b" < subscript < statement', '("c " + d) < subscript < statement']],
    ['@route("/a")\ndef f(): pass', ['"/a" < argument 0 of @0 < decorator route']],
    ['m.append({"content": "a"})', ['"a" < property content < argument 0 of @0 < binding m < statement']],
    ['f = lambda a="b": "c"', ['"b" < default of a', '"c" < return of f < binding f']],
    ['T.format(x="long text")', ['"long text" < piece < statement']],
    ['re.compile(r"a+")', ['bytes"a+" < argument 0 of @0 < statement']],
    ['print "old"', ['"old" < statement']],
    ['x: Literal["a"] = y', ['"a" < subscript < type']],
    ['def f():\n  yield "a"\n  yield', ['"a" < statement']],
    ["''\nf'{a}'\na + b", []],
  ])("says of %s", (source, words) => {
    expect(textsInWords(read(`${source}\n`))).toEqual(words);
  });

  it("gives the place of an expression without its parentheses, to the character", () => {
    const source = 'é😀 = f(\n  ("a"\n   "b"), c=(textwrap.dedent("""d\n""")),\n)\n';
    const [call] = read(source).calls;
    const written = call!.arguments.map(({ value }) => source.slice(value.from, value.to));
    expect(written).toEqual(['"a"\n   "b"', 'textwrap.dedent("""d\n""")']);
  });
});

describe("what becomes of Python that cannot be read", () => {
  it("reads what stands before and after, and says where it could not follow", () => {
    const module = read('a = "b"\n<<<<<<< HEAD\nc = "d" +\n=======\nf(("g")\n\ne = "h"\n');
    expect(bindingsInWords(module)).toContain('a = "b"');
    expect(module.problems.map(({ line }) => line)).toContain(2);
  });

  it.each([
    ["parentheses", `x = ${"(".repeat(10_000)}"a"${")".repeat(10_000)}`],
    ["lists", `x = ${"[".repeat(400)}"a"${"]".repeat(400)}`],
    ["calls", `x = ${"f(".repeat(5000)}"a"${")".repeat(5000)}`],
    ["functions", Array.from({ length: 400 }, (_, depth) => `${" ".repeat(depth)}def f():`).join("\n")],
    ["control characters", "\u0000\u0001\uD800 \\ ` $ ?".repeat(100)],
    ["an open string", 'x = """a'],
    ["an open format string", 'x = f"{a'],
  ])("has an end for %s", (_, source) => {
    expect(() => readPythonModule({ file: "a.py", language: "python", source })).not.toThrow();
  });

  it("reads sums of thousands of parts", () => {
    const [text, ...others] = read(`x = (${'"a"\n'.repeat(20_000)})\n`).texts;
    expect(others).toEqual([]);
    expect(text!.value).toMatchObject({ kind: "concatenation", parts: { length: 20_000 } });
    expect(read(`x = ${'"a" + '.repeat(2000)}"b"\n`).texts).toHaveLength(1);
  });

  it.each([
    ["a byte order mark", '\uFEFFx = "a"\n'],
    ["line ends of another system", 'def f():\r\n  x = "a" \\\r\n    "b"\r\n  y = """c\r\nd"""\r\n'],
    ["form feeds", '\fclass A:\n\f\n  x = "a\f"\n'],
    ["tabs", 'if a:\n\tif b:\n\t\tx = "c"\n\ty = "d"\n'],
    ["stars in what is gone through", "x = [a for a, *_ in b]\nfor c, *d in e: pass\n"],
    ["several names for one item", "with c() as (d,\n    e):\n  pass\n"],
    [
      "patterns of nothing",
      "match a:\n  case {}: pass\n  case (): pass\n  case B(): pass\n  case []: pass\n",
    ],
    ["numbers that end in a point", "x = [1., -2., 1.e5, 3..real]\n"],
    ["new words used as names", 'match = "a"\ncase = f()\ntype = "b"\nprint(match, case)\n'],
    [
      "new syntax",
      "type A[T] = list[T]\ndef f[T](x: T) -> T: ...\nasync def g():\n  return [y async for y in z]\ntry: pass\nexcept* E: pass\n",
    ],
  ])("has no problem with %s", (_, source) => {
    expect(read(source).problems).toEqual([]);
  });

  it("decodes line ends as Python does", () => {
    expect(bindingsInWords(read('x = """a\r\nb\\\r\nc"""\r\n'))).toEqual(['x = "a\\nbc"']);
  });

  it("keeps comments that speak to Colophon, with their lines", () => {
    const { directives } = read(
      'a = 1  # colophon: ignore\n\n# colophon: ignore (a fixture)\nb = "# colophon: no"\n',
    );
    expect(directives).toEqual([
      { line: 1, text: "colophon: ignore" },
      { line: 3, text: "colophon: ignore (a fixture)" },
    ]);
  });
});
