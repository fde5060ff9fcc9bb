/** Holds documents and comments to the truth: examples compile and run, messages are the code's own. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCommandExample } from "./examples/command-example.fixture.ts";
import { type CommandWorld, openCommandWorld } from "./examples/command-world.fixture.ts";
import { type CodeExample, compileExamples } from "./examples/compile-examples.fixture.ts";
import { messagePatterns } from "./examples/message-patterns.fixture.ts";
import { examplesOf, type PublicExport, publicExports } from "./examples/public-surface.fixture.ts";
import { readFences } from "./examples/read-fences.fixture.ts";
import { runReadme } from "./examples/run-readme.fixture.ts";
import { templateExamples } from "./examples/template-examples.fixture.ts";
import { readTree } from "./house/source-tree.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tree = readTree(root);

function fencesOf(document: string) {
  return readFences(document, readFileSync(join(root, document), "utf8"));
}

function codeOf(document: string): readonly CodeExample[] {
  return fencesOf(document)
    .filter(({ language }) => language === "ts")
    .map(({ line, text }) => ({ path: document, line, code: text }));
}

/** An entry file, and what its exports are imported from in examples. */
interface Entry {
  readonly file: string;
  readonly specifier: string;
}

const EDGE = "packages/faces/sdk/src/edge.ts";
const SDK: readonly Entry[] = [
  { file: "packages/faces/sdk/src/node.ts", specifier: "colophon" },
  { file: EDGE, specifier: join(root, EDGE) },
  { file: "packages/faces/sdk/src/testing.ts", specifier: "colophon/testing" },
  { file: "packages/faces/sdk/src/embedded.ts", specifier: "colophon/embedded" },
  { file: "packages/faces/sdk/src/recorder.ts", specifier: "colophon/recorder" },
  { file: "packages/faces/sdk/src/fallback.ts", specifier: "colophon/fallback" },
  { file: "packages/faces/sdk/src/shadow.ts", specifier: "colophon/shadow" },
  { file: "packages/faces/sdk/src/serverless.ts", specifier: "colophon/serverless" },
  { file: "packages/faces/sdk/src/telemetry.ts", specifier: "colophon/telemetry" },
];
const HARNESS: Entry = { file: "packages/harness/src/index.ts", specifier: "@colophon/harness" };

function place({ path, line, name }: PublicExport): string {
  return `${path}:${line} ${name}`;
}

function functionsOf({ file }: Entry): readonly PublicExport[] {
  return publicExports(tree, file).filter(({ kind }) => kind === "function");
}

describe("the public face", () => {
  it.each(SDK)("$file says of each export what it is for, and of each method", ({ file }) => {
    const exports = publicExports(tree, file);
    expect(exports.length).toBeGreaterThan(2);
    const silent = exports.flatMap((one) => [
      ...(one.doc === undefined ? [place(one)] : []),
      ...one.methods.filter(({ doc }) => doc === undefined).map(({ name }) => `${place(one)}.${name}`),
    ]);
    expect(silent).toEqual([]);
  });

  it("of the harness says of each function what it is for", () => {
    const functions = functionsOf(HARNESS);
    expect(functions.length).toBeGreaterThan(20);
    expect(functions.filter(({ doc }) => doc === undefined).map(place)).toEqual([]);
  });

  it.each([...SDK, HARNESS])("$file shows each function in an example", (entry) => {
    const lacking = functionsOf(entry).filter(({ doc }) => examplesOf(doc ?? "").length === 0);
    expect(lacking.map(place)).toEqual([]);
  });
});

/** The examples in the comments of what an entry exports. */
function commentExamples(entry: Entry): readonly CodeExample[] {
  return publicExports(tree, entry.file).flatMap(({ name, path, line, kind, doc, methods }) => [
    ...examplesOf(doc ?? "").map((code) => ({
      path: `${path} (${name})`,
      line,
      code: kind === "function" ? withImport(code, name, entry) : code,
    })),
    ...methods.flatMap((method) =>
      examplesOf(method.doc ?? "").map((code) => ({
        path: `${path} (${name}.${method.name})`,
        line: method.line,
        code,
      })),
    ),
  ]);
}

