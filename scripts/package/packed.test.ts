/** Holds the package as it is published: packed, installed in an empty folder, and used from there. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { parseSync } from "oxc-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "./assemble-package.ts";
import { bundleImport } from "./bundle-import.ts";
import { findNode } from "./find-node.fixture.ts";
import { type InstalledPackage, installPackage } from "./installed-package.fixture.ts";
import { measureSizes, sizeTable } from "./measure-sizes.ts";
import { REFERENCE_FOLDER } from "./reference-files.ts";
import { plainEnvironment, runProgram, runWell } from "./run-program.fixture.ts";

const NODE = process.execPath;
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
}, 60_000);

afterAll(() => installed?.remove());

/** What every web platform has, and no more. */
const WEB = {
  TextEncoder,
  TextDecoder,
  crypto,
  performance,
  setTimeout,
  clearTimeout,
  console,
  structuredClone,
};

/** The first TypeScript block of a document. */
function exampleOf(readme: string): string {
  return /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
}

/** Every file of the installed package, with its text. */
function filesOf(folder: string): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(folder.length + 1), text: readFileSync(path, "utf8") }));
}

/** The first thing that a program says on stdout or stderr that the pattern finds. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((settle, reject) => {
    let heard = "";
    const listen = (part: Buffer) => {
      heard += part;
      const found = pattern.exec(heard)?.[0];
      if (found !== undefined) settle(found);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`it ended before saying ${pattern}: ${heard}`)));
  });
}

/** What the installed command line answers in JSON. */
async function ask<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await runWell("npx", ["--offline", "colophon", ...args, "--json"], {
    cwd: installed.project,
  });
  return JSON.parse(stdout) as T;
}

