/** Builds small houses in a temporary folder and proves that each rule fires on its offence and on nothing else. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { checkHouse } from "./house-check.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string>>;

function manifest(
  name: string,
  dependencies: readonly string[] = [],
  exports: unknown = { ".": "./src/index.ts" },
) {
  return JSON.stringify({
    name,
    exports,
    dependencies: Object.fromEntries(dependencies.map((each) => [each, "*"])),
  });
}

const INDEX = "/** The package's public face. */\n";
const KERNEL: Files = {
  "package.json": JSON.stringify({ name: "house", devDependencies: { vitest: "1.0.0" } }),
  "packages/kernel/package.json": manifest("@colophon/kernel"),
  "packages/kernel/src/index.ts": `${INDEX}export * from "./word.ts";\n`,
  "packages/kernel/src/word.ts": "/** A word. */\nexport const word = 1;\n",
};

function room(
  directory: string,
  name: string,
  dependencies: readonly string[] = ["@colophon/kernel"],
): Files {
  return {
    [`packages/${directory}/package.json`]: manifest(name, dependencies),
    [`packages/${directory}/src/index.ts`]: `${INDEX}${dependencies.map((each) => `import "${each}";\n`).join("")}export const here = 1;\n`,
  };
}

function build(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "house-"));
  folders.push(folder);
  for (const [path, text] of Object.entries({ ...KERNEL, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The findings as "rule path:line". */
function check(files: Files): readonly string[] {
  return checkHouse(build(files)).map(({ rule, path, line }) => `${rule} ${path}${line ? `:${line}` : ""}`);
}

function file(path: string, ...lines: string[]): Files {
  return { [path]: `/** A file. */\n${lines.join("\n")}\n` };
}

test("A house that keeps every rule has no findings", () => {
  const files = {
    ...room("domain/delivery", "@colophon/delivery"),
    ...room("adapters/storage", "@colophon/storage"),
    ...room("harness", "@colophon/harness", ["@colophon/delivery", "@colophon/storage"]),
    ...file(
      "packages/harness/src/a.test.ts",
      'import "vitest";',
      'import "@colophon/kernel";',
      'import "./index.ts";',
    ),
    "README.md": "# House\n\nSee [the word](packages/kernel/src/word.ts) and [above](#house).\n",
  };
  expect(check(files)).toEqual([]);
});

describe("Direction", () => {
  const forbidden: readonly (readonly [string, string, string])[] = [
    ["domain/delivery", "@colophon/delivery", "@colophon/authoring"],
    ["domain/runtime", "@colophon/runtime", "@colophon/authoring"],
    ["methods", "@colophon/methods", "@colophon/authoring"],
    ["adapters/storage", "@colophon/storage", "@colophon/authoring"],
    ["harness", "@colophon/harness", "@colophon/cli"],
    ["faces/cli", "@colophon/cli", "@colophon/authoring"],
    ["faces/server", "@colophon/server", "@colophon/authoring"],
    ["faces/sdk", "colophon", "@colophon/authoring"],
    ["faces/studio", "@colophon/studio", "@colophon/kernel"],
    ["simulator", "@colophon/simulator", "@colophon/authoring"],
    ["testkit", "@colophon/testkit", "@colophon/authoring"],
  ];
  test.each(forbidden)(
    "packages/%s may not import what lies beside or above it",
    (directory, name, target) => {
      const others = {
        ...room("domain/authoring", "@colophon/authoring"),
        ...room("faces/cli", "@colophon/cli", []),
      };
      const files = { ...others, ...room(directory, name, [target]) };
      expect(check(files)).toEqual([`direction packages/${directory}/src/index.ts:2`]);
    },
  );

  test("The kernel may import no package of the house, not even for types", () => {
    const files = {
      ...room("methods", "@colophon/methods", []),
      "packages/kernel/package.json": manifest("@colophon/kernel", ["@colophon/methods"]),
      ...file(
        "packages/kernel/src/word.ts",
        'import type { here } from "@colophon/methods";',
        "export type Word = typeof here;",
      ),
    };
    expect(check(files)).toEqual(["direction packages/kernel/src/word.ts:2"]);
  });

  test("A dynamic import and a type written as an import count as imports", () => {
    const files = {
      ...room("domain/authoring", "@colophon/authoring"),
      ...room("domain/delivery", "@colophon/delivery", ["@colophon/authoring"]),
      ...file(
        "packages/domain/delivery/src/index.ts",
        'export const load = () => import("@colophon/authoring");',
        'export type All = typeof import("@colophon/authoring");',
      ),
    };
    const path = "packages/domain/delivery/src/index.ts";
    expect(check(files)).toEqual([`direction ${path}:2`, `direction ${path}:3`]);
  });

  test("The sentence of a forbidden import says what to import instead", () => {
    const files = {
      ...room("domain/authoring", "@colophon/authoring"),
      ...room("domain/delivery", "@colophon/delivery", ["@colophon/authoring"]),
    };
    expect(checkHouse(build(files))[0]?.message).toBe(
      '@colophon/delivery may not import "@colophon/authoring"; a domain package imports @colophon/kernel and @colophon/methods, never another domain package: meet through a record of the kernel, or through a port that the harness fills.',
    );
  });

  test("Only the SDK's embedded side may import registration and the SQLite core, and only its testing entry the memory store", () => {
    const registration = 'import "@colophon/authoring/registration";';
    const core = 'import "@colophon/storage/sqlite/core";';
    const memory = 'import "@colophon/storage/memory";';
    const sdk = "packages/faces/sdk";
    const files = {
      "packages/domain/authoring/package.json": manifest("@colophon/authoring", [], {
        "./registration": "./src/registration.ts",
      }),
      ...file("packages/domain/authoring/src/registration.ts", "export const register = 1;"),
      "packages/adapters/storage/package.json": manifest("@colophon/storage", [], {
        "./memory": "./src/memory.ts",
        "./sqlite/core": "./src/core.ts",
      }),
      ...file("packages/adapters/storage/src/memory.ts", "export const memory = 1;"),
      ...file("packages/adapters/storage/src/core.ts", 'import "node:sqlite";', "export const core = 1;"),
      [`${sdk}/package.json`]: manifest("colophon", ["@colophon/authoring", "@colophon/storage"]),
      ...file(`${sdk}/src/node.ts`, registration, core),
      ...file(`${sdk}/src/embedded.ts`, registration, core, memory),
      ...file(`${sdk}/src/embedded/open.ts`, registration, core),
      ...file(`${sdk}/src/testing.ts`, memory, core),
      ...file(`${sdk}/src/open.ts`, registration, core),
    };
    expect(check(files)).toEqual([
      `direction ${sdk}/src/embedded.ts:4`,
      `direction ${sdk}/src/open.ts:2`,
      `direction ${sdk}/src/open.ts:3`,
      `direction ${sdk}/src/testing.ts:3`,
    ]);
  });

  test("The studio may import the server's HTTP types, but no value of it", () => {
    const files = {
      "packages/faces/server/package.json": manifest("@colophon/server", [], { "./http": "./src/http.ts" }),
      ...file("packages/faces/server/src/http.ts", "export type Http = 1;"),
      "packages/faces/studio/package.json": manifest("@colophon/studio", ["@colophon/server"]),
      ...file(
        "packages/faces/studio/src/good.ts",
        'import type { Http } from "@colophon/server/http";',
        "export type A = Http;",
      ),
      ...file("packages/faces/studio/src/bad.ts", 'import "@colophon/server/http";'),
    };
    expect(check(files)).toEqual(["direction packages/faces/studio/src/bad.ts:2"]);
  });

  test("Tests and benchmarks may import any package", () => {
    const files = {
      ...room("domain/authoring", "@colophon/authoring"),
      ...room("domain/delivery", "@colophon/delivery"),
      ...file("packages/domain/delivery/src/a.test.ts", 'import "@colophon/authoring";'),
      ...file("packages/kernel/src/word.test.ts", 'import "@colophon/authoring";', 'import "node:fs";'),
      "benchmarks/package.json": manifest("@colophon/benchmarks", ["@colophon/authoring"], {}),
      ...file("benchmarks/src/main.ts", 'import "@colophon/authoring";'),
    };
    expect(check(files)).toEqual([]);
  });

  test("A package outside the direction table is no room of the house", () => {
    expect(check(room("attic", "@colophon/attic"))).toEqual(["direction packages/attic/package.json"]);
  });

  test("A package may not import itself by name", () => {
    const files = file("packages/kernel/src/word.ts", 'import "@colophon/kernel";', "export const word = 1;");
    expect(check(files)).toContain("direction packages/kernel/src/word.ts:2");
  });

  test("A relative import may not leave its package, tests and scripts included", () => {
    const files = {
      ...room("domain/delivery", "@colophon/delivery"),
      ...file("packages/domain/delivery/src/a.test.ts", 'import "../../../kernel/src/word.ts";'),
      ...file("scripts/tool.ts", 'import "../packages/kernel/src/word.ts";'),
      ...file("scripts/far.ts", 'import "../../elsewhere.ts";'),
    };
    expect(check(files)).toEqual([
      "relative-import packages/domain/delivery/src/a.test.ts:2",
      "relative-import scripts/far.ts:2",
      "relative-import scripts/tool.ts:2",
    ]);
  });

  test("What is imported must be declared, and what is declared must be imported", () => {
    const files = {
      "packages/domain/delivery/package.json": manifest("@colophon/delivery", ["left-over"]),
      ...file(
        "packages/domain/delivery/src/index.ts",
        'import "@colophon/kernel";',
        'import "some-library/part";',
      ),
    };
    expect(check(files)).toEqual([
      "declared packages/domain/delivery/src/index.ts:2",
      "declared packages/domain/delivery/src/index.ts:3",
      "declared packages/domain/delivery/package.json",
    ]);
  });

  test("A test may import what the root declares for development, and nothing undeclared", () => {
    const files = file("packages/kernel/src/word.test.ts", 'import "vitest";', 'import "stranger";');
    expect(check(files)).toEqual(["declared packages/kernel/src/word.test.ts:3"]);
  });
});

describe("Purity", () => {
  test("Kernel and runtime import no module of Node and no npm package", () => {
    const files = {
      "packages/kernel/package.json": manifest("@colophon/kernel", ["library"]),
      ...file(
        "packages/kernel/src/word.ts",
        'import "node:crypto";',
        'import "library";',
        "export const word = 1;",
      ),
      ...room("domain/runtime", "@colophon/runtime"),
      ...file("packages/domain/runtime/src/index.ts", 'import "fs";', 'import "@colophon/kernel";'),
    };
    expect(check(files)).toEqual([
      "pure packages/domain/runtime/src/index.ts:2",
      "pure packages/kernel/src/word.ts:2",
      "pure packages/kernel/src/word.ts:3",
    ]);
  });

  const sdk = "packages/faces/sdk";

  test("Nothing that the SDK's edge entry reaches imports a module of Node or an npm package", () => {
    const files = {
      [`${sdk}/package.json`]: manifest("colophon", ["library"], {}),
      ...file(`${sdk}/src/edge.ts`, 'import "./inner.ts";', 'export type { A } from "./typed.ts";'),
      ...file(`${sdk}/src/inner.ts`, 'import "library";'),
      ...file(`${sdk}/src/typed.ts`, 'import type { Stats } from "node:fs";', "export type A = Stats;"),
      ...file(`${sdk}/src/unreached.ts`, 'import "node:fs";'),
    };
    expect(check(files)).toEqual([`pure ${sdk}/src/inner.ts:2`, `pure ${sdk}/src/typed.ts:2`]);
  });

  test("The SDK's Node entries reach modules of Node but no npm package, in other packages either", () => {
    const files = {
      "packages/adapters/storage/package.json": manifest("@colophon/storage", ["library"], {
        "./sqlite/core": "./src/core.ts",
      }),
      ...file("packages/adapters/storage/src/core.ts", 'import "node:sqlite";', 'import "library";'),
      [`${sdk}/package.json`]: manifest("colophon", ["@colophon/storage"], {}),
      ...file(`${sdk}/src/node.ts`, 'import "node:fs";', 'import "@colophon/storage/sqlite/core";'),
    };
    expect(check(files)).toEqual(["pure packages/adapters/storage/src/core.ts:3"]);
  });
});

describe("Cycles", () => {
  const ring = (kind: string) => ({
    ...file("packages/kernel/src/a.ts", `import ${kind}{ b } from "./b.ts";`, "export const a = 1;"),
    ...file("packages/kernel/src/b.ts", 'import { c } from "./c.ts";', "export const b = 1;"),
    ...file("packages/kernel/src/c.ts", 'import { a } from "./a.ts";', "export const c = 1;"),
  });

  test("Files that import each other at run time are told once, with the ring", () => {
    const findings = checkHouse(build(ring("")));
    expect(findings.map(({ rule }) => rule)).toEqual(["cycle"]);
    expect(findings[0]?.message).toMatch(
      /^3 file\(s\).*src\/a\.ts → .*src\/b\.ts → .*src\/c\.ts → .*src\/a\.ts\)/,
    );
  });

  test("A type import breaks the ring", () => {
    expect(check(ring("type "))).toEqual([]);
  });

  test("A ring across packages and a file that imports itself are rings", () => {
    const files = {
      ...room("domain/authoring", "@colophon/authoring", ["@colophon/delivery"]),
      ...room("domain/delivery", "@colophon/delivery", ["@colophon/authoring"]),
      ...file("packages/kernel/src/self.ts", 'import "./self.ts";'),
    };
    expect(check(files).filter((finding) => finding.startsWith("cycle"))).toEqual([
      "cycle packages/domain/authoring/src/index.ts",
      "cycle packages/kernel/src/self.ts",
    ]);
  });
});

describe("File form", () => {
  const path = "packages/kernel/src/long.ts";
  const calls = (count: number) =>
    Array.from({ length: count }, (_, at) => `call(${at}); // why\n\n/* ${at} */`);

  test("A file of more than 400 code lines is too long; blank and comment lines do not count", () => {
    expect(check(file(path, ...calls(400)))).toEqual([]);
    expect(check(file(path, ...calls(401)))).toEqual([`file-size ${path}`]);
  });

  test("Tests, generated files and pure data may be long", () => {
    const data = Array.from({ length: 500 }, (_, at) => `  ${at},`);
    const files = {
      ...file("packages/kernel/src/long.test.ts", ...calls(500)),
      ...file("packages/kernel/src/generated/long.ts", ...calls(500)),
      ...file(path, "export const data = [", ...data, "] as const;"),
    };
    expect(check(files)).toEqual([]);
  });

  test.each(["camelCase.ts", "Pascal.ts", "snake_case.ts", "Folder/a.ts"])("%s is not kebab-case", (name) => {
    expect(check(file(`packages/kernel/src/${name}`, "export const a = 1;"))).toEqual([
      `kebab-case packages/kernel/src/${name}`,
    ]);
  });

  test.each(["utils", "helpers", "common", "manager", "misc", "types"])(
    "%s is no name for a file or folder",
    (name) => {
      const files = {
        ...file(`packages/kernel/src/${name}.ts`, "export const a = 1;"),
        ...file(`packages/kernel/src/${name}/a.ts`, "export const a = 1;"),
      };
      expect(check(files)).toEqual([
        `vague-name packages/kernel/src/${name}.ts`,
        `vague-name packages/kernel/src/${name}/a.ts`,
      ]);
    },
  );

  test.each([
    ["no comment", "export const a = 1;\n"],
    ["a comment further down", "\n/** A file. */\nexport const a = 1;\n"],
    ["no full stop", "/** A file */\nexport const a = 1;\n"],
    ["two sentences", "/** A file. It does two things. */\nexport const a = 1;\n"],
    ["two sentences on two lines", "// A file.\n// It does two things.\nexport const a = 1;\n"],
  ])("A file that opens with %s lacks its opening sentence", (_, text) => {
    expect(check({ [path]: text })).toEqual([`opening-sentence ${path}:1`]);
  });

  test.each([
    [
      "a block over several lines",
      "/**\n * A file for what is long,\n * e.g. this sentence.\n */\nexport const a = 1;\n",
    ],
    ["a line comment", "// A file.\nexport const a = 1;\n"],
    ["a shebang before it", "#!/usr/bin/env node\n// A file.\nexport const a = 1;\n"],
    ["a second comment after it", "/** A file. */\n// Why: a reason. And another.\nexport const a = 1;\n"],
  ])("An opening sentence may be %s", (_, text) => {
    expect(check({ [path]: text })).toEqual([]);
  });

  test("A note of work left to do needs an issue number", () => {
    const lines = [
      "// TO" + "DO later",
      "// TO" + "DO(#12) later",
      "// FIX" + "ME: x",
      "export const a = 1;",
    ];
    expect(check(file(path, ...lines))).toEqual([`marker ${path}:2`, `marker ${path}:4`]);
  });

  test("Only the entry files of a package gather others, and no file of it imports its index", () => {
    const files = {
      ...file(
        "packages/kernel/src/gather.ts",
        'export { word } from "./word.ts";',
        'export * from "./a.ts";',
      ),
      ...file("packages/kernel/src/folder/index.ts", "export const inner = 1;"),
      ...file(
        "packages/kernel/src/a.ts",
        'import type { word } from "./index.ts";',
        "export type A = typeof word;",
      ),
    };
    expect(check(files)).toEqual([
      "own-index packages/kernel/src/a.ts:2",
      "barrel packages/kernel/src/folder/index.ts",
      "barrel packages/kernel/src/gather.ts",
    ]);
  });

  test("A file that cannot be parsed is told", () => {
    expect(check(file(path, "export const = ;"))).toContain(`syntax ${path}`);
  });
});

describe("Error codes", () => {
  const table = file(
    "packages/kernel/src/errors.ts",
    'export const ERROR_CODES = ["lost", "found"] as const;',
  );
  const thrown = file("packages/kernel/src/search.ts", 'export const search = () => fail("lost", "found");');
  const tested = file("packages/kernel/src/search.test.ts", 'expect(["lost", "found"]);');
  const documented = { "docs/errors.md": "# Errors\n\n## `lost`\n\n## `found`\n" };

  test("A code that is thrown, tested and documented is whole", () => {
    expect(check({ ...table, ...thrown, ...tested, ...documented })).toEqual([]);
  });

  test("A code is missed where it is not thrown, not tested or not documented, and a stranger in the document too", () => {
    const compared = file(
      "packages/kernel/src/search.ts",
      'export const search = (code: "lost" | "found") => (code === "found" ? ["lost"] : fail("lost"));',
    );
    const files = {
      ...table,
      ...compared,
      ...file("packages/kernel/src/search.test.ts", 'expect("found");'),
      "docs/errors.md": "# Errors\n\n| `found` | text |\n| `stray` | text |\n",
    };
    expect(checkHouse(build(files)).map(({ message }) => message)).toEqual([
      '"lost" is mentioned in no test; add one that meets it.',
      '"lost" is not in docs/errors.md; document it there.',
      '"found" is thrown nowhere; throw it or remove it.',
      '"stray" is no code of packages/kernel/src/errors.ts; remove it.',
    ]);
  });

  test("A table without codes is told, so that a renamed table cannot switch the rule off", () => {
    expect(check(file("packages/kernel/src/errors.ts", "export const CODES = [];"))).toEqual([
      "error-codes packages/kernel/src/errors.ts",
    ]);
  });
});

describe("Documents and traces of a machine", () => {
  test("A relative link must lead to a file or folder, and to a heading in it", () => {
    const files = {
      "README.md": [
        "# Top",
        "[file](docs/guide.md) [folder](docs) [heading](docs/guide.md#the-life-of-one-prompt) [out](https://example.org/x)",
        "[lost](docs/lost.md)",
        "[no heading](docs/guide.md#lost) `[code](lost.md)`",
        "```",
        "[fenced](lost.md)",
        "```",
        "[reference][r]",
        "",
        "[r]: lost.md",
      ].join("\n"),
      "docs/guide.md": "# Guide\n\n## The life of `one` prompt\n\n[back](../README.md#top)\n",
    };
    expect(check(files)).toEqual(["doc-link README.md:3", "doc-link README.md:4", "doc-link README.md:9"]);
  });

  test("No file names a folder of one machine", () => {
    const files = {
      "notes.md": [
        "/wo" + "rk/main",
        "see /ro" + "ot/x",
        "/tm" + "p/bash_jobs",
        "/ho" + "me/ada/x",
        "https://a.org/wo" + "rk/x",
      ].join("\n"),
    };
    expect(check(files)).toEqual([1, 2, 3, 4].map((line) => `machine-path notes.md:${line}`));
  });

  test("No file names a registry, and the lock file says no download address", () => {
    const host = "https://reg" + "istry.example.org/x";
    const files = {
      ".npmrc": "reg" + "istry=https://example.org\n",
      "notes.md": `Get it from ${host}.\n`,
      "package-lock.json": '{\n  "resolved": "https://example.org/x.tgz"\n}\n',
    };
    expect(check(files)).toEqual([
      "registry .npmrc:1",
      "registry notes.md:1",
      "lock-address package-lock.json:2",
    ]);
  });
});

test("In a repository of git's own, ignored files are left alone", () => {
  const folder = build({ ".gitignore": "scratch/\n", ...file("scratch/Odd_Name.ts", "export const a = 1;") });
  expect(checkHouse(folder)).toHaveLength(1);
  spawnSync("git", ["init", "--quiet"], { cwd: folder });
  expect(checkHouse(folder)).toEqual([]);
});

test("The linter holds the rules that need no house check of their own", () => {
  const source = [
    "/** A file. */",
    "export default function long(a: number, b: any, c: number) {",
    ...Array.from({ length: 61 }, (_, at) => `  console.log(a, b, c, ${at});`),
    "}",
    "export const four = (a: number, b: number, c: number, d: number) => a + b + c + d;",
    "export enum Colour {",
    "  Red,",
    "}",
    "export namespace Place {",
    "  export const here = 1;",
    "}",
  ];
  const folder = build({ "packages/kernel/src/offences.ts": `${source.join("\n")}\n` });
  copyFileSync(join(root, "biome.json"), join(folder, "biome.json"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  spawnSync("git", ["init", "--quiet"], { cwd: folder });
  const args = ["lint", "--reporter=json", "--max-diagnostics=none", "packages"];
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const { status, stdout } = spawnSync(process.execPath, [biome, ...args], { cwd: folder, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; severity: string }[] };
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ category }) => category);
  expect(status).not.toBe(0);
  expect(errors).toEqual(
    expect.arrayContaining([
      "lint/complexity/noExcessiveLinesPerFunction",
      "lint/complexity/useMaxParams",
      "lint/style/noDefaultExport",
      "lint/style/noEnum",
      "lint/style/noNamespace",
      "lint/suspicious/noExplicitAny",
    ]),
  );
});
