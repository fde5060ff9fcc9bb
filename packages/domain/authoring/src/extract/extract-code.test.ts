/** The codemod on small modules: compiled, and run before and after against clients that write down what they are sent. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashText } from "@colophon/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceFile } from "../scan/source/source-module.ts";
import {
  COMMON_CASES,
  EXTRACT_CASES,
  type ExtractCase,
  INPUT,
  REFUSED_CASES,
} from "./extract-cases.fixture.ts";
import { extractCode } from "./extract-code.ts";
import type { Extraction } from "./extraction.ts";
import type { CaseSet, RanSet } from "./run-cases.fixture.ts";

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));

interface Side extends RanSet {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly extraction: Extraction;
}

let folder: string;
let modules: Side;
let common: Side;

function sourceFiles(files: ReadonlyMap<string, string>): readonly SourceFile[] {
  return [...files].map(([file, source]) => ({
    file,
    source,
    language: /\.[cm]?ts$/.test(file) ? "typescript" : "javascript",
  }));
}

function extract(files: ReadonlyMap<string, string>): Extraction {
  return extractCode({ files: sourceFiles(files), application: "shop", isWanted: () => true });
}

function changed(files: ReadonlyMap<string, string>, { changes }: Extraction): Map<string, string> {
  const result = new Map(files);
  for (const change of changes) {
    if (change.after === null) result.delete(change.file);
    else result.set(change.file, change.after);
  }
  return result;
}

function write(place: string, files: ReadonlyMap<string, string>): void {
  for (const [file, source] of files) {
    const path = join(place, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
  }
}

interface SideForm {
  /** Of the modules. */
  readonly ending: string;
  readonly opens: (store: string) => string;
}

/** Extracts cases, each in a folder of its own that begins with `name`, and writes both sides. */
function writeSides(
  name: string,
  cases: readonly ExtractCase[],
  { ending, opens }: SideForm,
): Omit<Side, keyof RanSet> & { readonly set: CaseSet } {
  const place = join(folder, name);
  const before = new Map([
    ["input.ts", INPUT],
    [`colophon.${ending}`, opens(JSON.stringify(join(place, "store", ".colophon")))],
  ]);
  for (const [index, { code, files = {} }] of cases.entries()) {
    before.set(`${name}${index}/app.${ending}`, code);
    for (const [file, source] of Object.entries(files)) before.set(`${name}${index}/${file}`, source);
  }
  const extraction = extract(before);
  const after = changed(before, extraction);
  write(join(place, "before"), before);
  write(join(place, "after"), after);
  const modules = cases.map((_, index) => `${name}${index}/app.${ending}`);
  return { before, after, extraction, set: { folder: place, prompts: `prompts.${ending}`, cases: modules } };
}

beforeAll(() => {
  // Inside the repository, so that packages are found from it.
  const parent = join(ROOT, "packages", "domain", "authoring", "dist");
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "extract-"));
  write(join(folder, "common"), new Map([["package.json", `{ "type": "commonjs" }`]]));
  const sides = [
    writeSides("case", EXTRACT_CASES, {
      ending: "ts",
      opens: (store) =>
        `import { open } from "colophon";\n\nexport const colophon = open({ store: ${store}, onNotice: () => {} });\n`,
    }),
    writeSides("common", COMMON_CASES, {
      ending: "js",
      opens: (store) =>
        `const { open } = require("colophon");\n\nexports.colophon = open({ store: ${store}, onNotice: () => {} });\n`,
    }),
  ];
  // Declared prompts are known in the whole process, so these get one of their own.
  const runner = fileURLToPath(new URL("run-cases.fixture.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [runner, JSON.stringify(sides.map(({ set }) => set))],
    { encoding: "utf8" },
  );
  if (stdout === "") throw new Error(stderr);
  const ran = JSON.parse(stdout) as readonly RanSet[];
  const [first, second] = sides.map((side, index) => ({ ...side, ...(ran[index] as RanSet) }));
  modules = first as Side;
  common = second as Side;
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** How lines are broken is the business of the example application's test. */
function withoutLayout(source: string): string {
  return source.replace(/\s+/g, "").replace(/,(?=[)}\]])/g, "");
}