describe("an application that installed the package", () => {
  let simulator: ChildProcess | undefined;

  afterAll(() => simulator?.kill());

  test("runs the ten lines of the README, and the command line then says what was served to whom", async () => {
    const example = exampleOf(readFileSync(join(installed.folder, "README.md"), "utf8"));
    installed.write("example.ts", `${example}\nconsole.log(answer.choices[0]?.message.content);\n`);
    const bin = join(installed.project, "node_modules/.bin/colophon");
    simulator = spawn(bin, ["simulator", "--port", "0"], { cwd: installed.project, env: plainEnvironment() });
    const address = await said(simulator, /http:\/\/127\.0\.0\.1:\d+/);
    const env = { OPENAI_BASE_URL: `${address}/v1`, OPENAI_API_KEY: "simulated" };
    const before = new Date();
    const run = await runWell(NODE, ["example.ts"], { cwd: installed.project, env });
    expect(run.stdout.trim()).not.toBe("");

    // The minute may have turned meanwhile.
    const minutes = new Set([before, new Date()].map((time) => time.toISOString().slice(11, 16)));
    const answers = await Promise.all(
      [...minutes].map((time) =>
        ask<{ readonly executions: readonly object[] }>(["at", time, "support.triage", "--user", "ada"]),
      ),
    );
    const executions = answers.flatMap((answer) => answer.executions);
    expect(executions).toEqual([expect.objectContaining({ prompt: "support.triage", tier: "default" })]);
    expect(JSON.stringify(answers)).toContain("Is this billing, bug or other?");
  });

  test("has the same ten lines in the package's README and the project's", () => {
    const ours = exampleOf(readFileSync(join(ROOT, "README.md"), "utf8"));
    expect(exampleOf(readFileSync(join(installed.folder, "README.md"), "utf8"))).toBe(ours);
    expect(ours.trim().split("\n")).toHaveLength(10);
  });

  test("serves on an edge runtime what the command line released and baked into a snapshot", async () => {
    const file = installed.write(
      "greeting.json",
      JSON.stringify({
        key: "edge.greeting",
        model: "gpt-5-mini",
        input: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
        body: "Greet {{name}} as the registry says.",
      }),
    );
    const where = ["--store", join(installed.project, "edge-store")];
    expect(await ask(["register", file, ...where])).toMatchObject({
      key: "edge.greeting",
      version: 1,
      created: true,
    });
    await ask(["release", "edge.greeting@v1", "--env", "staging", "--reason", "first", ...where]);
    await ask(["snapshot", "-o", "snapshot.json", ...where]);
    const baked = readFileSync(join(installed.project, "snapshot.json"), "utf8");

    const source = `import { definePrompt, open } from "colophon";
      const input = { "~standard": { version: 1, vendor: "own", validate: (value) => ({ value }), jsonSchema: {
          input: () => ({ type: "object", properties: { name: { type: "string" } }, required: ["name"] }),
          output: () => ({}) } } };
      const greeting = definePrompt({ key: "edge.greeting", model: "gpt-5-mini", input,
        body: "Greet {{name}} as the code says." });
      const calls = {};
      for (const [name, environment, given] of [["released", "staging", snapshot], ["default", "staging", undefined]]) {
        const colophon = open({ snapshot: given, environment, onNotice: () => {} });
        const call = colophon.resolve(greeting, { user: "ada" });
        calls[name] = { ...call.resolution, text: call.render({ name: "Ada" }).messages[0].content };
      }
      const refused = [];
      for (const more of [{ body: "Greet\\n{{upper name}}" }, { key: "no key" }]) {
        try { definePrompt({ key: "edge.refused", model: "gpt-5-mini", input, ...more }); }
        catch ({ name, code, message, details }) { refused.push({ name, code, message, details }); }
      }
      export { calls, refused };`;
    const bundle = await bundleImport({
      source,
      from: installed.project,
      conditions: ["edge-light"],
      asGlobal: "app",
    });
    // A module of Node's that is asked for where there may be one, by process.getBuiltinModule, is no import.
    expect([bundle.imports, bundle.code.match(/\brequire\(/g)]).toEqual([[], null]);
    const context = createContext({ ...WEB, snapshot: JSON.parse(baked) });
    runInContext(bundle.code, context);
    const calls: unknown = JSON.parse(runInContext("JSON.stringify(app.calls)", context));
    expect(calls).toMatchObject({
      released: { version: 1, tier: "environment", text: "Greet Ada as the registry says." },
      default: { version: null, tier: "default", text: "Greet Ada as the code says." },
    });
    const refused: unknown = JSON.parse(runInContext("JSON.stringify(app.refused)", context));
    const pointer = (code: string) => `(${code}: see Colophon's docs/errors.md)`;
    const name = "HarnessError";
    expect(refused).toEqual([
      {
        name,
        code: "template-syntax",
        message: `{{upper name}}, line 2, column 1 ${pointer("template-syntax")}`,
        details: { tag: "{{upper name}}", line: 2, column: 1 },
      },
      { name, code: "prompt-invalid", message: `"no key" ${pointer("prompt-invalid")}` },
    ]);
    expect(bundle.code).not.toContain("there is no helper");
  });

  test("runs at the edge with a client's wire, a snapshot that refreshes itself and rows that travel", async () => {
    const file = (body: string) =>
      installed.write(
        "reply.json",
        JSON.stringify({
          key: "edge.reply",
          model: "gpt-5-mini",
          input: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
          body,
        }),
      );
    const where = ["--store", join(installed.project, "refreshed-store")];
    const snapshotOf = async (version: number, body: string): Promise<string> => {
      await ask(["register", file(body), ...where]);
      await ask(["release", `edge.reply@v${version}`, "--env", "staging", "--reason", "next", ...where]);
      await ask(["snapshot", "-o", "refreshed.json", ...where]);
      return readFileSync(join(installed.project, "refreshed.json"), "utf8");
    };
    const source = `import { definePrompt, open } from "colophon";
      import { openai } from "colophon/openai";
      import { recorder } from "colophon/recorder";
      import { batchSink, refreshing } from "colophon/serverless";
      const reply = definePrompt({ key: "edge.reply", model: "gpt-5-mini",
        input: { "~standard": { version: 1, vendor: "own", validate: (value) => ({ value }), jsonSchema: {
          input: () => ({ type: "object", properties: { name: { type: "string" } }, required: ["name"] }),
          output: () => ({}) } } },
        body: "Greet {{name}} as the code says." });
      const post = (url, body) => fetch(url, { method: "POST", body: JSON.stringify(body) });
      const works = [];
      const waitUntil = (work) => works.push(work);
      const colophon = open({ environment: "staging", wires: [openai], recorder, variables: {},
        snapshot: refreshing(baked, { load: async () => (await fetch("https://cdn.example/snapshot")).json(), waitUntil }),
        sink: batchSink({ send: (entries) => post("https://collector.example/rows", entries), waitUntil }) });
      export async function handle(name) {
        const call = colophon.resolve(reply, { user: "ada" });
        await call.record({ name }, async (p) => (await post("https://models.example/chat", p.openai())).json());
        await colophon.flush();
        await Promise.all(works.splice(0));
        return { id: call.executionId, version: call.version, revision: call.resolution.revision };
      }`;
    const bundle = await bundleImport({
      source,
      from: installed.project,
      conditions: ["edge-light"],
      asGlobal: "app",
    });
    expect([bundle.imports, bundle.code.match(/\brequire\(|\bBuffer\b/g)]).toEqual([[], null]);
    const gzipped = gzipSync(bundle.code, { level: 9 }).length;
    console.log(`An edge application with wire, refreshing and batchSink: ${gzipped} bytes gzipped`);

    const posted: { readonly url: string; readonly body: string }[] = [];
    const baked = await snapshotOf(1, "Greet {{name}} as v1 says.");
    let published = baked;
    const answer = {
      object: "chat.completion",
      model: "gpt-5-mini-2026",
      choices: [{ finish_reason: "stop", message: { content: "Hello" } }],
      usage: { prompt_tokens: 12, completion_tokens: 3 },
    };
    const fetch = async (url: string, { body }: { readonly body?: string } = {}) => {
      if (body !== undefined) posted.push({ url, body });
      return { ok: true, json: async () => (url.includes("cdn") ? JSON.parse(published) : answer) };
    };
    const context = createContext({ ...WEB, fetch, baked: JSON.parse(baked) });
    runInContext(bundle.code, context);
    const bare = "[typeof process, typeof require, typeof Buffer, typeof setImmediate].join()";
    expect(runInContext(bare, context)).toBe("undefined,undefined,undefined,undefined");
    const handle = async (name: string): Promise<{ readonly id: string; readonly version: number }> =>
      JSON.parse(JSON.stringify(await runInContext(`app.handle("${name}")`, context)));
    const first = await handle("Ada");
    published = await snapshotOf(2, "Greet {{name}} as v2 says.");
    runInContext("globalThis.now = Date.now; Date.now = () => now() + 61_000", context);
    const calls = [first, await handle("Bea"), await handle("Cleo")];
    expect(calls).toMatchObject([{ version: 1 }, { version: 1 }, { version: 2 }]);

    const sent = posted.filter(({ url }) => url.includes("models")).map(({ body }) => JSON.parse(body));
    expect(sent.map(({ messages }) => messages[0].content)).toEqual([
      "Greet Ada as v1 says.",
      "Greet Bea as v1 says.",
      "Greet Cleo as v2 says.",
    ]);
    const rows = posted.filter(({ url }) => url.includes("collector")).map(({ body }) => body);
    installed.write("edge-rows.jsonl", rows.join("\n"));
    expect(await ask(["import", "edge-rows.jsonl", ...where])).toEqual({ stored: 3, duplicates: 0 });
    const list = ["--offline", "colophon", "ledger", "--user", "ada", "--json", ...where];
    const { stdout } = await runWell("npx", list, { cwd: installed.project });
    const executions = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly id: string });
    expect(executions.map(({ id }) => id).sort()).toEqual(calls.map(({ id }) => id).sort());
    for (const row of executions) {
      expect(row).toMatchObject({
        answeringModel: "gpt-5-mini-2026",
        tokens: { input: 12, output: 3 },
        finishReason: "stop",
        subjects: { user: "ada" },
        status: "ok",
      });
    }
  });

  test("is told in a sentence what to install where it batches without the OpenAI client", async () => {
    const bare = join(installed.project, "../bare/node_modules/colophon");
    cpSync(installed.folder, bare, { recursive: true });
    const input = installed.write("lines.jsonl", '{"ticket":"charged twice"}\n');
    const flags = ["--input", input, "--out", "out.jsonl", "--model", "gpt-5-mini"];
    const args = [join(bare, "cli/colophon.js"), "batch", "support.triage", ...flags];
    const env = { OPENAI_API_KEY: "simulated" };
    const run = await runProgram(NODE, args, { cwd: join(bare, "../.."), env });
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 2, stdout: "" });
    expect(run.stderr.trim().split("\n")).toEqual([expect.stringContaining("npm install openai")]);
  });
});