/** The function that an example is about need not be imported in it. */
function withImport(code: string, name: string, { file, specifier }: Entry): string {
  const from = JSON.stringify(specifier);
  if (new RegExp(`import .*\\b${name}\\b`).test(code)) {
    return file === EDGE ? code.replaceAll('from "colophon"', `from ${from}`) : code;
  }
  return `import { ${name} } from ${from}; ${code}`;
}

describe("examples", () => {
  it("in comments, README.md, docs/sdk.md, docs/recipes.md and docs/telemetry.md compile, and one that does not is told with its place", {
    timeout: 120_000,
  }, () => {
    const documents = ["README.md", "docs/sdk.md", "docs/recipes.md", "docs/telemetry.md"].flatMap(codeOf);
    const comments = [...SDK, HARNESS].flatMap(commentExamples);
    expect(documents.length).toBeGreaterThan(10);
    expect(comments.length).toBeGreaterThan(40);
    // In one run with them, so that it is known to see what is wrong, and to say where it stands.
    const wrong = { path: "a.md", line: 10, code: '// fine\ncolophon.get("support.triage", {});' };
    expect(compileExamples(root, [...documents, wrong, ...comments])).toEqual([
      expect.stringMatching(/^a\.md:11 error TS/),
    ]);
  });

  it("of README.md leaves one row, which `at` finds", { timeout: 120_000 }, async () => {
    const [example] = codeOf("README.md");
    const model = await startSimulator({ seed: 7 });
    const readme = await runReadme(root, example?.code ?? "", model);
    try {
      expect(readme.result).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(model.requests).toHaveLength(1);
      const ledger = await readme.colophon("ledger", "--json");
      const rows = ledger.stdout.trim().split("\n");
      expect(rows).toHaveLength(1);
      const row = JSON.parse(rows[0] ?? "") as { readonly id: string; readonly at: string };
      expect(row).toMatchObject({ prompt: "support.triage", status: "ok", subjects: { user: "ada" } });
      const minute = `${row.at.slice(0, 16)}Z`;
      const at = await readme.colophon("at", minute, "support.triage", "--user", "ada", "--json");
      expect(at).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(at.stdout)).toMatchObject({
        served: { executionId: row.id, tier: "default", reason: "no-release" },
        executions: [{ id: row.id }],
        text: { body: "Is this billing, bug or other?\n{{ticket}}" },
      });
    } finally {
      readme.remove();
      await model.close();
    }
  });
});

describe("docs/templates.md", () => {
  it.each(templateExamples(fencesOf("docs/templates.md")))("is true at line $line", (example) => {
    const { kind, expected, render } = example;
    if (kind === "messages") expect(JSON.parse(render())).toEqual(JSON.parse(expected));
    else expect(render().replace(/\n$/, "")).toBe(expected);
  });
});