const TITLES = EXTRACT_CASES.map(({ title }, index) => [title, index] as const);
const COMMON_TITLES = COMMON_CASES.map(({ title }, index) => [title, index] as const);

function expectRewritten({ extraction, after }: Side, wanted: string | undefined, file: string): void {
  const proposal = extraction.proposals.find((one) => one.file === file);
  expect(extraction.left.filter((one) => one.file === file)).toEqual([]);
  expect(proposal).toBeDefined();
  if (wanted === undefined) return;
  const named = wanted.replaceAll("CASEPrompt", proposal?.name ?? "");
  expect(withoutLayout(after.get(file) ?? "")).toContain(withoutLayout(named));
}

function expectSameVersions({ extraction, hashes }: Side): void {
  const proposed = extraction.proposals.map(({ name, text }) => [name, hashText(text)] as const);
  expect(Object.fromEntries(proposed)).toEqual(hashes);
}

describe("a call that becomes a prompt", () => {
  it.each(TITLES)("%s", (_, index) => {
    expectRewritten(modules, EXTRACT_CASES[index]?.after, `case${index}/app.ts`);
  });

  it.each(TITLES)("sends the same for any values: %s", (_, index) => {
    expect(modules.differences[index]).toBe(null);
  });

  it("declares the very texts that were proposed, so that a file and the code are one version", () => {
    expectSameVersions(modules);
  });

  it("proposes nothing the second time", () => {
    expect(extract(modules.after)).toMatchObject({ proposals: [], changes: [], left: [] });
  });
});

describe("a call of CommonJS that becomes a prompt", () => {
  it.each(COMMON_TITLES)("%s", (_, index) => {
    expectRewritten(common, COMMON_CASES[index]?.after, `common${index}/app.js`);
  });

  it.each(COMMON_TITLES)("sends the same for any values: %s", (_, index) => {
    expect(common.differences[index]).toBe(null);
  });

  it("leaves nothing behind that went into a declaration, and no file that is spent", () => {
    expectSameVersions(common);
    expect(common.after.get("common0/words.js")).toBe(`module.exports = {\n  OTHER: "other",\n};\n`);
    expect([common.after.has("common0/config.js"), common.after.has("common1/build.js")]).toEqual([
      false,
      false,
    ]);
    expect(common.after.get("prompts.js")).toContain(`const { definePrompt } = require("colophon");`);
    expect(extract(common.after)).toMatchObject({ proposals: [], changes: [], left: [] });
  });
});

it("compiles before and after", { timeout: 120_000 }, () => {
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: false,
    allowJs: true,
    checkJs: true,
    noUnusedLocals: true,
    rootDir: ROOT,
  };
  // A compiler that says nothing at all may not have looked.
  writeFileSync(join(folder, "case", "after", "wrong.ts"), `export const wrong: number = "text";\n`);
  writeFileSync(join(folder, "common", "after", "wrong.js"), `require("./prompts").gone();\n`);
  const config = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions,
    include: ["case", "common"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
    encoding: "utf8",
  });
  // Errors in the SDK's own sources are those of its own type check.
  const errors = stdout.split("\n").filter((line) => line.includes(basename(folder)));
  expect(errors).toEqual([
    expect.stringContaining("wrong.ts(1,14)"),
    expect.stringContaining("wrong.js(1,22)"),
  ]);
});