describe("a team that serves out of the package", () => {
  let server: ChildProcess | undefined;

  afterAll(() => server?.kill("SIGKILL"));

  test("makes a store and a key, answers applications and readers of the reference, and ends when asked", async () => {
    const bin = join(installed.project, "node_modules/.bin/colophon");
    const cwd = join(installed.project, "../served");
    mkdirSync(cwd);
    const say = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await runWell(bin, [...args, "--json"], { cwd })).stdout);
    await say("init");
    const { secret } = (await say("key", "create", "app", "--scopes", "resolve,record")) as {
      readonly secret: string;
    };
    server = spawn(bin, ["serve", "--port", "0", "--json"], { cwd, env: plainEnvironment() });
    const [address] = await Promise.all([
      said(server, /http:\/\/127\.0\.0\.1:\d+/),
      said(server, /"serving"/),
    ]);

    const snapshot = (headers: Readonly<Record<string, string>>) =>
      fetch(`${address}/v1/projects/~/snapshot?environment=production`, { headers });
    const [answered, refused] = await Promise.all([
      snapshot({ authorization: `Bearer ${secret}` }),
      snapshot({}),
    ]);
    expect([answered.status, refused.status]).toEqual([200, 401]);
    expect(await answered.json()).toMatchObject({ environments: ["production"] });
    expect(await refused.json()).toMatchObject({ error: { code: "not-signed-in" } });
    const session = await fetch(`${address}/auth/get-session`);
    expect([session.status, await session.json()]).toEqual([200, null]);
    const figures = await (await fetch(`${address}/metrics`)).text();
    expect(figures).toContain("process_cpu_user_seconds_total");

    const page = await (await fetch(`${address}/docs`)).text();
    const assets = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(assets).toContain("/docs/swagger-ui-bundle.js");
    const loaded = await Promise.all(
      ["/openapi.json", ...assets].map(async (path) => {
        const answer = await fetch(`${address}${path}`);
        return { path, status: answer.status, isEmpty: (await answer.arrayBuffer()).byteLength === 0 };
      }),
    );
    expect(loaded.filter(({ status, isEmpty }) => status !== 200 || isEmpty)).toEqual([]);

    const [ended] = await Promise.all([
      once(server, "exit"),
      said(server, /"stopped"/),
      server.kill("SIGTERM"),
    ]);
    expect(ended).toEqual([0, null]);
  }, 60_000);
});

