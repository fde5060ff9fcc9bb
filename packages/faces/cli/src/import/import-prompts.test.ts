/** Takes prompts over by the command line: from a played Langfuse, and from files of other tools. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ImportReport } from "@colophon/harness";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliWorld, openWorld, type Ran } from "../cli-world.fixture.ts";

const KEYS = { LANGFUSE_PUBLIC_KEY: "pk-lf-1", LANGFUSE_SECRET_KEY: "sk-lf-2" };

interface StoredPrompt {
  readonly name: string;
  readonly version: number;
  readonly prompt: unknown;
  readonly config?: object;
  readonly labels?: readonly string[];
  readonly tags?: readonly string[];
  readonly commitMessage?: string;
  readonly createdBy?: string;
  readonly updatedAt?: string;
}

const PROMPTS: readonly StoredPrompt[] = [
  { name: "shared/tone", version: 1, prompt: "Be kind to {{name}}.", config: { model: "gpt-5-mini" } },
  {
    name: "shared/tone",
    version: 3,
    prompt: "Be brief.",
    config: { model: "gpt-5-mini" },
    labels: ["latest"],
  },
  {
    name: "triage",
    version: 1,
    prompt: "Sort: {{ticket}}",
    config: { model: "gpt-5-mini", temperature: 0.2 },
    labels: ["staging"],
    tags: ["desk"],
    commitMessage: "first",
    createdBy: "ada",
    updatedAt: "2025-01-02T00:00:00.000Z",
  },
  {
    name: "triage",
    version: 2,
    prompt: "@@@langfusePrompt:name=shared/tone|version=3@@@\nSort: {{ticket}}",
    config: { model: "gpt-5-mini", temperature: 0.2 },
    labels: ["production", "latest", "canary"],
    tags: ["desk"],
  },
];

const ITEMS = [
  {
    id: "i1",
    status: "ACTIVE",
    input: { ticket: "charged twice" },
    expectedOutput: "billing",
    datasetName: "tickets",
  },
  { id: "i2", status: "ARCHIVED", input: { ticket: "old" }, datasetName: "tickets" },
  { id: "i3", status: "ACTIVE", input: { ticket: "crash" }, expectedOutput: "bug", datasetName: "tickets" },
];

/** Plays Langfuse's public API: basic authorization, pages of its own size, a 429 once in a while. */
class PlayedLangfuse {
  readonly asked: string[] = [];
  /** Requests that are put off before the first is answered. */
  busy = 0;
  /** In place of every answer. */
  instead: ((answer: ServerResponse) => void) | null = null;
  readonly #server: Server = createServer((request, answer) => this.#answer(request, answer));

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(request.url ?? "", "http://x");
    this.asked.push(url.pathname + url.search);
    if (this.instead !== null) {
      this.instead(answer);
      return;
    }
    const token = Buffer.from("pk-lf-1:sk-lf-2").toString("base64");
    if (request.headers.authorization !== `Basic ${token}`) return void answer.writeHead(401).end("{}");
    if (this.busy > 0) {
      this.busy -= 1;
      return void answer.writeHead(429, { "retry-after": "0" }).end("slow down");
    }
    const body = this.#find(url);
    answer.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    answer.end(JSON.stringify(body ?? {}));
  }

  #find({ pathname, searchParams }: URL): unknown {
    if (pathname === "/api/public/v2/prompts") {
      const names = [...new Set(PROMPTS.map(({ name }) => name))];
      const listed = names.map((name) => ({
        name,
        versions: PROMPTS.filter((one) => one.name === name).map(({ version }) => version),
      }));
      return this.#page(listed, searchParams);
    }
    if (pathname === "/api/public/v2/datasets") return this.#page([{ name: "tickets" }], searchParams);
    if (pathname === "/api/public/dataset-items") return this.#page(ITEMS, searchParams);
    const name = decodeURIComponent(pathname.replace("/api/public/v2/prompts/", ""));
    const version = Number(searchParams.get("version"));
    return PROMPTS.find((one) => one.name === name && one.version === version);
  }

  /** One a page, whatever is asked for. */
  #page(all: readonly unknown[], searchParams: URLSearchParams): unknown {
    const page = Number(searchParams.get("page"));
    return {
      data: all.slice(page - 1, page),
      meta: { page, limit: 1, totalItems: all.length, totalPages: all.length },
    };
  }
}

