/** Declarations written by the command line, compiled as an application has them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../../..");

let world: CliWorld;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

const FILE = `---
model: gpt-5-mini
input:
  schema:
    ticket: string
    language?: string
output:
  schema:
    label(enum): [billing, bug, other]
---
Sort the ticket{{#if language}} in {{language}}{{/if}}.
{{ticket}}
`;

const APPLICATION = `import { open, type PromptOutput } from "colophon";
const colophon = open();
const seven = colophon.resolve(colophon.get("support.triage", { version: "v1" }));
seven.render({ ticket: "x" });
seven.render({ ticket: "x", language: "en" });
// @ts-expect-error a variable is missing
seven.render({ language: "en" });
// @ts-expect-error it is no text
seven.render({ ticket: 7 });
export const label: PromptOutput<"support.triage", "v1">["label"] = "bug";
// @ts-expect-error it is none of the labels
export const wrong: PromptOutput<"support.triage", "v1">["label"] = "spam";
colophon.resolve(colophon.get("support.triage", { version: "v2" })).render({ whatever: 1 });
`;

/** What the compiler says against the application and the declarations. */
function compile(): readonly string[] {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: "ES2024", module: "NodeNext", skipLibCheck: true },
    ...{
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      resolveJsonModule: true,
      types: ["node"],
    },
    typeRoots: [join(ROOT, "node_modules/@types")],
    paths: { colophon: [join(ROOT, "packages/faces/sdk/src/node.ts")] },
  };
  world.write("tsconfig.json", { compilerOptions, files: ["application.ts", "prompts.d.ts"] });
  world.write("application.ts", APPLICATION);
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const ran = spawnSync(process.execPath, [compiler, "-p", world.folder, "--pretty", "false"], {
    cwd: world.folder,
    encoding: "utf8",
  });
  return `${ran.stdout}${ran.stderr}`.split("\n").filter((line) => /^(application|prompts|error)/.test(line));
}

it("Files and registry come to declarations that the compiler holds an application against", async () => {
  world.write("prompts/support/triage.prompt", FILE);
  const early = await world.run(["types", "-o", "prompts.d.ts"]);
  expect(early.err).toContain("Left out");
  expect((await world.run(["push", "--no-git"])).code).toBe(0);
  expect((await world.run(["types", "-o", "prompts.d.ts", "--check"])).code).toBe(1);
  const written = await world.run(["types", "-o", "prompts.d.ts", "--json"]);
  expect(written.json()).toEqual({
    file: "prompts.d.ts",
    prompts: 1,
    versions: 1,
    without: [],
    changed: true,
  });
  expect((await world.run(["types", "-o", "prompts.d.ts", "--check"])).code).toBe(0);
  expect(compile()).toEqual([]);

  const registry = await world.run(["types", "--registry", "-o", "registry.d.ts", "--json"]);
  expect(registry.json()).toMatchObject({ prompts: 1, versions: 1 });
  world.write("prompts/support/triage.prompt", FILE.replace("Sort", "Please sort"));
  const changed = await world.run(["types", "-o", "prompts.d.ts", "--check", "--json"]);
  expect([changed.code, changed.json()]).toMatchObject([1, { without: ["support.triage"] }]);
  await world.run(["push", "--no-git"]);
  const both = await world.run(["types", "--store", ".colophon", "-o", "registry.d.ts", "--json"]);
  expect(both.json()).toMatchObject({ prompts: 1, versions: 2 });
});

it("Nothing is written from a folder with a file that cannot be read, nor without a name", async () => {
  world.write("prompts/broken.prompt", "no front matter");
  const broken = await world.run(["types", "-o", "prompts.d.ts"]);
  expect([broken.code, broken.err]).toEqual([2, expect.stringContaining("No declarations were written")]);
  expect((await world.run(["types"])).err).toContain("-o FILE");
  expect((await world.run(["types", "--dir", "prompts", "--registry", "-o", "x"])).code).toBe(2);
});

it("Nothing is written where TypeScript would read another file in its place", async () => {
  world.write("prompts/support/triage.prompt", FILE);
  for (const [file, output] of [
    ["app.ts", "app.d.ts"],
    ["view.tsx", "view.d.ts"],
    ["node.mts", "node.d.mts"],
  ] as const) {
    world.write(file, "export {};\n");
    const hidden = await world.run(["types", "-o", output]);
    expect([hidden.code, hidden.err]).toEqual([2, expect.stringContaining(`since ${file} lies beside it`)]);
    expect(existsSync(join(world.folder, output))).toBe(false);
  }
});