/** Chunks of the command line that every command loads. */
function loadedByAll(
  files: ReturnType<typeof filesOf>,
): readonly { readonly name: string; readonly text: string }[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const text = byName.get(name)?.text ?? "";
    for (const [, chunk] of text.matchAll(/^import (?:.*? from )?"\.\/(.+?)";$/gm)) load(`cli/${chunk}`);
  };
  load("cli/run-process.js");
  return [...loaded].flatMap((name) => byName.get(name) ?? []);
}

describe("the files of the package", () => {
  test("are modules in which nothing is declared twice, or out of itself", () => {
    const modules = filesOf(installed.folder).filter(
      ({ name }) => name.endsWith(".js") && !name.startsWith(`cli/${REFERENCE_FOLDER}/`),
    );
    const faults = modules.flatMap(({ name, text }) => [
      ...parseSync(name, text, { sourceType: "module", showSemanticErrors: true }).errors.map(
        ({ message }) => `${name}: ${message}`,
      ),
      ...(text.match(/\b(?:const|let|var) ([\w$]+) = \1(?![\w$])/g) ?? []).map((line) => `${name}: ${line}`),
    ]);
    expect(faults).toEqual([]);
  });

  test("load the libraries of the server for its command alone", () => {
    const files = filesOf(installed.folder);
    const libraries = ["better-auth", "hono", "pino", "prom-client", "undici"];
    const holding = (some: readonly { readonly text: string }[]) =>
      libraries.filter((name) => some.some(({ text }) => text.includes(`node_modules/${name}/`)));
    expect(holding(files)).toEqual(libraries);
    const loaded = loadedByAll(files);
    expect(loaded.map(({ name }) => name)).toContain("cli/errors.js");
    expect(holding(loaded)).toEqual([]);
  });

  test("name no internal package, no dependency and no folder of the machine that built them", () => {
    const files = filesOf(installed.folder);
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "node.js",
        "embedded.js",
        "testing.js",
        "edge/edge.js",
        "edge.d.ts",
        ...["openai", "anthropic", "ai", "recorder", "fallback", "shadow", "serverless", "telemetry"].flatMap(
          (name) => [`${name}.js`, `edge/${name}.js`, `${name}.d.ts`],
        ),
        "cli/colophon.js",
        `cli/${REFERENCE_FOLDER}/swagger-ui-bundle.js.LICENSE.txt`,
        "LICENSE",
      ]),
    );
    const naming = (isFound: (text: string) => boolean) =>
      files.filter(({ text }) => isFound(text)).map(({ name }) => name);
    expect(naming((text) => text.includes(ROOT))).toEqual([]);
    expect(naming((text) => /["'`]@colophon\//.test(withoutComments(text)))).toEqual([]);
    // Swagger UI is handed on as it came.
    const mapped = naming((text) => /^\/\/# sourceMappingURL=/m.test(text));
    expect(mapped.filter((name) => !name.startsWith(`cli/${REFERENCE_FOLDER}/`))).toEqual([]);
  });

  test("import nothing but each other and Node's own modules, save the command line's optional peers", () => {
    const specifiers = filesOf(installed.folder).flatMap(({ name, text }) =>
      name.startsWith("cli/") || !/\.(js|d\.ts)$/.test(name)
        ? []
        : importsOf(text).map((to) => ({ name, to })),
    );
    expect(specifiers.filter(({ to }) => !/^(\.{1,2}\/|node:)/.test(to))).toEqual([]);
    expect(specifiers.filter(({ name, to }) => name.endsWith(".d.ts") && to.startsWith("node:"))).toEqual([]);
    expect(specifiers.filter(({ to }) => to === "node:sqlite")).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(installed.folder, "package.json"), "utf8"));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.peerDependenciesMeta).toEqual({
      openai: { optional: true },
      "@anthropic-ai/sdk": { optional: true },
    });
  });

  test("pass publint and attw", async () => {
    const bin = (name: string) => join(ROOT, "node_modules/.bin", name);
    const { project: cwd, tarball } = installed;
    const [lint, types] = await Promise.all([
      runProgram(bin("publint"), ["run", tarball, "--strict"], { cwd }),
      runProgram(bin("attw"), [tarball, "--profile", "esm-only", "--no-emoji"], { cwd }),
    ]);
    expect(lint.code, lint.stdout + lint.stderr).toBe(0);
    expect(lint.stdout).toContain("All good!");
    expect(types.code, types.stdout + types.stderr).toBe(0);
  });
});