let world: CliWorld;
let langfuse: PlayedLangfuse;
let url: string;

beforeEach(async () => {
  world = openWorld();
  langfuse = new PlayedLangfuse();
  url = await langfuse.start();
});

afterEach(async () => {
  await langfuse.stop();
  world.close();
});

async function run(...args: readonly string[]): Promise<Ran> {
  return world.run(args, { env: KEYS });
}

async function rendered(key: string, variables: object): Promise<string> {
  world.write("variables.json", variables);
  const args = ["render", key, "--vars", "variables.json", "--env", "production"];
  const { out, err } = await run(...args, "--json");
  if (out === "") throw new Error(err);
  const { messages } = JSON.parse(out) as { messages: readonly { content: string }[] };
  return messages.map(({ content }) => content).join("");
}

describe("colophon import --from langfuse --to registry", () => {
  it("registers every version in order, releases what labels name, and renders as Langfuse does", async () => {
    langfuse.busy = 2;
    await run("init");
    const args = ["import", "--from", "langfuse", "--url", `${url}/`, "--to", "registry", "--releases"];
    const { code, out, err } = await run(...args, "--json");
    expect(err).toBe("");
    const report = JSON.parse(out) as ImportReport;
    expect(
      report.prompts.map(({ key, number, version, created }) => [key, number, version, created]),
    ).toEqual([
      ["shared/tone", 1, 1, true],
      ["shared/tone", 3, 2, true],
      ["triage", 1, 1, true],
      ["triage", 2, 2, true],
    ]);
    expect(report.sets).toMatchObject([{ name: "tickets", cases: 2, version: 1, created: true }]);
    expect(report.releases.map(({ version, environment }) => [version, environment])).toEqual([
      [1, "staging"],
      [2, "production"],
    ]);
    // A label without an environment could not be taken.
    expect(code).toBe(1);
    expect(report.left.map(({ sentence }) => sentence)).toEqual([
      "its label canary names no environment; map it with --label canary=ENVIRONMENT.",
    ]);
    expect(await rendered("triage", { ticket: "x" })).toBe("Be brief.\nSort: x");
    expect(await rendered("triage", {})).toBe("Be brief.\nSort: ");
    const log = (await run("log", "triage", "--json")).rows<Record<string, unknown>>();
    expect(log.find(({ version }) => version === 1)).toMatchObject({
      source: "import",
      author: "ada",
      message: "first (langfuse, triage v1, 2025-01-02T00:00:00.000Z)",
    });
    expect(langfuse.asked).toContain("/api/public/v2/prompts/shared%2Ftone?version=3&resolve=false");
    const again = await run(
      ...args,
      "--label",
      "production=production,staging=staging,canary=production",
      "--json",
    );
    const second = JSON.parse(again.out) as ImportReport;
    expect(second.prompts.every(({ created }) => !created)).toBe(true);
    expect([second.releases, second.sets[0]?.created]).toEqual([[], false]);
  });

  it("writes nothing in a dry run, and says the same of it", async () => {
    await run("init");
    const { out } = await run("import", "--from", "langfuse", "--url", url, "--to", "registry", "--dry-run");
    expect(out).toContain("Would take in 4 versions and 1 eval set from langfuse.");
    expect((await run("list", "--json")).rows()).toEqual([]);
  });

  it("refuses a prompt that has versions of another origin, and takes the others", async () => {
    world.write("triage.json", { key: "triage", model: "gpt-5-mini", body: "Ours." });
    await run("register", "triage.json");
    const { code, out } = await run(
      "import",
      "--from",
      "langfuse",
      "--url",
      url,
      "--to",
      "registry",
      "--json",
    );
    const report = JSON.parse(out) as ImportReport;
    expect(code).toBe(1);
    expect(report.prompts.map(({ key }) => key)).toEqual(["shared/tone", "shared/tone"]);
    expect(report.left.map(({ from }) => from)).toEqual(["triage v1", "triage v2"]);
    expect(report.left[0]?.sentence).toMatch(/^triage is in the registry with versions of another origin/);
    expect((await run("log", "triage", "--json")).rows()).toHaveLength(1);
  });

  it("leaves a label to the gate of a protected environment, and says what it refuses", async () => {
    await run("init");
    await run("env", "protect", "production", "--gate", "always");
    const { out } = await run(
      "import",
      "--from",
      "langfuse",
      "--url",
      url,
      "--to",
      "registry",
      "--releases",
      "--json",
    );
    const report = JSON.parse(out) as ImportReport;
    expect(report.releases.map(({ environment }) => environment)).toEqual(["staging"]);
    expect(report.left.map(({ sentence }) => sentence).join("\n")).toMatch(
      /it was not released to production: /,
    );
  });
});

