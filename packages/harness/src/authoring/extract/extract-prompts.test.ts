/** Extract on real folders and repositories: what is proposed, what is written, and what is refused before anything is. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPromptFile } from "@colophon/authoring";
import { hashText } from "@colophon/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { proposeExtraction, writeExtraction } from "./extract-prompts.ts";

let folder: string;

const SORT = `import OpenAI from "openai";
import { SYSTEM } from "./words.ts";

const client = new OpenAI();

export async function triage(ticket: { readonly body: string }) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: ticket.body },
    ],
  });
}

export async function greet(name: string) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: \`Greet \${name} in one sentence.\` }],
  });
}
`;
const WORDS = `export const SYSTEM = "You sort tickets for a shop.";\n`;

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}

function read(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

function git(...args: readonly string[]): string {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8" });
}

function filesIn(): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".git"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function contentsIn(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-extract-"));
  write({
    "package.json": JSON.stringify({ name: "@acme/shop", dependencies: { openai: "7.0.0", zod: "4.0.0" } }),
    "src/sort.ts": SORT,
    "src/words.ts": WORDS,
  });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("proposeExtraction", () => {
  it("proposes, shows the changes as git takes them, and writes nothing", async () => {
    const answer = await proposeExtraction({ path: "src", cwd: folder });
    expect(answer.proposals.map(({ key, file }) => [key, file])).toEqual([
      ["sort.triage", "src/sort.ts"],
      ["sort.greet", "src/sort.ts"],
    ]);
    expect(answer.packages).toEqual(["colophon"]);
    expect(filesIn()).toEqual(["package.json", "src/sort.ts", "src/words.ts"]);
    git("init", "-q");
    write({ "change.patch": answer.diff });
    git("apply", "change.patch");
    rmSync(join(folder, "change.patch"));
    expect(read("src/sort.ts")).toBe(answer.changes.find(({ file }) => file === "src/sort.ts")?.after);
    expect(existsSync(join(folder, "src/words.ts"))).toBe(false);
  });

  it("takes only what is named, by place or by id", async () => {
    const byPlace = await proposeExtraction({ path: "src", cwd: folder, only: ["src/sort.ts:18"] });
    expect(byPlace.proposals.map(({ key }) => key)).toEqual(["sort.greet"]);
    const [only] = byPlace.proposals;
    const byId = await proposeExtraction({ path: "src", cwd: folder, only: [only?.id ?? ""] });
    expect(byId.proposals.map(({ key }) => key)).toEqual(["sort.greet"]);
    // A constant is named by its own place too.
    const byWords = await proposeExtraction({ path: "src", cwd: folder, only: ["src/words.ts:1"] });
    expect(byWords.proposals.map(({ key }) => key)).toEqual(["sort.triage"]);
    await expect(proposeExtraction({ path: "src", cwd: folder, only: ["src/sort.ts:4"] })).rejects.toThrow(
      "src/sort.ts:4 names no call and no finding",
    );
  });

  it("does what an edited plan says, and refuses one that no longer fits", async () => {
    const { plan } = await proposeExtraction({ path: "src", cwd: folder });
    const edited = JSON.parse(JSON.stringify(plan)) as { proposals: Record<string, unknown>[] };
    Object.assign(edited.proposals[0] as object, { key: "support.triage", name: "sortTicket" });
    Object.assign(edited.proposals[1] as object, { extract: false });
    const request = { path: "src", cwd: folder, plan: { value: edited, source: "plan.json" } };
    const answer = await proposeExtraction(request);
    expect(answer.proposals.map(({ key, name }) => [key, name])).toEqual([["support.triage", "sortTicket"]]);
    write({ "src/sort.ts": SORT.replace("gpt-5-mini", "gpt-5") });
    await expect(proposeExtraction(request)).rejects.toThrow(
      /plan\.json has [0-9a-f]{16}, which can no longer/,
    );
    const wrong = { ...request, plan: { value: { plan: "other" }, source: "plan.json" } };
    await expect(proposeExtraction(wrong)).rejects.toThrow("plan.json is no plan that can be carried out");
  });

  it("writes prompt files that are the same version as the declarations", async () => {
    const answer = await proposeExtraction({ path: "src", cwd: folder, to: "files", dir: "texts" });
    await writeExtraction(answer, { allowDirty: true });
    for (const { key, text } of answer.proposals) {
      const file = `texts/${key.replace(".", "/")}.prompt`;
      const spec = readPromptFile(read(file), { name: file, key });
      expect(spec.key).toBe(key);
      expect(hashText(spec.text)).toBe(hashText(text));
    }
  });

  it("writes prompt files for Python, and shows the call", async () => {
    write({
      "app/sort.py": `from openai import OpenAI
client = OpenAI()

def triage(ticket):
    return client.chat.completions.create(
        model="gpt-5-mini",
        temperature=0,
        timeout=20,
        messages=[
            {"role": "system", "content": "You sort tickets for a shop."},
            {"role": "user", "content": f"Ticket {ticket.number}: {ticket['body']}"},
        ],
    )
`,
    });
    const answer = await proposeExtraction({ path: "app", cwd: folder });
    expect(answer.changes.map(({ file }) => file)).toEqual(["prompts/sort/triage.prompt"]);
    const [proposal] = answer.proposals;
    expect(proposal?.text.body).toEqual([
      { role: "system", content: "You sort tickets for a shop." },
      { role: "user", content: "Ticket {{ticketNumber}}: {{ticketBody}}" },
    ]);
    expect(proposal?.snippet).toBe(`rendered = render_prompt("sort.triage", {
    "ticketNumber": str(ticket.number),
    "ticketBody": str(ticket['body']),
})
client.chat.completions.create(
    model=rendered["model"],
    messages=rendered["messages"],
    temperature=0,
    timeout=20,
)`);
  });
});

describe("a plan", () => {
  it("may not give two prompt files one key, nor a name that no module can have", async () => {
    const ask = (word: string): string =>
      `client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "Tell me of ${word}, please."}])\n`;
    write({ "app/sort.py": `from openai import OpenAI\nclient = OpenAI()\n${ask("cats")}${ask("dogs")}` });
    const { plan } = await proposeExtraction({ path: "app", cwd: folder });
    const edited = JSON.parse(JSON.stringify(plan)) as { proposals: Record<string, unknown>[] };
    expect(edited.proposals).toHaveLength(2);
    for (const proposal of edited.proposals) proposal.key = "of.pets";
    const request = { path: "app", cwd: folder, plan: { value: edited, source: "plan.json" } };
    await expect(proposeExtraction(request)).rejects.toThrow("gives the key of.pets to prompts that say");
    Object.assign(edited.proposals[0] as object, { name: "class" });
    await expect(proposeExtraction(request)).rejects.toThrow('has the name "class"');
  });
});

describe("the example", () => {
  it("is committed as extract leaves it", async () => {
    const example = fileURLToPath(new URL("../../../../../examples/scattered/", import.meta.url));
    const copy = join(folder, "copy");
    cpSync(join(example, "src"), join(copy, "src"), { recursive: true });
    cpSync(join(example, "package.json"), join(copy, "package.json"));
    await writeExtraction(await proposeExtraction({ path: "src", cwd: copy }));
    expect(contentsIn(join(copy, "src"))).toEqual(contentsIn(join(example, "extracted")));
  });
});

describe("writeExtraction", () => {
  it("refuses a working tree with changes that are in no commit", async () => {
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    write({ "notes.txt": "mine" });
    const answer = await proposeExtraction({ path: "src", cwd: folder });
    await expect(writeExtraction(answer)).rejects.toThrow("notes.txt differ from the last commit");
    expect(read("src/sort.ts")).toBe(SORT);
    rmSync(join(folder, "notes.txt"));
    // The plan that is carried out stands there in no commit.
    write({ "plan.json": "{}" });
    await expect(writeExtraction(answer)).rejects.toThrow("plan.json differ");
    await writeExtraction(answer, { plan: join(folder, "plan.json") });
    rmSync(join(folder, "plan.json"));
    expect(git("status", "--porcelain").split("\n").sort()).toEqual(
      ["", " D src/words.ts", " M src/sort.ts", "?? src/colophon.ts", "?? src/prompts.ts"].sort(),
    );
  });

  it("writes nothing where one file cannot be written, or has changed meanwhile", async () => {
    const answer = await proposeExtraction({ path: "src", cwd: folder, to: "files" });
    // A file stands where a folder has to be.
    write({ prompts: "not a folder" });
    await expect(writeExtraction(answer, { allowDirty: true })).rejects.toThrow(/all files are as they were/);
    expect(filesIn()).toEqual(["package.json", "prompts", "src/sort.ts", "src/words.ts"]);
    expect([read("src/sort.ts"), read("src/words.ts")]).toEqual([SORT, WORDS]);
    write({ "src/words.ts": `${WORDS}// more\n` });
    await expect(writeExtraction(answer, { allowDirty: true })).rejects.toThrow(
      "src/words.ts has changed meanwhile",
    );
    write({ "src/words.ts": WORDS, "src/colophon.ts/kept.txt": "" });
    await expect(writeExtraction(answer, { allowDirty: true })).rejects.toThrow("src/colophon.ts is no file");
    expect(read("src/sort.ts")).toBe(SORT);
  });

  it("keeps the modes of files, and their protection", async () => {
    chmodSync(join(folder, "src/sort.ts"), 0o777);
    const answer = await proposeExtraction({ path: "src", cwd: folder });
    chmodSync(join(folder, "src/words.ts"), 0o444);
    await expect(writeExtraction(answer)).rejects.toThrow("src/words.ts is read-only; nothing was written");
    expect(read("src/sort.ts")).toBe(SORT);
    chmodSync(join(folder, "src/words.ts"), 0o644);
    await writeExtraction(answer);
    expect(statSync(join(folder, "src/sort.ts")).mode & 0o777).toBe(0o777);
  });

  it("leaves constants that components in markup may use", async () => {
    write({ "src/help.vue": `<script setup>import { SYSTEM } from "./words";</script>\n` });
    await writeExtraction(await proposeExtraction({ path: "src", cwd: folder }), { allowDirty: true });
    expect(read("src/words.ts")).toBe(WORDS);
  });

  it("keeps line ends and the mark at the beginning of a file", async () => {
    write({ "src/sort.ts": `\uFEFF${SORT.replaceAll("\n", "\r\n")}` });
    await writeExtraction(await proposeExtraction({ path: "src", cwd: folder }), { allowDirty: true });
    const written = read("src/sort.ts");
    expect(written.startsWith("\uFEFFimport")).toBe(true);
    expect(written).toContain(".resolve(");
    expect(written.replaceAll("\r\n", "")).not.toContain("\n");
  });
});
