/** A monorepo: several applications, each a process of its own, that declare one prompt on one store. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemClock } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { aDeclarationDraft, aText } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "../command-line.fixture.ts";

const APPLICATION = new URL("monorepo-application.fixture.ts", import.meta.url).href;

let folder: string;

function write(name: string, content: string | object): void {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "colophon-monorepo-")));
  mkdirSync(join(folder, ".colophon"));
  write("package.json", { name: "acme" });
  for (const name of ["shop", "admin"]) {
    write(`apps/${name}/package.json`, { name: `@acme/${name}`, type: "module" });
    write(`apps/${name}/src/main.js`, `await import(${JSON.stringify(APPLICATION)});`);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COLOPHON_ENV = "production";
/** No other variable of this process reaches an application, but for where compiled code is kept. */
const { PATH, NODE_COMPILE_CACHE } = process.env;
const env = { PATH, COLOPHON_ENV, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };

interface Started {
  readonly text: string;
  readonly version: number | null;
  readonly reason: string;
}

async function start(name: string, words: string, ...more: readonly string[]): Promise<Started> {
  const args = [join("apps", name, "src", "main.js"), words, ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  return JSON.parse(stdout) as Started;
}

function run(...args: readonly string[]) {
  return runCommand([...args, "--json"], { cwd: folder, env: { COLOPHON_ENV, USER: "grace" } });
}

async function cli<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as T;
}

const release = (version: number) => run("release", `support.triage@v${version}`, "--reason", "test");

describe("two applications of a monorepo", () => {
  it("start in turns without writing anything twice, and a release must fit both until one is retired", {
    timeout: 120_000,
  }, async () => {
    expect(await start("shop", "Shop", "tone")).toMatchObject({ text: "Shop: ticket tone", version: null });
    expect(await start("admin", "Admin")).toMatchObject({ text: "Admin: ticket", version: null });
    const { records } = await cli<{ readonly records: number }>("verify");
    for (const _ of [1, 2]) {
      await start("shop", "Shop", "tone");
      await start("admin", "Admin");
    }
    expect(await cli("verify")).toMatchObject({ records, ok: true });
    expect(await cli("show", "support.triage")).toMatchObject({
      owner: "Admin",
      declared: {
        production: [
          { application: "@acme/shop", version: 1 },
          { application: "@acme/admin", version: 2 },
        ],
      },
    });

    expect(await release(1)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("in production, for @acme/admin, {{tone}} is not in the contract"),
    });
    const retired = await cli("retire", "@acme/admin", "--reason", "switched off");
    expect(retired).toMatchObject({ prompts: ["support.triage"] });
    const released = await release(1);
    expect(JSON.parse(released.stdout)).toMatchObject({ version: 1, unchanged: false });
    expect(await start("shop", "Shop", "tone")).toMatchObject({ version: 1, reason: "live" });
    // Not gone after all: it serves its own text, and counts again.
    expect(await start("admin", "Admin")).toMatchObject({ text: "Admin: ticket", reason: "misfit" });
    expect(await run("doctor")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("for @acme/admin, {{tone}} is not in the contract"),
    });
    expect(await cli("verify")).toMatchObject({ ok: true });
  });

  it("take the place of what was declared before applications had names, and that record stays as it was", {
    timeout: 120_000,
  }, async () => {
    const file = join(folder, ".colophon", "store.db");
    const core = openSqliteCore({ file, mode: "create", clock: systemClock });
    const text = aText({ body: "Before: {{ticket}}" });
    const draft = aDeclarationDraft(text);
    expect(Object.keys(draft.data)).not.toContain("application");
    await createSqliteRecordStore(core).append(() => ({ drafts: [draft], texts: [text], result: null }));
    core.close();
    const declared = async () => {
      const shown = await cli<{ readonly declared: unknown }>("show", "support.triage");
      return shown.declared;
    };
    expect(await declared()).toEqual({ production: [{ application: null, version: null }] });
    await start("shop", "Shop");
    expect(await declared()).toEqual({ production: [{ application: "@acme/shop", version: 1 }] });
    expect(await cli("verify")).toMatchObject({ ok: true });
  });
});