/** Examples in comments import as a reader would. */
function withoutComments(code: string): string {
  return code.replace(/\/\*.*?\*\//gs, "");
}

/** What a module imports, statically, in its types or by a call. */
function importsOf(code: string): readonly string[] {
  return [...withoutComments(code).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([\w@./:-]+)["']/g)].map(
    ([, to]) => to ?? "",
  );
}

describe("the weight of the package", () => {
  test("stays in the budget of every import", async () => {
    const sizes = await measureSizes(installed.folder);
    console.log(`\n${sizeTable(sizes)}\n`);
    for (const { name, gzipped, bytes } of sizes) expect(gzipped, name).toBeLessThanOrEqual(bytes);
  });

  test("leaves the store out of an application that only declares prompts", async () => {
    const source = (names: string) => `import { ${names} } from "colophon"; console.log(${names});`;
    const bundle = (names: string) =>
      bundleImport({ source: source(names), from: installed.project, conditions: ["node"] });
    const [declaring, opening] = await Promise.all([bundle("definePrompt"), bundle("open")]);
    expect(opening.code).toContain("BEGIN IMMEDIATE");
    expect(declaring.code).not.toMatch(/BEGIN IMMEDIATE|PRAGMA|node:sqlite/);
    expect(declaring.imports).toEqual([]);
  });
});

describe("a TypeScript application, strict, that checks the types of its libraries too", () => {
  const CONSUMER = `
    import { z } from "zod";
    import { type Colophon, definePrompt, errorCodeOf, open, type Resolution } from "colophon";
    import { openEmbedded, registerPrompts } from "colophon/embedded";
    import { testHarness } from "colophon/testing";
    export const triage = definePrompt({
      key: "support.triage", model: "gpt-5-mini",
      input: z.object({ ticket: z.string(), customer: z.object({ name: z.string() }), note: z.string().optional() }),
      body: "{{customer.name}}: {{ticket}}{{#if note}} ({{note}}){{/if}}",
    });
    export const colophon: Colophon = open({ capture: "hash" });
    export const harness: Colophon = testHarness({ prompts: [triage] });
    export const resolution: Resolution = colophon.resolve(triage, { user: "ada" }).resolution;
    export const answer: Promise<{ text: string }> = colophon.resolve(triage).record(
      { ticket: "charged twice", customer: { name: "Ada" } }, async () => ({ text: "billing" }));
    export const numbered: number | null | undefined = (await registerPrompts())[0]?.version;
    export const other: Colophon = openEmbedded({ store: ".colophon" });
    export const code: string | undefined = errorCodeOf(new Error("x"));
    // @ts-expect-error a variable is missing
    colophon.resolve(triage).render({ ticket: "charged twice" });
    // @ts-expect-error there is no latest
    colophon.get("support.triage", { version: "latest" });
  `;
  const MISFIT = `
    import { z } from "zod";
    import { definePrompt } from "colophon";
    definePrompt({ key: "k", model: "m", input: z.object({ ticket: z.string() }), body: "{{ticket}} {{tikcet}}" });
  `;
  /** Without a schema library, without any platform's types. */
  const BARE = `
    import { definePrompt, open } from "colophon";
    import { openEmbedded } from "colophon/embedded";
    import { testHarness } from "colophon/testing";
    export const all = [definePrompt, open({ store: ".colophon" }), openEmbedded(), testHarness()];
  `;
  /** What the other libraries' types ask for. */
  const WITH_WEB = ["ES2024", "DOM"];

  async function compile(
    folder: string,
    more: { readonly files: Readonly<Record<string, string>>; readonly options: object },
  ) {
    for (const [name, text] of Object.entries(more.files)) installed.write(`${folder}/${name}`, text);
    const compilerOptions = {
      strict: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      target: "ES2024",
      lib: ["ES2024"],
      types: [],
      noEmit: true,
      ...more.options,
    };
    const project = installed.write(
      `${folder}/tsconfig.json`,
      JSON.stringify({ compilerOptions, include: ["."] }),
    );
    return runProgram(NODE, [TSC, "-p", project], { cwd: installed.project });
  }

  test.each([
    ["NodeNext", { module: "NodeNext", moduleResolution: "NodeNext", lib: WITH_WEB }],
    ["Bundler", { module: "ESNext", moduleResolution: "Bundler", lib: WITH_WEB }],
  ])(
    "compiles with %s resolution, and is stopped by a placeholder that the schema lacks",
    async (name, options) => {
      const [good, bad] = await Promise.all([
        compile(`good-${name}`, { files: { "consumer.ts": CONSUMER }, options }),
        compile(`bad-${name}`, { files: { "misfit.ts": MISFIT }, options }),
      ]);
      expect(good.code, good.stdout).toBe(0);
      expect(bad.code).not.toBe(0);
      expect(bad.stdout).toContain(
        "placeholders missing from the input schema, or optional there without a default",
      );
      expect(bad.stdout).toContain("tikcet");
      expect(bad.stdout.match(/error TS/g)).toHaveLength(1);
    },
  );

  test("compiles without the types of any platform", async () => {
    const options = { module: "NodeNext", moduleResolution: "NodeNext" };
    const run = await compile("bare", { files: { "bare.ts": BARE }, options });
    expect(run.code, run.stdout).toBe(0);
  });

  test("compiles the ten lines of the README beside the OpenAI client", async () => {
    const files = { "example.ts": exampleOf(readFileSync(join(installed.folder, "README.md"), "utf8")) };
    const options = { module: "NodeNext", moduleResolution: "NodeNext", lib: WITH_WEB };
    const run = await compile("example", { files, options });
    expect(run.code, run.stdout).toBe(0);
  });

  test("is offered the options of an edge runtime when it says that it is one", async () => {
    const edge = `
      import { open } from "colophon";
      open({ variables: { COLOPHON_ENV: "production" } });
      // @ts-expect-error there is no store to name
      open({ store: ".colophon" });
    `;
    const options = { module: "ESNext", moduleResolution: "Bundler", customConditions: ["edge-light"] };
    const run = await compile("edge", { files: { "edge.ts": edge }, options });
    expect(run.code, run.stdout).toBe(0);
  });
});

const old = findNode(20);
if (old !== undefined) {
  describe(`a Node older than the package is for (${old.version}, found on the PATH)`, () => {
    const run = (code: string) =>
      runProgram(old.path, ["--input-type=module", "-e", code], { cwd: installed.project });
    const SENTENCE = /^Colophon's embedded store needs Node 22\.13 or newer; this is 20\.[\d.]+\.$/;

    test("loads the main entry, and open() gives one clear sentence", async () => {
      const { stdout } = await run(`
        import { definePrompt, errorCodeOf, open } from "colophon";
        console.log(typeof definePrompt);
        try { open(); } catch (error) { console.log(errorCodeOf(error)); console.log(error.message); }`);
      const lines = stdout.trim().split("\n");
      expect(lines).toEqual(["function", "node-too-old", expect.stringMatching(SENTENCE)]);
    });

    test("hears its one sentence when it imports colophon/embedded", async () => {
      const { stdout } = await run(`
        try { await import("colophon/embedded"); } catch (error) { console.log(error.code); console.log(error.message); }`);
      expect(stdout.trim().split("\n")).toEqual(["node-too-old", expect.stringMatching(SENTENCE)]);
    });

    test("hears one sentence from the command line, which ends with 2", async () => {
      const bin = join(installed.folder, "cli/colophon.js");
      const { code, stdout, stderr } = await runProgram(old.path, [bin, "list"], { cwd: installed.project });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^Colophon needs Node 22\.13 or newer; this is 20\.[\d.]+.*\.\n$/);
    });
  });
}
