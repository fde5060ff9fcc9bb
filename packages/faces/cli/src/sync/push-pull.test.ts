/** Push, pull and status on real repositories of git and real stores, with changes on both sides. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PullReport, PushReport, SyncStatus } from "@colophon/harness";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEY, promptFile, type Ran } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "./git-world.fixture.ts";

const FILE = "prompts/support/triage.prompt";
const LABELS = ["One of:", "billing", "bug", "other"];

let world: GitWorld;
beforeEach(() => {
  world = openGitWorld();
});
afterEach(() => {
  vi.unstubAllEnvs();
  world.close();
});

/** As somebody who works in the studio, or with another tool. */
async function writeThere(body: string, message = "spam too"): Promise<void> {
  const input = {
    type: "object",
    properties: { ticket: { type: "string" } },
    required: ["ticket"],
    additionalProperties: false,
  };
  world.write("there.json", promptFile(`${body}\n{{ticket}}`, { input }));
  await world.succeeds("register", "there.json", "--message", message);
  world.git("clean", "--quiet", "-f", "there.json");
}

/** Committed, pushed, and the lock committed too. */
async function begin(...lines: readonly string[]): Promise<void> {
  world.write(FILE, triage(...(lines.length === 0 ? ["Sort the ticket.", ...LABELS] : lines)));
  world.commit("Sort tickets");
  await world.succeeds("push");
  world.commit("Lock");
}

async function stateOf(key = KEY): Promise<string | undefined> {
  const rows = (await world.succeeds("status", "--json")).rows<SyncStatus>();
  return rows.find((row) => row.key === key)?.state;
}

function reportOf<T>(ran: Ran): T {
  return ran.json() as T;
}