describe("a call that stays as it is", () => {
  it.each(REFUSED_CASES.map((refused) => [refused.title, refused] as const))(
    "says why: %s",
    (_, { code, reason }) => {
      const { left, proposals } = extract(new Map([["src/app.ts", code]]));
      expect(left).toMatchObject([{ file: "src/app.ts", reason: expect.stringMatching(reason) }]);
      expect(proposals).toHaveLength(code.split(/\.create\(/).length - 2);
    },
  );
});

describe("words that another file may change", () => {
  const call = (content: string): string =>
    `client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: ${content} }] })`;
  const words = `module.exports = { SYSTEM: "You sort tickets." };\n`;
  const patched = `require("./over");\nconst { SYSTEM } = require("./words");\nexports.ask = (client) => ${call("SYSTEM")};\n`;

  it.each<[string, Readonly<Record<string, string>>]>([
    [
      "a variable that is imported, and set before the call",
      {
        "app.ts": `import { tone, set } from "./tone.ts";\nexport function ask(client: any) {\n  const content = \`Be \${tone} and sort.\`;\n  set("rude");\n  return ${call("content")};\n}\n`,
        "tone.ts": `export let tone: string = "kind";\nexport const set = (other: string) => { tone = other; };\n`,
      },
    ],
    [
      "an object in a module that is imported whole",
      {
        "app.ts": `import { PROMPTS } from "./words.ts";\nimport "./over.ts";\nexport const ask = (client: any) => ${call("PROMPTS.triage")};\n`,
        "words.ts": `export const PROMPTS = { triage: "You sort tickets." };\n`,
        "over.ts": `import * as words from "./words.ts";\nwords.PROMPTS.triage = "SORT.";\n`,
      },
    ],
    [
      "what CommonJS exports, by its name",
      { "app.js": patched, "words.js": words, "over.js": `require("./words").SYSTEM = "SORT.";\n` },
    ],
    [
      "what CommonJS exports, by assigning to all of it",
      {
        "app.js": patched,
        "words.js": words,
        "over.js": `Object.assign(require("./words"), { SYSTEM: "SORT." });\n`,
      },
    ],
  ])("stay: %s", (_, files) => {
    const { proposals, left } = extract(new Map(Object.entries(files)));
    expect([proposals, left.length]).toEqual([[], 1]);
  });
});

it("leaves a call alone that is made before the file that opens Colophon has done so", () => {
  const call = `(globalThis as any).client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Sort this." }] })`;
  const main = `import { open } from "colophon";\nimport "./middle.ts";\nexport const colophon = open();\n`;
  const files = (asked: string): Map<string, string> =>
    new Map([
      ["main.ts", main],
      ["middle.ts", `export * from "./ask.ts";\n`],
      ["ask.ts", `export const asked = ${asked};\n`],
    ]);
  expect(extract(files(call))).toMatchObject({
    proposals: [],
    left: [{ file: "ask.ts", reason: expect.stringMatching(/while main\.ts is being loaded/) }],
  });
  expect(extract(files(`() => ${call}`)).proposals).toHaveLength(1);
});

it("ends lines as most of the file's do", () => {
  const ask = `export const ask = (client: any) =>\r\n  client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Sort this." }] });\n\nexport {};\n`;
  const { changes } = extract(new Map([["ask.ts", ask]]));
  expect(changes.find(({ file }) => file === "ask.ts")?.after).toMatch(/^[^\r]*\.resolve\([^\r]*$/);
});

it("keeps a field of a class that hands all of itself on", () => {
  const desk = `export class Desk {
  readonly system = "You sort tickets.";
  sort(client: any) {
    return client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: this.system }] });
  }
  toJSON() {
    return { ...this };
  }
}
`;
  const [{ after } = { after: "" }] = extract(new Map([["src/desk.ts", desk]])).changes.filter(
    ({ file }) => file === "src/desk.ts",
  );
  expect(after).toContain(".resolve(");
  expect(after).toContain(`readonly system = "You sort tickets.";`);
});

describe("a plan of calls in the same words", () => {
  const ask = (word: string): string => `export function ${word}(client: any) {
  const text = "Tell of ${word}.";
  return client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: text }] });
}
`;
  const files = new Map([["src/app.ts", ask("cats") + ask("dogs")]]);
  const planned = extract(files).proposals;
  const plan = (choices: readonly object[]): Extraction =>
    extractCode({
      files: sourceFiles(files),
      application: "shop",
      isWanted: () => true,
      choices: planned.map(({ id, key, name }, index) => ({
        ...{ id, key, name, extract: true },
        ...choices[index],
      })),
    });

  it("tells them apart", () => {
    const { proposals } = plan([{ key: "of.cats", name: "catsText" }, {}]);
    expect(proposals.map(({ key, name, body }) => [key, name, body])).toEqual([
      ["of.cats", "catsText", "Tell of cats."],
      ["shop.dogs", "dogsPrompt", "Tell of dogs."],
    ]);
    expect(plan([{ extract: false }, {}]).proposals).toMatchObject([{ body: "Tell of dogs." }]);
  });

  it("is refused where it takes names that are taken", () => {
    expect(() => plan([{ name: "z" }, {}])).toThrow('The name "z" of the plan is taken');
  });
});

const WORDS = `export const SYSTEM = "You sort tickets.";\n`;
const CALL = `import type OpenAI from "openai";
import { SYSTEM } from "./words.ts";

export function triage(client: OpenAI) {
  return client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: SYSTEM }] });
}
`;

function extractFiles(files: Readonly<Record<string, string>>): Map<string, string> {
  const all = new Map(Object.entries(files));
  return changed(all, extract(all));
}

describe("the files around a call", () => {
  it("lose a constant that nothing uses any more, and a file that has nothing else", () => {
    expect(extractFiles({ "a/call.ts": CALL, "a/words.ts": WORDS }).has("a/words.ts")).toBe(false);
    const more = `${WORDS}/** Shown on the page. */\nexport const TITLE = "Tickets";\n`;
    expect(extractFiles({ "a/call.ts": CALL, "a/words.ts": more }).get("a/words.ts")).toBe(
      `/** Shown on the page. */\nexport const TITLE = "Tickets";\n`,
    );
  });

  it.each([
    ["a test imports", `import { SYSTEM } from "./words.ts";\nconsole.log(SYSTEM);\n`],
    ["an alias leads to", `import { SYSTEM } from "@/a/words";\nconsole.log(SYSTEM);\n`],
    ["another file passes on", `export * from "./words.ts";\n`],
    ["is read by name at run time", `console.log(await import("./words.ts"));\n`],
  ])("keep a constant that %s", (_, other) => {
    const files = extractFiles({ "a/call.ts": CALL, "a/words.ts": WORDS, "a/other.ts": other });
    expect(files.get("a/words.ts")).toBe(WORDS);
    expect(files.get("a/call.ts")).not.toContain("SYSTEM");
  });

  it("share one declaration between equal prompts, and have one each for others", () => {
    const files = extractFiles({
      "a/call.ts": CALL,
      "b/call.ts": CALL.replace('"./words.ts"', '"../a/words.ts"'),
      "c/call.ts": CALL.replace('"./words.ts"', '"../a/words.ts"').replace("gpt-5", "gpt-5-mini"),
      "a/words.ts": WORDS,
    });
    expect(files.get("prompts.ts")?.match(/definePrompt\(/g)).toHaveLength(2);
    expect(files.get("b/call.ts")).toContain('import { triagePrompt } from "../prompts.ts";');
    expect(files.get("c/call.ts")).toContain('import { triagePrompt2 } from "../prompts.ts";');
  });

  it("go on with the declarations and the instance that are there", () => {
    const declared = `import { definePrompt } from "colophon";
import { z } from "zod";

export const triagePrompt = definePrompt({ key: "call.triage", model: "gpt-5", input: z.object({}), body: "Sort." });
`;
    const files = extractFiles({
      "a/call.ts": CALL,
      "a/words.ts": WORDS,
      "a/prompts.ts": declared,
      "lib/ledger.ts": `import { open } from "colophon";\nconst own = open();\nexport { own as desk };\n`,
    });
    expect(files.get("a/prompts.ts")).toBe(`${declared}
export const triagePrompt2 = definePrompt({
  key: "call.triage-2",
  model: "gpt-5",
  input: z.object({}),
  body: "You sort tickets.",
});
`);
    expect(files.get("a/call.ts")).toContain('import { desk } from "../lib/ledger.ts";');
    expect(files.has("a/colophon.ts")).toBe(false);
  });

  it("get names that nothing there has, whatever it is called by", () => {
    const define = CALL.replace("triage", "define");
    const files = extractFiles({
      "a/call.ts": `${define}import { colophon } from "./ledger.ts";\nexport const log = (colophon: string) => colophon;\n`,
      "a/ledger.ts": `import { open } from "colophon";\nexport const colophon = open();\n`,
      "a/words.ts": WORDS,
      "a/prompts.ts": `// Once definePrompt is here.\nexport const TITLE = 1;\n`,
    });
    expect(files.get("a/colophon-prompts.ts")).toContain("export const definePrompt2 = definePrompt({");
    expect(files.get("a/call.ts")).toContain('import { colophon as colophon2 } from "./ledger.ts";');
    expect(files.get("a/call.ts")).toContain("colophon2.resolve(definePrompt2)");
  });

  it("get their imports where modules take them", () => {
    const call = CALL.slice(CALL.indexOf("\n\n") + 2).replace("SYSTEM", '"You sort tickets."');
    const untyped = call.replace(": OpenAI", ": any");
    const files = extractFiles({
      "a/line.ts": `import type OpenAI from "openai"; ${call.replaceAll("\n", " ").trimEnd()}`,
      "a/none.ts": `"use server";\n${untyped}`,
      "b/alias.ts": `import { log } from "@/b/log";\nlog();\n${untyped.replace("sort", "count")}`,
    });
    expect(files.get("a/line.ts")).toMatch(
      /^import type OpenAI from "openai";\nimport .*\nimport .*\n export function/,
    );
    expect(files.get("a/none.ts")).toMatch(/^"use server";\nimport .*\nimport .*\n\nexport function/);
    expect(files.get("b/alias.ts")).toContain('from "../prompts";');
  });

  it("leave comments for tools behind, and break and indent lines as they fall", () => {
    const files = extractFiles({
      "a/words.ts": WORDS,
      "a/call.ts": CALL.replace(
        'client.chat.completions.create({ model: "gpt-5",',
        `client.chat.completions
    .create({
    // @ts-expect-error not typed yet
    model: "gpt-5", // the small one
    tools: [
      tool,
    ],`,
      ),
    });
    expect(files.get("a/prompts.ts")).toContain("\n\n// the small one\nexport const");
    expect(files.get("a/call.ts")).toContain(`client.chat.completions.create({
        ...p.openai(),
        tools: [
          tool,
        ],
      }),`);
  });

  it("stay as they are where a comment says so", () => {
    const { proposals, left } = extract(
      new Map([
        ["a/call.ts", CALL.replace("  return", "  // colophon: ignore\n  return")],
        ["b/call.ts", CALL],
        ["b/words.ts", `// colophon: ignore\n${WORDS}`],
      ]),
    );
    expect([...proposals, ...left]).toEqual([]);
  });

  it.each([
    [
      "a.sort",
      "src/a.ts",
      "class Sorter {\n  #sort = (client: any) => CALL;\n}\nexport const it = new Sorter();",
    ],
    ["a.sorter", "src/a.ts", "export class Sorter {\n  run(client: any) { return CALL; }\n}"],
    ["shop.tickets", "app/api/tickets/route.ts", "export function POST(client: any) { return CALL; }"],
    [
      "shop.desk",
      "src/desk.ts",
      "export async function run(client: any) { const r = await CALL; return r; }",
    ],
  ])("have a key that says something: %s in %s", (key, file, code) => {
    const call = `client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Sort." }] })`;
    expect(extract(new Map([[file, code.replace("CALL", call)]])).proposals).toMatchObject([{ key }]);
  });

  const read = (words: string): string =>
    CALL.replace("{ SYSTEM }", "{ PROMPTS }").replace("content: SYSTEM", `content: ${words}`);

  it("lose what is theirs alone of an object, and keep it where somebody may ask for any of it", () => {
    const words = `export const PROMPTS = {
  /** For the desk. */
  triage: "You sort tickets.",
  reply: "You answer tickets.",
} as const;
`;
    const other = `import { PROMPTS } from "./words.ts";\nconsole.log(PROMPTS.reply);\n`;
    const call = read("PROMPTS.triage");
    const files = extractFiles({ "a/call.ts": call, "a/words.ts": words, "a/other.ts": other });
    expect(files.get("a/words.ts")).toBe(
      `export const PROMPTS = {\n  reply: "You answer tickets.",\n} as const;\n`,
    );
    expect(files.get("a/prompts.ts")).toContain("/** For the desk. */\nexport const triagePrompt");
    for (const more of [
      "PROMPTS[key]",
      "Object.values(PROMPTS)",
      "({ ...PROMPTS })",
      "PROMPTS.triage",
      "cannot be read)",
    ]) {
      const any = `${other}export const all = (key: "reply") => ${more};\n`;
      const kept = extractFiles({ "a/call.ts": call, "a/words.ts": words, "a/other.ts": any });
      expect(kept.get("a/words.ts")).toBe(words);
    }
  });

  it.each([
    ["an enum", `export enum PROMPTS {\n  Triage = "You sort tickets.",\n}\n`],
    ["a namespace", `export namespace PROMPTS {\n  export const Triage = "You sort tickets.";\n}\n`],
    ["a class", `export class PROMPTS {\n  static readonly Triage = "You sort tickets.";\n}\n`],
  ])("give their words from %s", (_, words) => {
    const files = extractFiles({ "a/call.ts": read("PROMPTS.Triage"), "a/words.ts": words });
    expect(files.get("a/prompts.ts")).toContain(`body: "You sort tickets.",`);
    expect(files.get("a/call.ts")).not.toContain("PROMPTS");
    const here = extractFiles({
      "a/call.ts": `${read("PROMPTS.Triage").replace(/import \{ PROMPTS.*/, "")}${words.replace("export ", "")}`,
    });
    expect(here.get("a/call.ts")).toMatch(/colophon\.resolve\([\s\S]*\n\}\n$/);
    // What an enum and a namespace are asked for at run time, nobody can tell.
    expect(here.get("a/call.ts")?.includes("PROMPTS")).toBe(!words.includes("class"));
  });

  it("lose a member of a class that only they read, unless somebody else may name it", () => {
    const desk = (member: string, more = ""): string => `export class Desk${more} {
  ${member}
  sort(client: any) {
    return client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: this.system }] });
  }
}
`;
    const left = (code: string, other = ""): boolean =>
      extractFiles({ "a/desk.ts": code, "a/other.ts": other }).get("a/desk.ts")?.includes("You sort.") ===
      true;
    expect(left(desk(`private readonly system = "You sort.";`))).toBe(false);
    expect(left(desk(`readonly system = "You sort.";`))).toBe(false);
    expect(left(desk(`readonly system = "You sort.";`, " implements Speaker"))).toBe(true);
    expect(left(desk(`readonly system = "You sort.";`, " extends Base"))).toBe(true);
    expect(left(`@component\n${desk(`readonly system = "You sort.";`)}`)).toBe(true);
    expect(
      left(desk(`readonly system = "You sort.";`), "export const said = (desk: any) => desk.system;\n"),
    ).toBe(true);
    expect(
      left(desk(`readonly system = "You sort.";`), "export interface Speaker { system: string }\n"),
    ).toBe(true);
  });

  it("are modules of the kind that their callers are", () => {
    const call = (ask: string): string => `const OpenAI = require("openai");
const { log } = require("./log.cjs");
exports.${ask} = () => new OpenAI().chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Tell of ${ask}." }] });
log();
`;
    const files = extractFiles({ "a/cats.cjs": call("cats"), "a/log.cjs": "exports.log = () => {};\n" });
    expect(files.get("a/prompts.cjs")).toContain("module.exports.catsPrompt = definePrompt({");
    expect(files.get("a/colophon.cjs")).toContain("module.exports.colophon = open();");
    expect(files.get("a/cats.cjs")).toContain(`const { catsPrompt } = require("./prompts.cjs");`);
    const again = extractFiles({ ...Object.fromEntries(files), "a/dogs.cjs": call("dogs") });
    expect(again.get("a/prompts.cjs")?.match(/module\.exports\.\w+Prompt = /g)).toHaveLength(2);
    expect(again.get("a/dogs.cjs")).toContain(`const { colophon } = require("./colophon.cjs");`);
  });

  it("open once where a framework evaluates modules again, and leave to its owner what runs at the edge", () => {
    const call = CALL.slice(CALL.indexOf("\n\n") + 2)
      .replace("SYSTEM", '"You sort."')
      .replace(": OpenAI", ": any");
    const edge = `export const runtime = "edge";\n${call}`;
    const files = sourceFiles(
      new Map([
        ["a/route.ts", call],
        ["b/route.ts", edge],
      ]),
    );
    const request = { files, application: "shop", isWanted: () => true, isReevaluated: true };
    const { changes, left } = extractCode(request);
    expect(changes.find(({ file }) => file === "a/colophon.ts")?.after).toContain("open({ reuse: true })");
    expect(left).toMatchObject([{ file: "b/route.ts", reason: expect.stringContaining("edge runtime") }]);
    const opened = {
      file: "edge.ts",
      source: `import { open } from "colophon";\nexport const desk = open();\n`,
      language: "typescript",
    } as const;
    expect(extractCode({ ...request, files: [...files, opened] }).proposals).toHaveLength(2);
  });

  it("end their imports as the settings around them ask, where no other import tells", () => {
    const call = CALL.slice(CALL.indexOf("\n\n") + 2)
      .replace("SYSTEM", '"You sort."')
      .replace(": OpenAI", ": any");
    const source = `import "openai";\n${call}`;
    const { changes } = extractCode({
      files: sourceFiles(new Map([["a/call.ts", source]])),
      application: "shop",
      isWanted: () => true,
      endingOf: (file) => (file === "a/call.ts" ? "" : ".js"),
    });
    expect(changes.find(({ file }) => file === "a/call.ts")?.after).toContain(`from "./prompts";`);
  });

  it("leave to their first statement the comment that is about it", () => {
    const call = CALL.slice(CALL.indexOf("\n\n") + 2)
      .replace("SYSTEM", '"You sort."')
      .replace(": OpenAI", ": any");
    const head = "// @ts-check\n/* Of Acme. */\n\n";
    const after = extractFiles({ "a/call.ts": `${head}/** Sorts. */\n${call}` }).get("a/call.ts") ?? "";
    expect(
      after.startsWith(`${head.trimEnd()}\n\nimport`) || after.startsWith(`${head.trimEnd()}\nimport`),
    ).toBe(true);
    expect(after).toContain("\n/** Sorts. */\nexport function");
  });

  it("do not mix declarations into a file that has its name from something else", () => {
    const files = extractFiles({
      "a/call.ts": CALL.replace("words", "prompts"),
      "a/prompts.ts": `${WORDS}export const OTHER = 1;\n`,
    });
    expect(files.get("a/prompts.ts")).toBe("export const OTHER = 1;\n");
    expect(files.get("a/colophon-prompts.ts")).toContain("triagePrompt");
  });
});