describe("colophon import --from langfuse into files", () => {
  it("writes the newest texts and the eval sets, which push and render as they did", async () => {
    const { code, out } = await run("import", "--from", "langfuse", "--url", url);
    expect(out).toContain("Took in 2 prompts and 1 eval set from langfuse.");
    expect(out).toContain("prompts/shared/tone.prompt");
    expect(out).toContain("a file holds one text, that of v2");
    expect(code).toBe(0);
    expect(readFileSync(join(world.folder, "prompts/triage.prompt"), "utf8")).toContain(
      "{{> shared/tone}}\n\nSort: {{#if ticket}}{{ticket}}{{/if}}\n",
    );
    expect((await run("push", "--no-git")).code).toBe(0);
    for (const key of ["shared/tone@v1", "triage@v1"]) {
      await run("release", key, "--env", "production", "--reason", "imported");
    }
    expect(await rendered("triage", { ticket: "x" })).toBe("Be brief.\nSort: x");
    expect((await run("evalset", "import", "evalsets/tickets.yaml")).err).toBe("");
    const again = await run("import", "--from", "langfuse", "--url", url);
    expect(again.out).toContain("Took in 2 prompts and 1 eval set from langfuse, 3 of them there already.");
  });

  it("gives eval sets names that they can be registered by", async () => {
    world.write(
      "export.jsonl",
      ITEMS.map((item) => JSON.stringify({ ...item, datasetName: "My tickets" })).join("\n"),
    );
    const { sets } = (
      await run("import", "export.jsonl", "--from", "langfuse", "--json")
    ).json<ImportReport>();
    expect(sets).toMatchObject([{ name: "My-tickets", file: "evalsets/My-tickets.yaml" }]);
    expect((await run("evalset", "import", "evalsets/My-tickets.yaml")).code).toBe(0);
  });

  it("never overwrites a file with another text", async () => {
    world.write("prompts/triage.prompt", "---\nmodel: gpt-5-mini\n---\nOurs.\n");
    const { code, out } = await run("import", "--from", "langfuse", "--url", url);
    expect(code).toBe(1);
    expect(out).toMatch(/triage v2: prompts\/triage\.prompt is there with another text/);
    expect(readFileSync(join(world.folder, "prompts/triage.prompt"), "utf8")).toContain("Ours.");
  });

  it("writes through no link", async () => {
    mkdirSync(join(world.folder, "elsewhere"));
    mkdirSync(join(world.folder, "prompts"));
    symlinkSync("../elsewhere", join(world.folder, "prompts/shared"));
    symlinkSync("elsewhere", join(world.folder, "evalsets"));
    const { code, out } = await run("import", "--from", "langfuse", "--url", url);
    expect(code).toBe(1);
    expect(out).toMatch(/shared\/tone v3: .*prompts\/shared is no folder of its own/);
    expect(out).toMatch(/evalsets is no folder of its own/);
    expect(readdirSync(join(world.folder, "elsewhere"))).toEqual([]);
  });

  it("reads an export: lists, single prompts, JSON Lines and items of datasets", async () => {
    world.write("export/prompts.json", { data: PROMPTS.slice(0, 2) });
    world.write("export/triage.json", PROMPTS[2] ?? {});
    world.write("export/items.jsonl", ITEMS.map((item) => JSON.stringify(item)).join("\n"));
    const { code, out } = await run("import", "export", "--from", "langfuse", "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as ImportReport;
    expect(report.prompts.map(({ from }) => from)).toEqual(["shared/tone v3", "triage v1"]);
    expect(report.sets).toMatchObject([{ name: "tickets", cases: 2, file: "evalsets/tickets.yaml" }]);
  });

  it("sends keys nowhere else, and keeps them out of what it says", async () => {
    const elsewhere = new PlayedLangfuse();
    const other = await elsewhere.start();
    langfuse.instead = (answer) => void answer.writeHead(302, { location: `${other}/api` }).end();
    const { code, err } = await run("import", "--from", "langfuse", "--url", url);
    await elsewhere.stop();
    expect(code).toBe(2);
    expect(err).toMatch(/leads on to .*keys are not sent after it/);
    expect(err).not.toMatch(/sk-lf/);
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    [
      "a web page",
      (answer: ServerResponse) => void answer.end("<!doctype html><p>Hi</p>"),
      /answers with a web page/,
    ],
    ["another shape", (answer: ServerResponse) => void answer.end('{"data":{}}'), /no list under data/],
    ["a refusal", (answer: ServerResponse) => void answer.writeHead(403).end("{}"), /does not allow it/],
    [
      "a prompt without versions",
      (answer: ServerResponse) => void answer.end('{"data":[{}]}'),
      /without name and versions/,
    ],
  ])("ends in one sentence when the server answers with %s", async (_, instead, sentence) => {
    langfuse.instead = instead;
    const { err, out } = await run("import", "--from", "langfuse", "--url", url);
    expect(err).toMatch(sentence);
    expect(out).toBe("");
    expect(existsSync(join(world.folder, "prompts"))).toBe(false);
  });

  it.each([
    [["import", "--from", "langfuse"], /Nothing is named to import/],
    [["import", "--from", "nobody"], /--from takes/],
    [["import", "x", "--from", "langfuse", "--to", "moon"], /--to takes/],
    [["import", "x", "--from", "langfuse", "--releases"], /add --to registry/],
    [["import", "x", "--from", "langfuse", "--label", "a=b"], /add --releases/],
    [["import", "x", "--from", "langfuse"], /x is not there/],
    [["import", "--from", "langfuse", "--url", "ftp://x"], /no address of a server/],
    [["import", "--from", "langfuse", "--url", "https://a:b@x"], /holds keys/],
    [["import"], /Nothing is named to import/],
  ])("refuses %j", async (args, sentence) => {
    const { code, err } = await run(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it("asks for the keys by their names", async () => {
    const { code, err } = await world.run(["import", "--from", "langfuse", "--url", url]);
    expect(code).toBe(2);
    expect(err).toMatch(/LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY/);
  });
});

describe("colophon import of files", () => {
  it("takes Dotprompt's files over, pushes them and renders them as Dotprompt does", async () => {
    world.write("old/shared/_tone.prompt", "---\nmodel: gpt-5-mini\n---\nBe kind.");
    world.write(
      "old/greet.formal.prompt",
      "---\nmodel: gpt-5-mini\ninput:\n  schema: { name: string, plan?: string }\n---\n{{! x }}\n{{>shared/tone}}\nDear {{{name}}} {{plan}}!\n",
    );
    const { code, out } = await run("import", "old", "--from", "dotprompt");
    expect([code, out]).toEqual([0, expect.stringContaining("prompts/greet/formal.prompt")]);
    expect((await run("push", "--no-git")).code).toBe(0);
    for (const key of ["shared.tone@v1", "greet.formal@v1"]) {
      await run("release", key, "--env", "production", "--reason", "imported");
    }
    expect(await rendered("greet.formal", { name: "Ada" })).toBe("Be kind.Dear Ada !");
  });

  it("takes promptfoo's prompts, providers and tests over", async () => {
    world.write("foo/promptfooconfig.yaml", PROMPTFOO);
    world.write("foo/two.txt", "Say {{ topic }}.\n---\nTell {{ topic }} twice.\n");
    world.write("foo/chat.json", [
      { role: "system", content: "Be brief." },
      { role: "user", content: "{% if topic %}{{ topic }}{% endif %}" },
    ]);
    world.write("secret.txt", "no");
    const { code, out } = await run("import", "foo", "--from", "promptfoo", "--json", "--model", "gpt-5");
    const report = JSON.parse(out) as ImportReport;
    expect(report.prompts.map(({ key }) => key)).toEqual(["inline", "two-1", "two-2", "chatty"]);
    expect(report.sets).toMatchObject([{ name: "topics", cases: 2 }]);
    expect(code).toBe(1);
    const left = report.left.map(({ sentence }) => sentence).join("\n");
    expect(left).toMatch(/lies outside of the file's folder/);
    expect(left).toMatch(/is code, and nothing is ever run/);
    expect(left).toMatch(/file:\/\/own\.py is no model/);
    expect(left).toMatch(/config\.apiKey is left out/);
    const file = readFileSync(join(world.folder, "prompts/chatty.prompt"), "utf8");
    expect(file).toContain("model: gpt-4o\n");
    expect(file).toContain("temperature: 0");
    expect(file).toContain("colophon.routes");
    expect((await run("push", "--no-git")).code).toBe(0);
    expect((await run("evalset", "import", "evalsets/topics.yaml")).err).toBe("");
  });

  it("takes Prompty's files of both editions over", async () => {
    world.write("old/first.prompty", FIRST);
    world.write(
      "old/compares.prompty",
      "---\nmodel: { id: gpt-4o }\n---\nsystem:\nHi\nuser:\n{% if a == 1 %}x{% endif %}",
    );
    world.write("old/second.prompty", SECOND);
    world.write("old/mustache.prompty", "---\nmodel: { id: gpt-4o }\ntemplate: mustache\n---\nsystem:\nHi");
    const { out } = await world.run(["import", "old", "--from", "prompty", "--json", "--model", "gpt-5"], {
      env: { SECRET: "s3cret" },
    });
    const report = JSON.parse(out) as ImportReport;
    expect(out).not.toContain("s3cret");
    expect(report.prompts.map(({ key }) => key)).toEqual(["first", "second"]);
    expect(report.left).toMatchObject([
      { from: "old/compares.prompty", line: 7, sentence: expect.stringMatching(/compares; compute/) },
      { from: "old/mustache.prompty", sentence: expect.stringMatching(/template is mustache/) },
    ]);
    const second = readFileSync(join(world.folder, "prompts/second.prompt"), "utf8");
    expect(second).toContain("model: claude-sonnet-4-5\n");
    expect((await run("push", "--no-git")).err).toBe("");
    for (const key of ["first@v1", "second@v1"]) {
      await run("release", key, "--env", "production", "--reason", "imported");
    }
    expect(await rendered("first", { firstName: "Ada", question: "Why?" })).toBe("You help Ada.Why?");
    expect(await rendered("second", { items: [{ n: "a" }, { n: "b" }] })).toBe("In plain words:\n- a\n- b");
    expect((await run("evalset", "import", "evalsets/first.yaml")).err).toBe("");
  });
});

const PROMPTFOO = `
description: Topics
prompts:
  - { label: Inline, raw: "About {{ topic }}" }
  - file://two.txt
  - { id: file://chat.json, label: chatty }
  - file://../secret.txt
  - file://make.py
providers:
  - id: openai:chat:gpt-4o
    config: { temperature: 0, apiKey: sk-1 }
  - anthropic:messages:claude-sonnet-4-5
  - file://own.py
defaultTest:
  assert: [{ type: contains, value: "{{topic}}" }]
tests:
  - vars: { topic: bees }
  - vars: { topic: bats }
    assert: [{ type: word-count, value: { max: 9 } }]
`;

const FIRST = `---
name: Basic
description: Answers questions.
model:
  api: chat
  configuration: { type: openai, azure_endpoint: "\${env:SECRET}", name: gpt-4o }
  parameters: { max_tokens: 128 }
inputs:
  firstName: { type: string }
  question: { type: string, default: Anything? }
sample: { firstName: Jane, question: Who? }
---
system:
You help {{firstName}}.

user:
{{question}}
`;

const SECOND = `---
name: second
model: { id: claude-sonnet-4-5, provider: anthropic, options: { maxOutputTokens: 9 } }
inputs:
  - { name: items, kind: array }
  - { name: style, kind: string }
outputs:
  - { name: answer, kind: string }
---
user:
In plain words:
{%- for item in items %}
- {{ item.n }}
{%- endfor %}{{ style }}
`;
