/** What imports end in, on the set-ups that applications have. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importRules } from "./import-endings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-endings-"));
  mkdirSync(join(folder, ".git"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = { "package.json": `{ "type": "module" }` };
const COMMON = { "package.json": "{}" };
const config = (options: object, more: object = {}): Readonly<Record<string, string>> => ({
  "tsconfig.json": `${JSON.stringify({ compilerOptions: options, ...more }).slice(0, -1)}, // as people write it\n}`,
});

function rulesOf(files: Readonly<Record<string, string>>, file: string): ReturnType<typeof importRules> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return importRules(join(folder, file));
}

describe("importRules", () => {
  it.each<readonly [string, string | null, Readonly<Record<string, string>>]>([
    ["a module of Node's", ".js", { ...MODULE, ...config({ module: "NodeNext" }) }],
    ["a module that says how it resolves", ".js", { ...MODULE, ...config({ moduleResolution: "node16" }) }],
    ["CommonJS of Node's", "", { ...COMMON, ...config({ module: "nodenext" }) }],
    ["a module file in CommonJS: src/a.mts", ".js", { ...COMMON, ...config({ module: "nodenext" }) }],
    ["a bundler: src/a.tsx", "", { ...MODULE, ...config({ module: "esnext", moduleResolution: "bundler" }) }],
    [
      "what takes sources by name",
      ".ts",
      { ...MODULE, ...config({ module: "nodenext", allowImportingTsExtensions: true }) },
    ],
    [
      "what renames on its way out",
      ".ts",
      { ...MODULE, ...config({ module: "nodenext", rewriteRelativeImportExtensions: true }) },
    ],
    ["a module whose compiler is told nothing", ".js", { ...MODULE, ...config({ strict: true }) }],
    ["CommonJS whose compiler is told nothing", "", { ...COMMON, ...config({}) }],
    ["TypeScript without a compiler", ".ts", MODULE],
    ["JavaScript modules: src/a.js", ".js", MODULE],
    ["JavaScript that a bundler may read: src/a.js", null, COMMON],
    [
      "a parent that another file holds: app/src/a.ts",
      ".js",
      {
        ...MODULE,
        ...config({}, { extends: "../base" }),
        "app/tsconfig.json": `{ "extends": ["../base.json"] }`,
        "base.json": `{ "compilerOptions": { "module": "Node20" } }`,
      },
    ],
    [
      "a preset of a package",
      "",
      {
        ...MODULE,
        ...config({}, { extends: "@acme/config" }),
        "node_modules/@acme/config/tsconfig.json": `{ "compilerOptions": { "module": "preserve" } }`,
      },
    ],
    [
      "projects that it refers to",
      "",
      {
        ...MODULE,
        ...config({}, { files: [], references: [{ path: "./tsconfig.app.json" }] }),
        "tsconfig.app.json": `{ "compilerOptions": { "moduleResolution": "bundler" } }`,
      },
    ],
  ])("goes by %s", (title, ending, files) => {
    const [, file = "src/a.ts"] = title.split(": ");
    expect(rulesOf(files, file)).toEqual({ ending, obstacle: null });
  });

  it("says where the types of the SDK would not be found", () => {
    const { ending, obstacle } = rulesOf(
      { ...COMMON, ...config({ module: "commonjs", moduleResolution: "Node" }) },
      "a.ts",
    );
    expect(ending).toBe("");
    expect(obstacle).toMatch(
      /tsconfig\.json says moduleResolution: Node, .* set bundler, node16 or nodenext$/,
    );
  });
});
