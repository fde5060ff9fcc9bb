/** Imports of all kinds and the files that they mean. */
import { expect, test } from "vitest";
import { sourceFiles } from "../scan-program.fixture.ts";
import { readModule } from "../scan-sources.ts";
import { createModuleFinder } from "./find-module.ts";

const FILES = [
  ...[
    "src/a.ts",
    "src/b.tsx",
    "src/c/index.ts",
    "src/lib/deep.mts",
    "src/plain.js",
    "packages/texts/src/index.ts",
  ],
  ...["app/__init__.py", "app/main.py", "app/texts.py", "app/sub/__init__.py", "app/sub/more.py", "tool.py"],
  ...["scripts/run.py", "scripts/texts.py", "one/same.ts", "two/same.ts"],
];
const find = createModuleFinder(
  sourceFiles(Object.fromEntries(FILES.map((file) => [file, ""]))).map(readModule),
  [{ pattern: "$lib/*", targets: ["missing/*", "src/lib/*"] }],
);

const IMPORTS: readonly (readonly [from: string, specifier: string, file: string | null])[] = [
  ["src/a.ts", "./b", "src/b.tsx"],
  ["src/a.ts", "./b.js", "src/b.tsx"],
  ["src/a.ts", "./c", "src/c/index.ts"],
  ["src/c/index.ts", "..//a.ts", "src/a.ts"],
  ["src/a.ts", "./lib/deep.mjs", "src/lib/deep.mts"],
  ["src/a.ts", "$lib/deep", "src/lib/deep.mts"],
  ["src/a.ts", "@/plain", "src/plain.js"],
  ["src/a.ts", "@acme/texts", "packages/texts/src/index.ts"],
  ["src/a.ts", "../../../a", null],
  ["src/a.ts", "openai", null],
  ["src/a.ts", "~/same", null],
  ["one/same.ts", "@/same", "one/same.ts"],
  ["app/main.py", ".texts", "app/texts.py"],
  ["app/main.py", ".", "app/__init__.py"],
  ["app/main.py", "app.sub", "app/sub/__init__.py"],
  ["app/sub/more.py", "..texts", "app/texts.py"],
  ["app/sub/more.py", "app.texts", "app/texts.py"],
  ["app/sub/more.py", "....texts", null],
  ["scripts/run.py", "texts", "scripts/texts.py"],
  ["scripts/run.py", "tool", "tool.py"],
  ["app/main.py", "openai", null],
];

test.each(IMPORTS)("in %s, %s is %s", (from, specifier, file) => {
  const found = find(FILES.indexOf(from), specifier);
  expect(found === null ? null : FILES[found]).toBe(file);
});