describe("docs/errors.md", () => {
  const sections = readFileSync(join(root, "docs/errors.md"), "utf8").split(/^## /m).slice(1);
  const patterns = [...tree.sources.values()]
    .filter(({ path, isTest }) => path.startsWith("packages/") && !isTest)
    .flatMap(messagePatterns);

  it.each(sections.map((text) => [/^`(.+)`/.exec(text)?.[1] ?? "", text]))(
    "quotes a message of %s as the code writes it",
    (code, text) => {
      expect(errorCodeOf(new HarnessError(code as never, ""))).toBe(code);
      const [example, ...more] = readFences("docs/errors.md", text);
      expect(more).toEqual([]);
      const quoted = example?.text ?? "";
      expect(patterns.some((pattern) => pattern.test(quoted)) ? quoted : "not in the code").toBe(quoted);
    },
  );
});

describe("docs/cli.md", () => {
  const sections = readFileSync(join(root, "docs/cli.md"), "utf8").split(/^### /m).slice(1);
  let world: CommandWorld;
  let model: RunningSimulator;

  beforeAll(async () => {
    world = openCommandWorld();
    await world.declare("old-shop", "shop.reminder");
    model = await startSimulator({ seed: 7 });
  });
  afterAll(async () => {
    world.remove();
    await model.close();
  });

  it("is true: its examples run in their order, and give the fields that it names", {
    timeout: 60_000,
  }, async () => {
    const shownOnce = new Map<string, string>();
    for (const section of sections) {
      const example = readCommandExample(section);
      for (const [file, content] of example.files) world.write(file, content);
      for (const { argv, code, env: set } of example.commands) {
        const known = argv.includes("EXECUTION") ? await newestExecution(world) : "";
        const line = argv.map((word) => (word === "EXECUTION" ? known : (shownOnce.get(word) ?? word)));
        const env = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: "none", ...set };
        const ran = await world.run([...line, "--json"], env);
        expect(ran.code, `${argv.join(" ")}: ${ran.out}${ran.err}`).toBe(code);
        const rows = documentsOf(ran.out);
        for (const row of rows) rememberShown(row, shownOnce);
        if (!example.lines) expect(rows).toHaveLength(1);
        const fields = rows.map((row) => Object.keys(row).sort());
        expect(fields[0], argv.join(" ")).toEqual([...example.fields].sort());
        expect(new Set(fields.map(String)).size).toBe(1);
      }
    }
  });

  it("has every command, with every flag of its own", async () => {
    const named = new Map(sections.map((section) => [section.split("\n")[0] ?? "", section]));
    const silent: string[] = [];
    for (const path of await commandPaths(world, [])) {
      const section = named.get(path.join(" "));
      const help = (await world.run([...path, "--help"])).out.split("Global Options:")[0] ?? "";
      const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? "");
      const missing = flags.filter((flag) => flag !== "--help" && !section?.includes(flag));
      if (section === undefined || missing.length > 0) silent.push([...path, ...missing].join(" "));
    }
    expect(silent).toEqual([]);
    expect(named.size).toBeGreaterThan(25);
  });
});

/** JSON Lines; a single document is one of them. */
function documentsOf(out: string): readonly object[] {
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
}

interface Shown {
  readonly token?: string;
  readonly invitation?: { readonly id: string; readonly email: string };
  readonly key?: { readonly id: string; readonly name: string };
}

/** What later lines call `TOKEN_OF_ADA`, `INVITATION_OF_ADA` and `KEY_OF_SHOP`. */
function rememberShown({ token, invitation, key }: Shown, shown: Map<string, string>): void {
  const name = (text = "") => text.split("@")[0]?.toUpperCase();
  if (invitation?.email !== undefined) {
    shown.set(`INVITATION_OF_${name(invitation.email)}`, invitation.id);
    shown.set(`TOKEN_OF_${name(invitation.email)}`, token ?? "");
  }
  if (key?.name !== undefined) shown.set(`KEY_OF_${name(key.name)}`, key.id);
}

async function newestExecution(world: CommandWorld): Promise<string> {
  const [newest] = documentsOf((await world.run(["ledger", "--json"])).out);
  return (newest as { readonly id: string }).id;
}

/** Every command, those with commands of their own as these. */
async function commandPaths(
  world: CommandWorld,
  path: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const { out } = await world.run([...path, "--help"]);
  const listed = /^Commands:\n((?: {2}.*\n?)+)/m.exec(out)?.[1] ?? "";
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] ?? "");
  const below = await Promise.all(
    names.filter((name) => name !== "help").map((name) => commandPaths(world, [...path, name])),
  );
  return below.length === 0 ? [path] : below.flat();
}