describe("colophon push", () => {
  it("makes a version with the commit, its author and its message, and nothing the second time", async () => {
    world.write(FILE, triage("Sort the ticket.", ...LABELS));
    const commit = world.commit("Sort tickets\n\nAs support asked.");
    const first = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(first).toMatchObject({
      pushed: [{ key: KEY, version: 1, created: true, file: FILE, commit, author: "ada@example.com" }],
      lockChanged: true,
    });
    const [logged] = (await world.succeeds("log", KEY, "--json")).rows();
    expect(logged).toMatchObject({
      author: "ada@example.com",
      message: "Sort tickets",
      source: "file",
      commit,
    });
    const lock = world.read("colophon.lock");
    expect(lock).toContain(`"${KEY}": { "version": 1, "hash": "${first.pushed[0]?.hash}"`);
    const second = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(second).toMatchObject({ pushed: [], unchanged: 1, lockChanged: false });
    expect(world.read("colophon.lock")).toBe(lock);
    expect(await stateOf()).toBe("in-sync");
  });

  it("lets nobody approve what they committed, whoever pushed it", async () => {
    await world.succeeds("env", "protect", "staging", "--gate", "never", "--approvals", "1");
    await begin();
    const approve = [
      "approve",
      `${KEY}@v1`,
      "--env",
      "staging",
      "--safety",
      "yes",
      "--compliance",
      "yes",
      "--style",
      "yes",
    ];
    const asAda = await world.run(approve, { env: { USER: "ada@example.com" } });
    const asPusher = await world.run(approve);
    const asOther = await world.run(approve, { env: { USER: "linus" } });
    expect([asAda.code, asPusher.code, asOther.code]).toEqual([2, 2, 0]);
    expect(asAda.err).toContain("made support.triage@v1");
  });

  it("counts everybody who wrote on the file since its version, and whom messages name, as its makers", async () => {
    await world.succeeds("env", "protect", "staging", "--gate", "never", "--approvals", "1");
    await begin();
    world.write(FILE, triage("Sort the ticket now.", ...LABELS));
    world.commit(
      "Now\n\nCo-authored-by: Bob <BOB@example.com>\n\n* more\n\nSigned-off-by: Zoe <zoe@example.com>\nco-authored-by : Kim kim@example.com",
      "Eve <eve@example.com>",
    );
    world.git("checkout", "--quiet", "-b", "aside", "HEAD~2");
    world.write(FILE, triage("Sort the ticket.", ...LABELS, "spam"));
    world.commit("Spam too", "Mallory <mallory@example.com>");
    world.git("checkout", "--quiet", "main");
    world.git("merge", "--quiet", "--no-edit", "-X", "theirs", "aside");
    world.write(FILE, triage("Sort this ticket now.", ...LABELS, "spam"));
    world.commit("This", "Linus <linus@example.com>");
    await world.succeeds("push");
    const [logged] = (await world.succeeds("log", KEY, "--json")).rows();
    expect(logged).toMatchObject({
      author: "linus@example.com",
      coAuthors: [
        "bob@example.com",
        "eve@example.com",
        expect.stringContaining("grace"),
        "kim@example.com",
        "mallory@example.com",
      ],
    });
    const said = ["--safety", "yes", "--compliance", "yes", "--style", "yes"];
    const approve = ["approve", `${KEY}@v2`, "--env", "staging", ...said];
    for (const [name, code] of [
      ["mallory@example.com", 2],
      ["bob@example.com", 2],
      ["ada@example.com", 0],
    ] as const) {
      expect((await world.run(approve, { env: { USER: name } })).code).toBe(code);
    }
  });

  it("knows the makers of what is not committed, of a file that moved, and after a version from elsewhere", async () => {
    world.write(
      "prompts/old.prompt",
      triage("Sort the ticket.", ...LABELS).replace("---\n", `---\nname: ${KEY}\n`),
    );
    world.commit("Begin", "Eve <eve@example.com>");
    world.git("mv", "prompts/old.prompt", "prompts/new.prompt");
    world.commit("Move");
    await world.succeeds("push");
    const makers = async (): Promise<unknown> => {
      const [newest] = (await world.succeeds("log", KEY, "--json")).rows();
      return [newest?.author, newest?.coAuthors];
    };
    expect(await makers()).toEqual(["ada@example.com", ["eve@example.com"]]);
    world.commit("Lock");
    await writeThere(["Sort it elsewhere.", ...LABELS].join("\n"));
    await world.succeeds("pull", "--here");
    world.commit("Pulled", "Bob <bob@example.com>");
    world.write("prompts/new.prompt", `${world.read("prompts/new.prompt")}And be quick.\n`);
    await world.succeeds("push", "--allow-dirty");
    expect(await makers()).toEqual(["grace", ["bob@example.com"]]);
  });

  it("refuses what no commit has, unless told, and then names no commit", async () => {
    await begin();
    world.write(FILE, triage("Sort the ticket well.", ...LABELS));
    world.write("prompts/new.prompt", triage("New."));
    const refused = await world.run(["push"]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("prompts/new.prompt");
    expect(refused.err).toContain(FILE);
    const told = reportOf<PushReport>(
      await world.succeeds("push", "--allow-dirty", "--message", "tried", "--json"),
    );
    expect(told.pushed).toMatchObject([
      { key: "new", commit: null, author: null },
      { key: KEY, version: 2, commit: null },
    ]);
  });

  it("pushes as somebody's commit only what that commit has, whatever git was told to overlook", async () => {
    await begin();
    world.git("update-index", "--assume-unchanged", FILE);
    world.write(FILE, triage("Never committed.", ...LABELS));
    expect(world.git("status", "--short")).toBe("");
    const refused = await world.run(["push"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(FILE)]);
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--allow-dirty", "--json"));
    expect(pushed).toMatchObject([{ version: 2, commit: null, author: null }]);
  });

  it("finds nothing changed where git has written the line ends of Windows", async () => {
    await begin();
    world.git("config", "core.autocrlf", "true");
    for (const name of [FILE, "colophon.lock"]) {
      rmSync(join(world.folder, name));
      world.git("checkout", "--quiet", "--", name);
      expect(world.read(name)).toContain("\r\n");
    }
    const push = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(push).toMatchObject({ pushed: [], unchanged: 1, lockChanged: false });
    expect(world.read("colophon.lock")).toContain("\r\n");
  });

  it("takes a lock as a push left it, and no other that is not committed", async () => {
    await begin();
    world.write(FILE, triage("Second.", ...LABELS));
    world.commit("Second");
    await world.succeeds("push");
    world.write(FILE, triage("Third.", ...LABELS));
    world.git("add", FILE);
    world.git("commit", "--quiet", "-m", "Third, without the lock");
    await world.succeeds("push");
    expect(await stateOf()).toBe("in-sync");
    world.commit("Lock");
    world.write("colophon.lock", world.read("colophon.lock").replace('"version": 3', '"version": 2'));
    const refused = await world.run(["push"]);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("colophon.lock has an uncommitted change"),
    ]);
  });

  it("pushes a partial before what pins it, and nothing at all where one file cannot be a version", async () => {
    world.write("prompts/shared/_tone.prompt", "---\nmodel: gpt-5-mini\n---\nBe kind.\n");
    world.write("prompts/a.prompt", "---\nmodel: gpt-5-mini\n---\n{{> shared.tone@v1}} Sort.\n");
    world.write("prompts/wrong.prompt", "---\nmodel: gpt-5-mini\n---\n{{missing}}\n");
    world.commit("Three");
    const refused = await world.run(["push"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("Nothing was pushed")]);
    expect((await world.succeeds("list", "--json")).rows()).toEqual([]);
    expect(existsSync(join(world.folder, "colophon.lock"))).toBe(false);
    world.write("prompts/wrong.prompt", "---\nmodel: gpt-5-mini\n---\nRight.\n");
    world.commit("Mended");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed.map(({ key }) => key)).toEqual(["shared.tone", "a", "wrong"]);
    // A pinned partial is part of the hash, and all are in sync all the same.
    expect((await world.run(["status", "--exit-code"])).code).toBe(0);
  });

  it("goes on where the last push was cut off before it could write the lock", async () => {
    await begin();
    const lock = world.read("colophon.lock");
    world.git("rm", "--quiet", "colophon.lock");
    world.commit("As if it had never been");
    const pushed = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed).toMatchObject({ pushed: [], unchanged: 1, lockChanged: true });
    expect(world.read("colophon.lock")).toBe(lock);
  });

  it("checks all files before it writes any, also of more than become versions together", async () => {
    const file = (body: string) => `---\nmodel: gpt-5-mini\n---\n${body}\n`;
    for (let number = 100; number < 300; number++)
      world.write(`prompts/n${number}.prompt`, file(`Body ${number}.`));
    world.write("prompts/z.prompt", file("{{missing}}"));
    const refused = await world.run(["push", "--no-git"]);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("Nothing was pushed, since 1 of 201"),
    ]);
    expect((await world.succeeds("list", "--json")).rows()).toEqual([]);
    world.write("prompts/z.prompt", file("{{> n100@v1}}"));
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--no-git", "--json"));
    expect([pushed.length, pushed.at(-1)?.key]).toEqual([201, "z"]);
  });

  it("pushes only what is named", async () => {
    world.write("prompts/a.prompt", triage("A."));
    world.write("prompts/b/c.prompt", triage("C."));
    world.write("prompts/b/d.prompt", triage("D."));
    world.commit("Three");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "prompts/b", "--json"));
    expect(pushed.map(({ key }) => key)).toEqual(["b.c", "b.d"]);
    expect((await world.run(["push", "prompts/gone.prompt"])).err).toContain("is no prompt file");
    expect((await world.run(["push", "../elsewhere"])).err).toContain("does not lie in");
  });

  it("shows both sides and writes nothing where the registry has changed the same lines", async () => {
    await begin();
    await writeThere(["Sort the ticket fast.", ...LABELS].join("\n"));
    world.write(FILE, triage("Sort the ticket well.", ...LABELS));
    world.commit("Better");
    const [lock, source] = [world.read("colophon.lock"), world.read(FILE)];
    const ran = await world.run(["push"]);
    expect(ran.code).toBe(1);
    for (const line of [
      "<<<<<<< prompts/support/triage.prompt",
      "Sort the ticket well.",
      "Sort the ticket fast.",
      "colophon pull support.triage --conflicts",
    ]) {
      expect(ran.out).toContain(line);
    }
    expect((await world.succeeds("log", KEY, "--json")).rows()).toHaveLength(2);
    expect([world.read("colophon.lock"), world.read(FILE)]).toEqual([lock, source]);
  });

  it("takes an earlier text back on purpose, and knows that it is no newer one's turn", async () => {
    await begin();
    const first = world.read(FILE);
    world.write(FILE, triage("Second.", ...LABELS));
    world.commit("Second");
    await world.succeeds("push");
    world.write(FILE, first);
    world.commit("Back to the first");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed).toMatchObject([{ version: 1, created: false }]);
    expect(await stateOf()).toBe("in-sync");
    await writeThere("Third.");
    expect(await stateOf()).toBe("changed-there");
  });

  it("releases only what it has made, and only when asked, through the gate", async () => {
    await begin();
    expect((await world.succeeds("list", "--json")).rows()).toMatchObject([{ live: {} }]);
    world.write(FILE, triage("Second.", ...LABELS));
    world.commit("Second");
    const unreasoned = await world.run(["push", "--release", "--env", "staging"]);
    expect([unreasoned.code, unreasoned.err]).toEqual([2, expect.stringContaining("--reason")]);
    const args = ["push", "--release", "--env", "staging", "--reason", "clearer", "--json"];
    expect((await world.succeeds(...args)).json()).toMatchObject({
      released: [{ key: KEY, version: 2, refused: null }],
    });
    await world.succeeds("release", `${KEY}@v1`, "--env", "staging", "--reason", "worse");
    expect((await world.succeeds(...args)).json()).toMatchObject({ released: [] });
    await world.succeeds("env", "protect", "production", "--gate", "always");
    world.write(FILE, triage("Third.", ...LABELS));
    world.commit("Third");
    const gated = await world.run(["push", "--release", "--env", "production", "--reason", "now", "--json"]);
    expect(gated.code).toBe(1);
    expect(gated.json()).toMatchObject({
      pushed: [{ version: 3 }],
      released: [{ version: 3, refused: { code: "evidence-missing" } }],
    });
  });

  it("says what it would do, and does not do it", async () => {
    await begin();
    world.write(FILE, triage("Second.", ...LABELS));
    world.commit("Second");
    const lock = world.read("colophon.lock");
    expect((await world.succeeds("push", "--dry-run", "--json")).json()).toMatchObject({
      pushed: [{ version: 2 }],
    });
    expect((await world.succeeds("log", KEY, "--json")).rows()).toHaveLength(1);
    expect(world.read("colophon.lock")).toBe(lock);
  });

  it("takes away a fact that a file no longer states", async () => {
    await begin();
    world.write(FILE, world.read(FILE).replace("colophon.owner:   support\n", "colophon.risk: high\n"));
    world.commit("Nobody's");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed).toMatchObject([{ created: false, metadataChanged: true }]);
    expect((await world.succeeds("list", "--json")).rows()).toMatchObject([{ owner: null, risk: "high" }]);
    expect(await stateOf()).toBe("in-sync");
  });

  it("does not guess who wrote what in a clone that was cut off", async () => {
    await begin();
    world.write(FILE, triage("Second.", ...LABELS));
    world.commit("Second");
    world.write("README.md", "More.\n");
    world.commit("Something else", "Eve <eve@example.com>");
    const clone = join(world.folder, "clone");
    execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${world.folder}`, clone]);
    const store = ["--store", join(world.folder, ".colophon")];
    const refused = await world.run([...store, "push", "--dir", "clone/prompts"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("too shallow")]);
    execFileSync("git", ["fetch", "--quiet", "--unshallow"], { cwd: clone });
    const { pushed } = reportOf<PushReport>(
      await world.succeeds(...store, "push", "--dir", "clone/prompts", "--json"),
    );
    expect(pushed).toMatchObject([{ version: 2, author: "ada@example.com" }]);
  });
});

describe("colophon pull", () => {
  it("brings a newer version as a commit on a branch, and leaves what is checked out as it is", async () => {
    await begin();
    world.write("staged.txt", "staged");
    world.git("add", "staged.txt");
    world.write(FILE, triage("Not committed.", ...LABELS));
    await writeThere(["Sort the ticket.", "One of:", "billing", "bug", "other or spam"].join("\n"));
    const before = [world.git("status", "--short"), world.git("rev-parse", "HEAD"), world.read(FILE)];
    const report = reportOf<PullReport>(await world.succeeds("pull", "--json"));
    expect(report).toMatchObject({
      ...{
        created: true,
        conflicts: [],
        uncommitted: [FILE],
        branch: expect.stringMatching(/^colophon\/pull-[0-9a-f]{12}$/),
      },
      pulled: [
        {
          key: KEY,
          file: FILE,
          change: "updated",
          from: 1,
          version: 2,
          versions: [{ version: 2, author: "grace" }],
        },
      ],
    });
    expect([world.git("status", "--short"), world.git("rev-parse", "HEAD"), world.read(FILE)]).toEqual(
      before,
    );
    const branch = report.branch ?? "";
    const pulled = triage("Sort the ticket.", "One of:", "billing", "bug", "other or spam");
    expect(`${world.git("show", `${branch}:${FILE}`)}\n`).toBe(pulled);
    expect(world.git("log", "-1", "--format=%an%n%B", branch)).toBe(
      [
        "Grace",
        `Pull ${KEY} v2 from the registry`,
        "",
        `${KEY}: v1 to v2`,
        "  v2 by grace (file): spam too",
      ].join("\n"),
    );
    expect(world.git("diff", "--name-only", `HEAD..${branch}`).split("\n")).toEqual(["colophon.lock", FILE]);
    const again = reportOf<PullReport>(await world.succeeds("pull", "--json"));
    expect(again).toMatchObject({ branch, created: false });
    world.git("checkout", "--quiet", "--", FILE);
    world.git("merge", "--quiet", "--no-edit", branch);
    expect(await stateOf()).toBe("in-sync");
    expect((await world.succeeds("pull")).out).toContain("Nothing to pull.");
  });

  it("merges what both sides changed in different places, and the next push goes on from there", async () => {
    await begin();
    await writeThere(["Sort the ticket.", "One of:", "billing", "bug", "other or spam"].join("\n"));
    world.write(FILE, triage("Sort the ticket well.", ...LABELS));
    world.commit("Better");
    const { branch } = reportOf<PullReport>(await world.succeeds("pull", "--branch", "mine/pull", "--json"));
    expect(branch).toBe("mine/pull");
    world.git("merge", "--quiet", "--no-edit", "mine/pull");
    expect(world.read(FILE)).toBe(
      triage("Sort the ticket well.", "One of:", "billing", "bug", "other or spam"),
    );
    expect(await stateOf()).toBe("changed-here");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed).toMatchObject([{ version: 3, created: true }]);
    expect((await world.succeeds("log", KEY, "--json")).rows()).toMatchObject([
      { version: 3, parent: 2 },
      {},
      {},
    ]);
  });

  it("knows what was pushed from here while the lock is still to be committed", async () => {
    await begin();
    world.write(FILE, triage("Sort the ticket well.", ...LABELS));
    world.git("commit", "--quiet", "-am", "Well");
    await world.succeeds("push");
    await writeThere(["Sort the ticket fast.", ...LABELS].join("\n"));
    const report = reportOf<PullReport>(await world.succeeds("pull", "--branch", "pulled", "--json"));
    expect(report.pulled).toMatchObject([{ key: KEY, change: "updated", from: 2, version: 3 }]);
    expect(world.git("show", "pulled:colophon.lock")).toContain('"version": 3');
  });

  it("leaves alone what would be no readable file, and pulls the rest", async () => {
    const body = "Settle:\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b";
    world.write("there.json", { key: "marks", model: "gpt-5-mini", body });
    await world.succeeds("register", "there.json");
    world.write("there.json", { key: "plain", model: "gpt-5-mini", body: "Plain." });
    await world.succeeds("register", "there.json");
    const ran = await world.run(["pull", "--here", "--json"]);
    expect([ran.code, existsSync(join(world.folder, "prompts/marks.prompt"))]).toEqual([1, false]);
    const { pulled, conflicts } = reportOf<PullReport>(ran);
    expect(pulled).toMatchObject([{ key: "plain" }]);
    expect(conflicts).toMatchObject([{ key: "marks", problem: expect.stringContaining("v1") }]);
  });

  it("follows no link and takes nothing away to make room for a file", async () => {
    await writeThere("Sort.");
    mkdirSync(join(world.folder, "outside"));
    mkdirSync(join(world.folder, "prompts"));
    symlinkSync("../outside", join(world.folder, "prompts/support"));
    world.commit("A link");
    for (const how of ["--here", "--branch=linked"]) {
      const ran = await world.run(["pull", how]);
      expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("since prompts/support is")]);
    }
    expect(readdirSync(join(world.folder, "outside"))).toEqual([]);
    expect(world.git("branch", "--format=%(refname:short)")).toBe("main");
  });

  it("starts no program of the repository, and keeps words whole in whatever encoding it has", async () => {
    for (const hook of ["post-index-change", "reference-transaction"]) {
      writeFileSync(join(world.folder, ".git/hooks", hook), "#!/bin/sh\ntouch hooked\n", { mode: 0o755 });
    }
    world.git("config", "i18n.commitEncoding", "ISO-8859-1");
    world.git("config", "i18n.logOutputEncoding", "ISO-8859-1");
    await writeThere("Sort.", "Grüße");
    const before = existsSync(join(world.folder, "hooked"));
    await world.succeeds("pull", "--branch", "pulled");
    expect([before, existsSync(join(world.folder, "hooked"))]).toEqual([false, false]);
    expect(world.git("-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--format=%B", "pulled")).toContain(
      ": Grüße",
    );
  });

  it("leaves a file in conflict alone, or writes the marks of a merge where that is asked for", async () => {
    await begin();
    await writeThere(["Sort the ticket fast.", ...LABELS].join("\n"));
    world.write(FILE, triage("Sort the ticket well.", ...LABELS));
    world.commit("Better");
    const left = await world.run(["pull"]);
    expect(left.code).toBe(1);
    expect(left.out).toContain(">>>>>>> v2 by grace");
    expect(left.out).toContain("--conflicts");
    expect(world.git("branch", "--list", "colophon/*")).toBe("");
    expect((await world.run(["status"])).out).toContain("1 to settle: colophon pull --conflicts");
    const branched = await world.run(["pull", "--conflicts"]);
    expect(branched.out).toMatch(/Next: git merge colophon\/pull-\w+; keep what is to stay/);
    const marked = await world.run(["pull", "--conflicts", "--here", "--json"]);
    expect(marked.code).toBe(1);
    expect(world.read(FILE)).toContain(
      "Sort the ticket well.\n||||||| v1\nSort the ticket.\n=======\nSort the ticket fast.\n",
    );
    const refused = await world.run(["push", "--allow-dirty"]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`${FILE}:9 has a conflict`)]);
    expect(await stateOf()).toBe("unreadable");
    expect((await world.run(["status"])).out).toContain("1 to mend");
    world.write(FILE, triage("Sort the ticket well and fast.", ...LABELS));
    world.commit("Settled");
    expect(reportOf<PushReport>(await world.succeeds("push", "--json")).pushed).toMatchObject([
      { version: 3 },
    ]);
  });

  it("gives a file to prompts without one, even where two keys come to one path", async () => {
    for (const key of ["shop.cart", "shop/cart", "a..b"]) {
      world.write("there.json", { key, model: "gpt-5-mini", body: `Of ${key}` });
      await world.succeeds("register", "there.json");
    }
    const { pulled } = reportOf<PullReport>(await world.succeeds("pull", "--here", "--json"));
    expect(pulled.map(({ key, file, change }) => [key, file, change])).toEqual([
      ["a..b", "prompts/a/b.prompt", "new"],
      ["shop.cart", "prompts/shop/cart.prompt", "new"],
      ["shop/cart", "prompts/shop/cart-2.prompt", "new"],
    ]);
    expect((await world.run(["status", "--exit-code"])).code).toBe(0);
    expect(reportOf<PushReport>(await world.succeeds("push", "--allow-dirty", "--json")).pushed).toEqual([]);
  });

  it("says what was withdrawn, and leaves a withdrawn text for the one before it", async () => {
    await begin();
    world.write(FILE, triage("Rude.", ...LABELS));
    world.commit("Rude");
    await world.succeeds("push");
    world.commit("Lock");
    await world.succeeds("withdraw", `${KEY}@v2`, "--reason", "rude");
    const ran = await world.succeeds("pull", "--here");
    expect(ran.out).toContain(`${KEY}@v2 was withdrawn by grace: rude`);
    expect(world.read(FILE)).toBe(triage("Sort the ticket.", ...LABELS));
    expect(await stateOf()).toBe("in-sync");
  });

  it("leaves a deleted file deleted until its prompt is named", async () => {
    await begin();
    world.git("rm", "--quiet", FILE);
    world.commit("Gone");
    expect(await stateOf()).toBe("deleted-here");
    expect(reportOf<PullReport>(await world.succeeds("pull", "--here", "--json"))).toMatchObject({
      pulled: [],
      deleted: [KEY],
    });
    const push = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(push).toMatchObject({ pushed: [], deleted: [KEY], lockChanged: false });
    expect((await world.run(["status", "--exit-code"])).code).toBe(0);
    await world.succeeds("pull", KEY, "--here");
    expect(existsSync(join(world.folder, FILE))).toBe(true);
  });

  it("refuses names of branches that are none, or taken", async () => {
    await begin();
    await writeThere("Other.");
    for (const name of ["a..b", "-x", "--upload-pack=touch x", "a b", "@{-1}", "main"]) {
      const ran = await world.run(["pull", `--branch=${name}`]);
      expect([ran.code, name]).toEqual([2, name]);
    }
    expect(world.git("branch", "--format=%(refname:short)")).toBe("main");
    world.git("branch", "colophon");
    expect((await world.run(["pull"])).err).toContain("with --branch");
    expect((await world.run(["pull", "--dir", ".", "--here"])).err).toContain("colophon.lock lies beside");
    expect((await world.run(["pull", "--branch", "x", "--here"])).code).toBe(2);
    expect((await world.run(["pull", "support.triaje"])).err).toContain("did you mean support.triage");
  });

  it("says that nobody is named to commit, and leaves no branch behind", async () => {
    await begin();
    await writeThere("Other.");
    vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
    vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
    world.git("config", "user.useConfigOnly", "true");
    world.git("config", "--unset", "user.email");
    const ran = await world.run(["pull"]);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("user.email")]);
    expect(world.git("branch", "--list", "colophon/*")).toBe("");
  });
});

describe("colophon status", () => {
  it("shows both sides, whose the newest is and what is live, and ends with 1 when asked", async () => {
    await begin();
    await world.succeeds("release", `${KEY}@v1`, "--env", "staging", "--reason", "first");
    await writeThere("Elsewhere.");
    world.write("prompts/new.prompt", triage("New."));
    world.write("prompts/broken.prompt", "no front matter");
    const ran = await world.run(["status", "--env", "staging", "--exit-code"]);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/support\.triage +v1 +v2 +v1 +changed there by grace \(file\)/);
    expect(ran.out).toMatch(/new +– +– +– +only here/);
    expect(ran.out).toContain("prompts/broken.prompt");
    const rows = (await world.succeeds("status", KEY, "--json")).rows<SyncStatus>();
    expect(rows).toMatchObject([
      { key: KEY, state: "changed-there", locked: 1, newest: { version: 2, author: "grace" } },
    ]);
  });

  it("knows a lock of another registry, and pushes nothing from it", async () => {
    await begin();
    await world.succeeds("--store", "other", "init");
    const status = await world.run(["--store", "other", "status", "--json"]);
    expect(status.rows()).toMatchObject([{ state: "other-registry" }]);
    expect((await world.run(["--store", "other", "status"])).out).toContain("1 of another registry");
    expect((await world.run(["--store", "other", "push"])).code).toBe(1);
  });

  it("is not followed by a store of its own in a fresh clone, which has none", async () => {
    await begin();
    rmSync(join(world.folder, ".colophon"), { recursive: true });
    const ran = await world.run(["push"]);
    expect([ran.code, ran.err]).toEqual([5, expect.stringContaining("--store or COLOPHON_STORE")]);
    expect(existsSync(join(world.folder, ".colophon"))).toBe(false);
  });

  it("refuses a lock with the marks of a merge, two files of one prompt, and links", async () => {
    await begin();
    world.write("prompts/again.prompt", `---\nname: ${KEY}\nmodel: gpt-5-mini\n---\nAgain.\n`);
    expect((await world.run(["status"])).err).toContain("are both support.triage");
    execFileSync("rm", [join(world.folder, "prompts/again.prompt")]);
    symlinkSync(join(world.folder, FILE), join(world.folder, "prompts/link.prompt"));
    expect((await world.run(["status"])).err).toContain("is a link");
    execFileSync("rm", [join(world.folder, "prompts/link.prompt")]);
    world.write("colophon.lock", `<<<<<<< HEAD\n${world.read("colophon.lock")}`);
    const ran = await world.run(["status"]);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining("higher version")]);
  });
});

describe("Hostile names", () => {
  it("of files, messages and people are names and nothing else", async () => {
    const names = ["-rf", "a b", "$(touch x)", "semi;colon", "ünï", ":(glob)x", "quote'\"q", "t\tab"];
    for (const [index, name] of names.entries()) {
      world.write(
        `prompts/${name}.prompt`,
        `---\nname: hostile.n${index}\nmodel: gpt-5-mini\n---\nBody ${index}.\n`,
      );
    }
    vi.stubEnv("GIT_GLOB_PATHSPECS", "1");
    world.commit("--amend $(touch y)\u001b[31m", "Evil $(id) <evil;touch z@example.com>");
    const { pushed } = reportOf<PushReport>(await world.succeeds("push", "--json"));
    expect(pushed).toHaveLength(names.length);
    expect(new Set(pushed.map(({ author }) => author))).toEqual(new Set(["evil;touch z@example.com"]));
    expect(["x", "y", "z"].some((name) => existsSync(join(world.folder, name)))).toBe(false);
    world.commit("Lock");
    for (const index of names.keys()) {
      world.write("there.json", { key: `hostile.n${index}`, model: "gpt-5-mini", body: `Other ${index}.` });
      await world.succeeds("register", "there.json", "--message", "two\nlines");
    }
    world.git("clean", "--quiet", "-f", "there.json");
    const { branch } = reportOf<PullReport>(await world.succeeds("pull", "--json"));
    world.git("merge", "--quiet", "--no-edit", branch ?? "");
    expect(world.read("prompts/-rf.prompt")).toContain("Other 0.");
    expect((await world.run(["status", "--exit-code"])).code).toBe(0);
  });
});

describe("Outside of git", () => {
  it("pushes only when told, and pulls into the files", async () => {
    const plain = join(world.folder, "..", `${world.folder.split("/").at(-1)}-plain`);
    mkdirSync(join(plain, "prompts"), { recursive: true });
    writeFileSync(join(plain, FILE.replace("support/", "")), triage("Sort."));
    cpSync(join(world.folder, ".gitignore"), join(plain, ".gitignore"));
    try {
      const dir = ["--dir", join(plain, "prompts")];
      const refused = await world.run(["push", ...dir]);
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("--no-git")]);
      const { pushed } = reportOf<PushReport>(await world.succeeds("push", ...dir, "--no-git", "--json"));
      expect(pushed).toMatchObject([{ key: "triage", version: 1, commit: null, author: null }]);
      expect((await world.run(["pull", ...dir])).err).toContain("--here");
      await world.succeeds("pull", ...dir, "--here");
    } finally {
      execFileSync("rm", ["-r", plain]);
    }
  });
});
