/** The codemod on small modules: compiled, and run before and after against clients that write down what they are sent. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashText } from "@colophon/kernel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceFile } from "../scan/source/source-module.ts";
import { EXTRACT_CASES, INPUT, REFUSED_CASES } from "./extract-cases.fixture.ts";
import { extractCode } from "./extract-code.ts";
import type { Extraction } from "./extraction.ts";

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));

let folder: string;
let extraction: Extraction;
let ran: {
  readonly differences: readonly (string | null)[];
  readonly hashes: Readonly<Record<string, string>>;
};
const before = new Map<string, string>();
const after = new Map<string, string>();

function sourceFiles(files: ReadonlyMap<string, string>): readonly SourceFile[] {
  return [...files].map(([file, source]) => ({ file, source, language: "typescript" }));
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

beforeAll(() => {
  // Inside the repository, so that packages are found from it.
  const parent = join(ROOT, "packages", "domain", "authoring", "dist");
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(join(parent, "extract-"));
  const store = JSON.stringify(join(folder, "store", ".colophon"));
  before.set("input.ts", INPUT);
  before.set(
    "colophon.ts",
    `import { open } from "colophon";\n\nexport const colophon = open({ store: ${store}, onNotice: () => {} });\n`,
  );
  for (const [index, { code, files = {} }] of EXTRACT_CASES.entries()) {
    before.set(`case${index}/app.ts`, code);
    for (const [name, source] of Object.entries(files)) before.set(`case${index}/${name}`, source);
  }
  extraction = extract(before);
  for (const [file, source] of changed(before, extraction)) after.set(file, source);
  write(join(folder, "before"), before);
  write(join(folder, "after"), after);
  // Declared prompts are known in the whole process, so these get one of their own.
  const runner = fileURLToPath(new URL("run-cases.fixture.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [runner, folder, String(EXTRACT_CASES.length)], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  ran = JSON.parse(stdout) as typeof ran;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** How lines are broken is the business of the example application's test. */
function withoutLayout(source: string): string {
  return source.replace(/\s+/g, "").replace(/,(?=[)}\]])/g, "");
}

const TITLES = EXTRACT_CASES.map(({ title }, index) => [title, index] as const);

describe("a call that becomes a prompt", () => {
  it.each(TITLES)("%s", (_, index) => {
    const { after: wanted } = EXTRACT_CASES[index] as (typeof EXTRACT_CASES)[number];
    const file = `case${index}/app.ts`;
    const proposal = extraction.proposals.find((one) => one.file === file);
    expect(extraction.left.filter((one) => one.file === file)).toEqual([]);
    expect(proposal).toBeDefined();
    if (wanted === undefined) return;
    const named = wanted.replaceAll("CASEPrompt", proposal?.name ?? "");
    expect(withoutLayout(after.get(file) ?? "")).toContain(withoutLayout(named));
  });

  it("compiles", () => {
    const compilerOptions = {
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      emitDeclarationOnly: false,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      noUnusedLocals: true,
      rootDir: ROOT,
    };
    // A compiler that says nothing at all may not have looked.
    writeFileSync(join(folder, "after", "wrong.ts"), `export const wrong: number = "text";\n`);
    const config = {
      extends: join(ROOT, "tsconfig.base.json"),
      compilerOptions,
      include: ["after"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
      encoding: "utf8",
    });
    // Errors in the SDK's own sources are those of its own type check.
    const errors = stdout.split("\n").filter((line) => line.includes(basename(folder)));
    expect(errors).toEqual([expect.stringContaining("wrong.ts(1,14)")]);
  });

  it.each(TITLES)("sends the same for any values: %s", (_, index) => {
    expect(ran.differences[index]).toBe(null);
  });

  it("declares the very texts that were proposed, so that a file and the code are one version", () => {
    const proposed = extraction.proposals.map(({ name, text }) => [name, hashText(text)] as const);
    expect(Object.fromEntries(proposed)).toEqual(ran.hashes);
  });

  it("proposes nothing the second time", () => {
    const again = extract(after);
    expect(again.proposals).toEqual([]);
    expect(again.changes).toEqual([]);
    expect(again.left).toEqual([]);
  });
});

describe("a call that stays as it is", () => {
  it.each(REFUSED_CASES.map((refused) => [refused.title, refused] as const))(
    "says why: %s",
    (_, { code, reason }) => {
      const { left, proposals } = extract(new Map([["src/app.ts", code]]));
      expect(left).toMatchObject([{ file: "src/app.ts", reason: expect.stringMatching(reason) }]);
      expect(proposals).toHaveLength(code.split("completions.create(").length - 2);
    },
  );
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
      "lib/ledger.ts": `import { open } from "colophon";\nexport const desk = open();\n`,
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

  it("do not mix declarations into a file that has its name from something else", () => {
    const files = extractFiles({
      "a/call.ts": CALL.replace("words", "prompts"),
      "a/prompts.ts": `${WORDS}export const OTHER = 1;\n`,
    });
    expect(files.get("a/prompts.ts")).toBe("export const OTHER = 1;\n");
    expect(files.get("a/colophon-prompts.ts")).toContain("triagePrompt");
  });
});
